"""Members and the dated rows about them: added, corrected, ended."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.models import Membership, Status

# rows of which exactly one holds on a day: a new one ends the one before on the eve
SUCCEED = ("status", "membership", "feecategory")


@transaction.atomic
def add_member(*, member, cell, status, starts_on, by):
    """A new person on the roll of a cell (or a candidate in its book) from ``starts_on``. Returns the member."""
    check(member)
    member.save()
    Membership.objects.create(member=member, cell=cell, starts_on=starts_on)
    Status.objects.create(member=member, kind=status, starts_on=starts_on)
    record(member, "member.added", by=by, organisation=cell, status=status, starts_on=starts_on)
    return member


@transaction.atomic
def change_member(*, member, by):
    """Corrected facts of a member."""
    check(member)
    member.save()
    record(member, "member.changed", by=by, organisation=member.cell_id)
    return member


@transaction.atomic
def add_row(*, row, cell, by):
    """A new dated row (status, exemption, placement, post, membership, fee category) of a member.

    Where only one may hold, the open row before it ends on the eve of the new one. Raises Refused when it overlaps
    another (a second secretary in one term, two statuses on one day).
    """
    name = row._meta.model_name
    type(row).objects.select_for_update().filter(member=row.member_id).count()
    if name in SUCCEED:
        _end_open(row)
    check(row)
    row.save()
    record(row, f"{name}.added", by=by, organisation=cell, member=row.member_id, starts_on=row.starts_on)
    return row


@transaction.atomic
def change_row(*, row, cell, by):
    """A corrected or ended dated row."""
    check(row)
    row.save()
    record(row, f"{row._meta.model_name}.changed", by=by, organisation=cell, member=row.member_id, ends_on=row.ends_on)
    return row


@transaction.atomic
def remove_row(row, *, cell, by):
    """Take out a row that was written by mistake. The last status and the last membership stay."""
    name = row._meta.model_name
    others = type(row).objects.select_for_update().filter(member=row.member_id).exclude(pk=row.pk)
    if name in ("status", "membership") and not others.exists():
        raise Refused("Đây là dòng duy nhất của đảng viên, không xóa được. Sửa lại ngày hoặc nội dung của dòng.")
    record(row, f"{name}.removed", by=by, organisation=cell, gone=True, member=row.member_id)
    row.delete()


def _end_open(row):
    """End the row that is open when a new one starts; refuse one that would start before it."""
    before = type(row).objects.filter(member=row.member_id, ends_on__isnull=True).order_by("-starts_on").first()
    if before is None or (row.ends_on and row.ends_on < before.starts_on):
        return
    if row.starts_on <= before.starts_on:
        raise Refused(
            f"Dòng hiện tại bắt đầu từ {date_text(before.starts_on)}. Chọn ngày sau đó, hoặc sửa dòng hiện tại.",
            field="starts_on",
        )
    before.ends_on = row.starts_on - datetime.timedelta(days=1)
    before.save(update_fields=["ends_on"])


def check(row):
    """Raise Refused with the first sentence of the model's own constraints."""
    try:
        row.full_clean(validate_unique=True)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            raise Refused(messages[0], field=None if field == "__all__" else field) from error
