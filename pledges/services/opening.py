"""The year's registration: opened by the chi ủy, assessments asked for, who is behind reminded."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from members.activity import record
from pledges import queries
from pledges.models import PledgeYear
from pledges.services import telling
from pledges.states import Period

REGISTER = "Đăng ký việc làm theo Bác và bản cam kết năm {year}"
ASSESS = {
    Period.HALF: "Tự đánh giá việc làm theo Bác sáu tháng đầu năm {year}",
    Period.YEAR: "Tự đánh giá việc làm theo Bác năm {year}",
}


def _check_due(due_on, year, field="due_on"):
    """The day lies ahead, and not beyond the January after the year."""
    if due_on < timezone.localdate():
        raise Refused("Hạn phải từ hôm nay trở đi.", field=field)
    if due_on.year not in (year, year + 1) or (due_on.year == year + 1 and due_on.month > 1):
        raise Refused(f"Hạn phải trong năm {year} hoặc tháng 01/{year + 1}.", field=field)


@transaction.atomic
def open_year(cell, year, *, due_on, by, theme=""):
    """Open the registration of a year (this one or the next) and ask everybody. Raises Refused."""
    present = timezone.localdate().year
    if year not in (present, present + 1):
        raise Refused(f"Chỉ mở đợt đăng ký của năm {present} hoặc {present + 1}.")
    _check_due(due_on, year)
    row, fresh = PledgeYear.objects.get_or_create(
        cell=cell, year=year, defaults={"theme": theme.strip(), "due_on": due_on, "opened_by": by}
    )
    if not fresh:
        raise Refused(f"Đợt đăng ký năm {year} đã được mở.")
    telling.ask(row, queries.missing(cell, year), "register", due_on, REGISTER.format(year=year))
    record(row, "pledge_year.opened", by=by, year=year)
    return row


@transaction.atomic
def ask_assessment(pledge_year, *, period, due_on, by):
    """Ask who has registered for the self-assessment of a period. Raises Refused when it was asked for."""
    row = PledgeYear.objects.select_for_update(no_key=True).get(pk=pledge_year.pk)
    if row.due_of(period) is not None:
        raise Refused("Đợt tự đánh giá này đã được mở.")
    _check_due(due_on, row.year)
    field = "half_due_on" if period == Period.HALF else "year_due_on"
    setattr(row, field, due_on)
    row.save(update_fields=[field])
    people = queries.unassessed(row.cell, row.year, period)
    telling.ask(row, people, telling.period_word(period), due_on, ASSESS[period].format(year=row.year))
    record(row, "pledge_year.assessment_asked", by=by, period=str(period))
    return row


@transaction.atomic
def remind(pledge_year, *, by):
    """Remind, of the latest thing asked for, who has not handed it in. Raises Refused when nobody is behind."""
    row = PledgeYear.objects.select_for_update(no_key=True).get(pk=pledge_year.pk)
    what, due_on, subject, people = _latest(row)
    people = list(people)
    if not people:
        raise Refused("Các đồng chí đã gửi đủ, không còn ai cần nhắc.")
    telling.remind(row, people, what, due_on, subject)
    record(row, "pledge_year.reminded", by=by, people=len(people))
    return row


def _latest(row):
    """(word of the key, due day, subject, who is behind) of what was asked for last."""
    for period in (Period.YEAR, Period.HALF):
        if due_on := row.due_of(period):
            people = queries.unassessed(row.cell, row.year, period)
            return telling.period_word(period), due_on, ASSESS[period].format(year=row.year), people
    people = queries.missing(row.cell, row.year)
    return "register", row.due_on, REGISTER.format(year=row.year), people
