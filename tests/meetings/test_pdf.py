"""The printed papers, read back from the file: heads, parts, tables, signature blocks (DOMAIN §2.4, §2.6)."""

import datetime

import pytest
import time_machine

from meetings.models import Clause, Meeting, Vote
from meetings.queries.official import draft_minutes, draft_resolution
from meetings.services import attendance, clauses, minutes, resolution
from tests.documents.reading import fonts, pdfa_claim, runs, text, words
from tests.meetings import story

ORDER = (
    "ĐẢNG ỦY PHƯỜNG THỬ", "CHI BỘ MỘT", "ĐẢNG CỘNG SẢN VIỆT NAM", "Thử, ngày 05 tháng 12 năm 2026", "BIÊN BẢN",
    "sinh hoạt chi bộ thường kỳ tháng 12/2026", "I. THÔNG TIN CHUNG", "1. Thời gian: từ 14 giờ 00 đến 15 giờ 40",
    "2. Tổng số đảng viên: 07", "Có mặt: 07/07 đồng chí", "3. Khách mời:",
    "4. Chủ trì: đồng chí Trần Quốc Bình, Bí thư.", "II. NỘI DUNG", "1. Thông tin thời sự",
    "Đồng chí Ngô Xuân Trường: Đề nghị in bản chữ lớn.", "Kết luận của chủ trì:",
    "III. BIỂU QUYẾT", "STT", "Số đảng viên tính tỷ lệ: 07 chính thức. Cần quá nửa: 04.", "IV. NHIỆM VỤ PHÂN CÔNG",
    "In tài liệu chữ lớn", "04/01/2027", "V. ĐÁNH GIÁ CHẤT LƯỢNG BUỔI SINH HOẠT", "91/100 điểm, xếp loại tốt",
    "THƯ KÝ", "Đỗ Mai Anh", "CHỦ TRÌ", "Trần Quốc Bình",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


def test_minutes_follow_the_skeleton(meeting):
    """Parts and lines in the order of DOMAIN §2.6."""
    found, last = text(draft_minutes(meeting)), -1
    for part in ORDER:
        place = found.find(part, last + 1)
        assert place > last, part
        last = place


def test_minutes_sizes_and_archive_claim(meeting):
    """36-HD/VPTW: title 15 pt bold, type 16 pt bold, body 14 pt; PDF/A-3a, Tinos only."""
    data = draft_minutes(meeting)
    found = runs(data)
    assert found["ĐẢNG CỘNG SẢN VIỆT NAM"] == (15.0, "Tinos-Bold")
    assert found["BIÊN BẢN"] == (16.0, "Tinos-Bold")
    assert found["3. Khách mời: không."] == (14.0, "Tinos")
    assert pdfa_claim(data) == ("3", "A")
    assert {name.split("-")[0] for name, _ in fonts(data)} == {"Tinos"}
    assert {embedded for _, embedded in fonts(data)} == {"yes"}


def test_signatures_stand_clerk_left_chair_right(meeting):
    last = words(draft_minutes(meeting))[-1]
    clerk = next(word for word in last if word.text == "THƯ")
    chair = next(word for word in last if word.text == "CHỦ")
    assert (clerk.top, clerk.left < chair.left) == (chair.top, True)


def test_draft_works_before_anything_is_recorded(cell, secretary):
    meeting = Meeting.objects.create(cell=cell, starts_at=story.moment(0, 30), place="Nhà văn hóa", state="notified")
    found = text(draft_minutes(meeting))
    assert "1. Thời gian: từ 00 giờ 30, ngày 05/12/2026" in found
    assert "4. Chủ trì: chưa ghi. Thư ký: chưa ghi." in found
    assert "Không có nội dung biểu quyết." in found


def test_table_of_votes_repeats_its_head(meeting, clerk, secretary):
    """The head of a table repeats on every page (BRIEF §10)."""
    Meeting.objects.filter(pk=meeting.pk).update(state="in_session", closed_at=None)
    work = meeting.items.all()[2]
    for number in range(40):
        story.vote_on(work, clerk, matter=f"Việc số {number}", decision="other")
    pages = [" ".join(word.text for word in page) for page in words(draft_minutes(meeting))]
    with_votes = [page for page in pages if "Việc số" in page]
    assert (len(with_votes) > 1, all("Số tính tỷ" in page for page in with_votes)) == (True, True)


def test_long_names_and_explanations_are_printed(meeting, member, clerk, secretary):
    member.member.full_name = ("NGUYỄN PHÚC ƯNG HÒA " * 5).strip()[:100].strip()
    member.member.save()
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    attendance.mark(meeting.sheet.get(member=member.member), presence="absent_unexcused", by=clerk)
    minutes.explain(meeting, key=f"speaker_absent:{member.member_id}", text="Gửi bằng văn bản.", by=clerk)
    found = text(draft_minutes(Meeting.objects.get(pk=meeting.pk)))
    assert f"Vắng không lý do: 01 (đồng chí {member.member.full_name})." in found
    assert found.count("Giải trình:") == 1
    assert "Gửi bằng văn bản." in found
    assert "Số 01-BB/CB" in found


def test_typed_text_cannot_reach_a_file_or_run(meeting, clerk):
    """What people type is text: no tag, no picture, no file of the machine."""
    minutes.save_text(meeting, "opening", text='<img src="file:///etc/passwd"> & <b>đậm</b>', version=0, by=clerk)
    found = text(draft_minutes(Meeting.objects.get(pk=meeting.pk)))
    assert '<img src="file:///etc/passwd"> & <b>đậm</b>' in found


def test_resolution_follows_its_form(meeting, secretary, member):
    """DOMAIN §2.3, §2.6: bases, CHI BỘ … QUYẾT NGHỊ, I-III, vote line, recipients, authority block."""
    draft = resolution.start_resolution(meeting, by=secretary)
    resolution.save_text(draft, "assessment", text="Đã làm năm việc.\nCòn một việc chậm.", version=0, by=secretary)
    resolution.save_text(draft, "organisation_text", text="Chi ủy theo dõi.", version=0, by=secretary)
    due = datetime.date(2027, 1, 20)
    clauses.add_clause(draft, clause=Clause(text="Dọn mương", owner=member.member, due_on=due), by=secretary)
    draft.refresh_from_db()
    before = text(draft_resolution(draft))
    assert ("DỰ THẢO" in before, "tán thành." in before) == (True, False)
    resolution.adopt_resolution(draft, vote=Vote.objects.get(), by=secretary)
    draft.refresh_from_db()
    found, last = text(draft_resolution(draft)), -1
    for part in (
        "Số 01-NQ/CB", "NGHỊ QUYẾT", "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;", "CHI BỘ MỘT QUYẾT NGHỊ", "I. ĐÁNH GIÁ",
        "Đã làm năm việc. Còn một việc chậm.", "II. PHƯƠNG HƯỚNG, NHIỆM VỤ",
        "1. Dọn mương. Đồng chí Ngô Xuân Trường chịu trách nhiệm, hạn hoàn thành ngày 20/01/2027.",
        "III. TỔ CHỨC THỰC HIỆN", "Nghị quyết được chi bộ thông qua ngày 05/12/2026 với 06/07 đảng viên chính thức",
        "Nơi nhận:", "- Lưu chi bộ.",
    ):  # fmt: skip
        place = found.find(part)
        assert place > last, part
        last = place
    assert "T/M CHI BỘ" in found
