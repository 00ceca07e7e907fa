"""Lists of meetings, and which month still wants its regular one."""

import datetime

from django.db.models import Count, Q
from django.utils import timezone

from core.columns import own
from meetings.models import Meeting, MeetingPaper, Question, Reply
from meetings.queries.people import invited
from meetings.queries.planned import day_of_month, proposed, regular_months
from meetings.states import Answer, Body, Excuse, Kind
from members.queries import attenders, committee


def meetings_of(user, year, kind=""):
    """Meetings of a year that the person may see, newest first, with cell and signed papers at hand."""
    rows = Meeting.objects.visible_to(user).filter(starts_at__date__range=_year(year))
    rows = rows.filter(kind=kind) if kind in Kind.values else rows
    return rows.select_related("cell", "minutes__paper").order_by("-starts_at", "-pk")


def _year(year):
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def years(user) -> list[int]:
    """Years that have meetings the person may see, newest first; this year always."""
    found = {moment.year for moment in Meeting.objects.visible_to(user).datetimes("starts_at", "year")}
    return sorted(found | {timezone.localdate().year}, reverse=True)


def next_regular(cell, today=None):
    """Moment of the next regular meeting: in the first month to come that has none, by the year plan or the rhythm."""
    return proposed(cell, today).starts_at


def missing_months(cell, year, today=None) -> list[int]:
    """Months of a year, up to the present one, without a regular meeting (Điều lệ: one a month).

    Months before the cell's first recorded meeting are not counted, nor the present one up to the planned day.
    """
    today = today or timezone.localdate()
    first = (
        Meeting.objects.filter(cell=cell, body=Body.CELL)
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    if first is None or year > today.year:
        return []
    start = timezone.localtime(first)
    taken = {month for _, month in regular_months(cell, *_year(year))}
    begin = start.month if start.year == year else 1 if start.year < year else 13
    end = 12 if year < today.year else today.month
    found = [month for month in range(begin, end + 1) if month not in taken]
    if year == today.year and found[-1:] == [today.month] and today <= day_of_month(cell, year, today.month):
        found.pop()
    return found


def officers(cell, on):
    """Who chairs and who keeps the minutes unless said otherwise: the secretary (the deputy where there is none),
    and the clerk of the last meeting of the cell if still on the roll.
    """
    board = committee(cell, on)
    last = Meeting.objects.filter(cell=cell, body=Body.CELL, clerk__isnull=False).order_by("-starts_at").first()
    clerk = next((member for member in attenders(cell, on) if last and member.pk == last.clerk_id), None)
    return (board[0] if board else None), clerk


def reply_counts(meeting) -> dict:
    """How many will come, ask to be excused, wait for a decision, have said nothing (whole people)."""
    people = {member.pk for member in invited(meeting)}
    rows = Reply.objects.filter(meeting=meeting, member__in=people)
    asks = Q(answer=Answer.ASKS_EXCUSE)
    found = rows.aggregate(
        attends=Count("pk", filter=Q(answer=Answer.ATTENDS)),
        asks=Count("pk", filter=asks),
        undecided=Count("pk", filter=asks & Q(decision=Excuse.ASKED)),
    )
    return {**found, "invited": len(people), "silent": len(people) - found["attends"] - found["asks"]}


def replies(meeting):
    """All replies: undecided excuses first, then by name."""
    rows = Reply.objects.filter(meeting=meeting).select_related("member").order_by("member__sort_key")
    return sorted(rows, key=lambda row: (row.answer != Answer.ASKS_EXCUSE, row.decision != Excuse.ASKED))


def silent(meeting):
    """Members invited who have not said whether they come."""
    told = set(Reply.objects.filter(meeting=meeting).values_list("member_id", flat=True))
    return [member for member in invited(meeting) if member.pk not in told]


def questions(meeting, user, *, all_of_them):
    """Questions sent beforehand: all for the committee, else the person's own."""
    rows = Question.objects.filter(meeting=meeting).select_related("member", "item", "answered_by__member")
    return rows if all_of_them else rows.filter(member=user.member_id)


def papers(meeting, user):
    """Papers with ``read_by_me`` and ``readers`` (how many have marked them as read)."""
    mine = Count("reads", filter=Q(reads__member=user.member_id))
    rows = meeting.papers.select_related("item", "uploaded_by__member")
    rows = rows.only(*own(MeetingPaper), "item__title", "uploaded_by__member__full_name")
    return rows.annotate(readers=Count("reads", distinct=True), read_by_me=mine).order_by(
        "item__section", "item__position", "uploaded_at"
    )
