"""The sheet: who stands on it, what is marked beforehand, what may be marked (DOMAIN §1.5)."""

import datetime

import pytest
from django.utils import timezone

from core.errors import Refused
from documents.models import Paper
from documents.states import PaperState
from meetings.models import Guest, Minutes, Reply
from meetings.queries.session import counts, live_denominator, record_state, sheet, suggested_chair
from meetings.services import attendance, speeches
from meetings.states import Answer, Body, Excuse, Presence, State
from members.models import Activity, Exemption, Placement, Status
from members.states import ExemptionKind, PlacementKind, PostTitle, StatusKind
from tests.factories import LONG_AGO, MemberFactory, PostFactory, at
from tests.meetings.hall import everybody_present, held, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return held(cell, chair=secretary, clerk=clerk)


def exempt(member, kind=ExemptionKind.EXEMPT):
    ends = datetime.date(2099, 1, 1) if kind == ExemptionKind.EXEMPT_TEMPORARY else None
    Exemption.objects.create(member=member, kind=kind, starts_on=LONG_AGO, ends_on=ends)


def placed(member, cell, kind):
    Placement.objects.create(member=member, cell=cell, kind=kind, place="Chi bộ Ba", starts_on=LONG_AGO)


def suspended(member):
    member.status_rows.update(ends_on=datetime.date(2025, 12, 31))
    Status.objects.create(member=member, kind=StatusKind.SUSPENDED, starts_on=datetime.date(2026, 1, 1))


def papers_at(meeting, state):
    """The minutes of the meeting with a paper in that state."""
    paper = Paper.objects.create(
        organisation=meeting.cell, type="minutes", term="2025-2030", subject="x", state=state, sealed_sha256="0" * 64
    )
    return Minutes.objects.create(meeting=meeting, paper=paper)


def lines():
    return list(Activity.objects.order_by("seq").values_list("verb", flat=True))


# The sheet


def test_sheet_holds_roll_and_visitors(cell, secretary, clerk, probationary, visitor, outsider):
    meeting = held(cell, chair=secretary, clerk=clerk)
    rows = {row.member: row for row in sheet(meeting)}
    assert len(rows) == 8  # four nobody else needs, secretary, clerk, probationary, visitor
    assert outsider.member not in rows
    assert (rows[visitor.member].is_visitor, rows[visitor.member].was_official) == (True, True)
    assert rows[probationary.member].was_official is False


def test_sheet_of_a_committee_meeting_holds_its_members_only(cell, secretary, deputy, committee, member):
    meeting = held(cell, chair=secretary, clerk=deputy, body=Body.COMMITTEE)
    people = set(meeting.sheet.values_list("member_id", flat=True))
    assert people == {user.member_id for user in (secretary, deputy, committee)}


def test_sheet_started_twice_stays_one(meeting):
    before = meeting.sheet.count()
    assert attendance.start_sheet(meeting) == 0
    assert meeting.sheet.count() == before


def test_sheet_keeps_the_marks_when_started_again(meeting):
    everybody_present(meeting)
    attendance.start_sheet(meeting)
    assert set(meeting.sheet.values_list("presence", flat=True)) == {Presence.PRESENT}


def test_presets_follow_exemption_placement_and_excuse(cell, secretary, clerk):
    people = [MemberFactory(cell=cell) for _ in range(7)]
    exempt(people[0])
    exempt(people[1], ExemptionKind.EXEMPT_TEMPORARY)
    placed(people[2], cell, PlacementKind.OVERSEAS)
    placed(people[3], cell, PlacementKind.TEMP_ELSEWHERE)
    suspended(people[5])
    meeting = held(cell, chair=secretary, clerk=clerk, state=State.NOTIFIED)
    for person, decision in ((people[4], Excuse.ACCEPTED), (people[6], Excuse.REFUSED)):
        Reply.objects.create(
            meeting=meeting, member=person, answer=Answer.ASKS_EXCUSE, reason="Nằm viện", decision=decision
        )
    attendance.start_sheet(meeting)
    rows = {row.member_id: row for row in sheet(meeting)}
    assert [rows[person.pk].presence for person in people] == [
        Presence.EXEMPT, Presence.EXEMPT_TEMPORARY, Presence.EXEMPT_TEMPORARY, Presence.TEMP_ELSEWHERE,
        Presence.ABSENT_EXCUSED, Presence.ABSENT_EXCUSED, Presence.UNMARKED,
    ]  # fmt: skip
    assert [rows[person.pk].reason for person in people[4:6]] == ["Nằm viện", "Đình chỉ sinh hoạt"]
    assert rows[people[5].pk].was_official is True


def test_row_keeps_the_standing_of_the_day(cell, meeting, member):
    attendance.start_sheet(meeting)
    exempt(member.member)
    assert row_of(meeting, member).exemption_kind == ""


def test_placement_in_another_cell_does_not_count_here(cell, other_cell, secretary, clerk, member):
    """The book of the host says "tạm thời tại đây"; on the home cell's sheet the member is an ordinary one."""
    placed(member.member, other_cell, PlacementKind.TEMP_HERE)
    row = row_of(held(cell, chair=secretary, clerk=clerk), member)
    assert (row.is_visitor, row.was_official) == (False, True)


# Marks


def test_mark_stores_and_writes_the_diary(meeting, member, secretary):
    attendance.mark(row_of(meeting, member), presence=Presence.ABSENT_UNEXCUSED, by=secretary)
    assert row_of(meeting, member).presence == Presence.ABSENT_UNEXCUSED
    assert lines() == ["attendance.marked"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_excused_needs_a_reason(meeting, member, secretary, reason):
    with pytest.raises(Refused) as refused:
        attendance.mark(row_of(meeting, member), presence=Presence.ABSENT_EXCUSED, reason=reason, by=secretary)
    assert (refused.value.message, refused.value.field) == ("Ghi lý do vắng mặt.", "reason")


@pytest.mark.parametrize("presence", [Presence.EXEMPT, Presence.EXEMPT_TEMPORARY, Presence.TEMP_ELSEWHERE])
def test_exemption_that_nobody_decided_is_refused(meeting, member, secretary, presence):
    with pytest.raises(Refused) as refused:
        attendance.mark(row_of(meeting, member), presence=presence, by=secretary)
    assert refused.value.field == "presence"
    assert refused.value.message == (
        "Đồng chí Ngô Xuân Trường không có quyết định miễn hoặc giấy sinh hoạt tạm thời nơi khác vào ngày họp. "
        "Ghi ở trang đảng viên trước ngày họp, hoặc chọn vắng có lý do."
    )


def test_exempt_member_who_came_is_present_and_counts(cell, secretary, clerk, member):
    exempt(member.member)
    meeting = held(cell, chair=secretary, clerk=clerk)
    before = live_denominator(meeting, sheet(meeting)).total
    attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, by=secretary)
    after = live_denominator(meeting, sheet(meeting))
    assert (after.total, after.voters) == (before + 1, 1)


def test_late_arrival_is_a_moment_of_the_meeting(meeting, member, secretary):
    came = timezone.localtime(meeting.opened_at + datetime.timedelta(minutes=20)).replace(second=0, microsecond=0)
    row = attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, arrived=came.time(), by=secretary)
    assert row.arrived_at == came


def test_times_fall_away_with_an_absence(meeting, member, secretary):
    came = timezone.localtime(meeting.opened_at).time()
    attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, arrived=came, by=secretary)
    row = attendance.mark(row_of(meeting, member), presence=Presence.ABSENT_UNEXCUSED, arrived=came, by=secretary)
    assert row.arrived_at is None


def test_leaving_before_arriving_is_refused(meeting, member, secretary):
    start = timezone.localtime(meeting.opened_at)
    arrived, left = start + datetime.timedelta(minutes=20), start + datetime.timedelta(minutes=10)
    with pytest.raises(Refused) as refused:
        attendance.mark(
            row_of(meeting, member), presence=Presence.PRESENT, arrived=arrived.time(), left=left.time(), by=secretary
        )
    assert (refused.value.message, refused.value.field) == ("Giờ về phải sau giờ đến.", "left")


def test_time_still_to_come_is_refused(meeting, member, secretary):
    later = (timezone.localtime() + datetime.timedelta(minutes=90)).time()
    with pytest.raises(Refused) as refused:
        attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, arrived=later, by=secretary)
    assert refused.value.field == "arrived"
    assert refused.value.message == f"Giờ đến {later:%H:%M} còn chưa tới. Xem lại."


@pytest.mark.parametrize(
    ("opened", "typed", "day"),
    [((0, 23, 0), (0, 30), 1), ((0, 0, 30), (23, 50), -1), ((0, 0, 30), (0, 45), 0), ((0, 14, 0), (13, 55), 0)],
)
def test_time_of_day_is_taken_near_the_opening(cell, opened, typed, day):
    """A meeting that runs past midnight, and one at 00:30."""
    start = at(days=-10, hour=opened[1], minute=opened[2])
    meeting = held(cell, opened_at=start)
    moment = timezone.localtime(attendance.moment_of(meeting, datetime.time(*typed)))
    assert moment.date() == timezone.localtime(start).date() + datetime.timedelta(days=day)


def test_all_present_marks_only_the_unmarked(cell, secretary, clerk, member, collector):
    exempt(member.member)
    meeting = held(cell, chair=secretary, clerk=clerk)
    attendance.mark(row_of(meeting, collector), presence=Presence.ABSENT_UNEXCUSED, by=secretary)
    assert attendance.mark_all_present(meeting, by=secretary) == meeting.sheet.count() - 2
    assert (row_of(meeting, member).presence, row_of(meeting, collector).presence) == (
        Presence.EXEMPT,
        Presence.ABSENT_UNEXCUSED,
    )
    assert lines() == ["attendance.marked", "attendance.all_present"]


def test_counts_by_class(cell, secretary, clerk, probationary, visitor, member, collector):
    exempt(member.member)
    meeting = held(cell, chair=secretary, clerk=clerk)
    attendance.mark(row_of(meeting, collector), presence=Presence.ABSENT_EXCUSED, reason="Ốm", by=secretary)
    attendance.mark_all_present(meeting, by=secretary)
    guest = attendance.add_guest(meeting, name="Trần  Văn Khách", by=secretary)
    found = counts(list(sheet(meeting)), [guest])
    assert (found.total, found.expected, found.present) == (10, 9, 8)
    assert (found.official, found.probationary, found.temp_here) == (6, 1, 1)
    assert (found.away, found.excused, found.unexcused, found.unmarked, found.guests) == (1, 1, 0, 0, 1)
    assert found.voters == 6


# Guests and officers


def test_guest_who_spoke_stays(meeting, secretary):
    guest = attendance.add_guest(meeting, name="Trần Văn Khách", by=secretary)
    speeches.add_speech(meeting.items.first(), guest=guest, text="Chúc mừng", by=secretary)
    with pytest.raises(Refused) as refused:
        attendance.remove_guest(guest, by=secretary)
    assert refused.value.message == "Trần Văn Khách đã có phát biểu được ghi. Xóa phát biểu trước."
    assert Guest.objects.count() == 1


def test_guest_removed_writes_the_diary(meeting, secretary):
    attendance.remove_guest(attendance.add_guest(meeting, name="A", by=secretary), by=secretary)
    assert lines() == ["guest.added", "guest.removed"]


def test_officers_are_two_people(meeting, secretary):
    with pytest.raises(Refused) as refused:
        attendance.name_officers(meeting, chair=secretary.member, clerk=secretary.member, by=secretary)
    assert refused.value.field == "clerk"
    assert refused.value.message == "Chủ trì và thư ký phải là hai người. Chọn đồng chí khác làm thư ký."


def test_officer_from_elsewhere_is_refused(meeting, secretary, clerk, outsider):
    with pytest.raises(Refused) as refused:
        attendance.name_officers(meeting, chair=outsider.member, clerk=clerk.member, by=secretary)
    assert (refused.value.field, refused.value.message) == (
        "chair",
        "Đồng chí Tạ Minh Khang không có trong danh sách của buổi họp.",
    )


def test_absent_officer_is_refused(meeting, secretary, clerk):
    meeting.sheet.filter(member=clerk.member).update(presence=Presence.ABSENT_UNEXCUSED)
    with pytest.raises(Refused) as refused:
        attendance.name_officers(meeting, chair=secretary.member, clerk=clerk.member, by=secretary)
    assert refused.value.message == "Đồng chí Đỗ Mai Anh đang ghi là vắng. Sửa điểm danh trước."


def test_deputy_is_suggested_when_the_secretary_is_away(cell, secretary, deputy, clerk):
    meeting = held(cell, clerk=clerk)
    assert suggested_chair(meeting) == secretary.member
    meeting.sheet.filter(member=secretary.member).update(presence=Presence.ABSENT_UNEXCUSED)
    assert suggested_chair(meeting) == deputy.member
    meeting.sheet.filter(member=deputy.member).update(presence=Presence.ABSENT_UNEXCUSED)
    assert suggested_chair(meeting) is None


def test_accepted_excuse_suggests_the_deputy_before_the_opening(cell, secretary, deputy):
    meeting = held(cell, state=State.NOTIFIED)
    Reply.objects.create(
        meeting=meeting, member=secretary.member, answer=Answer.ASKS_EXCUSE, reason="Đi học", decision=Excuse.ACCEPTED
    )
    assert suggested_chair(meeting) == deputy.member


def test_posts_of_another_day_do_not_chair(cell, member):
    PostFactory(member=member.member, organisation=cell, title=PostTitle.SECRETARY, ends_on=datetime.date(2020, 12, 31))
    assert suggested_chair(held(cell)) is None


# The gate


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (PaperState.DRAFT, "open"), (PaperState.ADOPTED, "adopted"), (PaperState.SEALED, "sealed"),
        (PaperState.SIGNED, "sealed"), (PaperState.WITHDRAWN, "open"),
    ],
)  # fmt: skip
def test_record_state_follows_the_minutes(meeting, state, word):
    papers_at(meeting, state)
    assert record_state(meeting) == word


def test_record_is_open_without_minutes(meeting):
    assert record_state(meeting) == "open"


def test_marks_may_change_after_closing(cell, secretary, clerk, member):
    meeting = held(cell, chair=secretary, clerk=clerk, state=State.CLOSED)
    attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, by=secretary)
    assert row_of(meeting, member).presence == Presence.PRESENT


def test_adopted_record_takes_corrections_of_the_sheet_only(meeting, member, secretary):
    papers_at(meeting, PaperState.ADOPTED)
    attendance.mark(row_of(meeting, member), presence=Presence.PRESENT, by=secretary)
    with pytest.raises(Refused) as refused:
        attendance.mark_all_present(meeting, by=secretary)
    assert refused.value.message == (
        "Biên bản đã được thông qua. Chỉ còn sửa được điểm danh và giờ bế mạc, "
        "để gỡ những chỗ chưa khớp mà biên bản nêu ra."
    )


@pytest.mark.parametrize("state", [PaperState.SEALED, PaperState.SIGNED])
def test_sealed_record_takes_nothing(meeting, member, secretary, clerk, state):
    papers_at(meeting, state)
    row, item, guest = row_of(meeting, member), meeting.items.first(), Guest.objects.create(meeting=meeting, name="A")
    acts = [
        lambda: attendance.mark(row, presence=Presence.PRESENT, by=secretary),
        lambda: attendance.mark_all_present(meeting, by=secretary),
        lambda: attendance.add_guest(meeting, name="B", by=secretary),
        lambda: attendance.remove_guest(guest, by=secretary),
        lambda: attendance.name_officers(meeting, chair=secretary.member, clerk=clerk.member, by=secretary),
        lambda: speeches.add_speech(item, member=member.member, by=secretary),
        lambda: speeches.save_conclusion(item, text="x", version=0, by=secretary),
        lambda: speeches.postpone_item(item, by=secretary),
        lambda: speeches.go_to(item, by=secretary),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.message == "Biên bản đã khóa, không sửa được nữa."
    assert lines() == []


def test_nothing_is_recorded_before_the_opening(cell, secretary):
    meeting = held(cell, chair=secretary, state=State.NOTIFIED)
    with pytest.raises(Refused) as refused:
        attendance.mark_all_present(meeting, by=secretary)
    assert refused.value.message == "Buổi họp đang ở trạng thái “Đã thông báo”, không ghi được việc này."
