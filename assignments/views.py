"""Pages of work given to people."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from assignments import queries
from assignments.forms import FORMS, NewForm
from assignments.models import Assignment, Evidence
from assignments.services import giving, progress
from assignments.states import MOVES
from core.access import get_for
from core.downloads import stored_file
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip, paginate
from core.states import actions_for

SUCCESS = {
    "report": "Đã ghi báo cáo tiến độ.",
    "finish": "Đã gửi báo cáo hoàn thành. Người giao việc sẽ xem và xác nhận.",
    "confirm": "Đã xác nhận nhiệm vụ hoàn thành.",
    "return": "Đã trả lại báo cáo, người nhận việc được báo.",
    "cancel": "Đã rút nhiệm vụ.",
}


def listing(request):
    """My tasks; on the second tab those of the cell that I may see."""
    of_cell = request.GET.get("muc") == "chi-bo"
    rows = queries.of_cell(request.user) if of_cell else queries.of_person(request.user)
    name = request.GET.get("loc", "")
    name = name if name in queries.FILTERS else ""
    found = queries.ordered(rows.filter(queries.condition(name)), name).select_related("owner")
    context = {
        "page": paginate(request, found),
        "of_cell": of_cell,
        "member_id": request.user.member_id,
        "sections": [
            chip(request.path, "Việc của tôi", current=not of_cell),
            chip(request.path, "Việc của chi bộ", current=of_cell, muc="chi-bo"),
        ],
        "filters": _filters(name, "chi-bo" if of_cell else "", queries.numbers(rows)),
        "may_give": queries.committee_cell(request.user) is not None,
    }
    return render(request, "assignments/list.html", context)


def _filters(current, section, numbers):
    url = reverse("assignments:list")
    return [
        chip(url, label, current=name == current, count=numbers[f"n_{name}"], muc=section, loc=name)
        for name, (label, _) in queries.FILTERS.items()
    ]


def detail(request, pk):
    """One task: what is asked, what was reported, what can be done now."""
    rows = Assignment.objects.select_related("owner", "cell", "given_by__member")
    assignment = get_for(request.user, rows, "assignments.view_assignment", pk=pk)
    actions = actions_for(request.user, assignment)
    names = [name for name, _ in actions]
    context = {
        "assignment": assignment,
        "reports": assignment.reports.select_related("member").prefetch_related("files"),
        "actions": actions,
        "primary": "finish" if "finish" in names else "confirm",
        "is_owner": assignment.owner_id == request.user.member_id,
    }
    return render(request, "assignments/detail.html", context)


def new(request):
    """The committee gives a task."""
    cell = queries.committee_cell(request.user)
    if cell is None or not request.user.has_perm("assignments.add_assignment", cell):
        raise PermissionDenied
    form = NewForm(posted(request), cell=cell)
    if attempt(request, form, giving.give, success="Đã giao nhiệm vụ.", cell=cell, by=request.user):
        return redirect(f"{reverse('assignments:list')}?muc=chi-bo")
    context = {"form": form, "heading": "Giao nhiệm vụ", "verb": "Giao nhiệm vụ", "draft_key": "assignment-new",
               "back_url": reverse("assignments:list"), "back_name": "Nhiệm vụ"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def move(request, pk, action):
    """GET asks the question with the form of the action; POST acts."""
    assignment = get_for(request.user, Assignment.objects, f"assignments.{action}_assignment", pk=pk)
    if action not in MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = FORMS.get(action, ConfirmForm)(posted(request), request.FILES or None)
    step = progress.STEPS[action]
    if attempt(request, form, step, assignment, by=request.user, success=SUCCESS[action]):
        return redirect(assignment)
    context = {"obj": assignment, "step": MOVES[action], "form": form, "action": action, "verb": MOVES[action].label}
    return render(request, "assignments/move.html", context, status=form_status(form))


def evidence(request, pk):
    """A file of a report, as a download that the browser may not run."""
    piece = get_for(request.user, Evidence.objects.all(), "assignments.view_evidence", pk=pk)
    return stored_file(piece.file, piece.filename, piece.mime)
