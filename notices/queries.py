"""Questions about what people were told."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from notices.models import Notice, Outcome

GROUPS = {"cuoc-hop": "Cuộc họp", "nhiem-vu": "Nhiệm vụ", "y-kien": "Xin vắng, ý kiến"}
KINDS = {
    "cuoc-hop": Q(kind__startswith="meeting."),
    "nhiem-vu": Q(kind__startswith="assignment."),
    "y-kien": Q(kind__startswith="excuse.") | Q(kind__startswith="question."),
}
OUTCOMES = {
    "cho": (Outcome.WAITING, "Chờ gửi"),
    "da-gui": (Outcome.SENT, "Đã gửi"),
    "tu-choi": (Outcome.REFUSED, "Bị từ chối"),
    "khong-dia-chi": (Outcome.NO_ADDRESS, "Không có địa chỉ"),
    "thoi": (Outcome.WITHDRAWN, "Đã thôi"),
}
PHONE_DAYS = 14


def mine(user):
    """What the person was told, newest first; reminders of later days are not shown before their time."""
    soon = timezone.now() + datetime.timedelta(minutes=settings.NOTICE_GATHER_MINUTES)
    return Notice.objects.filter(recipient=user.member_id, due_at__lte=soon).exclude(outcome=Outcome.WITHDRAWN)


def of_cells(user, outcome="", group=""):
    """All that the person's cells sent, as their committee may see it; ``outcome`` and ``group`` are keys above."""
    rows = Notice.objects.visible_to(user).filter(cell__in=user.committee_ids).select_related("recipient")
    if outcome in OUTCOMES:
        rows = rows.filter(outcome=OUTCOMES[outcome][0])
    if group in KINDS:
        rows = rows.filter(KINDS[group])
    return rows


def not_reached(user):
    """Notices of the last fortnight that no mail could bring, by given name: these people are told by telephone."""
    since = timezone.now() - datetime.timedelta(days=PHONE_DAYS)
    failed = [Outcome.NO_ADDRESS, Outcome.REFUSED]
    return of_cells(user).filter(outcome__in=failed, done_at__gte=since).order_by("recipient__sort_key", "-done_at")
