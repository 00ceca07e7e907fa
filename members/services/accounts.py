"""Accounts: given from the member's page, opened by a printed slip, closed and opened again.

A slip carries a one-time address; only its SHA-256 digest is stored. It opens a new account and also serves a
forgotten password. Each service that changes what the diary watches (username, is_active) records the account.
"""

import datetime
import hashlib
import re
import secrets

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.vietnamese import fold
from members.activity import record
from members.models import AccessSlip, User
from members.queries import diary_home
from members.services.people import keeping_a_sysadmin

DEAD_SLIP = "Phiếu này đã dùng, đã hết hạn hoặc đã có phiếu mới hơn. Hỏi bí thư chi bộ để nhận phiếu mới."


def digest(token: str) -> str:
    """What is stored of a one-time token."""
    return hashlib.sha256(token.encode()).hexdigest()


def propose_username(full_name: str) -> str:
    """Given name and the initials of the rest, without marks, free today: "Nguyễn Thị Kim Oanh" -> "oanhntk"."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in fold(full_name).split()]
    words = [word for word in words if word] or ["dangvien"]
    base = (words[-1] + "".join(word[0] for word in words[:-1]))[:40]
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    name, number = base, 2
    while name in taken:
        name, number = f"{base}{number}", number + 1
    return name


@transaction.atomic
def give_account(member, *, by, username=""):
    """An account bound to a member, without a password: its slip opens it. Returns the User."""
    username = (username or propose_username(member.full_name)).lower()
    if User.objects.filter(member=member).exists():
        raise Refused("Đồng chí này đã có tài khoản. Quên mật khẩu thì cấp phiếu mới.")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("Tên đăng nhập này đã có người dùng. Chọn tên khác.", field="username")
    user = User.objects.create_user(username, member=member)
    record(user, "account.given", by=by, organisation=diary_home(member), member=member.pk)
    return user


@transaction.atomic
def issue_slip(user, *, by):
    """A new one-time token for an account, returned once; unused slips of that account die. Days: SLIP_DAYS."""
    user = User.objects.select_for_update(of=("self",)).select_related("member").get(pk=user.pk)
    if not user.is_active:
        raise Refused("Tài khoản đang đóng. Mở lại tài khoản trước khi cấp phiếu.")
    now = timezone.now()
    AccessSlip.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    expires = now + datetime.timedelta(days=settings.SLIP_DAYS)
    AccessSlip.objects.create(user=user, digest=digest(token), created_by=by, created_at=now, expires_at=expires)
    record(user, "account.slip", by=by, organisation=diary_home(user.member))
    return token


@transaction.atomic
def give_account_with_slip(member, *, by, username=""):
    """Account and slip in one act. Returns (user, token)."""
    user = give_account(member, by=by, username=username)
    return user, issue_slip(user, by=by)


def find_slip(token: str, *, lock=False):
    """The usable slip of a token, or None: unknown, used, expired, replaced, or of a closed account."""
    slips = AccessSlip.objects.select_related("user__member")
    if lock:
        slips = slips.select_for_update(of=("self",))
    return slips.filter(digest=digest(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True).first()


@transaction.atomic
def use_slip(token, *, password):
    """Set the password once. Other sessions of the account end with the old password. Returns the User."""
    slip = find_slip(token, lock=True)
    if slip is None:
        raise Refused(DEAD_SLIP)
    user = slip.user
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    slip.used_at = timezone.now()
    slip.save(update_fields=["used_at"])
    end_sessions(user)
    record(user, "account.entered", by=user, organisation=diary_home(user.member))
    return user


@transaction.atomic
def close_account(user, *, by):
    """Nobody enters with it any more; its sessions end at once. The member and the history stay."""
    if by is not None and user.pk == by.pk:
        raise Refused("Đồng chí không đóng được tài khoản của chính mình. Nhờ đồng chí bí thư hoặc quản trị.")
    with keeping_a_sysadmin():
        user = _switch(user, active=False)
    AccessSlip.objects.filter(user=user, used_at=None, expires_at__gt=timezone.now()).update(expires_at=timezone.now())
    end_sessions(user)
    record(user, "account.closed", by=by, organisation=diary_home(user.member))
    return user


@transaction.atomic
def open_account(user, *, by):
    """The closed account works again, with the password it had."""
    user = _switch(user, active=True)
    record(user, "account.opened", by=by, organisation=diary_home(user.member))
    return user


@transaction.atomic
def drop_second_step(user, *, by):
    """Switch off two-step login for somebody who lost the phone and the printed codes; sessions end."""
    user = User.objects.select_for_update(of=("self",)).select_related("member").get(pk=user.pk)
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        raise Refused("Tài khoản này không bật xác thực hai bước.")
    end_sessions(user)
    record(user, "account.second_step_off", by=by, organisation=diary_home(user.member))
    return user


def _switch(user, *, active):
    user = User.objects.select_for_update(of=("self",)).select_related("member").get(pk=user.pk)
    if user.is_active == active:
        raise Refused("Tài khoản đang mở." if active else "Tài khoản đã đóng từ trước.")
    user.is_active = active
    user.save(update_fields=["is_active"])
    return user


def end_sessions(user):
    """Log an account out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def check_password(password, user):
    """Raise Refused with the validators' first sentence, at the field ``password``."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(error.messages[0], field="password") from error
