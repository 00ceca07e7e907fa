"""What people are told about turns and shortcomings. Never a word of what is written."""

import datetime

from django.utils import timezone

from core.vietnamese import date_text
from notices.services import planning

AHEAD = datetime.timedelta(days=14)
MORNING = datetime.time(7)


def coming(turn):
    """The member is told two weeks before, or at once; the private draft is open from then on."""
    morning = timezone.make_aware(datetime.datetime.combine(turn.meeting.day - AHEAD, MORNING))
    _tell(turn, "turn.coming", "Đến lượt đồng chí tự phê bình", morning if morning > timezone.now() else None)


def off(turn):
    """It is not the member's turn in that meeting after all; who was not told yet is not told at all."""
    told = planning.withdraw(f"turn:{turn.pk}:coming", recipients=[turn.member_id], reason="Lượt được dời.")
    if turn.member_id in told:
        _tell(turn, "turn.off", "Lượt tự phê bình của đồng chí được dời")


def remarked(turn):
    """The conclusion is written down; the member may read everything and add to it."""
    _tell(turn, "turn.concluded", "Đã có kết luận về phần tự phê bình của đồng chí")


def _tell(turn, kind, subject, due_at=None):
    planning.plan(
        turn.member,
        kind,
        f"turn:{turn.pk}:{kind.partition('.')[2]}",
        cell=turn.cell,
        subject=subject,
        context={"meeting": turn.meeting.title, "day": date_text(turn.meeting.day)},
        url=turn.get_absolute_url(),
        due_at=due_at,
        private=True,
    )


def mended(shortcoming):
    """The owner is told that the matter is settled."""
    _about(shortcoming, "mended", "Hạn chế được xác nhận đã khắc phục")


def to_mend(shortcoming):
    """The owner is told what is to be mended by when; and once more a week before."""
    _about(shortcoming, "given", "Có nội dung cần khắc phục")
    week = datetime.timedelta(days=7)
    morning = timezone.make_aware(datetime.datetime.combine(shortcoming.due_on - week, MORNING))
    if morning > timezone.now():
        _about(shortcoming, "soon", "Còn 7 ngày đến hạn khắc phục", morning)


def settled(shortcoming):
    """Reminders of what is mended are needless."""
    planning.withdraw(f"shortcoming:{shortcoming.pk}:soon", reason="Đã khắc phục.")


def _about(shortcoming, what, subject, due_at=None):
    planning.plan(
        shortcoming.owner,
        "shortcoming.told",
        f"shortcoming:{shortcoming.pk}:{what}",
        cell=shortcoming.cell,
        subject=subject,
        context={"due": date_text(shortcoming.due_on)},
        url=shortcoming.get_absolute_url(),
        due_at=due_at,
        private=True,
    )
