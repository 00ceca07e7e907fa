"""What people are told about pledges. Never a word of what is written in them: that stands behind the login."""

import datetime

from django.utils import timezone

from notices.services import planning
from pledges.states import Period

MORNING = datetime.time(7)
DAYS_BEFORE = 3
NEEDLESS = "Đã gửi."


def key_of(row, what):
    """Key of a notice of a year (PledgeYear): ``pledge:year:5:asked``."""
    return f"pledge:year:{row.pk}:{what}"


def ask(row, members, what, due_on, subject):
    """Tell members what they are asked to hand in by a day, and once more three days before."""
    for member in members:
        _plan(row, member, what, subject, due_on)
        morning = timezone.make_aware(datetime.datetime.combine(due_on - datetime.timedelta(DAYS_BEFORE), MORNING))
        if morning > timezone.now():
            _plan(row, member, f"{what}_soon", f"Còn {DAYS_BEFORE} ngày: {subject[0].lower()}{subject[1:]}", due_on,
                  due_at=morning)  # fmt: skip


def remind(row, members, what, due_on, subject):
    """Tell once more those who have not handed in; at most once a day (the key holds it)."""
    for member in members:
        _plan(row, member, f"{what}_again_{timezone.localdate():%Y%m%d}", subject, due_on)


def _plan(row, member, what, subject, due_on, due_at=None):
    planning.plan(
        member,
        "pledge.asked",
        key_of(row, what),
        cell=row.cell,
        subject=subject,
        context={"subject": subject, "due": f"{due_on:%d/%m/%Y}", "year": row.year},
        url=row.get_absolute_url(),
        due_at=due_at,
        private=True,
    )


def handed_in(pledge_year, member_id, what):
    """What still waits of the asking is needless once the paper is in."""
    if pledge_year is not None and member_id is not None:
        planning.withdraw(key_of(pledge_year, what), recipients=[member_id], reason=NEEDLESS)


def period_word(period) -> str:
    """The key word of the asking for an assessment."""
    return "half" if period == Period.HALF else "whole"


def answered(obj, kind, subject, by):
    """The author of a pledge or an assessment is told of the answer; nobody of the own act, a collective's nobody."""
    pledge = getattr(obj, "pledge", obj)
    if pledge.member_id is None or (by and by.member_id == pledge.member_id):
        return
    moment = obj.answered_at
    planning.plan(
        pledge.member,
        "pledge.answered",
        f"{obj._meta.model_name}:{obj.pk}:{kind}:{moment:%Y%m%d%H%M%S}",
        cell=pledge.cell,
        subject=subject,
        context={"subject": subject, "year": pledge.year},
        url=obj.get_absolute_url(),
        private=True,
    )
