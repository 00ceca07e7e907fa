"""Members and the dated rows about them: added, corrected, ended."""

import datetime
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction

from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.models import Member, Membership, Organisation, Placement, Post, Status
from members.queries import diary_home, sysadmins
from members.states import COMMITTEE_TITLES, PlacementKind, StatusKind

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
def add_visitor(*, member, cell, status, place, starts_on, by, ends_on=None):
    """A member of a cell that keeps its book elsewhere, in temporary activities here. Returns the member."""
    check(member)
    member.save()
    Status.objects.create(member=member, kind=status, starts_on=starts_on)
    placement = Placement(
        member=member, cell=cell, kind=PlacementKind.TEMP_HERE, place=place, starts_on=starts_on, ends_on=ends_on
    )
    check(placement)
    placement.save()
    record(member, "member.added", by=by, organisation=cell, status=status, starts_on=starts_on, visiting=1)
    return member


@transaction.atomic
def change_member(*, member, by):
    """Corrected facts of a member; the line stands in the diary of the member's cell."""
    check(member)
    member.save()
    if home := diary_home(member):
        record(member, "member.changed", by=by, organisation=home)
    return member


@transaction.atomic
def add_row(*, row, cell, by):
    """A new dated row (status, exemption, placement, post, membership, fee category) of a member.

    Where only one may hold, the open row before it ends on the eve of the new one. Raises Refused when it overlaps
    another (a second secretary in one term, two statuses on one day) or says what cannot be.
    """
    name = row._meta.model_name
    _lock(row)
    before = _end_open(row) if name in SUCCEED else None
    _check_sense(row)
    check(row)
    row.save()
    if isinstance(before, Membership) and before.cell_id != row.cell_id:
        _end_posts(before, by)
    record(row, f"{name}.added", by=by, organisation=cell, member=row.member_id, starts_on=row.starts_on)
    return row


@transaction.atomic
def change_row(*, row, cell, by):
    """A corrected or ended dated row. Raises Refused as ``add_row`` does."""
    _lock(row)
    _check_sense(row)
    check(row)
    with keeping_a_sysadmin():
        row.save()
    if isinstance(row, Membership):
        _end_posts(row, by)
    record(row, f"{row._meta.model_name}.changed", by=by, organisation=cell, member=row.member_id, ends_on=row.ends_on)
    return row


@transaction.atomic
def remove_row(row, *, cell, by):
    """Take out a row that was written by mistake. The last status and the last membership stay."""
    _lock(row)
    name = row._meta.model_name
    others = type(row).objects.filter(member=row.member_id).exclude(pk=row.pk)
    if name in ("status", "membership") and not others.exists():
        raise Refused("Đây là dòng duy nhất của đảng viên, không xóa được. Sửa lại ngày hoặc nội dung của dòng.")
    record(row, f"{name}.removed", by=by, organisation=cell, gone=True, member=row.member_id)
    with keeping_a_sysadmin():
        row.delete()


@transaction.atomic
def add_officer(*, member, post, by):
    """Somebody who stands in no cell's book of this system and holds a post of a superior. Returns the member."""
    check(member)
    member.save()
    post.member = member
    add_row(row=post, cell=post.organisation_id, by=by)
    return member


def _lock(row):
    """Writers about one person, and about the posts of one organisation, come one after the other."""
    Member.objects.select_for_update(no_key=True).get(pk=row.member_id)
    if isinstance(row, Post):
        Organisation.objects.select_for_update(no_key=True).get(pk=row.organisation_id)


def _end_posts(membership, by):
    """Whoever leaves a cell leaves their posts there on the same day, and with them the rights."""
    last = membership.ends_on
    if last is None:
        return
    rows = Post.objects.filter(member=membership.member_id, organisation=membership.cell_id, starts_on__lte=last)
    for post in rows.exclude(ends_on__lte=last):
        post.ends_on = last
        post.save(update_fields=["ends_on"])
        record(post, "post.changed", by=by, member=post.member_id, ends_on=last)


def _end_open(row):
    """End the row that is open when a new one starts, and return it; refuse one that would start before it."""
    before = type(row).objects.filter(member=row.member_id, ends_on__isnull=True).order_by("-starts_on").first()
    if before is None or (row.ends_on and row.ends_on < before.starts_on):
        return None
    if row.starts_on <= before.starts_on:
        raise Refused(
            f"Dòng hiện tại bắt đầu từ {date_text(before.starts_on)}. Chọn ngày sau đó, hoặc sửa dòng hiện tại.",
            field="starts_on",
        )
    before.ends_on = row.starts_on - datetime.timedelta(days=1)
    before.save(update_fields=["ends_on"])
    return before


def _check_sense(row):
    """What the tables alone cannot say: who may hold a post, who can be a visitor."""
    if isinstance(row, Post) and row.title in COMMITTEE_TITLES:
        status = Status.objects.on(row.starts_on).filter(member=row.member_id).first()
        if status is not None and status.kind != StatusKind.OFFICIAL:
            raise Refused(
                f"{row.get_title_display()} phải là đảng viên chính thức; ngày {date_text(row.starts_on)} "
                f"đồng chí này là “{status.get_kind_display()}”.",
                field="title",
            )
    if isinstance(row, Placement) and row.kind == PlacementKind.TEMP_HERE:
        home = Membership.objects.on(row.starts_on).filter(member=row.member_id, cell=row.cell_id)
        if home.exists():
            raise Refused(
                "Đồng chí này thuộc chi bộ, không sinh hoạt tạm thời tại đây. Chọn “Sinh hoạt tạm thời nơi khác”.",
                field="kind",
            )


@contextmanager
def keeping_a_sysadmin():
    """Refuse what would leave nobody who can open accounts."""
    before = sysadmins().exists()
    yield
    if before and not sysadmins().exists():
        raise Refused("Hệ thống phải còn ít nhất một người quản trị có tài khoản. Ghi người thay trước.")


def check(row):
    """Raise Refused with the first sentence of the model's own constraints, at the field it belongs to."""
    first, last = getattr(row, "starts_on", None), getattr(row, "ends_on", None)
    if first and last and last < first:  # before the database is asked: it cannot build such a range
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="ends_on")
    try:
        row.full_clean(validate_unique=True)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            where = field if field != "__all__" else "starts_on" if hasattr(row, "starts_on") else None
            raise Refused(messages[0], field=where) from error
