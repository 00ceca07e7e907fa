"""Days off and working days that a superior lays over the national ones: a new decree, a day of the place."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.models import LocalDay, Organisation
from members.services.people import check

MOST = 15  # days laid at once
DAY = datetime.timedelta(days=1)


@transaction.atomic
def lay_days(*, organisation, first, last=None, name, is_off, source, by):
    """One row for each day from ``first`` to ``last`` (inclusive; one day without it), for all cells below.

    Raises Refused for days gone by, a span turned round or of more than MOST days, and a day already laid.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    last = last or first
    _check_span(organisation, first, last)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    rows = [LocalDay(organisation=organisation, date=day, name=name, is_off=is_off, source=source) for day in days]
    for row in rows:
        check(row)
    LocalDay.objects.bulk_create(rows)
    record(rows[0], "day.laid", by=by, first=first, last=last, off=is_off)
    return rows


def _check_span(organisation, first, last):
    if first < timezone.localdate():
        raise Refused("Ghi ngày từ hôm nay trở đi. Lịch họp đã qua giữ nguyên.", field="first")
    if last < first:
        raise Refused("Ngày cuối phải từ ngày đầu trở đi.", field="last")
    if (last - first).days >= MOST:
        raise Refused(f"Mỗi lần ghi không quá {MOST} ngày. Chia thành nhiều lần.", field="last")
    taken = LocalDay.objects.filter(organisation=organisation, date__range=(first, last)).first()
    if taken is not None:
        raise Refused(f"Ngày {date_text(taken.date)} đã được ghi. Bỏ dòng đó rồi ghi lại.", field="first")


@transaction.atomic
def remove_day(localday, *, by):
    """Take a laid day back: the national row, or that of a higher body, holds again. Days gone by stay."""
    row = LocalDay.objects.select_for_update().filter(pk=localday.pk).first()
    if row is None:
        raise Refused("Ngày này vừa được bỏ. Trang Ngày nghỉ hiện các ngày đang áp dụng.")
    if row.date < timezone.localdate():
        raise Refused("Ngày đã qua được giữ nguyên, vì lịch họp đã theo ngày ấy.")
    record(row, "day.removed", by=by, gone=True, date=row.date)
    row.delete()
