"""Signing with a PKCS#12 file, and what is refused with which sentence."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from time import perf_counter

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.states import WrongState
from documents import certificates, queries, rendering
from documents.demo_pki import AUTHORITY
from documents.models import Paper, PaperFile
from documents.services import papers, signing
from members.models import Activity
from tests.documents import reading
from tests.documents.conftest import CHAIR_NAME, CLERK_NAME, PASSWORD, bytes_of, refusal


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
    assert (chair.certificate_name, chair.certificate_issuer) == (CHAIR_NAME, AUTHORITY)
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
