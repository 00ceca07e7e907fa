"""The year of a cell as a strip of twelve months: what is planned, drafted, told, held; which days are off."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from core.columns import own
from core.states import Look
from core.vietnamese import weekday
from meetings import almanac
from meetings.models import AgendaItem, Meeting, PlannedMeeting
from meetings.states import HIDDEN, REGULAR_KINDS, THEMATIC_KINDS, Body, Kind, State
from members.queries import official_days

HELD = Look("Đã họp", "ok", "check-lg")
LIVE = Look("Đang họp", "live", "dot")
TOLD = Look("Đã thông báo", "info", "send")
DRAFTED = Look("Đang soạn", "", "pencil")
PLANNED = Look("Dự kiến", "line", "calendar3")
PASSED = Look("Chưa họp", "danger", "exclamation-triangle")
MISSING = Look("Thiếu", "danger", "exclamation-triangle")
NOTHING = Look("Chưa có lịch", "line", "dash")
LOOKS = {
    State.DRAFT: DRAFTED, State.AGREED: DRAFTED, State.NOTIFIED: TOLD, State.IN_SESSION: LIVE, State.CLOSED: HELD,
}  # fmt: skip
THEME = "standard:theme"
SHORT = {Kind.REGULAR: "Thường kỳ", Kind.COMBINED: "Kết hợp chuyên đề", Kind.THEMATIC: "Chuyên đề"}


@dataclass
class Gathering:
    """One meeting of the year: a row of the plan, the meeting that met it, or both; ``day`` is the one that counts."""

    planned: PlannedMeeting | None = None
    meeting: Meeting | None = None
    presenter: object = None
    is_prepared: bool = False  # its draft is hidden from the person, who sees what the plan says
    clash: str = ""  # why the day is not free, "" when it is
    estimated: bool = False  # the day off behind ``clash`` or the shift has no decree yet
    committee_on: datetime.date | None = None
    committee: Meeting | None = None

    @property
    def day(self) -> datetime.date:
        return self.meeting.day if self.meeting else self.planned.on

    @property
    def time(self) -> datetime.time:
        return timezone.localtime(self.meeting.starts_at).time() if self.meeting else self.planned.time

    @property
    def kind(self) -> Kind:
        return Kind((self.meeting or self.planned).kind)

    @property
    def short(self) -> str:
        """Few words for the strip."""
        return SHORT.get(self.kind, self.kind.label)

    @property
    def is_regular(self) -> bool:
        return self.kind in REGULAR_KINDS

    @property
    def is_thematic(self) -> bool:
        return self.kind in THEMATIC_KINDS

    @property
    def theme(self) -> str:
        return (self.meeting or self.planned).theme

    @property
    def look(self) -> Look:
        if self.meeting:
            return LOOKS[self.meeting.state]
        on, today = self.planned.on, timezone.localdate()
        in_hand = self.is_prepared and _month_of(on) == _month_of(today)  # the draft may be of another day
        return PLANNED if on >= today or in_hand else PASSED

    @property
    def is_open(self) -> bool:
        """Still only foreseen: may be changed, and drafted from."""
        return self.meeting is None

    @property
    def stands(self) -> bool:
        """Held, or still to come: a row of the plan that went by without a meeting does not count."""
        return self.look != PASSED

    @property
    def comes(self) -> bool:
        """Not held yet and not gone by: what is missing can still be filled."""
        return (self.meeting is None or self.meeting.opened_at is None) and self.day >= timezone.localdate()

    @property
    def committee_day(self) -> str:
        """ "Thứ Năm, 31/12/2026" for a meeting of January."""
        return f"{weekday(self.committee_on)}, {day_in(self.committee_on, self.day.year)}"

    @property
    def moved(self) -> str:
        """ "Theo lịch 05/02, rơi vào mùng hai Tết Nguyên Đán; chuyển sang 24/02"; "" for a meeting on its day."""
        row = self.planned
        if row is None:
            return ""
        if self.day != row.on:
            return f"Lịch năm ghi {row.on:%d/%m}; đã đổi sang {day_in(self.day, row.on.year)}"
        if row.moved_from is None:
            return ""
        return f"Theo lịch {row.moved_from:%d/%m}{row.reason and ', '}{row.reason}; chuyển sang {row.on:%d/%m}"


@dataclass
class Month:
    """A month of the strip."""

    number: int
    gatherings: list = field(default_factory=list)
    days_off: list = field(default_factory=list)  # of almanac.Run
    counts: bool = True  # False before the cell's first meeting here: nothing is asked of it
    is_judged: bool = True  # False for whoever sees no drafts while the month is not over: it may be in preparation

    @property
    def free_days(self) -> int:
        return sum((run.last - run.first).days + 1 for run in self.days_off)

    @property
    def main(self) -> Gathering | None:
        """The regular meeting, the one that counts if there are several."""
        regular = [each for each in self.gatherings if each.is_regular]
        return min(regular, key=lambda each: (not each.stands, each.day), default=None)

    @property
    def is_missing(self) -> bool:
        """No regular meeting held or to come, in a month that counts, as far as the person can tell."""
        return self.counts and self.is_judged and (self.main is None or not self.main.stands)

    @property
    def look(self) -> Look:
        """The state of the month: that of its regular meeting, or that it lacks one."""
        if self.main:
            return self.main.look
        return MISSING if self.is_missing else NOTHING


@dataclass
class Strip:
    """The year of a cell; ``estimated`` says that some day off has no decree yet."""

    year: int
    months: list
    estimated: bool

    @property
    def gatherings(self):
        return [each for month in self.months for each in month.gatherings]

    @property
    def is_empty(self) -> bool:
        return not self.gatherings


def year_strip(cell, year, user) -> Strip:
    """Twelve months as the person may see them: six queries.

    Members see the plan and what was notified; drafts, and the meetings of the committee, are the committee's.
    """
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    days = official_days(cell, first, last)
    inside = cell.pk in user.committee_ids
    months = {number: Month(number) for number in range(1, 13)}
    for each in _gatherings(cell, year, user, inside):
        _mark_clash(each, cell, days)
        months[each.day.month].gatherings.append(each)
    for month in months.values():
        month.gatherings.sort(key=lambda each: (each.day, each.time))
        month.days_off = almanac.runs(days.off, month.number)
    begin = _begin(cell, year)
    for number, month in months.items():
        month.counts = number >= begin
        month.is_judged = inside or (year, number) < _month_of(timezone.localdate())
    return Strip(year, list(months.values()), any(not row.decreed for row in days.off.values()))


def day_in(day, year) -> str:
    """ "31/12", with its year where that is another than the one the reader has before them."""
    return f"{day:%d/%m}" if day.year == year else f"{day:%d/%m/%Y}"


def _month_of(day) -> tuple[int, int]:
    return day.year, day.month


def _begin(cell, year) -> int:
    """The first month of the year that counts: that of the cell's first meeting here, at the latest the present one."""
    today = timezone.localdate()
    if year > today.year:
        return 1
    rows = Meeting.objects.filter(cell=cell, body=Body.CELL).order_by("starts_at")
    first = rows.values_list("starts_at", flat=True).first()
    start = timezone.localtime(first).date() if first else today
    start = min(start, today)
    return start.month if start.year == year else 1 if start.year < year else 13


def _gatherings(cell, year, user, inside):
    """Meetings and rows of the plan of a year, each meeting beside the row that it met."""
    rows = Meeting.objects.visible_to(user).filter(cell=cell, starts_at__date__year=year)
    rows = rows.exclude(state=State.CANCELLED).select_related("parent").order_by("starts_at")
    meetings = [each for each in rows if each.day.year == year]
    presenters = _presenters(meetings)
    planned = PlannedMeeting.objects.filter(cell=cell, on__year=year).select_related("presenter", "meeting")
    found = [Gathering(meeting=each) for each in meetings if each.body == Body.CELL]
    for row in planned:
        other = _meeting_of(row, found)
        if other is not None:
            other.planned = row
        elif not _is_elsewhere(row, inside):
            found.append(Gathering(planned=row, is_prepared=_is_met(row)))
    for each in found:
        _complete(each, presenters, inside)
    parents = {each.committee.pk for each in found if each.committee}
    found += [Gathering(meeting=each) for each in meetings if each.body == Body.COMMITTEE and each.pk not in parents]
    return found


def _meeting_of(row, found):
    """The gathering of the meeting that met a row: the one tied to it, else a free one of its sort in its month."""
    tied = next((each for each in found if row.meeting_id and each.meeting and each.meeting.pk == row.meeting_id), None)
    if tied or _is_met(row):
        return tied
    free = [each for each in found if each.planned is None and each.day.month == row.on.month]
    return next((each for each in free if _sort(each.kind) == _sort(row.kind)), None)


def _sort(kind):
    return "regular" if kind in REGULAR_KINDS else kind


def _is_met(row) -> bool:
    return row.meeting is not None and row.meeting.state != State.CANCELLED


def _is_elsewhere(row, inside) -> bool:
    """Its meeting is not on this page: it went to another year. A member sees the plan of a draft that is hidden."""
    return _is_met(row) and (inside or row.meeting.state not in HIDDEN)


def _presenters(meetings) -> dict:
    """meeting id -> who presents its theme."""
    rows = AgendaItem.objects.filter(meeting__in=[each.pk for each in meetings], origin=THEME, presenter__isnull=False)
    rows = rows.select_related("presenter").only(*own(AgendaItem), "presenter__full_name")
    return {row.meeting_id: row.presenter for row in rows}


def _complete(each, presenters, inside):
    if each.meeting:
        each.presenter = presenters.get(each.meeting.pk)
    if each.presenter is None and each.planned and each.is_open:
        each.presenter = each.planned.presenter
    if not inside:
        return
    parent = each.meeting.parent if each.meeting else None
    each.committee = parent if parent and parent.state != State.CANCELLED else None
    planned = each.planned.committee_on if each.planned else None
    each.committee_on = each.committee.day if each.committee else planned


def _mark_clash(each, cell, days):
    """Whether the day of what is still to come is free; whether a shift rests on a day without decree."""
    if each.comes and not almanac.is_free(each.day, days.off, cell.meets_on_weekends, days.worked):
        each.clash = almanac.falls_on(each.day, days.off)
    causes = [each.day] if each.clash else []
    causes += [each.planned.moved_from] if each.planned and each.planned.moved_from else []
    each.estimated = any(day in days.off and not days.off[day].decreed for day in causes)
