"""Dated values laid over the national rules: by a superior for all below it, by a cell for the keys left to it."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.models import Organisation, Setting
from members.services.people import check
from regulations.lookup import check_value, latest
from regulations.models import Rule

EVE = datetime.timedelta(days=1)


@transaction.atomic
def lay_rule(*, organisation, key, value, starts_on, source, by):
    """A value that holds for the organisation (and all below) from a day on; the open one ends on the eve.

    A value that is not known ("chưa cấu hình") may be laid from a past day: nothing was counted by it yet. Raises
    Refused for a value of another shape than the national one, any other day before today, a key that is not left
    to cells, or a day on or after which another value is already laid.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    national = latest(Rule.objects.filter(key=key), starts_on)
    _check_may_lay(organisation, national)
    if starts_on < timezone.localdate() and national.value:
        raise Refused(
            "Quy định riêng có hiệu lực từ hôm nay trở đi. Các buổi họp đã qua vẫn tính theo quy định cũ.",
            field="starts_on",
        )
    row = Setting(organisation=organisation, key=key, starts_on=starts_on, source=source)
    row.value = check_value(value, national.value, national.shape)
    _end_before(row, by)
    check(row)
    row.save()
    record(row, "setting.laid", by=by, rule=key, starts_on=starts_on)
    return row


@transaction.atomic
def end_rule(setting, *, by):
    """Take a value back: one that has not held before today is removed, one in force ends today.

    A value that ended on the eve of a removed one goes on. Raises Refused for a value of the past.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=setting.organisation_id)
    row = Setting.objects.select_for_update().filter(pk=setting.pk).first()
    today = timezone.localdate()
    if row is None or (row.ends_on is not None and row.ends_on <= today):
        raise Refused("Giá trị này đã hết hiệu lực hoặc đã được bỏ. Trang Quy định hiện giá trị mới nhất.")
    if row.starts_on < today:
        row.ends_on = today
        row.save(update_fields=["ends_on"])
        record(row, "setting.ended", by=by, rule=row.key, ends_on=today)
        return
    before = before_eve(row)
    record(row, "setting.removed", by=by, gone=True, rule=row.key)
    row.delete()
    if before is not None:
        before.ends_on = None
        before.save(update_fields=["ends_on"])
        record(before, "setting.continued", by=by, rule=before.key)


def before_eve(row):
    """The value of the same key that ended on the eve of this one, or None."""
    same = Setting.objects.filter(organisation=row.organisation_id, key=row.key)
    return same.filter(ends_on=row.starts_on - EVE).first()


def _check_may_lay(organisation, national):
    if national is None:
        raise Refused("Không có quy định này vào ngày đã chọn.", field="starts_on")
    if organisation.is_cell and not national.locally_settable:
        raise Refused(f"“{national.title}” không thuộc phần chi bộ tự đặt. Đề nghị cấp trên đặt.")


def _end_before(new, by):
    """End the value that is open when the new one starts; refuse where another stands on or after that day."""
    rows = Setting.objects.select_for_update().filter(organisation=new.organisation_id, key=new.key)
    later = rows.filter(starts_on__gte=new.starts_on).order_by("starts_on").first()
    if later is not None:
        raise Refused(
            f"Đã có giá trị có hiệu lực từ {date_text(later.starts_on)}. Bỏ giá trị đó ở trang Quy định rồi đặt lại.",
            field="starts_on",
        )
    before = rows.on(new.starts_on).first()
    if before is not None:
        before.ends_on = new.starts_on - EVE
        before.save(update_fields=["ends_on"])
        record(before, "setting.ended", by=by, rule=before.key, ends_on=before.ends_on)
