"""The minutes: prose under versions, adoption, explanations, sealing, withdrawal."""

import pytest
import time_machine

from core.errors import Refused, StaleText
from core.states import WrongState
from documents import queries as documents
from documents.models import Paper
from meetings.contradictions import unsettled
from meetings.models import Clause, Explanation, Meeting, Minutes, Speech, Vote
from meetings.queries.official import draft_minutes, file_name
from meetings.queries.record import record_of
from meetings.services import attendance, clauses, lifecycle, minutes, resolution, speeches, tasks, voting
from meetings.services.attendance import ADOPTED, SEALED
from members.models import Activity, Setting
from tests.documents.reading import text
from tests.factories import LONG_AGO
from tests.meetings import story


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


@pytest.fixture
def adopted(meeting, secretary):
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    return meeting


@pytest.fixture
def sealed(adopted, secretary):
    minutes.seal_minutes(adopted, way="p12", by=secretary)
    return adopted


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def paper_of(meeting):
    return Minutes.objects.get(meeting=meeting).paper


def verbs(meeting):
    return list(Activity.objects.filter(organisation=meeting.cell).values_list("verb", flat=True).order_by("seq"))


# Prose


def test_start_minutes_twice_makes_one_row(meeting, clerk):
    """``open_meeting`` starts them; a second call changes nothing."""
    assert verbs(meeting).count("minutes.started") == 1
    minutes.start_minutes(meeting, by=clerk)
    assert (Minutes.objects.count(), verbs(meeting).count("minutes.started")) == (1, 1)


def test_save_text_counts_versions_and_writes_one_line(meeting, clerk):
    minutes.save_text(meeting, "opening", text="Một.", version=0, by=clerk, autosave=True)
    saved = minutes.save_text(meeting, "opening", text="Một, hai.", version=1, by=clerk)
    assert (saved.opening, saved.opening_version) == ("Một, hai.", 2)
    assert verbs(meeting).count("minutes.saved") == 1


def test_save_text_refuses_a_stale_version_and_shows_both(meeting, clerk, secretary):
    minutes.save_text(meeting, "closing", text="Bản của thư ký.", version=0, by=clerk)
    with pytest.raises(StaleText) as caught:
        minutes.save_text(meeting, "closing", text="Bản của bí thư.", version=0, by=secretary)
    stale = caught.value
    assert (stale.message, stale.current, stale.typed, stale.version) == (
        "Đoạn này vừa được sửa ở nơi khác. Xem hai bản rồi ghi lại.",
        "Bản của thư ký.",
        "Bản của bí thư.",
        1,
    )


def test_save_text_refuses_an_unknown_part(meeting, clerk):
    assert refusal(minutes.save_text, meeting, "chair", text="x", version=0, by=clerk) == (
        "Biên bản không có đoạn này.",
        None,
    )


def test_save_narrative_of_an_item(meeting, clerk):
    item = meeting.items.all()[1]
    saved = minutes.save_narrative(item, text="nêu hai văn bản mới.", version=0, by=clerk)
    assert (saved.narrative, saved.narrative_version) == ("nêu hai văn bản mới.", 1)
    with pytest.raises(StaleText):
        minutes.save_narrative(item, text="khác", version=0, by=clerk)


# Adoption


def test_adopt_draws_the_number_and_freezes_the_signers(adopted):
    paper = paper_of(adopted)
    assert (paper.number_line, paper.state, paper.dated_on, paper.subject) == (
        "Số 01-BB/CB", "adopted", adopted.day, "sinh hoạt chi bộ thường kỳ tháng 12/2026",
    )  # fmt: skip
    assert list(paper.signers.values_list("role", "member_name", "title")) == [
        ("clerk", "Đỗ Mai Anh", "Thư ký"),
        ("chair", "Trần Quốc Bình", "Bí thư"),
    ]
    assert Minutes.objects.get(meeting=adopted).adopted_at == story.moment(15, 38)


def test_adopt_in_session_then_close(cell, secretary, clerk, member):
    """Read back and passed in session; the closing time follows (DESIGN §3)."""
    meeting = story.told(cell, secretary, clerk, member, closed=False)
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    lifecycle.close_meeting(meeting, closed_at=story.moment(15, 40), by=secretary)
    assert unsettled(record_of(meeting)) == []


def test_adopt_without_number_where_the_rule_says_so(meeting, secretary):
    """Many cells leave minutes unnumbered (DOMAIN §2.4): rule minutes.numbered."""
    Setting.objects.create(
        organisation=meeting.cell, key="minutes.numbered", value="không", source="Quy chế", starts_on=LONG_AGO
    )
    meeting = Meeting.objects.get(pk=meeting.pk)
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    paper = paper_of(meeting)
    assert (paper.number, paper.number_line) == (None, "")
    assert file_name(meeting, paper, "minutes") == "bien-ban-2026-12-05-du-thao.pdf"


@pytest.mark.parametrize(
    ("hour", "sentence"),
    [
        (13, "Giờ thông qua phải từ giờ khai mạc 14 giờ 00 trở đi."),
        (21, "Giờ thông qua chưa đến. Ghi giờ chi bộ đã thông qua."),
    ],
)
def test_adopt_refuses_a_time_that_cannot_be(meeting, secretary, hour, sentence):
    found = refusal(minutes.adopt_minutes, meeting, adopted_at=story.moment(hour), by=secretary)
    assert found == (sentence, "adopted_at")
    assert Paper.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"chair": None}, "Chưa có chủ trì. Ghi chủ trì buổi họp trước khi thông qua biên bản."),
        ({"clerk": None}, "Chưa có thư ký. Ghi thư ký buổi họp trước khi thông qua biên bản."),
        ({"clerk": "chair"}, "Chủ trì và thư ký phải là hai người. Đổi thư ký trước khi thông qua biên bản."),
    ],
)
def test_adopt_refuses_missing_or_one_officer(meeting, secretary, fields, sentence):
    values = {name: secretary.member if value else None for name, value in fields.items()}
    Meeting.objects.filter(pk=meeting.pk).update(**values)
    found = refusal(minutes.adopt_minutes, meeting, adopted_at=story.moment(15, 38), by=secretary)
    assert found == (sentence, None)


def test_adopt_refuses_before_the_meeting_and_twice(cell, adopted, secretary):
    again = refusal(minutes.adopt_minutes, adopted, adopted_at=story.moment(15, 39), by=secretary)
    assert again == (ADOPTED, None)
    Meeting.objects.filter(pk=adopted.pk).update(state="notified")
    Minutes.objects.filter(meeting=adopted).update(paper=None)
    early = refusal(minutes.adopt_minutes, adopted, adopted_at=story.moment(15, 39), by=secretary)
    assert early == ("Buổi họp đang ở trạng thái “Đã thông báo”, không ghi được việc này.", None)


def test_prose_is_closed_after_adoption(adopted, clerk):
    """After adoption only what mends or explains a listed contradiction may change (DESIGN §3)."""
    assert refusal(minutes.save_text, adopted, "opening", text="x", version=0, by=clerk) == (ADOPTED, None)
    assert refusal(minutes.save_narrative, adopted.items.first(), text="x", version=0, by=clerk) == (ADOPTED, None)


# Mending and explaining


def test_correct_times_mends_an_early_end(adopted, secretary):
    Minutes.objects.filter(meeting=adopted).update(adopted_at=story.moment(15, 50))
    assert [one.key for one in unsettled(record_of(adopted))] == ["end_before_adoption"]
    minutes.correct_times(adopted, closed_at=story.moment(15, 55), adopted_at=story.moment(15, 52), by=secretary)
    record = record_of(Meeting.objects.get(pk=adopted.pk))
    assert (record.closed_at, record.adopted_at) == (story.moment(15, 55), story.moment(15, 52))
    assert unsettled(record) == []


def test_correct_times_refuses_without_a_contradiction(adopted, secretary):
    found = refusal(minutes.correct_times, adopted, closed_at=story.moment(15, 55), by=secretary)
    assert found == ("Biên bản đã được thông qua và giờ giấc không có mâu thuẫn nên không sửa được.", None)


@pytest.mark.parametrize(
    ("hour", "sentence"),
    [(14, "Giờ bế mạc phải sau giờ khai mạc 14 giờ 00."), (21, "Giờ bế mạc chưa đến. Ghi giờ đã bế mạc.")],
)
def test_correct_times_refuses_an_end_that_cannot_be(meeting, secretary, hour, sentence):
    found = refusal(minutes.correct_times, meeting, closed_at=story.moment(hour), by=secretary)
    assert found == (sentence, "closed_at")


def test_explain_settles_and_is_replaced(adopted, clerk, member):
    attendance.mark(adopted.sheet.get(member=member.member), presence="absent_unexcused", by=clerk)
    key = f"speaker_absent:{member.member_id}"
    assert key in [one.key for one in unsettled(record_of(adopted))]
    minutes.explain(adopted, key=key, text="Đồng chí phát biểu qua điện thoại.", by=clerk)
    minutes.explain(adopted, key=key, text="Đồng chí gửi ý kiến bằng văn bản.", by=clerk)
    assert key not in [one.key for one in unsettled(record_of(adopted))]
    assert list(Explanation.objects.values_list("text", flat=True)) == ["Đồng chí gửi ý kiến bằng văn bản."]


def test_explain_refuses_nothing_listed_nothing_written_and_what_must_be_mended(adopted, clerk, member):
    found = refusal(minutes.explain, adopted, key="chair_absent", text="x", by=clerk)
    assert found == ("Điều này không còn mâu thuẫn, không cần giải trình nữa.", None)
    row = adopted.sheet.get(member=member.member)
    attendance.mark(row, presence="absent_unexcused", by=clerk)
    key = f"speaker_absent:{member.member_id}"
    assert refusal(minutes.explain, adopted, key=key, text="  ", by=clerk) == ("Ghi lời giải trình.", "text")
    adopted.sheet.filter(pk=row.pk).update(presence="")
    found = refusal(minutes.explain, adopted, key="unmarked", text="x", by=clerk)
    assert found == ("Điều này phải sửa cho đúng, không giải trình được.", None)


# Sealing


def test_seal_stores_the_file_once(sealed):
    paper = paper_of(sealed)
    data = documents.read_checked(documents.current_file(paper))
    assert (paper.state, paper.way, paper.files.count()) == ("sealed", "p12", 1)
    assert "DỰ THẢO" not in text(data)
    assert "Biên bản được đọc lại và chi bộ thông qua lúc 15 giờ 38." in text(data)


def test_seal_refuses_before_adoption_before_closing_and_with_contradictions(cell, meeting, secretary, clerk, member):
    found = refusal(minutes.seal_minutes, meeting, way="p12", by=secretary)
    assert found == ("Biên bản chưa được đọc lại và thông qua nên chưa khóa được.", None)
    Meeting.objects.filter(pk=meeting.pk).update(state="in_session", closed_at=None)
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    found = refusal(minutes.seal_minutes, meeting, way="p12", by=secretary)
    assert found == ("Buổi họp chưa bế mạc. Bế mạc trước khi khóa biên bản.", None)
    Meeting.objects.filter(pk=meeting.pk).update(state="closed", closed_at=story.moment(15, 40))
    attendance.mark(meeting.sheet.get(member=clerk.member), presence="absent_unexcused", by=secretary)
    message, _ = refusal(minutes.seal_minutes, meeting, way="p12", by=secretary)
    assert message.replace("\u00a0", " ") == (
        "Còn 2 điều chưa khớp, phải sửa hoặc giải trình trước khi khóa: "
        "Thư ký đồng chí Đỗ Mai Anh không được ghi có mặt."
    )


def test_seal_refuses_an_unknown_way_and_a_second_time(adopted, secretary):
    found = refusal(minutes.seal_minutes, adopted, way="click", by=secretary)
    assert found[1] == "way"
    minutes.seal_minutes(adopted, way="ink", by=secretary)
    assert refusal(minutes.seal_minutes, adopted, way="ink", by=secretary) == (SEALED, None)


def test_attendance_changes_the_draft_before_sealing(meeting, clerk, member):
    """Before sealing, changing an attendance changes the draft."""
    assert "Có mặt: 07/07 đồng chí" in text(draft_minutes(meeting))
    row = meeting.sheet.get(member=member.member)
    attendance.mark(row, presence="absent_excused", reason="nằm viện", by=clerk)
    after = text(draft_minutes(meeting))
    assert "Có mặt: 06/07 đồng chí" in after
    assert "(đồng chí Ngô Xuân Trường – nằm viện)" in after


def test_no_service_changes_anything_after_sealing(sealed, secretary, clerk, member, deputy):
    """After sealing, no path changes anything: every service that writes into the record refuses."""
    item, work = sealed.items.all()[1], sealed.items.all()[2]
    speech = Speech.objects.get()
    row = sealed.sheet.get(member=member.member)
    vote = Vote.objects.get()
    fresh = Vote(matter="Việc khác", decision="other", ballot="card")
    calls = [
        lambda: attendance.mark(row, presence="absent_unexcused", by=clerk),
        lambda: attendance.mark_all_present(sealed, by=clerk),
        lambda: attendance.add_guest(sealed, name="Khách", by=clerk),
        lambda: attendance.name_officers(sealed, chair=deputy.member, clerk=clerk.member, by=secretary),
        lambda: speeches.add_speech(item, member=member.member, text="Thêm.", by=clerk),
        lambda: speeches.save_speech(speech, text="Khác.", version=speech.version, by=clerk),
        lambda: speeches.remove_speech(speech, by=clerk),
        lambda: speeches.save_conclusion(item, text="Khác.", version=1, by=clerk),
        lambda: speeches.postpone_item(item, by=clerk),
        lambda: speeches.go_to(item, by=clerk),
        lambda: voting.propose_vote(work, vote=fresh, by=clerk),
        lambda: voting.open_vote(vote, by=clerk),
        lambda: voting.reset_vote(vote, by=clerk),
        lambda: voting.close_vote(vote, agree=0, disagree=0, other=7, by=clerk),
        lambda: tasks.give_from_item(work, owner=member.member, title="Việc", due_on=sealed.day, by=clerk),
        lambda: minutes.save_text(sealed, "opening", text="Khác.", version=0, by=clerk),
        lambda: minutes.save_narrative(item, text="Khác.", version=0, by=clerk),
        lambda: minutes.explain(sealed, key="chair_absent", text="x", by=clerk),
        lambda: minutes.correct_times(sealed, closed_at=story.moment(15, 59), by=secretary),
        lambda: minutes.adopt_minutes(sealed, adopted_at=story.moment(15, 39), by=secretary),
        lambda: minutes.seal_minutes(sealed, way="ink", by=secretary),
    ]
    before, lines = record_of(sealed), Activity.objects.count()
    sentences = {refusal(call)[0] for call in calls}
    assert sentences == {SEALED}
    assert (record_of(sealed), Activity.objects.count()) == (before, lines)
    with pytest.raises(WrongState):
        lifecycle.close_meeting(sealed, closed_at=story.moment(15, 59), by=secretary)


def test_task_given_later_does_not_enter_sealed_minutes(sealed, secretary, member):
    """A resolution adopted after the sealing gives tasks; the sealed minutes still say what they said."""
    before = record_of(sealed).tasks
    draft = resolution.start_resolution(sealed, by=secretary)
    clause = Clause(text="Việc mới", owner=member.member, due_on=story.moment(0).date().replace(year=2027))
    clauses.add_clause(draft, clause=clause, by=secretary)
    with time_machine.travel(story.NOW.replace(hour=21), tick=False):
        resolution.adopt_resolution(draft, vote=Vote.objects.get(), by=secretary)
    assert record_of(sealed).tasks == before


# Withdrawal


def test_withdraw_keeps_the_number_and_opens_the_record(sealed, secretary, clerk):
    """A sealed, unsigned paper may be withdrawn with a reason and keeps its number as "hủy" (DESIGN §3)."""
    first = paper_of(sealed)
    minutes.withdraw_minutes(sealed, reason="Ghi nhầm giờ", by=secretary)
    first.refresh_from_db()
    assert (first.state, first.number_text) == ("withdrawn", "01-BB/CB (hủy)")
    minutes.save_text(sealed, "opening", text="Sửa lại.", version=0, by=clerk)
    minutes.adopt_minutes(sealed, adopted_at=story.moment(15, 39), by=secretary)
    second = paper_of(sealed)
    assert (second.pk != first.pk, second.number_line) == (True, "Số 02-BB/CB")


def test_withdraw_refuses_without_reason_and_before_sealing(meeting, secretary):
    found = refusal(minutes.withdraw_minutes, meeting, reason="Nhầm", by=secretary)
    assert found == ("Biên bản chưa khóa nên không có gì để hủy.", None)
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    minutes.seal_minutes(meeting, way="p12", by=secretary)
    found = refusal(minutes.withdraw_minutes, meeting, reason=" ", by=secretary)
    assert found == ("Ghi lý do hủy văn bản.", "reason")


def test_minutes_are_not_adopted_while_a_vote_is_open(cell, secretary, clerk, member):
    """After the adoption no vote could be counted or taken back, and with an open one no meeting is closed."""
    meeting = story.told(cell, secretary, clerk, member, closed=False)
    item = meeting.items.first()
    proposed = voting.propose_vote(item, vote=Vote(matter="Bầu bổ sung", ballot="card"), by=clerk)
    vote = voting.open_vote(proposed, by=clerk)
    said = refusal(minutes.adopt_minutes, meeting, adopted_at=story.moment(15, 38), by=secretary)
    assert said == ("Còn một biểu quyết đang mở. Chốt hoặc lấy lại biểu quyết đó trước khi thông qua biên bản.", None)
    voting.reset_vote(vote, by=clerk)
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    assert lifecycle.close_meeting(meeting, closed_at=story.moment(15, 40), by=secretary).state == "closed"
