"""The whole life of a clause: the items it came from, the resolution, tasks and reports, reviews, the decision."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models.expressions import RawSQL
from django.utils import timezone

from assignments.models import Assignment, Report
from core.vietnamese import date_text, lower_first
from meetings.models import AgendaItem, ClauseDecision, ReviewLine
from meetings.states import ItemStatus

REPORTS = 100  # the newest ones; nobody reads more on one page
CHAIN = """
WITH RECURSIVE chain(id) AS (
    SELECT %s::bigint
    UNION SELECT i.carried_from_id FROM meetings_agendaitem i JOIN chain c ON i.id = c.id
    WHERE i.carried_from_id IS NOT NULL
) SELECT id FROM chain"""


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``place`` orders what happened at the same moment."""

    at: datetime
    label: str
    sub: str = ""
    text: str = ""
    url: str = ""
    place: int = 0

    @property
    def when(self) -> str:
        return date_text(timezone.localtime(self.at))


def life(clause, user) -> list[Event]:
    """Events of a clause in the order they happened, as far as the person may see them.

    ``clause`` is fetched with its resolution (paper, meeting, vote) and decision.
    """
    found = [*_items(clause, user), _adoption(clause), *_tasks(clause, user), *_reports(clause, user)]
    found += [*_reviews(clause, user), *_replaced(clause), *_decision(clause)]
    return sorted(found, key=lambda event: (event.at, event.place))


def _items(clause, user):
    """The item the clause came from and the ones that one was carried from."""
    if clause.item_id is None:
        return
    rows = AgendaItem.objects.visible_to(user).filter(pk__in=RawSQL(CHAIN, [clause.item_id]))  # noqa: S611 - a number
    for item in rows.select_related("meeting"):
        label = "Đưa vào chương trình" if item.status == ItemStatus.PENDING else item.get_status_display()
        meeting = item.meeting
        at = meeting.opened_at or meeting.starts_at
        yield Event(at, f"{label}: {item.title}", meeting.title, url=_of(meeting))


def _of(obj):
    return obj.get_absolute_url()


def _adoption(clause):
    resolution = clause.resolution
    vote = resolution.vote
    counts = f"{vote.agree}/{vote.denominator} tán thành" if vote and vote.agree is not None else ""
    at = resolution.meeting.opened_at or resolution.meeting.starts_at
    label = f"Thông qua tại Nghị quyết {resolution.paper.number_text}"
    return Event(at, label, counts, url=_of(resolution), place=1)


def _tasks(clause, user):
    """Tasks given for the clause, the withdrawn ones too."""
    rows = Assignment.objects.visible_to(user).filter(of_clause__clause=clause).select_related("owner")
    for task in rows:
        sub = f"đ/c {task.owner.full_name}, hạn {date_text(task.due_on)}"
        yield Event(task.given_at, f"Giao nhiệm vụ: {task.title}", sub, url=_of(task), place=2)


def _reports(clause, user):
    rows = Report.objects.visible_to(user).filter(assignment__of_clause__clause=clause)
    newest = rows.select_related("member", "assignment").order_by("-at", "-pk")[:REPORTS]
    for report in reversed(newest):
        who = f"đ/c {report.member.full_name}" if report.member else ""
        yield Event(report.at, report.get_kind_display(), who, report.text, _of(report.assignment), place=3)


def _reviews(clause, user):
    """What the review of last month found about it, meeting after meeting, as far as the person reads the record."""
    rows = ReviewLine.objects.visible_to(user).filter(clause=clause, frozen_at__isnull=False)
    for line in rows.select_related("meeting__minutes__paper"):
        if not user.has_perm("meetings.view_minutes", line.meeting):
            continue
        label = f"Kiểm điểm: {line.get_finding_display().lower()}"
        yield Event(line.frozen_at, label, line.meeting.title, line.why, _of(line.meeting), place=4)


def _replaced(clause):
    """Clauses whose place this one took."""
    rows = ClauseDecision.objects.filter(replaced_by=clause).select_related("clause__resolution__paper__organisation")
    for decision in rows:
        label = f"Thay cho {name_of(decision.clause)}"
        yield Event(decision.at, label, text=decision.text, url=_of(decision.clause), place=5)


def _decision(clause):
    decision = getattr(clause, "decision", None)
    if decision is None:
        return
    sub = f"quyết định tại {lower_first(decision.meeting.title)}" if decision.meeting else ""
    yield Event(decision.at, decision.get_ending_display(), sub, decision.text, place=6)


def name_of(clause) -> str:
    """ "Mục 2, Nghị quyết 07-NQ/CB"."""
    return f"Mục {clause.position}, Nghị quyết {clause.resolution.paper.number_text}"
