"""Exports of a bank or the portal: sources, files read, lines matched and booked."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import paginate
from core.states import actions_for
from fees.forms.statements import LineForm, SourceForm, StatementForm
from fees.models import Source, Statement
from fees.queries.payers import payers
from fees.queries.statements import counted, is_open_on, listed
from fees.services import foreseeing
from fees.services import statements as services
from fees.states import STATEMENT_MOVES, LineState, StatementState
from fees.views.places import cell_for

FORM = "fees/statement_form.html"


def sources(request):
    """Where exports come from."""
    cell = cell_for(request, "fees.keep_book")
    rows = Source.objects.visible_to(request.user).filter(cell=cell)
    return render(request, "fees/sources.html", {"page": paginate(request, rows), "cell": cell})


def source_new(request):
    """A new source."""
    return _source(request, Source(cell=cell_for(request, "fees.keep_book")), "Thêm nguồn sao kê")


def source(request, pk):
    """The columns of a source."""
    row = get_for(request.user, Source.objects.select_related("cell__parent"), "fees.view_source", pk=pk)
    return _source(request, row, row.name)


def _source(request, row, heading):
    form = SourceForm(posted(request), instance=row)
    if attempt(request, form, services.save_source, by=request.user, success="Đã ghi nguồn sao kê."):
        return redirect("fees:sources")
    context = {"form": form, "heading": heading, "verb": "Ghi nguồn",
               "back_url": reverse("fees:sources"), "back_name": "Nguồn sao kê"}  # fmt: skip
    return render(request, FORM, context, status=form_status(form))


def statements(request):
    """Files that were read, newest first."""
    cell = cell_for(request, "fees.keep_book")
    context = {"page": paginate(request, listed(cell, request.user)), "cell": cell, "sources": cell.fee_sources.all()}
    return render(request, "fees/statements.html", context)


def read(request, pk):
    """Read a file of a source."""
    row = get_for(request.user, Source.objects.select_related("cell__parent"), "fees.keep_book", pk=pk)
    form = StatementForm(posted(request), request.FILES or None)
    made = []

    def service(**values):
        made.append(services.read_statement(row, **values))

    if attempt(request, form, service, by=request.user):
        return redirect("fees:statement", made[0].pk) if made else redirect("fees:statements")
    context = {"form": form, "heading": f"Đọc sao kê {row.name}", "verb": "Đọc tệp", "file": True,
               "back_url": reverse("fees:statements"), "back_name": "Sao kê"}  # fmt: skip
    return render(request, FORM, context, status=form_status(form))


def _statement(request, pk):
    rows = Statement.objects.select_related("source", "cell__parent", "read_by__member")
    return get_for(request.user, rows, "fees.view_statement", pk=pk)


def statement(request, pk):
    """The dry run: what each line would become."""
    row = _statement(request, pk)
    lines = row.lines.select_related("member", "payment")
    page = paginate(request, lines)
    troubles = foreseeing.troubles(row) if row.state == StatementState.READ else {}
    for line in page:
        line.trouble = troubles.get(line.pk)
    context = {
        "statement": row,
        "page": page,
        "stopped": len(troubles),
        "counts": counted(row),
        "actions": actions_for(request.user, row),
        "open_states": (LineState.MATCHED, LineState.UNSURE, LineState.SKIPPED),
    }
    return render(request, "fees/statement.html", context)


def line(request, pk, row):
    """Whose money one line is."""
    statement = _statement(request, pk)
    found = get_object_or_404(statement.lines.select_related("statement"), pk=row)
    initial = {"member": found.member_id, "rest": found.rest, "into_open": found.into_open}
    is_open = is_open_on(statement.cell, found.paid_on)
    form = LineForm(posted(request), payers=payers(statement.cell), is_open=is_open, initial=initial)
    if attempt(request, form, services.match_line, found, by=request.user, success=f"Đã ghi dòng {found.row}."):
        return redirect("fees:statement", pk)
    context = {"form": form, "heading": f"Dòng {found.row}: của ai?", "verb": "Ghi", "line": found,
               "back_url": reverse("fees:statement", args=[pk]), "back_name": "Sao kê"}  # fmt: skip
    return render(request, FORM, context, status=form_status(form))


def move(request, pk, action):
    """GET asks, POST books the file or puts it away."""
    rows = Statement.objects.select_related("source", "cell__parent")
    row = get_for(request.user, rows, f"fees.{action}_statement", pk=pk)
    form, step = ConfirmForm(posted(request)), STATEMENT_MOVES[action]
    done = "Đã ghi các dòng đã ghép vào sổ." if action == "book" else "Đã bỏ tệp này."
    if attempt(request, form, services.STEPS[action], row, by=request.user, success=done):
        return redirect("fees:statement", pk)
    context = {"form": form, "heading": step.question or step.label, "verb": step.label, "lead": step.effect,
               "back_url": reverse("fees:statement", args=[pk]), "back_name": "Sao kê"}  # fmt: skip
    return render(request, FORM, context, status=form_status(form))
