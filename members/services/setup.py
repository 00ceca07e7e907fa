"""The first set-up of an empty database, at a one-time address printed by the start command."""

import datetime
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from members.activity import record
from members.models import Member, Membership, Organisation, Post, SetupAddress, Status, User
from members.services.accounts import check_password, digest
from members.services.organisations import fill
from members.services.people import check
from members.states import PostTitle, StatusKind

VALID_FOR = datetime.timedelta(hours=1)


@transaction.atomic
def issue_setup_address() -> str:
    """A fresh path, good for an hour; earlier ones die. Raises Refused once any account exists."""
    if User.objects.exists():
        raise Refused("Đã có tài khoản; địa chỉ lập lần đầu không còn dùng được.")
    now = timezone.now()
    SetupAddress.objects.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    SetupAddress.objects.create(digest=digest(token), expires_at=now + VALID_FOR)
    return reverse("members:setup", args=[token])


def find_setup(token: str, *, lock=False):
    """The usable set-up address of a token, or None: unknown, used, expired, or accounts exist already."""
    addresses = SetupAddress.objects.select_for_update() if lock else SetupAddress.objects
    found = addresses.filter(digest=digest(token), used_at=None, expires_at__gt=timezone.now()).first()
    return None if found is None or User.objects.exists() else found


@transaction.atomic
def set_up(token, *, superior_name, cell_name, place, term, full_name, username, password, joins_cell):
    """Superior organisation, first cell, first administrator: all or nothing. Returns (user, cell)."""
    address = find_setup(token, lock=True)
    if address is None:
        raise Refused("Địa chỉ này đã dùng hoặc đã hết hạn. Khởi động lại hệ thống để có địa chỉ mới.")
    superior = _organisation(Organisation.Kind.SUPERIOR, superior_name, place, term, field="superior_name")
    cell = _organisation(Organisation.Kind.CELL, cell_name, place, term, field="cell_name", parent=superior)
    user, post = _administrator(superior, cell, full_name, username, password, joins_cell)
    address.used_at = timezone.now()
    address.save(update_fields=["used_at"])
    record(superior, "setup.done", by=user, organisation=superior, cell=cell.pk)
    record(post, "post.added", by=user, organisation=superior, member=post.member_id, starts_on=post.starts_on)
    record(user, "account.given", by=user, organisation=superior, member=user.member_id)
    record(cell, "organisation.added", by=user, organisation=cell, parent=superior.pk)
    return user, cell


def _organisation(kind, name, place, term, *, field, parent=None):
    made = Organisation(kind=kind, name=name, place=place, term=term, symbol="", parent=parent)
    fill(made)
    try:
        check(made)
    except Refused as refusal:
        raise Refused(refusal.message, field=refusal.field if refusal.field in ("place", "term") else field) from None
    made.save()
    return made


def _administrator(superior, cell, full_name, username, password, joins_cell):
    """The first person: member, account with password, post of sysadmin; on the roll of the cell if asked."""
    today = timezone.localdate()
    member = Member(full_name=full_name)
    check(member)
    member.save()
    if joins_cell:
        Membership.objects.create(member=member, cell=cell, starts_on=today)
        Status.objects.create(member=member, kind=StatusKind.OFFICIAL, starts_on=today)
    user = User(username=username.lower(), member=member)
    check_password(password, user)
    user.set_password(password)
    check(user)
    user.save()
    post = Post.objects.create(
        member=member, organisation=superior, title=PostTitle.SYSADMIN, starts_on=today, term=superior.term
    )
    return user, post
