"""Progress from the phone, self-assessments and levels by their pages, what is printed and exported."""

import datetime
import io

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pledges.models import Assessment, Pledge, Progress, Proof
from pledges.services import assessing, deciding, opening, reporting, writing
from pledges.summary import summary
from tests.assignments.test_progress import picture
from tests.pledges.conftest import DAY, write
from tests.pledges.test_pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def report_url(pledge, place=0):
    return f"{url(pledge)}deeds/{pledge.deeds.all()[place].pk}/report/"


# ---------------------------------------------------------------- progress


def test_progress_with_a_photo_and_the_target_met(registered, member, secretary, as_user):
    page = text(as_user(member).get(report_url(registered)))
    assert 'accept="image/jpeg,image/png,image/webp,' in page
    values = {"text": "Đã đọc 4 cuốn.", "files": picture(), "reached": "on"}
    deed = registered.deeds.first()
    assert as_user(member).post(report_url(registered), values).url == f"{url(registered)}#viec-{deed.pk}"
    assert [(row.text, row.reached) for row in deed.progress.all()] == [("Đã đọc 4 cuốn.", True)]
    proof = Proof.objects.get()
    shown = text(as_user(secretary).get(url(registered)))
    assert ("Đã đọc 4 cuốn." in shown, f'href="/pledges/proof/{proof.pk}/"' in shown) == (True, True)
    answer = as_user(secretary).get(f"/pledges/proof/{proof.pk}/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    answer.close()


def test_progress_with_a_wrong_file_keeps_the_words(registered, member, as_user):
    values = {"text": "Đã đọc 4 cuốn.", "files": SimpleUploadedFile("anh.svg", b"<svg/>")}
    page = as_user(member).post(report_url(registered), values)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["files"])
    assert "Đã đọc 4 cuốn." in text(page)


def test_progress_says_what_to_write(registered, member, as_user):
    page = as_user(member).post(report_url(registered), {"text": " "})
    assert page.context["form"].errors == {"text": ["Đồng chí ghi kết quả đã làm."]}


def test_progress_is_written_by_the_author_alone(registered, cast, as_user):
    found = {name: as_user(user).get(report_url(registered)).status_code for name, user in cast.items()}
    assert {name for name, status in found.items() if status == 200} == {"dangvien"}
    assert {name for name, status in found.items() if status == 403} == {"bithu", "phobithu", "chiuy"}


def test_deed_of_another_pledge_is_not_found(registered, cell, secretary, deputy, as_user):
    other = write(writing.start(cell, 2026, member=secretary.member, by=secretary), secretary)
    deciding.register(deciding.submit(other, by=secretary), by=deputy)
    wrong = f"{url(other)}deeds/{registered.deeds.first().pk}/report/"
    assert as_user(secretary).get(wrong).status_code == 404


def test_proof_is_not_found_by_other_members(registered, member, clerk, outsider, as_user):
    reporting.report(registered.deeds.first(), text="Ảnh", by=member, files=[picture()])
    for user in (clerk, outsider):
        assert as_user(user).get(f"/pledges/proof/{Proof.objects.get().pk}/").status_code == 404


# ---------------------------------------------------------------- assessment


@pytest.fixture
def asked(registered, opened, secretary, january):
    january.move_to(datetime.datetime(2026, 6, 20, 9))
    opening.ask_assessment(opened, period="half", due_on=DAY(2026, 6, 30), by=secretary)
    return registered


@pytest.fixture
def paper(asked, member):
    return assessing.start(asked, period="half", by=member)


def results(pledge, *outcomes, **more):
    found = {"text": "Đã cố gắng", "self_level": "good", **more}
    for deed, outcome in zip(pledge.deeds.all(), outcomes, strict=False):
        found |= {f"ket-qua-{deed.pk}": outcome, f"loi-{deed.pk}": f"Kết quả {deed.position}"}
    return found


def test_assessment_draft_is_kept_incomplete_with_its_words(paper, asked, member, as_user):
    answer = as_user(member).post(url(paper, "write/"), results(asked, "reached", "", "", self_level=""))
    assert answer.url == url(paper)
    kept = [(row.outcome, row.words) for row in paper.results.all()]
    assert kept == [("reached", "Kết quả 1"), ("", "Kết quả 2"), ("", "Kết quả 3")]
    assert "chỉ riêng đồng chí xem được" in text(as_user(member).get(url(paper)))


def test_assessment_is_saved_and_what_is_missing_stands_at_its_field(paper, asked, member, as_user):
    values = results(asked, "reached", "partly", "", self_level="") | {"gui": "1"}
    page = as_user(member).post(url(paper, "write/"), values)
    third = asked.deeds.last().pk
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {f"ket-qua-{third}": ["Đồng chí chọn kết quả của việc 3."], "self_level": ["Đồng chí chọn mức tự nhận."]},
    )
    paper.refresh_from_db()
    assert (paper.text, paper.state) == ("Đã cố gắng", "draft")


def test_assessment_is_handed_in_and_levelled(paper, asked, member, secretary, as_user):
    values = results(asked, "reached", "partly", "reached") | {"gui": "1"}
    assert as_user(secretary).get(url(paper)).status_code == 404
    assert as_user(member).post(url(paper, "write/"), values).url == url(paper)
    page = as_user(secretary).get(url(paper))
    assert [name for name, _ in page.context["actions"]] == ["return", "level"]
    low = as_user(secretary).post(url(paper, "do/level/"), {"level": "reached", "remark": ""})
    assert (low.status_code, low.context["form"].errors) == (422, {"remark": [assessing.LOWER]})
    typed = {"level": "reached", "remark": "Việc thứ hai mới đạt một phần"}
    assert as_user(secretary).post(url(paper, "do/level/"), typed).url == url(paper)
    shown = text(as_user(member).get(url(paper)))
    assert "Nhận xét: Việc thứ hai mới đạt một phần" in shown
    assert "Chi bộ đã xếp mức sáu tháng đầu năm: đạt." in text(as_user(member).get("/pledges/2026/"))


def test_levelled_assessment_is_corrected(paper, asked, member, secretary, as_user):
    as_user(member).post(url(paper, "write/"), results(asked, "reached", "reached", "reached") | {"gui": "1"})
    assessing.level(paper, level="good", by=secretary)
    client = as_user(secretary)
    same = client.post(url(paper, "do/correct/"), {"level": "good"})
    assert same.context["form"].errors == {"level": ["Mức mới trùng với mức đã ghi."]}
    client.post(url(paper, "do/correct/"), {"level": "reached", "remark": "Ghi nhầm"})
    assert Assessment.objects.get().level == "reached"


def test_draft_of_an_assessment_is_not_told_of(paper, asked, secretary, as_user):
    """Neither on the page of the pledge nor by a button that is missing there."""
    page = as_user(secretary).get(url(asked))
    assert [(period, row) for period, row, _, _ in page.context["periods"]] == [("half", None)]
    assert [name for name, _ in page.context["actions"]] == ["reopen"]


def test_reopened_pledge_is_confirmed_before_its_assessment_is_handed_in(paper, asked, member, secretary, as_user):
    deciding.reopen(asked, remark="Bổ sung", by=secretary)
    values = results(asked, "reached", "partly", "reached") | {"gui": "1"}
    page = as_user(member).post(url(paper, "write/"), values)
    assert page.context["form"].non_field_errors() == [
        "Bản đăng ký đang được mở lại để bổ sung; tự đánh giá sau khi chi ủy xác nhận lại."
    ]


# ---------------------------------------------------------------- papers


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_printed_pledge_has_head_deeds_commitment_and_both_signatures(registered, committee, member, as_user):
    answer = as_user(member).get(url(registered, "print.pdf"))
    assert answer["Content-Disposition"] == 'attachment; filename="dang-ky-lam-theo-bac-2026.pdf"'
    found = words(answer.content)
    for word in ("CHI BỘ MỘT", "Thử, ngày 10 tháng 01 năm 2026", "BẢN ĐĂNG KÝ", "làm theo Bác và bản cam kết năm 2026",
                 "Giúp một hộ khó khăn", "Giữ gìn kỷ luật", "NGƯỜI ĐĂNG KÝ", "Ngô Xuân Trường", "T/M CHI ỦY",
                 "Trần Quốc Bình"):  # fmt: skip
        assert word in found
    assert "DỰ THẢO" not in found


def test_printed_draft_says_so_and_leaves_the_day_open(draft, member, as_user):
    found = words(as_user(member).get(url(draft, "print.pdf")).content)
    assert ("DỰ THẢO" in found, "ngày … tháng … năm …" in found) == (True, True)


def test_summary_counts_states_and_levels(paper, asked, opened, member, secretary, as_user):
    as_user(member).post(url(paper, "write/"), results(asked, "reached", "reached", "reached") | {"gui": "1"})
    assessing.level(paper, level="good", by=secretary)
    opened.refresh_from_db()
    found = summary(opened)
    assert found.sentences == [
        "Hạn đăng ký ngày 31/01/2026. Trong 6 đồng chí thuộc diện đăng ký có 1 đồng chí đã gửi bản đăng ký, "
        "1 đồng chí đã được xác nhận.",
        "Sáu tháng đầu năm: tốt 1, đạt 0, chưa đạt 0, chưa xếp mức 5.",
    ]
    mine = next(line for line in found.lines if line.name == "Ngô Xuân Trường")
    assert (mine.state, mine.deeds, mine.half, mine.whole) == ("Đã đăng ký", 3, "Tốt", "")
    assert found.collective.state == "Chưa gửi"


def test_summary_as_workbook_and_on_paper_tells_no_word_of_a_deed(asked, member, secretary, as_user):
    client = as_user(secretary)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/pledges/2026/summary.xlsx").content))
    rows = [[cell for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]
    assert ["STT", "Họ và tên", "Bản đăng ký", "Số việc", "Sáu tháng đầu năm", "Cả năm"] in rows
    assert any("Ngô Xuân Trường" in row and "Đã đăng ký" in row and 3 in row for row in rows)
    assert "Đọc một cuốn" not in str(rows)
    found = words(client.get("/pledges/2026/summary.pdf").content)
    assert ("Ngô Xuân Trường" in found, "Đọc một cuốn" in found) == (True, False)


def test_summary_is_for_the_chi_uy(opened, member, as_user):
    for more in ("summary.pdf", "summary.xlsx"):
        assert as_user(member).get(f"/pledges/2026/{more}").status_code == 403


def test_nothing_was_reported_by_a_get(registered, member, as_user):
    as_user(member).get(report_url(registered))
    assert (Progress.objects.count(), Pledge.objects.get().state) == (0, "registered")
