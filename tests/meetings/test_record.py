"""What the minutes say is computed from the records."""

import datetime
from types import SimpleNamespace

import pytest
import time_machine

from meetings import protocol, wording
from meetings.models import Meeting
from meetings.queries.official import base_lines, general_lines, minutes_context
from meetings.queries.record import for_record, record_of, subject_of
from meetings.services import attendance, speeches, voting
from meetings.states import Ballot, Decision, Kind, Presence
from members.models import Exemption, Placement
from tests.factories import LONG_AGO
from tests.meetings import story

NBSP = "\u00a0"


def plain(text):
    return text.replace(NBSP, " ")


def at(hour, minute=0, day=5):
    return datetime.datetime(2026, 12, day, hour, minute)


@pytest.fixture
def now():
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(now, cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


# Wording


@pytest.mark.parametrize(
    ("opened", "closed", "words"),
    [
        (at(14), at(15, 40), "từ 14 giờ 00 đến 15 giờ 40, ngày 05/12/2026"),
        (at(14), None, "từ 14 giờ 00, ngày 05/12/2026"),
        (at(0, 30), at(2, 5), "từ 00 giờ 30 đến 02 giờ 05, ngày 05/12/2026"),
        (at(22, 30), at(0, 20, 6), "từ 22 giờ 30, ngày 05/12/2026 đến 00 giờ 20, ngày 06/12/2026"),
    ],
)
def test_period_in_words(opened, closed, words):
    """DOMAIN §2.6: "từ {hh} giờ {mi} đến {hh} giờ {mi}, ngày {dd}/{mm}/{yyyy}"."""
    assert wording.period(opened, closed) == words


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], "Vắng có lý do: không."),
        ([("Hồ Sỹ Lượng", "nằm viện")], "Vắng có lý do: 01 (đồng chí Hồ Sỹ Lượng – nằm viện)."),
        (
            [("LÊ VĂN A", "đi công tác"), ("Bùi B", "")],
            "Vắng có lý do: 02 (đồng chí LÊ VĂN A – đi công tác; đồng chí Bùi B).",
        ),
    ],
)
def test_absent_line_names_and_reasons(people, words):
    """DOMAIN §1.5: name and reason must be written."""
    assert plain(wording.absent_line("Vắng có lý do", people)) == words


def test_listed_joins_with_va():
    cases = ([], ["a"], ["a", "b"], ["a", "b", "c"])
    assert [wording.listed(names) for names in cases] == ["", "a", "a và b", "a, b và c"]


def vote(number=1, **fields):
    values = {"pk": number, "item_id": 1, "matter": "Việc", "ballot": "Giơ thẻ"}
    values |= {"decision": "resolution", "closed": True}
    counts = {"official": 24, "exempt_absent": 2, "elsewhere_absent": 1, "excused": 1, "denominator": 20, "need": 11}
    return protocol.VoteLine(number=number, **(values | counts | fields))


def test_vote_note_says_the_arithmetic():
    """DOMAIN §1.6, worked example: 24 official, 2 exempt absent, 1 elsewhere, 1 excused → N = 20, needs 11."""
    words = (
        "Số đảng viên tính tỷ lệ: 24 chính thức, trừ 02 miễn sinh hoạt không dự, 01 sinh hoạt tạm thời nơi khác "
        "không dự, 01 vắng cả buổi có lý do, còn 20. Cần quá nửa: 11."
    )
    assert wording.vote_notes([vote(1), vote(2)]) == [words]


def test_vote_notes_differ_by_need():
    notes = wording.vote_notes([vote(1), vote(2, two_thirds=True, need=14)])
    assert [note.split(":")[0] for note in notes] == [
        "Số đảng viên tính tỷ lệ (biểu quyết 1)",
        "Số đảng viên tính tỷ lệ (biểu quyết 2)",
    ]
    assert notes[1].endswith("Cần ít nhất hai phần ba: 14.")


def test_secret_vote_note_has_ballots_and_tellers():
    """A secret ballot prints issued, returned, valid, invalid and the two tellers (DOMAIN §1.6)."""
    secret = vote(issued=19, returned=19, valid=18, invalid=1, is_secret=True, tellers=("Lê A", "Bùi B"))
    assert plain(wording.vote_notes([secret])[1]) == (
        "Phiếu kín (biểu quyết 1): phát ra 19, thu về 19, hợp lệ 18, không hợp lệ 01. "
        "Kiểm phiếu: đồng chí Lê A và đồng chí Bùi B."
    )


@pytest.mark.parametrize(
    ("score", "grade", "words"),
    [(91, "tốt", "91/100 điểm, xếp loại tốt"), (None, "khá", "xếp loại khá"), (None, "", ""), (0, "", "0/100 điểm")],
)
def test_quality_line(score, grade, words):
    assert wording.quality_line(score, grade) == words


def test_base_lines_begin_with_can_cu_and_end_with_semicolon():
    """DOMAIN §2.6: "- Căn cứ …;"."""
    text = "Căn cứ Điều lệ Đảng;\n\n- Căn cứ Chỉ thị 50-CT/TW,\nQuy chế làm việc"
    assert base_lines(text) == [
        "- Căn cứ Điều lệ Đảng;",
        "- Căn cứ Chỉ thị 50-CT/TW;",
        "- Căn cứ Quy chế làm việc;",
    ]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.REGULAR, "sinh hoạt chi bộ thường kỳ tháng 03/2027"),
        (Kind.THEMATIC, "sinh hoạt chi bộ chuyên đề tháng 03/2027"),
        (Kind.COMBINED, "sinh hoạt chi bộ thường kỳ kết hợp chuyên đề tháng 03/2027"),
        (Kind.EXTRAORDINARY, "họp chi bộ bất thường ngày 01/03/2027"),
        (Kind.COMMITTEE, "họp chi ủy ngày 01/03/2027"),
    ],
)
def test_subject_by_kind(kind, subject):
    assert subject_of(Meeting(kind=kind, starts_at=story.moment(0, 30).replace(year=2027, month=3, day=1))) == subject


def item(**fields):
    values = {"pk": 1, "section": "B", "place": 3, "title": "Tuyến mương", "status": "discussed"}
    return protocol.Item(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"presenter": "đồng chí Lê A", "narrative": "nêu hai việc."}, "Đồng chí Lê A trình bày: nêu hai việc."),
        ({"presenter": "đồng chí Lê A", "narrative": "Đồng chí Lê A báo cáo."}, "Đồng chí Lê A báo cáo."),
        ({"presenter": "đồng chí Lê A"}, "Đồng chí Lê A trình bày."),
        (
            {"presenter": "đồng chí Lê A, Bí thư", "narrative": "Có hai việc."},
            "Đồng chí Lê A, Bí thư, trình bày. Có hai việc.",
        ),
        ({"narrative": "Cả chi bộ nghe."}, "Cả chi bộ nghe."),
        ({}, ""),
    ],
)
def test_opening_of_an_item_names_the_presenter_once(fields, words):
    assert item(**fields).opening == words


def test_paragraphs_of_silent_and_postponed_items():
    assert [p.text for p in item().paragraphs] == ["Chi bộ thực hiện theo chương trình."]
    assert [p.text for p in item(status="postponed").paragraphs] == [protocol.POSTPONED]
    both = item(status="postponed", conclusion="Để sau.").paragraphs
    assert [(p.lead, p.text) for p in both] == [
        ("Kết luận của chủ trì:", "Để sau."),
        ("", "Nội dung này chuyển sang buổi sau."),
    ]


# From the database


def test_record_counts_names_and_reasons(meeting, cell, secretary, clerk, probationary, visitor, collector):
    """I. Thông tin chung: numbers, names and reasons come from the sheet alone (DOMAIN §2.2)."""
    attendance.start_sheet(meeting)
    marks = {probationary: ("present", ""), visitor: ("present", ""), collector: ("absent_excused", "nằm viện")}
    for user, (presence, reason) in marks.items():
        row = meeting.sheet.get(member=user.member)
        attendance.mark(row, presence=presence, reason=reason, by=clerk)
    bay = meeting.sheet.get(member__full_name="Lê Văn Bảy")
    attendance.mark(bay, presence="absent_unexcused", by=clerk)
    attendance.add_guest(meeting, name="Trần Minh Phương", post="Phó Bí thư Đảng ủy phường", by=clerk)
    lines = [plain(line) for line in general_lines(record_of(meeting))]
    assert lines == [
        "1. Thời gian: từ 14 giờ 00 đến 15 giờ 40, ngày 05/12/2026; hình thức: trực tiếp. "
        "Địa điểm: Nhà văn hóa Tổ dân phố số 5.",
        "2. Tổng số đảng viên: 09 (chính thức 08, dự bị 01); sinh hoạt tạm thời nơi khác 00; tạm thời đến 01; "
        "miễn sinh hoạt 00.",
        "Có mặt: 08/10 đồng chí (chính thức 06, dự bị 01, tạm thời đến 01). "
        "Vắng có lý do: 01 (đồng chí Vũ Đình Khôi – nằm viện). Vắng không lý do: 01 (đồng chí Lê Văn Bảy).",
        "3. Khách mời: đồng chí Trần Minh Phương, Phó Bí thư Đảng ủy phường.",
        "4. Chủ trì: đồng chí Trần Quốc Bình, Bí thư. Thư ký: đồng chí Đỗ Mai Anh.",
    ]


def test_record_exempt_and_elsewhere_are_not_expected(now, cell, secretary, clerk, member, collector):
    """Miễn sinh hoạt and tạm thời nơi khác are counted on the roll, not among those expected (DOMAIN §1.5)."""
    Exemption.objects.create(member=member.member, kind="exempt", starts_on=LONG_AGO)
    Placement.objects.create(
        member=collector.member, cell=cell, kind="temp_elsewhere", place="Chi bộ Ba", starts_on=LONG_AGO
    )
    meeting = story.begun(cell, secretary, clerk)
    roll = record_of(meeting).roll
    assert (roll.total, roll.official, roll.exempt, roll.elsewhere) == (8, 8, 1, 1)
    assert (roll.present, roll.expected) == (6, 6)


def test_record_of_the_whole_evening(meeting):
    record = record_of(meeting)
    assert [item.number for item in record.items] == ["A1", "B1", "B2", "C1"]
    assert [item.heading for item in record.items] == [
        "Tuyên bố lý do",
        "1. Thông tin thời sự",
        "2. Nhiệm vụ tháng 01/2027",
        "Thông qua biên bản",
    ]
    news = record.items[1]
    assert [(p.lead, plain(p.text)) for p in news.paragraphs] == [
        ("", "Đồng chí Ngô Xuân Trường trình bày."),
        ("", "Đồng chí Ngô Xuân Trường: Đề nghị in bản chữ lớn."),
        ("Kết luận của chủ trì:", "Từ tháng sau có bản chữ lớn."),
    ]
    (vote,) = record.closed_votes
    assert (vote.number, vote.ballot, vote.denominator, vote.agree, vote.disagree, vote.other, vote.need) == (
        1, "Giơ thẻ", 7, 6, 1, 0, 4,
    )  # fmt: skip
    assert vote.result == "Thông qua"
    (task,) = record.tasks
    assert (task.title, task.owner, task.follower, task.due_on) == (
        "In tài liệu chữ lớn",
        "Ngô Xuân Trường",
        "Trần Quốc Bình",
        datetime.date(2027, 1, 4),
    )
    parts = minutes_context(record)["parts"]
    assert [part["silent"] for part in parts] == [
        "Phần mở đầu, chi bộ thực hiện theo chương trình: tuyên bố lý do.",
        "",
        "Phần kết thúc, chi bộ thực hiện theo chương trình: thông qua biên bản.",
    ]


def test_record_takes_six_queries_and_one_for_each_app_with_a_section(meeting, django_assert_num_queries):
    """DESIGN §7: at most 12 queries on any page; the record leaves room for login and navigation."""
    fetched = for_record(Meeting.objects).get(pk=meeting.pk)
    with django_assert_num_queries(8):
        record_of(fetched)


def test_record_of_a_night_meeting_and_long_capital_names(now, cell, secretary, clerk, member):
    """A name of 100 characters, a name in capitals, a meeting at 00:30 break nothing."""
    member.member.full_name = ("NGUYỄN PHÚC ƯNG HÒA " * 5).strip()[:100].strip()
    member.member.save()
    meeting = story.begun(cell, secretary, clerk, starts_at=story.moment(0, 30))
    speeches.add_speech(meeting.items.all()[1], member=member.member, text="Đồng ý.", by=clerk)
    record = record_of(meeting)
    assert plain(record.items[1].speeches[0].speaker) == f"Đồng chí {member.member.full_name}"
    assert wording.period(record.opened_at, record.closed_at) == "từ 00 giờ 30, ngày 05/12/2026"


def test_record_secret_vote_names_tellers(now, cell, secretary, clerk, member, collector):
    meeting = story.begun(cell, secretary, clerk)
    secret = {
        "issued": 8, "returned": 8, "invalid": 1, "teller_1": member.member, "teller_2": collector.member,
    }  # fmt: skip
    story.vote_on(
        meeting.items.all()[2], clerk, agree=6, disagree=1, decision=Decision.ADMISSION,
        ballot=Ballot.SECRET_PAPER, secret=secret, matter="Đề nghị kết nạp",
    )  # fmt: skip
    (vote,) = record_of(meeting).closed_votes
    assert (vote.issued, vote.returned, vote.valid, vote.invalid) == (8, 8, 7, 1)
    assert vote.tellers == ("Ngô Xuân Trường", "Vũ Đình Khôi")


def test_record_open_vote_is_not_printed(now, cell, secretary, clerk):
    meeting = story.begun(cell, secretary, clerk)
    from meetings.models import Vote

    vote = voting.propose_vote(meeting.items.all()[2], vote=Vote(matter="Việc", ballot=Ballot.CARD), by=clerk)
    voting.open_vote(vote, by=clerk)
    record = record_of(meeting)
    assert (len(record.votes), record.closed_votes) == (1, [])


def test_unmarked_person_is_expected_and_not_present():
    people = tuple(protocol.Person(n, f"A {n}", mark) for n, mark in enumerate((Presence.PRESENT, Presence.UNMARKED)))
    roll = protocol.Roll(people)
    assert plain(wording.present_line(roll)) == "Có mặt: 01/02 đồng chí (chính thức 01)."


def test_roll_line_with_nobody():
    roll = SimpleNamespace(total=0, official=0, probationary=0, suspended=0, elsewhere=0, here=0, exempt=0)
    assert wording.roll_line(roll) == (
        "Tổng số đảng viên: 00; sinh hoạt tạm thời nơi khác 00; tạm thời đến 00; miễn sinh hoạt 00."
    )
