"""The book of resolutions (sổ nghị quyết) of a cell and a year, ready to print."""

from django.db.models import Prefetch

from core.vietnamese import date_text
from documents import layout, rendering
from documents.models import Paper
from documents.states import PaperState, PaperType
from meetings.models import Clause, Resolution
from meetings.queries.clauses import IN_FORCE, most_urgent_first, with_state, with_tasks
from meetings.states import ClauseState

TEMPLATE = "meetings/pdf/register.html"
PAGE = layout.Page(size="A4 landscape", margins=(20, 15, 15, 20))


def book_pdf(cell, user, year) -> bytes:
    """The resolutions in force of that year which the person may see, number by number; withdrawn numbers as "hủy"."""
    head = layout.Head(
        superior_name=layout.upper(cell.superior_line),
        issuing_name=layout.upper(cell.document_name),
        number_line="",
        place_date_line="",
        type_name="Sổ nghị quyết",
        subject=f"Năm {year}",
    )
    context = {"head": head, "entries": entries(cell, user, year), "year": year, "page": PAGE, "draft": False}
    return rendering.render(TEMPLATE, context)


def entries(cell, user, year) -> list[dict]:
    """Rows of the book by number: number, day, subject, lines of the clauses; "void" marks a withdrawn one."""
    rows = Resolution.objects.visible_to(user).filter(
        meeting__cell=cell, paper__state__in=IN_FORCE, paper__dated_on__year=year
    )
    found = [_entry(resolution) for resolution in _fetched(rows, user)]
    found += [_void(paper) for paper in _withdrawn(cell, year)]
    return sorted(found, key=lambda entry: (entry["term"], entry["place"]))


def _fetched(rows, user):
    """The resolutions with their clauses and tasks: three queries however many there are."""
    clauses = with_tasks(most_urgent_first(with_state(Clause.objects.all())), user)
    clauses = clauses.select_related(
        "owner", "decision__meeting", "decision__replaced_by__resolution__paper__organisation"
    ).order_by("position")
    return rows.select_related("paper__organisation").prefetch_related(Prefetch("clauses", clauses))


def _withdrawn(cell, year):
    return Paper.objects.filter(
        organisation=cell, type=PaperType.RESOLUTION, state=PaperState.WITHDRAWN, dated_on__year=year
    ).select_related("organisation")


def _entry(resolution):
    paper = resolution.paper
    return {
        "term": paper.term,
        "place": paper.number,
        "number": paper.number_text,
        "day": date_text(paper.dated_on),
        "subject": resolution.subject,
        "clauses": [_line(clause) for clause in resolution.clauses.all()],
    }


def _void(paper):
    """A number that was used up by a paper withdrawn since: the book has no gap."""
    number = paper.number_line.removeprefix("Số ")
    return {"term": paper.term, "place": paper.number, "number": number, "day": date_text(paper.dated_on), "void": True}


def _line(clause):
    return {
        "position": clause.position,
        "text": " ".join(clause.text.split()),
        "who": clause.owner.full_name if clause.owner else ", ".join(_others(clause)) or "Cả chi bộ",
        "due": date_text(clause.due_next) if clause.due_next else "",
        "result": _result(clause),
    }


def _others(clause):
    return dict.fromkeys(link.assignment.owner.full_name for link in clause.tasks)


def _result(clause) -> str:
    """ "Đã xong 12/01/2027", or the decision with the meeting that took it."""
    decision = getattr(clause, "decision", None)
    if decision is None:
        days = [link.assignment.confirmed_at for link in clause.tasks if link.assignment.confirmed_at]
        done = clause.state_key == ClauseState.DONE and days
        return f"Đã xong {date_text(max(days))}" if done else clause.look.label
    other = decision.replaced_by
    by = f" (mục {other.position}, {other.resolution.paper.number_text})" if other else ""
    where = f" Quyết định tại buổi họp {date_text(decision.meeting.day)}." if decision.meeting else ""
    return f"{decision.get_ending_display()}{by}: {decision.text.rstrip('.')}.{where}"
