"""Papers signed outside and uploaded: our bytes, continued by one signature and nothing else."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents import certificates, extension, queries, rendering
from documents.demo_pki import issue_demo_certificates
from documents.services import papers, signing
from tests.documents import reading
from tests.documents.conftest import CHAIR_NAME, CLERK_NAME, PASSWORD, USERS, bytes_of, refusal


@pytest.fixture
def waiting(adopted, cast, sample):
    """A paper sealed to be signed with a device."""
    return papers.seal_paper(adopted, sample, {"items": range(3)}, way="upload", by=cast.by)


def outside(data, p12, role, username, **meta):
    """What a signing program on the member's own machine does."""
    signer = certificates.load_signer(p12(username), PASSWORD)
    writer = IncrementalPdfFileWriter(BytesIO(data))
    whole = PdfSignatureMetadata(field_name=role, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **meta)
    return PdfSigner(whole, signer).sign_pdf(writer).getvalue()


@pytest.fixture
def upload(cast):
    def send(paper, role, data, confirmed_name=""):
        return signing.accept_signed_upload(paper, role, data, confirmed_name=confirmed_name, by=cast.by)

    return send


@pytest.mark.parametrize("order", [("chair", "clerk"), ("clerk", "chair")])
def test_uploads_in_both_orders_complete_the_paper(waiting, upload, p12, order, tmp_path):
    paper = waiting
    for role in order:
        paper = upload(paper, role, outside(bytes_of(paper), p12, role, USERS[role]))
    said = reading.pdfsig(bytes_of(paper), tmp_path)
    assert (paper.state, said.count("Signature Validation: Signature is Valid.")) == ("signed", 2)
    assert list(paper.signers.values_list("certificate_name", flat=True)) == [CLERK_NAME, CHAIR_NAME]


def test_upload_that_does_not_extend_the_sealed_file(waiting, upload, p12, sample):
    other = rendering.render_sealable(sample, queries.paper_context(waiting, {}), {"chair": "x", "clerk": "y"})
    sentence = (
        "Tệp tải lên không phải bản nối tiếp của bản đã khóa. Tải lại bản đã khóa từ trang này, ký ngay trên tệp đó "
        "(không in lại, không lưu thành tệp mới) rồi tải lên."
    )
    for data in (outside(other, p12, "chair", "chutri"), b"%PDF-1.7", b"hello"):
        assert refusal(upload, waiting, "chair", data) == ("pdf", sentence)


def test_upload_of_a_stale_version_after_the_first_signature(waiting, upload, p12):
    sealed = bytes_of(waiting)
    paper = upload(waiting, "chair", outside(sealed, p12, "chair", "chutri"))
    field, sentence = refusal(upload, paper, "clerk", outside(sealed, p12, "clerk", "thuky"))
    assert (field, sentence) == ("pdf", extension.NOT_EXTENDED)


def test_upload_without_a_signature(waiting, upload):
    sealed = bytes_of(waiting)
    sentence = "Tệp tải lên chưa có thêm chữ ký số nào. Ký vào ô đã dành sẵn rồi tải lên."
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    out = BytesIO()
    writer.update_root()
    writer.write(out)
    for data in (sealed, out.getvalue()):
        assert refusal(upload, waiting, "chair", data) == ("pdf", sentence)


def test_upload_with_garbage_behind_our_bytes(waiting, upload):
    field, sentence = refusal(upload, waiting, "chair", bytes_of(waiting) + b"\n%%garbage\nxref\n0 9\n")
    assert (field, sentence in (extension.UNREADABLE, extension.NOT_SIGNED)) == ("pdf", True)


def test_upload_signed_in_the_other_persons_field(waiting, upload, p12):
    assert refusal(upload, waiting, "chair", outside(bytes_of(waiting), p12, "clerk", "chutri")) == (
        "pdf",
        "Chữ ký không nằm ở ô đã dành cho người ký này. Ký vào đúng ô có tên của đồng chí.",
    )


def test_upload_with_two_new_signatures(waiting, upload, p12):
    data = outside(outside(bytes_of(waiting), p12, "chair", "chutri"), p12, "clerk", "thuky")
    assert refusal(upload, waiting, "chair", data) == (
        "pdf",
        "Tệp có hơn một chữ ký mới. Mỗi lần tải lên chỉ nhận một chữ ký.",
    )


def test_upload_that_changes_a_page_before_signing(waiting, upload, p12):
    writer = IncrementalPdfFileWriter(BytesIO(bytes_of(waiting)))
    page, _ = writer.find_page_for_modification(0)
    page.get_object()["/Rotate"] = writer.root["/Pages"]["/Count"]
    writer.update_container(page.get_object())
    changed = BytesIO()
    writer.write(changed)
    assert refusal(upload, waiting, "chair", outside(changed.getvalue(), p12, "chair", "chutri")) == (
        "pdf",
        "Tệp có thay đổi ngoài chữ ký. Chỉ nhận tệp được ký, không sửa, không ghi chú thêm.",
    )


def test_upload_that_adds_a_field_of_its_own(waiting, upload, p12):
    writer = IncrementalPdfFileWriter(BytesIO(bytes_of(waiting)))
    append_signature_field(writer, SigFieldSpec("them", on_page=0, box=(50, 50, 90, 90)))
    changed = BytesIO()
    writer.write(changed)
    field, sentence = refusal(upload, waiting, "chair", outside(changed.getvalue(), p12, "chair", "chutri"))
    assert (field, sentence) == ("pdf", extension.CHANGES_MORE)


def test_upload_changed_after_signing(waiting, upload, p12):
    data = bytearray(outside(bytes_of(waiting), p12, "chair", "chutri"))
    start = len(bytes_of(waiting))
    place = data.index(b"/M (D", start) + 22  # last digit of the signing time, outside the signature's own bytes
    data[place] = ord("9") if data[place] != ord("9") else ord("8")
    field, sentence = refusal(upload, waiting, "chair", bytes(data))
    assert (field, sentence) == (
        "pdf",
        "Chữ ký trong tệp không khớp với nội dung văn bản. Ký lại trên bản đã khóa rồi tải lên.",
    )


def test_upload_that_locks_out_the_other_signer(waiting, upload, p12):
    data = outside(bytes_of(waiting), p12, "chair", "chutri", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    assert refusal(upload, waiting, "chair", data) == (
        "pdf",
        "Chữ ký này khóa văn bản nên người khác không ký được nữa. Ký lại, không chọn khóa văn bản sau khi ký.",
    )


def test_upload_under_an_unknown_root(waiting, upload, tmp_path):
    issue_demo_certificates(tmp_path, [("chutri", CHAIR_NAME)], PASSWORD)
    data = outside(bytes_of(waiting), lambda name: (tmp_path / f"{name}.p12").read_bytes(), "chair", "chutri")
    assert refusal(upload, waiting, "chair", data) == (
        "pdf",
        "Chứng thư “Nguyễn Văn Thành” do “Nơi cấp chứng thư dùng thử” cấp, không thuộc các nơi cấp được hệ thống công "
        "nhận. Dùng chứng thư được công nhận, hoặc báo người quản trị thêm nơi cấp.",
    )


def test_upload_with_another_name_needs_it_confirmed(waiting, upload, p12):
    data = outside(bytes_of(waiting), p12, "chair", "thuky")
    assert refusal(upload, waiting, "chair", data)[0] == "confirmed_name"
    assert upload(waiting, "chair", data, confirmed_name=CLERK_NAME).has_signatures is True
