"""One-time addresses in mails: whoever holds one may do one thing, once, without a password (DESIGN §8).

The token has 256 bits and stands in the mail only; the row keeps its SHA-256 digest. A GET shows what would be done,
the POST does it, in the transaction that uses the link up. A mail that was rendered twice carries two tokens of one
notice: they count as one link.
"""

import datetime
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from members.models import User
from members.services.accounts import digest
from notices import actions
from notices.models import MailLink, Notice

FORGET_DAYS = 30
CLOSED_ACCOUNT = "Tài khoản của đồng chí đang đóng. Đồng chí liên hệ bí thư chi bộ."
FORMER_ADDRESS = (
    "Thư này gửi tới một địa chỉ không còn là địa chỉ thư của đồng chí trong danh sách chi bộ. Đồng chí mở thư ở địa "
    "chỉ hiện nay. Địa chỉ trong danh sách chưa đúng thì báo bí thư chi bộ sửa."
)
GONE = "Việc này không còn làm được từ thư nữa."


class DeadLink(Exception):
    """Nothing can be done with this link any more: ``used_at``, ``expired_at`` or ``message`` says why.

    Not a Refused: it is no mistake in the form, the page as a whole is another one.
    """

    def __init__(self, message="", *, used_at=None, expired_at=None):
        super().__init__(message)
        self.message, self.used_at, self.expired_at = message, used_at, expired_at


@dataclass(frozen=True)
class OpenLink:
    """A link that may be used: its row, its action, and what its page shows."""

    row: MailLink
    action: actions.Action
    page: actions.Page


def issue(notice) -> str:
    """A fresh token for the action of a notice, good for settings.MAIL_LINK_DAYS and as long as its mail address is
    that of the person; only its digest is stored."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    MailLink.objects.create(
        digest=digest(token),
        notice=notice,
        member=notice.recipient,
        address=notice.recipient.email,
        purpose=notice.action,
        target=notice.target,
        created_at=now,
        expires_at=now + datetime.timedelta(days=settings.MAIL_LINK_DAYS),
    )
    return token


def find(token: str) -> MailLink | None:
    """The row of a token, whatever became of it; None for an unknown one."""
    return MailLink.objects.select_related("member").filter(digest=digest(token)).first()


def open_link(row: MailLink) -> OpenLink:
    """What the link offers now; raises DeadLink when it is used, expired, or its person may not do this any more."""
    return _opened(row, list(MailLink.objects.filter(notice=row.notice_id)))


def _opened(row, siblings) -> OpenLink:
    if used := [each.used_at for each in siblings if each.used_at]:
        raise DeadLink(used_at=min(used))
    if row.expires_at <= timezone.now():
        raise DeadLink(expired_at=row.expires_at)
    if row.address.casefold() != row.member.email.casefold():
        raise DeadLink(FORMER_ADDRESS)
    action = actions.find(row.purpose)
    if action is None:
        raise DeadLink(GONE)
    if User.objects.filter(member=row.member_id, is_active=False).exists():
        raise DeadLink(CLOSED_ACCOUNT)
    try:
        page = action.describe(row.target, row.member)
    except Refused as refusal:
        raise DeadLink(refusal.message) from refusal
    return OpenLink(row, action, page)


@transaction.atomic
def use(row: MailLink, **cleaned) -> str:
    """Do what the link offers and use it up; returns the sentence to show.

    Asks everything again under a lock on the links of its notice: a second POST, from the same mail or another copy
    of it, waits and raises DeadLink. A Refused of the action leaves the link unused.
    """
    siblings = list(
        MailLink.objects.select_for_update(of=("self",), no_key=True)
        .filter(notice=row.notice_id)
        .select_related("member")
        .order_by("pk")
    )
    fresh = next(each for each in siblings if each.pk == row.pk)
    opened = _opened(fresh, siblings)
    said = opened.action.act(fresh.target, fresh.member, **cleaned)
    fresh.used_at = timezone.now()
    fresh.save(update_fields=["used_at"])
    Notice.objects.filter(pk=fresh.notice_id, seen_at=None).update(seen_at=fresh.used_at)  # done is also seen
    return said


def forget_old() -> int:
    """Delete links that expired a month ago; returns how many."""
    before = timezone.now() - datetime.timedelta(days=FORGET_DAYS)
    deleted, _ = MailLink.objects.filter(expires_at__lt=before).delete()
    return deleted
