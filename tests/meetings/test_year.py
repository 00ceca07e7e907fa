"""The year's calendar: at least one regular meeting a month, one with a theme a quarter, the committee before each."""

import datetime

import pytest
import time_machine

from core.errors import Refused
from meetings.models import Meeting, PlannedMeeting
from meetings.queries.checks import checks
from meetings.queries.lists import missing_months, next_regular
from meetings.queries.planned import proposed
from meetings.queries.year import year_strip
from meetings.queries.year_checks import warnings
from meetings.services import lifecycle, year
from meetings.states import Body, Kind, State
from members.models import Activity, Setting
from members.services import days
from regulations.loading import load_days
from tests.factories import LONG_AGO
from tests.meetings.prep import new_meeting
from tests.meetings.test_voting import together

pytestmark = pytest.mark.django_db
D = datetime.date
HANOI = datetime.timezone(datetime.timedelta(hours=7))


def at(year, month, day, hour=8):
    return datetime.datetime(year, month, day, hour, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def _november():
    """24/11/2026: the next year is planned, its days off are estimates still."""
    with time_machine.travel(at(2026, 11, 24), tick=False):
        load_days()
        yield


@pytest.fixture
def plan(cell, secretary, committee):
    def act(which=2027):
        year.plan_year(cell, year=which, by=secretary)
        return list(PlannedMeeting.objects.filter(cell=cell, on__year=which))

    return act


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def change(row, by, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return year.change_planned(plannedmeeting=row, by=by)


def texts(cell, user, which=2027):
    return [check.text for check in warnings(cell, year_strip(cell, which, user))]


# Filling the year


def test_every_month_gets_its_meeting_and_every_quarter_its_theme(plan):
    """Điều lệ Đảng: once a month; chuyên đề once a quarter (12-HD/BTCTW); the committee prepares each."""
    rows = plan()
    assert [row.on.month for row in rows] == list(range(1, 13))
    assert [row.on.month for row in rows if row.kind == Kind.COMBINED] == [2, 5, 8, 11]
    assert {row.kind for row in rows} == {Kind.REGULAR, Kind.COMBINED}
    assert [
        row for row in rows if row.committee_on is None or row.committee_on > row.on - 4 * datetime.timedelta(1)
    ] == []
    assert Activity.objects.order_by("pk").last().verb == "calendar.filled"


def test_meeting_of_tet_moves_with_its_reason(plan):
    row = plan()[1]
    assert (row.on, row.moved_from, row.reason) == (
        D(2027, 2, 11),
        D(2027, 2, 5),
        "rơi vào giao thừa Tết Nguyên Đán",
    )
    assert row.committee_on == D(2027, 2, 3)  # 07/02 is Tết, as are the days before down to 04/02


def test_filling_again_changes_nothing(plan):
    before = {row.pk: row.on for row in plan()}
    lines = Activity.objects.count()
    assert {row.pk: row.on for row in plan()} == before
    assert Activity.objects.count() == lines


def test_filling_again_keeps_what_people_changed_and_fills_what_they_removed(plan, secretary):
    rows = plan()
    change(rows[2], secretary, on=D(2027, 3, 9), theme="", kind=Kind.REGULAR)
    year.remove_planned(rows[6], by=secretary)
    again = {row.on.month: row for row in plan()}
    assert (again[3].pk, again[3].on) == (rows[2].pk, D(2027, 3, 9))
    assert (len(again), again[7].on, again[7].pk != rows[6].pk) == (12, D(2027, 7, 5), True)


def test_theme_goes_to_another_month_when_the_middle_one_stands(plan, secretary):
    """Each quarter wants one: where February was made plain and March removed, March takes the theme."""
    rows = plan()
    change(rows[1], secretary, kind=Kind.REGULAR)
    year.remove_planned(rows[2], by=secretary)
    assert [row.on.month for row in plan() if row.kind == Kind.COMBINED] == [3, 5, 8, 11]


def test_number_of_themes_is_the_rules(plan, superior_body):
    Setting.objects.create(
        organisation=superior_body, key="meeting.thematic_per_quarter", value="2", source="KH 1", starts_on=LONG_AGO
    )
    assert [row.on.month for row in plan() if row.kind == Kind.COMBINED] == [2, 3, 5, 6, 8, 9, 11, 12]


def test_months_with_a_meeting_and_days_gone_by_are_left_alone(plan, cell, secretary):
    """This year on 24/11: only December is planned; a month that has its meeting gets no second one."""
    assert [row.on for row in plan(2026)] == [D(2026, 12, 7)]  # 05/12 is a Saturday
    new_meeting(cell, secretary, starts_at=at(2027, 4, 9))
    assert [row.on.month for row in plan()] == [1, 2, 3, *range(5, 13)]


def test_cancelled_meeting_leaves_its_month_to_the_plan(plan, cell, secretary):
    meeting = new_meeting(cell, secretary, starts_at=at(2027, 4, 9))
    lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=secretary)
    assert 4 in [row.on.month for row in plan()]


def test_cell_without_committee_plans_no_committee_meetings(other_cell, outsider):
    assert year.plan_year(other_cell, year=2027, by=outsider) == 12
    assert set(PlannedMeeting.objects.values_list("committee_on", flat=True)) == {None}


def test_years_that_cannot_be_planned(cell, secretary):
    assert refusal(year.plan_year, cell, year=2025, by=secretary)[0] == (
        "Năm 2025 đã qua. Lập lịch cho năm nay hoặc năm sau."
    )
    assert refusal(year.plan_year, cell, year=2030, by=secretary)[0] == (
        "Chưa có ngày nghỉ của năm 2030. Lập lịch được đến hết năm 2029."
    )


# Changing it


def test_refusals_of_changing(plan, secretary, cell):
    rows = plan()
    assert refusal(change, rows[0], secretary, on=D(2026, 11, 23)) == ("Chọn ngày họp từ hôm nay trở đi.", "on")
    assert refusal(change, rows[1], secretary, committee_on=D(2027, 2, 12)) == (
        "Họp chi ủy trước hoặc cùng ngày với buổi sinh hoạt.",
        "committee_on",
    )
    assert refusal(change, rows[2], secretary, on=rows[3].on)[0] == (
        "Ngày này đã có một buổi cùng loại trong lịch năm."
    )
    year.remove_planned(rows[4], by=secretary)
    assert refusal(year.remove_planned, rows[4], by=secretary)[0] == (
        "Buổi này vừa được đồng chí khác bỏ khỏi lịch năm."
    )


def test_moved_by_people_keeps_from_which_day_and_why(plan, secretary):
    row = change(plan()[3], secretary, on=D(2027, 4, 8), reason="Bí thư đi học")
    assert (row.moved_from, row.reason) == (D(2027, 4, 5), "Bí thư đi học")
    back = change(row, secretary, on=D(2027, 4, 5))
    assert (back.moved_from, back.reason) == (None, "")


def test_thematic_meeting_of_its_own_is_added(plan, cell, secretary, member):
    plan()
    row = PlannedMeeting(cell=cell, kind=Kind.THEMATIC, on=D(2027, 6, 20), time=datetime.time(8), theme="Chuyển đổi số")
    row.presenter = member.member
    row = year.add_planned(plannedmeeting=row, by=secretary)
    assert (row.moved_from, row.presenter, Activity.objects.order_by("pk").last().verb) == (
        None, member.member, "planned.added",
    )  # fmt: skip


# Drafts from it


def test_draft_brings_the_committee_meeting_theme_and_presenter(plan, cell, secretary, member):
    row = change(plan()[1], secretary, theme="Nêu gương", presenter=member.member)
    meeting = year.draft_from(row, by=secretary)
    assert (meeting.kind, meeting.theme, meeting.starts_at, meeting.state, meeting.chair) == (
        Kind.COMBINED, "Nêu gương", at(2027, 2, 11, 14), State.DRAFT, secretary.member,
    )  # fmt: skip
    parent = meeting.parent
    assert (parent.kind, parent.body, parent.starts_at) == (Kind.COMMITTEE, Body.COMMITTEE, at(2027, 2, 3, 14))
    assert meeting.items.get(origin="standard:theme").presenter == member.member
    row.refresh_from_db()
    assert (row.meeting, Activity.objects.order_by("pk").last().verb) == (meeting, "planned.drafted")


def test_committee_meeting_that_stands_there_is_taken(plan, cell, secretary):
    row = plan()[0]
    stands = new_meeting(
        cell,
        secretary,
        kind=Kind.COMMITTEE,
        starts_at=at(row.committee_on.year, row.committee_on.month, row.committee_on.day, 9),
    )
    assert year.draft_from(row, by=secretary).parent == stands


def test_refusals_of_drafting(plan, cell, secretary):
    rows = plan()
    assert refusal(year.draft_from, rows[1], by=secretary)[0] == (
        "Chưa có chuyên đề. Sửa buổi này trong lịch năm, ghi chuyên đề rồi lập cuộc họp."
    )
    year.draft_from(rows[0], by=secretary)
    assert refusal(year.draft_from, rows[0], by=secretary)[0] == year.MET
    assert refusal(year.remove_planned, rows[0], by=secretary)[0] == year.MET
    assert refusal(change, rows[0], secretary, theme="x")[0] == year.MET
    new_meeting(cell, secretary, starts_at=at(2027, 3, 9))
    assert refusal(year.draft_from, rows[2], by=secretary)[0] == (
        "Tháng 3 đã có cuộc họp thường kỳ. Mở cuộc họp đó ở trang Cuộc họp."
    )
    with time_machine.travel(at(2027, 4, 6), tick=False):
        assert refusal(year.draft_from, rows[3], by=secretary)[0] == (
            "Ngày họp trong lịch đã qua. Sửa ngày rồi lập cuộc họp."
        )


def test_row_of_a_cancelled_meeting_is_drafted_again(plan, secretary):
    row = plan()[0]
    first = year.draft_from(row, by=secretary)
    lifecycle.cancel_meeting(first, cancel_reason="Bão", by=secretary)
    second = year.draft_from(row, by=secretary)
    row.refresh_from_db()
    assert (row.meeting, second.parent) == (second, first.parent)


def test_meeting_made_by_hand_meets_the_row_of_its_month(plan, cell, secretary, member):
    row = change(plan()[1], secretary, theme="Nêu gương", presenter=member.member)
    meeting = Meeting(cell=cell, kind=Kind.COMBINED, theme="Khác", starts_at=at(2027, 2, 25), place="Nhà văn hóa")
    meeting.chair = secretary.member
    year.create_in_plan(meeting=meeting, by=secretary)
    row.refresh_from_db()
    assert (row.meeting, meeting.items.get(origin="standard:theme").presenter) == (meeting, member.member)


# What a new meeting proposes, what is missing


def test_new_meeting_proposes_the_planned_day(plan, cell, secretary):
    cell.refresh_from_db()
    assert next_regular(cell) == at(2026, 12, 7, 14)  # by the rhythm: 05/12 is a Saturday
    row = change(plan(2026)[0], secretary, on=D(2026, 12, 10), time=datetime.time(19, 30), theme="Nêu gương")
    found = proposed(cell)
    assert (found.starts_at, found.planned) == (datetime.datetime(2026, 12, 10, 19, 30, tzinfo=HANOI), row)
    year.draft_from(row, by=secretary)
    assert next_regular(cell) == at(2027, 1, 5, 14)


def test_rhythm_by_weekday_is_proposed(cell, committee):
    cell.refresh_from_db()
    cell.rhythm, cell.regular_week, cell.regular_weekday = "weekday", 1, 0
    assert next_regular(cell) == at(2026, 12, 7, 14)


def test_present_month_is_missing_only_after_its_planned_day(plan, cell, secretary):
    new_meeting(cell, secretary, starts_at=at(2026, 11, 5))
    row = plan(2026)[0]
    change(row, secretary, on=D(2026, 12, 20))
    assert missing_months(cell, 2026, D(2026, 12, 20)) == []
    assert missing_months(cell, 2026, D(2026, 12, 21)) == [12]


def test_meeting_on_a_day_off_is_said_beside_its_agenda(cell, secretary, superior, superior_body):
    meeting = new_meeting(cell, secretary, starts_at=at(2027, 2, 6))
    found = [check for check in checks(meeting) if "ngày nghỉ" in check.text]
    assert [(check.state, check.text, check.small) for check in found] == [
        ("w", "Ngày họp rơi vào ngày nghỉ: Tết Nguyên Đán", "Ngày nghỉ này là dự kiến, chưa có thông báo chính thức.")
    ]
    days.lay_days(
        organisation=superior_body, first=D(2027, 2, 6), name="Làm việc", is_off=False, source="TB 1", by=superior
    )
    assert [check for check in checks(meeting) if "ngày nghỉ" in check.text] == []


# The strip


def test_strip_shows_the_day_of_the_meeting_when_it_moves(plan, cell, secretary, superior):
    meeting = year.draft_from(plan()[0], by=secretary)
    meeting = lifecycle.notify_meeting(lifecycle.agree_meeting(meeting, by=secretary), by=secretary)
    month = year_strip(cell, 2027, secretary).months[0]
    assert (month.main.day, month.main.look.label, month.main.moved) == (D(2027, 1, 5), "Đã thông báo", "")
    lifecycle.reschedule_meeting(meeting, starts_at=at(2027, 1, 8), place="Nhà văn hóa", by=secretary)
    month = year_strip(cell, 2027, secretary).months[0]
    assert (month.main.day, month.main.moved) == (D(2027, 1, 8), "Lịch năm ghi 05/01; đã đổi sang 08/01")


def test_strip_says_why_a_day_was_moved_and_that_it_is_an_estimate(plan, cell, secretary):
    plan()
    found = year_strip(cell, 2027, secretary)
    main = found.months[1].main
    assert main.moved == "Theo lịch 05/02, rơi vào giao thừa Tết Nguyên Đán; chuyển sang 11/02"
    assert (main.estimated, found.estimated, main.look.label) == (True, True, "Dự kiến")
    assert [(run.days, run.name, run.decreed) for run in found.months[1].days_off] == [
        ("04/02 đến 10/02", "Tết Nguyên Đán", False)
    ]


def test_strip_takes_in_meetings_without_a_row(plan, cell, secretary):
    new_meeting(cell, secretary, kind=Kind.EXTRAORDINARY, starts_at=at(2027, 3, 20))
    new_meeting(cell, secretary, kind=Kind.COMMITTEE, starts_at=at(2027, 3, 1))
    new_meeting(cell, secretary, starts_at=at(2027, 4, 9))
    found = year_strip(cell, 2027, secretary)
    assert [each.kind for each in found.months[2].gatherings] == [Kind.COMMITTEE, Kind.EXTRAORDINARY]
    assert (found.months[3].main.day, found.months[3].main.look.label) == (D(2027, 4, 9), "Đang soạn")


def test_members_see_the_plan_but_no_draft_and_nothing_of_the_committee(plan, cell, secretary, member):
    rows = plan()
    year.draft_from(rows[0], by=secretary)
    new_meeting(cell, secretary, starts_at=at(2027, 3, 9), kind=Kind.EXTRAORDINARY)
    seen = year_strip(cell, 2027, member).gatherings
    assert [(each.meeting, each.committee_on, each.look.label) for each in seen] == [(None, None, "Dự kiến")] * 12


def looks(cell, user, which=2027):
    return [month.look.label for month in year_strip(cell, which, user).months]


def test_member_is_told_that_a_month_lacks_its_meeting_only_when_it_is_over(cell, secretary, member):
    """What is in preparation is hidden from members: before the month is over they are told what the plan says."""
    new_meeting(cell, secretary, starts_at=at(2026, 11, 25))  # a draft by hand, nothing planned
    with time_machine.travel(at(2026, 12, 2), tick=False):
        assert looks(cell, member, 2026)[-2:] == ["Thiếu", "Chưa có lịch"]
        assert looks(cell, secretary, 2026)[-2:] == ["Đang soạn", "Thiếu"]
        assert [month.is_missing for month in year_strip(cell, 2026, member).months][-2:] == [True, False]


def test_member_reads_the_planned_day_while_a_draft_of_another_day_is_prepared(plan, cell, secretary, member):
    row = plan()[0]
    draft = year.draft_from(row, by=secretary)
    draft.starts_at = at(2027, 1, 20)
    lifecycle.update_meeting(meeting=draft, by=secretary)
    with time_machine.travel(at(2027, 1, 10), tick=False):
        assert looks(cell, member)[:2] == ["Dự kiến", "Dự kiến"]
    with time_machine.travel(at(2027, 2, 1), tick=False):
        assert looks(cell, member)[:2] == ["Chưa họp", "Dự kiến"]


def test_day_of_another_year_is_written_with_it(plan, cell, secretary):
    """The committee meets on 31/12 before the first meeting of a year."""
    row = change(plan()[0], secretary, on=D(2027, 1, 4), committee_on=D(2026, 12, 31))
    first, second = year_strip(cell, 2027, secretary).gatherings[:2]
    assert (first.planned, first.committee_day, second.committee_day) == (
        row, "Thứ Năm, 31/12/2026", "Thứ Tư, 03/02",
    )  # fmt: skip


# What the year lacks


def test_warnings_of_a_fresh_plan_are_its_themes(plan, cell, secretary, member):
    rows = plan()
    assert texts(cell, secretary) == ["Buổi ngày 11/02, 05/05, 05/08, 05/11 chưa có chuyên đề"]
    for row in rows:
        if row.kind == Kind.COMBINED:
            change(row, secretary, theme="Nêu gương")
    assert texts(cell, secretary) == ["Buổi ngày 11/02, 05/05, 05/08, 05/11 chưa có người trình bày chuyên đề"]


def test_warnings_name_months_quarters_and_their_rules(plan, cell, secretary):
    for row in plan():
        if row.on.month in (3, 7) or (row.kind == Kind.COMBINED and row.on.month == 5):
            year.remove_planned(row, by=secretary)
    found = warnings(cell, year_strip(cell, 2027, secretary))
    assert [(check.state, check.text, check.small) for check in found[:2]] == [
        (
            "n",
            "Tháng 3, 5, 7 chưa có buổi sinh hoạt thường kỳ",
            "Mỗi tháng 1 buổi. Điều lệ Đảng, Điều 22 và 24.",
        ),
        (
            "w",
            "Quý II chưa có đủ sinh hoạt chuyên đề",
            "Mỗi quý 1 buổi. Hướng dẫn 12-HD/BTCTW, 06/7/2018; chưa đối chiếu Hướng dẫn 42-HD/BTCTW (chưa kiểm chứng).",
        ),
    ]


def test_new_decree_on_a_planned_day_is_said(plan, cell, secretary, superior, superior_body):
    plan()
    days.lay_days(
        organisation=superior_body, first=D(2027, 2, 11), name="Nghỉ Tết", is_off=True, source="TB 1", by=superior
    )
    assert texts(cell, secretary)[0] == "Buổi ngày 11/02 rơi vào Nghỉ Tết"


def test_planned_day_that_went_by_makes_the_month_missing(plan, cell, secretary):
    plan()
    with time_machine.travel(at(2027, 2, 12), tick=False):
        new_meeting(cell, secretary, starts_at=at(2027, 1, 5))
        month = year_strip(cell, 2027, secretary).months[1]
        assert (month.main.look.label, month.is_missing) == ("Chưa họp", True)
        assert texts(cell, secretary)[0] == "Tháng 2 chưa có buổi sinh hoạt thường kỳ"


def test_months_before_the_cell_came_are_not_asked_for(plan, cell, secretary):
    plan(2026)
    found = year_strip(cell, 2026, secretary)
    assert [month.number for month in found.months if month.counts] == [11, 12]
    assert texts(cell, secretary, 2026)[0] == "Tháng 11 chưa có buổi sinh hoạt thường kỳ"


# Two people at the same moment


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Issue 3: at least one regular meeting a month; out of the plan there comes one, whoever is faster."""

    @pytest.fixture
    def rows(self, cell, secretary, committee, member):
        year.plan_year(cell, year=2027, by=secretary)
        march = PlannedMeeting.objects.get(cell=cell, on__month=3)
        return march, PlannedMeeting.objects.create(cell=cell, on=D(2027, 3, 25), time=march.time)

    def regular(self, cell):
        return Meeting.objects.filter(cell=cell, body=Body.CELL, starts_at__month=3).count()

    def test_two_rows_of_one_month_make_one_regular_meeting(self, rows, cell, secretary):
        found = together(*[lambda row=row: year.draft_from(row, by=secretary) for row in rows])
        said = "Tháng 3 đã có cuộc họp thường kỳ. Mở cuộc họp đó ở trang Cuộc họp."
        assert [each.message for each in found if not isinstance(each, Meeting)] == [said]
        assert self.regular(cell) == 1

    def test_one_row_pressed_twice_makes_one_meeting(self, rows, cell, secretary):
        found = together(*[lambda: year.draft_from(rows[0], by=secretary)] * 3)
        assert [each.message for each in found if not isinstance(each, Meeting)] == [year.MET] * 2
        assert self.regular(cell) == 1

    def test_meeting_by_hand_beside_the_row_waits_and_meets_it_once(self, rows, cell, secretary):
        """The cell is locked before its rows by everybody, so nobody waits in a circle."""

        def by_hand():
            meeting = Meeting(cell=cell, kind=Kind.REGULAR, starts_at=at(2027, 3, 9), place="x", chair=secretary.member)
            return year.create_in_plan(meeting=meeting, by=secretary)

        for _ in range(4):
            found = together(by_hand, lambda: year.draft_from(rows[0], by=secretary), lambda: shift(rows[1], secretary))
            assert [each for each in found if not isinstance(each, Meeting | PlannedMeeting | Refused)] == []
            tied = Meeting.objects.filter(planned=rows[0])
            assert tied.count() == 1
            for meeting in Meeting.objects.filter(cell=cell, body=Body.CELL, starts_at__month=3).exclude(
                state=State.CANCELLED
            ):
                lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=secretary)


def shift(row, by):
    row.refresh_from_db()
    return change(row, by, on=row.on + datetime.timedelta(1))
