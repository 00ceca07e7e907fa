"""Questions about what people were told."""

import datetime
from itertools import groupby

from django.conf import settings
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import Member, User
from notices.models import OUTCOME_UI, Channel, Notice, Outcome

GROUPS = {
    "cuoc-hop": "Cuộc họp", "nhiem-vu": "Nhiệm vụ", "y-kien": "Xin vắng, ý kiến", "van-ban": "Văn bản",
    "dang-phi": "Đảng phí", "tu-ren": "Làm theo Bác, tự phê bình",
}  # fmt: skip
KINDS = {
    "cuoc-hop": Q(kind__startswith="meeting."),
    "nhiem-vu": Q(kind__startswith="assignment."),
    "y-kien": Q(kind__startswith="excuse.") | Q(kind__startswith="question."),
    "van-ban": Q(kind__startswith="minutes.") | Q(kind__startswith="resolution."),
    "dang-phi": Q(kind__startswith="declaration.") | Q(kind__startswith="waiver.") | Q(kind__startswith="fee."),
    "tu-ren": Q(kind__startswith="pledge.") | Q(kind__startswith="turn.") | Q(kind__startswith="shortcoming."),
}
OUTCOMES = {
    "cho": (Outcome.WAITING, "Chờ gửi"),
    "da-gui": (Outcome.SENT, "Đã gửi"),
    "tu-choi": (Outcome.REFUSED, "Bị từ chối"),
    "khong-dia-chi": (Outcome.NO_ADDRESS, "Không có địa chỉ"),
    "trong-chibo": (Outcome.IN_APP, "Báo trong Chibo"),
    "thoi": (Outcome.WITHDRAWN, "Đã thôi"),
}
PHONE_DAYS = 14
LATE_HOURS = 12  # longer than the quiet hours
BELL_DAYS = 60
# how far people were reached, on the page of a meeting: whom no mail reaches first
REACHED = {
    "chua-bao": ("Chưa báo được", (Outcome.NO_ADDRESS, Outcome.REFUSED)),
    "cho": ("Chờ gửi", (Outcome.WAITING,)),
    "da-bao": ("Đã báo", (Outcome.SENT, Outcome.IN_APP)),
    "thoi": ("Đã thôi không gửi", (Outcome.WITHDRAWN,)),
}
TROUBLE_FIRST = [outcome for _, outcomes in REACHED.values() for outcome in outcomes]


def shown_to(member_id, now=None):
    """What a person is shown at a moment: all that is due or gathers for the next mail, but for what was withdrawn."""
    soon = (now or timezone.now()) + datetime.timedelta(minutes=settings.NOTICE_GATHER_MINUTES)
    shown = Q(due_at__lte=soon) | Q(attempts__gt=0)  # a mail that failed waits for a later moment, its text does not
    return Notice.objects.filter(shown, recipient=member_id).exclude(outcome=Outcome.WITHDRAWN)


def mine(user):
    """What the person was told, newest first; reminders of later days are not shown before their time."""
    return shown_to(user.member_id)


def unseen():
    """The number on the bell, as an expression on accounts: it comes with the account itself (members.backends).

    What is older than BELL_DAYS rings no more, so that years of mail that nobody opens here cost no page anything.
    """
    since = timezone.now() - datetime.timedelta(days=BELL_DAYS)
    rows = shown_to(OuterRef("member")).filter(seen_at=None, due_at__gte=since).order_by().values("recipient")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def unseen_by(user_id) -> int:
    """The number on the bell of one account as it is now."""
    return User.objects.values_list(unseen()).get(pk=user_id)[0]


def own_choices(member_id) -> dict:
    """How a person is told and whether there is a private calendar: {"channel", "feed_made_at"}; one query."""
    row = Member.objects.values_list("notice_preference__channel", "calendar_feed__created_at").get(pk=member_id)
    return {"channel": Channel(row[0] or Channel.MAIL), "feed_made_at": row[1]}


def of_cells(user, outcome="", group=""):
    """All that the person's cells sent, as their committee may see it; ``outcome`` and ``group`` are keys above."""
    rows = Notice.objects.visible_to(user).filter(cell__in=user.committee_ids).select_related("recipient")
    if outcome in OUTCOMES:
        rows = rows.filter(outcome=OUTCOMES[outcome][0])
    if group in KINDS:
        rows = rows.filter(KINDS[group])
    return rows


def not_reached(user):
    """Notices of the last fortnight that no mail could bring, by given name: these people are told by telephone.

    Also what is still waiting half a day after its time, because the mail server is away.
    """
    now = timezone.now()
    since, late = now - datetime.timedelta(days=PHONE_DAYS), now - datetime.timedelta(hours=LATE_HOURS)
    failed = Q(outcome__in=[Outcome.NO_ADDRESS, Outcome.REFUSED], done_at__gte=since)
    stuck = Q(outcome=Outcome.WAITING, due_at__range=(since, late))
    return of_cells(user).filter(failed | stuck).order_by("recipient__sort_key", "recipient", "-due_at", "-pk")


def trouble_first(rows):
    """Whom no mail reaches first, then by given name."""
    order = [When(outcome=outcome, then=Value(place)) for place, outcome in enumerate(TROUBLE_FIRST)]
    place = Case(*order, output_field=IntegerField())
    return rows.order_by(place, "recipient__sort_key", "-due_at", "-pk")


def counts(rows) -> list[dict]:
    """How many rows have each outcome: [{"look", "number"}], trouble first, without those that have none."""
    found = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    return [{"look": OUTCOME_UI[outcome], "number": found[outcome]} for outcome in TROUBLE_FIRST if outcome in found]


def reach(rows) -> dict:
    """How many rows stand in each group of REACHED: {key: number}, all keys."""
    found = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {key: sum(found.get(each, 0) for each in outcomes) for key, (_, outcomes) in REACHED.items()}


def reached(rows, key):
    """The rows of one group of REACHED; all of them for any other key."""
    return rows.filter(outcome__in=REACHED[key][1]) if key in REACHED else rows


def by_reach(page) -> list[tuple[str, list]]:
    """(key of REACHED, its rows) of a page of ``trouble_first`` rows, without empty groups."""
    keys = {outcome: key for key, (_, outcomes) in REACHED.items() for outcome in outcomes}
    return [(key, list(rows)) for key, rows in groupby(page, lambda row: keys[row.outcome])]


def waiting(key) -> int:
    """How many notices under ``key`` wait to be sent."""
    return Notice.objects.filter(key__startswith=f"{key}:", outcome=Outcome.WAITING).count()


def about(user, cell_id, key, *, ending="", since=None):
    """What a cell told about one thing: rows under ``key:`` or whose key ends in ``ending``, as its committee sees it.

    ``since`` (a moment) bounds the search for the ending.
    """
    which = Q(key__startswith=f"{key}:")
    if ending:
        which |= Q(key__endswith=ending, created_at__gte=since) if since else Q(key__endswith=ending)
    return of_cells(user).filter(which, cell=cell_id, private=False)


def told(user, member):
    """What the person's cells told one member, newest first, as their committee may see it."""
    return of_cells(user).filter(recipient=member, private=False)
