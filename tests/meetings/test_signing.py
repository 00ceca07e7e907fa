"""Signing the papers of a meeting on their pages: three ways, two orders, and the sentences when it cannot be."""

import subprocess
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents import queries as documents
from documents.demo_pki import issue_demo_certificates
from documents.models import Paper
from documents.services.checking import check_file
from meetings.models import Clause, Meeting, Minutes, Vote
from meetings.queries.stepper import steps
from meetings.services import clauses, minutes, resolution
from tests.documents.reading import pdfsig
from tests.meetings import story

PASSWORD = "chibo-demo"
NAMES = {"secretary": "Trần Quốc Bình", "clerk": "Đỗ Mai Anh", "deputy": "Lê Thị Hồng", "stranger": "Hoàng Văn Lạ"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    issue_demo_certificates(folder, list(NAMES.items()), PASSWORD)
    return folder


@pytest.fixture(autouse=True)
def _december(settings, tmp_path, authority):
    settings.MEDIA_ROOT = tmp_path
    settings.SIGNING_ROOTS = [authority / "root.pem"]
    settings.BASE_URL = "https://chibo.example.vn"
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


@pytest.fixture
def p12(authority):
    """``p12("clerk")``: the upload of a person's file."""
    return lambda who: SimpleUploadedFile("chung-thu.p12", (authority / f"{who}.p12").read_bytes())


def sealed(meeting, by, way="p12"):
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=by)
    minutes.seal_minutes(meeting, way=way, by=by)
    return reverse("meetings:sign", args=[meeting.pk])


def paper():
    return Paper.objects.get(type="minutes")


def newest():
    return documents.read_checked(documents.current_file(paper()))


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# PKCS#12


@pytest.mark.parametrize("order", [("clerk", "chair"), ("chair", "clerk")])
def test_chair_and_clerk_sign_in_either_order(meeting, secretary, clerk, member, as_user, p12, order, tmp_path):
    """pdfsig says twice "Signature is Valid" and "Total document signed" for the last (issue 2, IT MUST SHOW)."""
    here = sealed(meeting, secretary)
    people = {"clerk": (clerk, "clerk"), "chair": (secretary, "secretary")}
    for role in order:
        user, file = people[role]
        data = {"role": role, "p12": p12(file), "passphrase": PASSWORD}
        assert as_user(user).post(here, data).status_code == 302
    assert paper().state == "signed"
    found = pdfsig(newest(), tmp_path)
    assert (found.count("Signature is Valid"), found.count("- Total document signed")) == (2, 1)
    assert found.count("Not total document signed") == 1
    response = as_user(member).get(reverse("meetings:minutes_pdf", args=[meeting.pk]))
    assert b"".join(response.streaming_content) == newest()
    rows = Meeting.objects.select_related("minutes__paper", "resolution__paper")
    assert [step.state for step in steps(rows.get(pk=meeting.pk))] == ["done"] * 6


def test_a_changed_byte_is_no_longer_ours(meeting, secretary, clerk, as_user, p12):
    here = sealed(meeting, secretary)
    as_user(clerk).post(here, {"role": "clerk", "p12": p12("clerk"), "passphrase": PASSWORD})
    as_user(secretary).post(here, {"role": "chair", "p12": p12("secretary"), "passphrase": PASSWORD})
    data = bytearray(newest())
    assert check_file(paper(), bytes(data)).matches
    data[len(data) // 2] ^= 1
    assert check_file(paper(), bytes(data)).sentence == "Tệp này không trùng với bản đã ký."


@pytest.mark.parametrize(
    ("file", "password", "expected"),
    [
        (
            "clerk", "sai",
            {
                "passphrase": [
                    "Mật khẩu của tệp chứng thư chưa đúng. Kiểm tra phím hoa, phím số rồi nhập lại và chọn lại tệp."
                ]
            },
        ),
        (
            b"khong phai p12", PASSWORD,
            {"p12": ["Tệp này không phải tệp chứng thư (.p12 hoặc .pfx). Chọn đúng tệp do nơi cấp chứng thư giao."]},
        ),
        (None, PASSWORD, {"p12": ["Chọn tệp trước khi gửi."]}),
        (
            "stranger", PASSWORD,
            {
                "confirmed_name": [
                    "Chứng thư này mang tên “Hoàng Văn Lạ”, khác với người ký là đồng chí Đỗ Mai Anh. "
                    "Nếu đúng là chứng thư của đồng chí đó, ghi lại tên trên chứng thư vào ô xác nhận và gửi lại tệp."
                ]
            },
        ),
    ],
)  # fmt: skip
def test_wrong_file_or_password_is_said_at_the_field(
    meeting, secretary, clerk, as_user, authority, file, password, expected
):
    """A wrong or locked PKCS#12 gets a sentence at its field; the password is never shown again."""
    here = sealed(meeting, secretary)
    data = {"role": "clerk", "passphrase": password}
    if file is not None:
        content = file if isinstance(file, bytes) else (authority / f"{file}.p12").read_bytes()
        data["p12"] = SimpleUploadedFile("a.p12", content)
    response = as_user(clerk).post(here, data)
    assert (response.status_code, errors(response)) == (422, expected)
    assert f'value="{password}"' not in response.content.decode()
    assert paper().files.count() == 1


def test_a_foreign_certificate_is_taken_when_its_name_is_confirmed(meeting, secretary, clerk, as_user, p12):
    """The certificate's name stands beside the person expected and is confirmed by writing it."""
    here = sealed(meeting, secretary)
    data = {"role": "clerk", "passphrase": PASSWORD, "confirmed_name": "Hoàng Văn Lạ"}
    assert as_user(clerk).post(here, data | {"p12": p12("stranger")}).status_code == 302
    page = as_user(secretary).get(here).content.decode()
    assert "Chứng thư của Hoàng Văn Lạ" in page
    assert "Chờ chủ trì ký" in page


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("secretary", "clerk", 403),
        ("clerk", "chair", 403),
        ("deputy", "chair", 403),
        ("committee", "clerk", 403),
        ("member", "clerk", 403),
        ("outsider", "chair", 404),
        ("superior", "chair", 404),
        ("clerk", "secretary", 404),
    ],
)
def test_only_the_person_whose_place_it_is_signs(meeting, secretary, as_user, p12, request, who, role, status):
    here = sealed(meeting, secretary)
    user = request.getfixturevalue(who)
    data = {"role": role, "p12": p12("secretary"), "passphrase": PASSWORD}
    assert as_user(user).post(here, data).status_code == status
    assert paper().files.count() == 1


def test_nobody_signs_twice_and_a_double_click_acts_once(meeting, secretary, clerk, as_user, p12):
    here = sealed(meeting, secretary)
    data = {"role": "clerk", "passphrase": PASSWORD, "submission": "11111111-2222-4333-8444-555555555555"}
    client = as_user(clerk)
    assert [client.post(here, data | {"p12": p12("clerk")}).status_code for _ in range(2)] == [302, 302]
    assert paper().files.count() == 2
    again = client.post(here, data | {"p12": p12("clerk"), "submission": ""})
    assert errors(again) == {"__all__": ["Đồng chí Đỗ Mai Anh đã ký văn bản này, không ký lần thứ hai."]}


def test_signed_paper_is_not_withdrawn(meeting, secretary, clerk, as_user, p12):
    here = sealed(meeting, secretary)
    as_user(clerk).post(here, {"role": "clerk", "p12": p12("clerk"), "passphrase": PASSWORD})
    response = as_user(secretary).post(reverse("meetings:minutes_withdraw", args=[meeting.pk]), {"reason": "Nhầm"})
    assert errors(response) == {
        "__all__": ["Văn bản đã có chữ ký nên không hủy được. Nội dung cần sửa thì lập văn bản bổ sung có ký."]
    }


def test_sign_page_before_sealing_leads_back(meeting, secretary, as_user):
    response = as_user(secretary).get(reverse("meetings:sign", args=[meeting.pk]), follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Biên bản chưa khóa nên chưa ký được."]


def test_sign_page_shows_hash_version_and_check_page(meeting, secretary, clerk, as_user, django_assert_num_queries):
    here = sealed(meeting, secretary)
    client = as_user(clerk)
    with django_assert_num_queries(11):
        page = client.get(here)
    html, sha = page.content.decode(), documents.current_file(paper()).sha256
    assert f"{sha[:4]} {sha[4:8]}" in html
    assert f'href="{paper().verify_path}"' in html
    assert html.count('type="password"') == 1


# Device outside


def test_file_signed_outside_is_uploaded(meeting, secretary, clerk, as_user, authority):
    """Download, sign with a device, upload: only a continuation of the sealed bytes is taken."""
    from documents.certificates import load_signer

    here = sealed(meeting, secretary, way="upload")
    keys = load_signer((authority / "clerk.p12").read_bytes(), PASSWORD)
    response = as_user(clerk).get(reverse("meetings:minutes_pdf", args=[meeting.pk]))
    signed = signed_outside(b"".join(response.streaming_content), "clerk", keys)
    wrong = as_user(clerk).post(here, {"role": "clerk", "pdf": SimpleUploadedFile("a.pdf", b"%PDF-1.7 khac")})
    assert (wrong.status_code, list(errors(wrong))) == (422, ["pdf"])
    assert as_user(clerk).post(here, {"role": "clerk", "pdf": SimpleUploadedFile("a.pdf", signed)}).status_code == 302
    assert paper().missing_signers()[0].role == "chair"


def signed_outside(data, role, keys):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(field_name=role, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(data))
    return PdfSigner(meta, keys).sign_pdf(writer, existing_fields_only=True).getvalue()


# By hand


def test_scan_completes_the_paper_and_is_marked(meeting, secretary, clerk, member, as_user, tmp_path):
    """Ký tay: print, sign, scan, upload; marked as such (DESIGN §3)."""
    here = sealed(meeting, secretary, way="ink")
    wrong = as_user(clerk).post(here, {"seen": "on", "scan": SimpleUploadedFile("a.pdf", b"khong phai anh")})
    assert (wrong.status_code, list(errors(wrong))) == (422, ["scan"])
    assert as_user(member).post(here, {}).status_code == 403
    printed = documents.read_checked(documents.current_file(paper()))
    unseen = as_user(clerk).post(here, {"scan": SimpleUploadedFile("quet.pdf", printed)})
    assert errors(unseen) == {"seen": ["Xem lại bản quét rồi đánh dấu xác nhận."]}
    unsigned = as_user(clerk).post(here, {"seen": "on", "scan": SimpleUploadedFile("quet.pdf", printed)})
    assert errors(unsigned) == {
        "scan": ["Tệp này là bản đã khóa, chưa có chữ ký tay. In ra, ký, quét rồi tải bản quét lên."]
    }
    scan = SimpleUploadedFile("quet.pdf", printed + b"\n")
    assert as_user(clerk).post(here, {"seen": "on", "scan": scan}).status_code == 302
    assert paper().state == "signed"
    assert "Ký tay, tải bản quét lên" in as_user(clerk).get(here).content.decode()


def test_scan_with_a_page_missing_is_refused(meeting, secretary, clerk, as_user):
    here = sealed(meeting, secretary, way="ink")
    picture = BytesIO()
    Image.new("RGB", (827, 1169), "white").save(picture, "JPEG")
    answer = as_user(clerk).post(here, {"seen": "on", "scan": SimpleUploadedFile("quet.jpg", picture.getvalue())})
    assert errors(answer) == {"scan": ["Bản quét có 1 trang, văn bản có 2 trang. Quét đủ các trang vào một tệp PDF."]}
    assert paper().state == "sealed"


# Resolution


def test_secretary_signs_the_resolution(meeting, secretary, clerk, as_user, p12, tmp_path):
    draft = resolution.start_resolution(meeting, by=secretary)
    clauses.add_clause(draft, clause=Clause(text="Dọn mương"), by=secretary)
    resolution.adopt_resolution(draft, vote=Vote.objects.get(), by=secretary)
    resolution.seal_resolution(draft, way="p12", by=secretary)
    here = reverse("resolutions:sign", args=[draft.pk])
    data = {"role": "secretary", "passphrase": PASSWORD}
    assert as_user(clerk).post(here, data | {"p12": p12("secretary")}).status_code == 403
    assert as_user(secretary).get(here).status_code == 200
    assert as_user(secretary).post(here, data | {"p12": p12("secretary")}).status_code == 302
    found = Paper.objects.get(type="resolution")
    said = pdfsig(documents.read_checked(documents.current_file(found)), tmp_path)
    assert (found.state, said.count("Signature is Valid"), said.count("- Total document signed")) == ("signed", 1, 1)


def test_resolution_sign_page_before_sealing_leads_back(meeting, secretary, as_user):
    draft = resolution.start_resolution(meeting, by=secretary)
    response = as_user(secretary).get(reverse("resolutions:sign", args=[draft.pk]), follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Nghị quyết chưa khóa nên chưa ký được."]


def test_fonts_of_the_signed_file_are_tinos_only(meeting, secretary, clerk, as_user, p12, tmp_path):
    """pdffonts lists Tinos only, all embedded, stamps included (issue 2, IT MUST SHOW)."""
    here = sealed(meeting, secretary)
    as_user(clerk).post(here, {"role": "clerk", "p12": p12("clerk"), "passphrase": PASSWORD})
    as_user(secretary).post(here, {"role": "chair", "p12": p12("secretary"), "passphrase": PASSWORD})
    path = tmp_path / "bien-ban.pdf"
    path.write_bytes(newest())
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert {line.split()[0].split("+")[1].split("-")[0] for line in lines} == {"Tinos"}
    assert Minutes.objects.get().paper.is_complete
