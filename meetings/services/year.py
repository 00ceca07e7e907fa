"""The year's calendar: months filled by the rhythm, changed by people, turned into drafts of meetings."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from meetings import almanac
from meetings.models import Meeting, PlannedMeeting
from meetings.queries.lists import officers
from meetings.queries.planned import moment, pattern_of, regular_months, row_for, unmet
from meetings.services import carrying, lifecycle
from meetings.states import REGULAR_KINDS, THEMATIC_KINDS, Body, Kind, State
from members.activity import record
from members.models import Organisation
from members.queries import DayOff, has_committee, official_days, rule_for
from members.services.people import check
from regulations.days import years_from

MET = "Buổi này đã lập cuộc họp. Sửa ngày, giờ, chuyên đề ở trang cuộc họp."
NO_PLACE = "Chưa định"
THEME = "standard:theme"
# which months of a quarter take its thematic meetings, counted from its first: the middle one before the others
PREFERRED = (1, 2, 0)
BUSY = DayOff("ngày đã có buổi khác trong lịch", True)


@transaction.atomic
def plan_year(cell, *, year, by) -> int:
    """Foresee a regular meeting in every month to come that lacks one; returns how many were added.

    By the cell's rhythm, off its days off; one meeting a quarter takes a theme (rule meeting.thematic_per_quarter).
    What is planned or held already stays as people made it. Raises Refused for a year gone by or too far.
    """
    cell = Organisation.objects.select_for_update(of=("self",), no_key=True).select_related("parent").get(pk=cell.pk)
    today = timezone.localdate()
    if year < today.year:
        raise Refused(f"Năm {year} đã qua. Lập lịch cho năm nay hoặc năm sau.")
    if year > (last := years_from(today)[-1]):
        raise Refused(f"Chưa có ngày nghỉ của năm {year}. Lập lịch được đến hết năm {last}.")
    rows = _rows(cell, year, today)
    PlannedMeeting.objects.bulk_create(rows)
    if rows:
        record(cell, "calendar.filled", by=by, year=year, meetings=len(rows))
    return len(rows)


def _rows(cell, year, today):
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    days = official_days(cell, first - 31 * almanac.DAY, last)
    standing = list(unmet(cell, first, last))
    met = PlannedMeeting.objects.filter(cell=cell, on__range=(first, last)).exclude(pk__in=[row.pk for row in standing])
    off = days.off | dict.fromkeys(met.values_list("on", flat=True), BUSY)
    covered = {row.on.month for row in standing if row.kind in REGULAR_KINDS}
    covered |= {month for _, month in regular_months(cell, first, last)}
    board, pattern, found = has_committee(cell), pattern_of(cell), {}
    for month in set(range(1, 13)) - covered:
        nominal = almanac.nominal_day(pattern, year, month)
        day, reason = almanac.regular_day(nominal, off, pattern.weekends, days.worked)
        if day > today:
            row = PlannedMeeting(cell=cell, on=day, time=cell.regular_time, reason=reason)
            row.moved_from = nominal if reason else None
            if board:
                _before(row, almanac.committee_day(day, days.off, pattern.weekends, days.worked), today)
            found[month] = row
    _give_themes(cell, year, found, standing)
    return [found[month] for month in sorted(found)]


def _before(row, day, today):
    """The committee meeting of a planned one, unless its day has gone by."""
    if day >= today:
        row.committee_on, row.committee_time = day, row.time


def _give_themes(cell, year, found, standing):
    """Mark new rows as combined with a theme, as many as each quarter still wants."""
    held = Meeting.objects.filter(cell=cell, kind__in=THEMATIC_KINDS, starts_at__date__year=year)
    moments = held.exclude(state=State.CANCELLED).values_list("starts_at", flat=True)
    months = [timezone.localtime(each).month for each in moments]
    months += [row.on.month for row in standing if row.kind in THEMATIC_KINDS]
    for start in (1, 4, 7, 10):
        rule = rule_for(cell, "meeting.thematic_per_quarter", on=datetime.date(year, start, 1))
        wanted = rule.integer if rule.configured else 0
        wanted -= sum(start <= month < start + 3 for month in months)
        free = [found[start + place] for place in PREFERRED if start + place in found]
        for row in free[: max(wanted, 0)]:
            row.kind = Kind.COMBINED


def locked(planned) -> PlannedMeeting:
    """The fresh row of a cell whose turn it is; raises Refused when it was removed, or when its meeting exists."""
    carrying.take_turn(planned.cell)  # first of all locks: who makes a meeting of this month waits, and is seen here
    rows = PlannedMeeting.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.select_related("meeting", "cell__parent").filter(pk=planned.pk).first()
    if fresh is None:
        raise Refused("Buổi này vừa được đồng chí khác bỏ khỏi lịch năm.")
    if fresh.meeting and fresh.meeting.state != State.CANCELLED:
        raise Refused(MET)
    return fresh


@transaction.atomic
def change_planned(*, plannedmeeting, by) -> PlannedMeeting:
    """Store what the form changed. Raises Refused for a new day gone by, and once the meeting exists."""
    before = locked(plannedmeeting)
    _settle(plannedmeeting, before.on)
    plannedmeeting.save()
    record(plannedmeeting, "planned.changed", by=by, on=plannedmeeting.on)
    return plannedmeeting


@transaction.atomic
def add_planned(*, plannedmeeting, by) -> PlannedMeeting:
    """One more meeting in the plan, thematic as a rule. Raises Refused for a day gone by or taken by its kind."""
    carrying.take_turn(plannedmeeting.cell)
    _settle(plannedmeeting, None)
    plannedmeeting.save()
    record(plannedmeeting, "planned.added", by=by, on=plannedmeeting.on)
    return plannedmeeting


def _settle(row, before):
    """Refuse what cannot be, and derive what follows: no theme without a thematic kind, from which day it was moved."""
    if row.on != before and row.on < timezone.localdate():
        raise Refused("Chọn ngày họp từ hôm nay trở đi.", field="on")
    if row.committee_on and row.committee_on > row.on:
        raise Refused("Họp chi ủy trước hoặc cùng ngày với buổi sinh hoạt.", field="committee_on")
    if row.kind not in THEMATIC_KINDS:
        row.theme, row.presenter = "", None
    if row.committee_on is None:
        row.committee_time = None
    elif row.committee_time is None:
        row.committee_time = row.time
    nominal = almanac.nominal_day(pattern_of(row.cell), row.on.year, row.on.month)
    row.moved_from = nominal if row.kind in REGULAR_KINDS and nominal != row.on else None
    if row.moved_from is None:
        row.reason = ""
    check(row)


@transaction.atomic
def remove_planned(planned, *, by) -> None:
    """Take a meeting out of the plan. Raises Refused once the meeting exists: it is cancelled on its own page."""
    fresh = locked(planned)
    record(fresh, "planned.removed", by=by, gone=True, on=fresh.on)
    fresh.delete()


@transaction.atomic
def draft_from(planned, *, by) -> Meeting:
    """The drafts of the committee meeting (where there is a committee) and of the meeting that it prepares.

    Raises Refused for a day gone by, a thematic meeting without theme, a month that has its regular meeting already.
    """
    row = locked(planned)
    starts_at = moment(row.on, row.time)
    if starts_at <= timezone.now():
        raise Refused("Ngày họp trong lịch đã qua. Sửa ngày rồi lập cuộc họp.")
    if row.kind in THEMATIC_KINDS and not row.theme:
        raise Refused("Chưa có chuyên đề. Sửa buổi này trong lịch năm, ghi chuyên đề rồi lập cuộc họp.")
    if row.kind in REGULAR_KINDS and regular_months(row.cell, row.on.replace(day=1), almanac.last_day(*_month(row.on))):
        raise Refused(f"Tháng {row.on.month} đã có cuộc họp thường kỳ. Mở cuộc họp đó ở trang Cuộc họp.")
    chair, clerk = officers(row.cell, row.on)
    meeting = Meeting(cell=row.cell, kind=row.kind, theme=row.theme, starts_at=starts_at, chair=chair)
    meeting.place = row.cell.meeting_place or NO_PLACE
    meeting.clerk = clerk if clerk != chair else None
    meeting.parent = _committee_meeting(row, meeting, by)
    return _meet(row, lifecycle.create_meeting(meeting=meeting, by=by), by)


def _month(day):
    return day.year, day.month


def _committee_meeting(row, meeting, by):
    """The committee meeting of the planned day: one that stands there already, else a new draft; None without one."""
    if row.committee_on is None or not has_committee(row.cell, row.committee_on):
        return None
    same = Meeting.objects.filter(cell=row.cell, body=Body.COMMITTEE, starts_at__date=row.committee_on)
    if found := same.exclude(state=State.CANCELLED).first():
        return found
    starts_at = moment(row.committee_on, row.committee_time or row.time)
    if starts_at <= timezone.now():
        return None
    draft = Meeting(cell=row.cell, kind=Kind.COMMITTEE, starts_at=starts_at, place=meeting.place, chair=meeting.chair)
    return lifecycle.create_meeting(meeting=draft, by=by)


@transaction.atomic
def create_in_plan(*, meeting, by) -> Meeting:
    """A new draft made by hand; the plan's row of that month, if one waits, is met by it."""
    meeting = lifecycle.create_meeting(meeting=meeting, by=by)
    row = row_for(meeting) if meeting.body == Body.CELL else None
    return _meet(locked(row), meeting, by) if row else meeting


def _meet(row, meeting, by):
    """Tie the row to its meeting; the theme's item goes to whoever was to present it."""
    row.meeting = meeting
    row.save(update_fields=["meeting"])
    if row.presenter_id:
        meeting.items.filter(origin=THEME).update(presenter=row.presenter_id)
    record(row, "planned.drafted", by=by, meeting=meeting.pk)
    return meeting
