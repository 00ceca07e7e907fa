"""What is searched. One source is one kind of result; adding one here is all that a new kind needs, with its face in
``results.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.db.models.functions import JSONObject

from assignments.models import Assignment
from assignments.states import OPEN, UNFINISHED
from chibo.search.matching import FOLDED, Columns
from chibo.search.walls import Reach, helped
from meetings.models import AgendaItem, Clause, MeetingPaper, Resolution, Speech
from meetings.queries.clauses import IN_FORCE, with_state
from meetings.states import CLAUSE_OPEN, ClauseState


@dataclass(frozen=True)
class Source:
    """``rows(reach)`` are its walls; ``at`` the moment it is ordered by; ``shown`` what a result needs of a row."""

    kind: str
    label: str
    model: type
    rows: Callable
    at: str
    shown: dict
    columns: Columns = FOLDED
    number: str = ""  # lookup of the number of a resolution
    of: Callable | None = None  # the condition of "@tôi", "@tên": what these members (ids) answer for
    states: Callable = field(default=lambda rows, on: rows)  # annotates a computed state
    unfinished: Q | None = None  # "chưa xong"; only what has it has a due day
    late: Callable | None = None  # the condition of "hạn:quá" on a day

    def answers(self, query) -> bool:
        """Whether the operators mean anything here: a speech is never due."""
        return (self.unfinished is not None or not (query.due or query.unfinished or query.late)) and (
            self.of is not None or not query.of_somebody
        )


def of_meeting(path):
    """The facts that make up the title of the meeting at that path."""
    return {f"meeting_{name}": f"{path}__{name}" for name in ("kind", "starts_at", "opened_at")}


def of_number(path):
    """The facts that make up the number of a resolution."""
    symbol = f"{path}paper__organisation__symbol"
    return {"number": f"{path}paper__number", "state": f"{path}paper__state", "symbol": symbol}


ITEM = {"meeting": "meeting_id", **of_meeting("meeting")}
SOURCES = (
    Source(
        "resolution",
        "Nghị quyết",
        Resolution,
        Reach.resolutions,
        "meeting__starts_at",
        {
            "subject": "subject", "assessment": "assessment", "organisation_text": "organisation_text",
            **of_number(""), **of_meeting("meeting"),
        },
        number="paper__number",
    ),
    Source(
        "clause",
        "Mục nghị quyết",
        Clause,
        Reach.clauses,
        "resolution__meeting__starts_at",
        {
            "text": "text", "position": "position", "owner": "owner__full_name", "due_on": "due_on",
            "state_key": "state_key", **of_number("resolution__"), **of_meeting("resolution__meeting"),
        },
        number="resolution__paper__number",
        of=lambda people: Q(owner__in=people),
        states=with_state,
        unfinished=Q(state_key__in=CLAUSE_OPEN, resolution__paper__state__in=IN_FORCE),
        late=lambda today: Q(state_key=ClauseState.LATE, resolution__paper__state__in=IN_FORCE),
    ),
    Source(
        "task",
        "Nhiệm vụ",
        Assignment,
        Reach.tasks,
        "given_at",
        {
            "title": "title", "detail": "detail", "owner": "owner__full_name", "due_on": "due_on", "state": "state",
            "source": "source_label",
        },
        of=lambda people: Q(owner__in=people) | Q(pk__in=helped(people)),
        unfinished=Q(state__in=UNFINISHED),
        late=lambda today: Q(state__in=OPEN, due_on__lt=today),
    ),
    Source(
        "item",
        "Chương trình",
        AgendaItem,
        Reach.items,
        "meeting__starts_at",
        {**ITEM, "title": "title", "decide": "decide", "presenter": "presenter__full_name", "state": "meeting__state"},
        of=lambda people: Q(presenter__in=people),
    ),
    Source(
        "record",
        "Kết luận",
        AgendaItem,
        Reach.records,
        "meeting__starts_at",
        {**ITEM, "title": "title", "narrative": "narrative", "conclusion": "conclusion"},
        columns=Columns("record_folded", "record_words"),
        of=lambda people: Q(presenter__in=people),
    ),
    Source(
        "speech",
        "Phát biểu",
        Speech,
        Reach.speeches,
        "item__meeting__starts_at",
        {
            "meeting": "item__meeting_id", "item": "item_id", "title": "item__title", "text": "text",
            "member": "member__full_name", "guest": "guest__name", **of_meeting("item__meeting"),
        },
        of=lambda people: Q(member__in=people),
    ),
    Source(
        "paper",
        "Tài liệu",
        MeetingPaper,
        Reach.papers,
        "meeting__starts_at",
        {**ITEM, "item": "item_id", "title": "title", "item_title": "item__title"},
        of=lambda people: Q(item__presenter__in=people),
    ),
)  # fmt: skip
BY_KIND = {source.kind: source for source in SOURCES}
ORDER = {source.kind: place for place, source in enumerate(SOURCES)}


def facts(source):
    """The columns of a result as one JSON value, so that all kinds fit into one query."""
    return JSONObject(**{name: F(path) for name, path in source.shown.items()})
