"""Signing in three ways, and what is refused with which sentence."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from time import perf_counter

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.errors import Refused
from core.states import WrongState
from documents import certificates, extension, queries, rendering
from documents.demo_pki import issue_demo_certificates
from documents.models import Paper, PaperFile
from documents.services import papers, signing
from members.models import Activity
from tests.documents import reading
from tests.documents.conftest import CHAIR_NAME, CLERK_NAME, PASSWORD

USERS = {"chair": "chutri", "clerk": "thuky"}
OTHER_ROOT_NAME = "Nơi cấp chứng thư dùng thử"


def bytes_of(paper):
    return queries.read_checked(queries.current_file(paper))


@pytest.fixture
def sign(p12, cast):
    """sign(paper, "chair"): with that person's own file."""
    return lambda paper, role: signing.sign_with_p12(paper, role, p12(USERS[role]), PASSWORD, by=cast.by)


@pytest.fixture
def signed(sealed, sign):
    """Both have signed, the chair first."""
    return sign(sign(sealed, "chair"), "clerk")


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.field, caught.value.message


# With a PKCS#12 file


@pytest.mark.parametrize("order", [("chair", "clerk"), ("clerk", "chair")])
def test_both_orders_give_two_valid_signatures(sealed, sign, order, tmp_path):
    """Poppler: "Signature is Valid" twice; the last one covers the whole file, the first does not."""
    for role in order:
        paper = sign(sealed, role)
    said = reading.pdfsig(bytes_of(paper), tmp_path)
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    parts = said.split("Signature #")[1:]
    by_field = {role: part for part in parts for role in order if f"Signature Field Name: {role}" in part}
    assert ("Not total document signed" in by_field[order[0]], "Total document signed" in by_field[order[1]]) == (
        True,
        True,
    )
    assert "Not total document signed" not in by_field[order[1]]
    assert (paper.state, paper.signed_at is not None) == ("signed", True)


def test_pyhanko_trusts_both_under_the_demo_root(signed):
    context = ValidationContext(trust_roots=certificates.trusted_roots(), allow_fetching=False)
    reader = PdfFileReader(BytesIO(bytes_of(signed)))
    assert [validate_pdf_signature(each, context).bottom_line for each in reader.embedded_signatures] == [True, True]


def test_first_signature_leaves_the_paper_waiting(sealed, sign):
    paper = sign(sealed, "clerk")
    assert (paper.state, [signer.role for signer in paper.missing_signers()]) == ("sealed", ["chair"])


def test_each_version_continues_the_one_before(signed):
    versions = [queries.read_checked(stored) for stored in signed.files.all()]
    assert [stored.kind for stored in signed.files.all()] == ["sealed", "signed", "signed"]
    assert [later.startswith(earlier) for earlier, later in pairwise(versions)] == [True, True]


def test_certificate_and_time_are_kept_and_the_diary_has_its_lines(signed):
    chair = signed.signers.get(role="chair")
    assert (chair.certificate_name, chair.certificate_issuer) == (CHAIR_NAME, OTHER_ROOT_NAME)
    assert (len(chair.certificate_serial) > 20, chair.valid_until.year >= 2029) == (True, True)
    assert Activity.objects.filter(object_id=signed.pk, verb="paper.signed").count() == 2


def test_stamps_show_the_names_in_tinos_only(signed):
    data = bytes_of(signed)
    assert {name.split("-")[0] for name, _ in reading.fonts(data)} == {"Tinos"}
    assert {embedded for _, embedded in reading.fonts(data)} == {"yes"}
    shown = " ".join(word.text for page in reading.words(data) for word in page)
    assert shown.count("Đã ký số bởi") == 2
    assert (shown.count(CHAIR_NAME), shown.count(CLERK_NAME)) == (2, 2)  # in the stamp and below it
    assert reading.pdfa_claim(data) == ("3", "A")


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_flipped_byte_breaks_the_signature(signed, place, tmp_path):
    data = bytearray(bytes_of(signed))
    first = len(queries.read_checked(signed.files.first()))
    data[int(first * place)] ^= 1
    said = reading.pdfsig(bytes(data), tmp_path)
    assert "Signature Validation: Signature is Valid." not in said


def test_two_signatures_take_less_than_a_second_and_a_half(sealed, sign):
    """DESIGN §7."""
    rendering.render("documents/pdf/stamp.html", {"name": "x", "issuer": "y"}, variant=None)
    start = perf_counter()
    sign(sign(sealed, "chair"), "clerk")
    assert perf_counter() - start < 1.5


def test_nothing_of_the_key_is_stored(signed, p12):
    everything = b"".join(queries.read_checked(stored) for stored in PaperFile.objects.all())
    texts = " ".join(Activity.objects.values_list("text", flat=True))
    assert (p12("chutri")[200:232] in everything, PASSWORD in texts) == (False, False)


def test_wrong_password_is_told_at_its_field(sealed, p12, cast):
    assert refusal(signing.sign_with_p12, sealed, "chair", p12("chutri"), "sai", by=cast.by) == (
        "passphrase",
        "Mật khẩu của tệp chứng thư chưa đúng. Kiểm tra phím hoa, phím số rồi nhập lại và chọn lại tệp.",
    )
    assert (Paper.objects.get().has_signatures, PaperFile.objects.count()) == (False, 1)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 not a key store", b"\x30\x03\x02\x01\x03", b"PK\x03\x04" + b"x" * 99])
def test_what_is_no_pkcs12_is_told_at_its_field(sealed, cast, data):
    assert refusal(signing.sign_with_p12, sealed, "chair", data, PASSWORD, by=cast.by) == (
        "p12",
        "Tệp này không phải tệp chứng thư (.p12 hoặc .pfx). Chọn đúng tệp do nơi cấp chứng thư giao.",
    )


def test_a_large_file_is_refused_before_it_is_opened(sealed, cast):
    assert refusal(signing.sign_with_p12, sealed, "chair", b"0" * 2_500_000, PASSWORD, by=cast.by) == (
        "p12",
        "Tệp chứng thư lớn hơn 2,5 MB nên không phải tệp .p12 hoặc .pfx của cá nhân.",
    )


def test_a_file_without_the_private_key_is_refused(sealed, cast, p12):
    _, certificate, _ = pkcs12.load_key_and_certificates(p12("chutri"), PASSWORD.encode())
    only = pkcs12.serialize_key_and_certificates(b"x", None, None, [certificate], BestAvailableEncryption(b"a"))
    assert refusal(signing.sign_with_p12, sealed, "chair", only, "a", by=cast.by) == (
        "p12",
        "Tệp chứng thư không có khóa riêng nên không ký được. Xuất lại tệp kèm khóa riêng.",
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2040, 1, 1, tzinfo=UTC), "đã hết hạn ngày "),
        (datetime(2020, 1, 1, tzinfo=UTC), "chỉ có hiệu lực từ ngày "),
    ],
)
def test_a_certificate_out_of_its_days_is_refused(sealed, cast, p12, now, words):
    with time_machine.travel(now):
        field, sentence = refusal(signing.sign_with_p12, sealed, "chair", p12("chutri"), PASSWORD, by=cast.by)
    assert (field, sentence.startswith(f"Chứng thư của “{CHAIR_NAME}” {words}")) == ("p12", True)


def test_somebody_elses_certificate_needs_its_name_confirmed(sealed, cast, p12):
    call = (signing.sign_with_p12, sealed, "chair", p12("thuky"), PASSWORD)
    assert refusal(*call, by=cast.by) == (
        "confirmed_name",
        "Chứng thư này mang tên “Đỗ Thị Mai Anh”, khác với người ký là đồng chí Nguyễn Văn Thành. "
        "Nếu đúng là chứng thư của đồng chí đó, ghi lại tên trên chứng thư vào ô xác nhận và gửi lại tệp.",
    )
    paper = signing.sign_with_p12(sealed, "chair", p12("thuky"), PASSWORD, by=cast.by, confirmed_name="do thi mai anh")
    assert paper.signers.get(role="chair").certificate_name == CLERK_NAME


def test_signing_twice_in_one_role_is_refused(sealed, sign):
    paper = sign(sealed, "chair")
    assert refusal(sign, paper, "chair") == (None, "Đồng chí Nguyễn Văn Thành đã ký văn bản này, không ký lần thứ hai.")


def test_a_role_that_is_not_on_the_paper_is_refused(sealed, cast, p12):
    call = (signing.sign_with_p12, sealed, "secretary", p12("chutri"), PASSWORD)
    assert refusal(*call, by=cast.by) == (None, "Văn bản này không có chỗ ký cho vai trò đó.")


def test_only_a_sealed_paper_is_signed(adopted, sign):
    with pytest.raises(WrongState) as caught:
        sign(adopted, "chair")
    assert caught.value.message == (
        "Chỉ ký được văn bản đã khóa, đang chờ ký; văn bản này hiện ở trạng thái “Đã thông qua”."
    )


def test_the_way_chosen_at_sealing_holds(adopted, cast, sample, sign):
    paper = papers.seal_paper(adopted, sample, {}, way="ink", by=cast.by)
    assert refusal(sign, paper, "chair") == (
        None,
        "Văn bản này đã chọn cách ký khác khi khóa: in ra, ký tay, quét lại.",
    )


# Signed outside, uploaded


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
    from pyhanko.sign.fields import MDPPerm

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


# By hand


@pytest.fixture
def ink(adopted, cast, sample):
    return papers.seal_paper(adopted, sample, {"items": range(3)}, way="ink", by=cast.by)


def picture(kind):
    out = BytesIO()
    Image.new("RGB", (1200, 1700), "white").save(out, format=kind)
    return out.getvalue()


def test_paper_sealed_for_ink_has_no_fields(ink):
    assert PdfFileReader(BytesIO(bytes_of(ink))).embedded_signatures == []
    assert "/AcroForm" not in PdfFileReader(BytesIO(bytes_of(ink))).root


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_becomes_a_pdf_and_completes_the_paper(ink, cast, kind):
    paper = signing.accept_scan(ink, picture(kind), by=cast.by)
    stored = queries.current_file(paper)
    assert (paper.state, stored.kind, bytes_of(paper)[:5]) == ("signed", "scan", b"%PDF-")
    assert list(paper.signers.values_list("certificate_name", flat=True)) == ["ký tay", "ký tay"]
    assert Activity.objects.filter(verb="paper.scanned").count() == 1


def test_a_scanned_pdf_is_kept_byte_by_byte(ink, cast):
    data = bytes_of(ink) + b"\n"
    assert bytes_of(signing.accept_scan(ink, data, by=cast.by)) == data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Tệp này không phải bản quét. Chọn tệp PDF, hoặc ảnh chụp JPG, PNG của văn bản đã ký."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "Tệp này không phải bản quét. Chọn tệp PDF, hoặc ảnh chụp JPG, PNG của văn bản đã ký.",
        ),
        (b"%PDF-1.7\nbroken", "Không mở được tệp. Quét lại rồi chọn tệp mới."),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "Không mở được tệp. Quét lại rồi chọn tệp mới."),
    ],
)
def test_what_is_no_scan_is_refused(ink, cast, data, sentence):
    assert refusal(signing.accept_scan, ink, data, by=cast.by) == ("scan", sentence)
    assert Paper.objects.get().state == "sealed"


def test_a_scan_is_taken_for_a_paper_sealed_for_ink_only(sealed, cast):
    assert refusal(signing.accept_scan, sealed, picture("PNG"), by=cast.by) == (
        None,
        "Văn bản này đã chọn cách ký khác khi khóa: ký bằng tệp chứng thư trên trang này.",
    )
