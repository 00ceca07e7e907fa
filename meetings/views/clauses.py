"""Clauses in force: the board, the page of one with its life, more work for it, the decision that ends it."""

from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.states import Move
from meetings.forms.resolution import EndForm, GiveForm
from meetings.models import Clause
from meetings.queries import clause_life
from meetings.queries import clauses as queries
from meetings.services import clauses as services
from meetings.states import CLAUSE_OPEN
from meetings.views.register import book_url, chosen_year, tabs

END = Move(
    "Ghi quyết định",
    (),
    "",
    question="Kết thúc mục này bằng quyết định của chi bộ?",
    effect="Nhiệm vụ còn dở của mục được rút, người thực hiện được báo. Quyết định được in vào sổ nghị quyết.",
)


def board(request):
    """Every clause in force one may see, by state, year and owner; the late ones first."""
    year, owner, people = chosen_year(request), _owner(request), queries.owners(request.user)
    name = request.GET.get("loc", "")
    name = name if name in queries.FILTERS else ""
    rows = queries.board(request.user, year=year, owner=owner)
    found = queries.most_urgent_first(rows.filter(state_key__in=queries.FILTERS[name][1]))
    context = {
        "page": paginate(request, queries.with_tasks(found, request.user)),
        "ways": tabs("clauses"),
        "filters": _filters(request, name, queries.state_counts(rows), nam=year, nguoi=owner),
        "years": queries.years(request.user),
        "people": people,
        "chosen": {"nguoi": owner, "loc": name, "nam": year},
        "book_url": book_url(request.user, year),
    }
    return render(request, "resolutions/board.html", context)


def _owner(request):
    asked = request.GET.get("nguoi", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _filters(request, name, counts, **query):
    """Choices with something in them, the first and the chosen one always."""
    numbers = {key: sum(counts.get(state, 0) for state in states) for key, (_, states) in queries.FILTERS.items()}
    return [
        chip(request.path, label, current=key == name, count=numbers[key], loc=key, **query)
        for key, (label, _) in queries.FILTERS.items()
        if numbers[key] or key in ("", name)
    ]


IN_FORCE = {"resolution__paper__state__in": queries.IN_FORCE}
RELATED = (
    "owner",
    "item",
    "resolution__paper__organisation",
    "resolution__vote",
    "resolution__meeting__cell",
    "decision__meeting",
    "decision__by__member",
    "decision__replaced_by__resolution__paper__organisation",
)


def _clause(request, perm, pk, **lookup):
    """A clause with its state."""
    rows = queries.with_state(Clause.objects.select_related(*RELATED))
    return get_for(request.user, rows, perm, pk=pk, **lookup)


def detail(request, pk):
    """One clause: its text, how far it is, its tasks, what may be done, its whole life."""
    clause = _clause(request, "meetings.view_clause", pk)
    if not queries.is_in_force(clause.resolution):
        return redirect(clause.resolution)
    is_open = clause.state_key in CLAUSE_OPEN
    context = {
        "clause": clause,
        "is_open": is_open,
        "tasks": queries.tasks_of(clause, request.user),
        "events": clause_life.life(clause, request.user),
        "may_give": is_open and request.user.has_perm("meetings.give_clause", clause),
        "may_end": is_open and request.user.has_perm("meetings.end_clause", clause),
    }
    return render(request, "resolutions/clause.html", context)


def end(request, pk):
    """The heads record the decision that ends the clause."""
    clause = _clause(request, "meetings.end_clause", pk, **IN_FORCE)
    form = EndForm(posted(request), clause=clause)
    words = "Đã ghi quyết định về mục này."
    if attempt(request, form, services.end_clause, clause, by=request.user, success=words):
        return redirect(clause)
    context = {
        "clause": clause, "form": form, "step": END, "obj": clause_life.name_of(clause),
        "back_url": clause.get_absolute_url(), "back_name": "Mục nghị quyết",
    }  # fmt: skip
    return render(request, "resolutions/clause_end.html", context, status=form_status(form))


def give(request, pk):
    """The committee gives another task for the clause."""
    clause = _clause(request, "meetings.give_clause", pk, **IN_FORCE)
    form = GiveForm(posted(request), cell=clause.resolution.meeting.cell)
    if attempt(request, form, services.give_more, clause, by=request.user, success="Đã giao nhiệm vụ."):
        return redirect(clause)
    context = {
        "form": form, "heading": "Giao thêm nhiệm vụ", "verb": "Giao nhiệm vụ",
        "eyebrow": clause_life.name_of(clause), "intro": clause.text, "draft_key": f"clause-{clause.pk}-give",
        "back_url": reverse("resolutions:clause", args=[pk]), "back_name": "Mục nghị quyết",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))
