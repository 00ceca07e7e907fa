"""Pages of one's tasks, of one task, of giving one, of each of its moves."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from assignments import queries
from assignments.forms import FORMS, NewForm, PartForm
from assignments.models import Assignment, Evidence
from assignments.owing import owed
from assignments.services import giving, progress
from assignments.states import MOVES
from core.access import get_for
from core.downloads import stored_file
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.states import Look, actions_for

SUCCESS = {
    "receive": "Đã báo cho người giao việc là đồng chí đã nhận nhiệm vụ.",
    "report": "Đã ghi báo cáo tiến độ.",
    "finish": "Đã gửi báo cáo hoàn thành. Người giao việc sẽ xem và xác nhận.",
    "extend": "Đã gửi đề nghị gia hạn. Đồng chí được báo khi có trả lời.",
    "grant": "Đã đồng ý gia hạn, người nhận việc được báo.",
    "refuse": "Đã trả lời không gia hạn, người nhận việc được báo.",
    "confirm": "Đã xác nhận nhiệm vụ hoàn thành.",
    "return": "Đã trả lại báo cáo, người nhận việc được báo.",
    "cancel": "Đã rút nhiệm vụ.",
}
TICKED = Look("Xong", "ok", "check-lg")
PRIMARY = ("finish", "confirm", "grant")  # the red button: the first of these that may be done


def listing(request):
    """What I owe, what is late first; on the second tab the tasks of the cell that I may see."""
    user, of_cell = request.user, request.GET.get("muc") == "chi-bo"
    rows = queries.of_cell(user) if of_cell else queries.of_person(user)
    name = request.GET.get("loc", "")
    name = name if name in queries.FILTERS else ""
    mine, urgent = None if of_cell else owed(user), not of_cell and name == ""
    context = {
        "page": paginate(request, mine if urgent else queries.listed(rows, name)),
        "of_cell": of_cell,
        "urgent": urgent,
        "member_id": user.member_id,
        "sections": _sections(request.path, of_cell),
        "filters": _filters(name, rows, mine),
        "may_give": queries.committee_cell(user) is not None,
        "to_answer": queries.waiting_for_answer(user, user.home_cell) if urgent and user.home_cell else [],
    }
    return render(request, "assignments/list.html", context)


def _sections(url, of_cell):
    return [
        chip(url, "Việc của tôi", current=not of_cell),
        chip(url, "Việc của chi bộ", current=of_cell, muc="chi-bo"),
    ]


def _filters(current, rows, mine):
    """Chips with how many each shows; ``mine`` is all that the person owes, None on the tab of the cell."""
    url, numbers, section = reverse("assignments:list"), queries.numbers(rows), "chi-bo" if mine is None else ""
    if mine is not None:
        numbers["n_"] = len(mine)
    return [
        chip(url, label, current=name == current, count=numbers[f"n_{name}"], muc=section, loc=name)
        for name, (label, _) in queries.FILTERS.items()
    ]


def detail(request, pk):
    """One task: what is asked, how far it is, what was reported, what can be done now."""
    assignment = get_for(request.user, queries.whole(), "assignments.view_assignment", pk=pk)
    reports = list(queries.history(assignment))
    actions = [row for row in actions_for(request.user, assignment) if row[0] != "receive"]
    names = [name for name, _ in actions]
    receipt = queries.may_receive(request.user, assignment, reports)
    context = {
        "assignment": assignment,
        "reports": reports,
        "actions": actions,
        "primary": "" if receipt else next((name for name in PRIMARY if name in names), ""),
        "offer_receipt": receipt,
        "is_mine": request.user.member_id in {assignment.owner_id, *assignment.helper_ids},
        **_parts(request.user, assignment),
    }
    return render(request, "assignments/detail.html", context)


def _parts(user, assignment):
    parts, is_open = list(assignment.parts.all()), assignment.is_open
    may_change = is_open and user.has_perm("assignments.change_parts", assignment)
    done = sum(part.done_at is not None for part in parts)
    return {
        "parts": parts,
        "parts_done": done,
        "parts_words": f"Đã xong {done}/{len(parts)} phần việc",
        "ticked": TICKED,
        "may_tick": is_open and user.has_perm("assignments.tick_part", assignment),
        "may_change_parts": may_change,
        "part_form": PartForm() if may_change else None,
    }


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
    return render(request, "assignments/new.html", context, status=form_status(form))


def move(request, pk, action):
    """GET asks the question with the form of the action; POST acts."""
    assignment = get_for(request.user, Assignment.objects, f"assignments.{action}_assignment", pk=pk)
    if action not in MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = FORMS[action](posted(request), request.FILES or None)
    step = progress.STEPS[action]
    if attempt(request, form, step, assignment, by=request.user, success=SUCCESS[action]):
        return redirect(assignment)
    context = {
        "obj": assignment, "step": MOVES[action], "form": form, "action": action, "verb": MOVES[action].label,
        "asked": assignment.asked_extension if action in ("grant", "refuse") else None,
        "undone": assignment.parts.filter(done_at=None) if action == "finish" else [],
        "is_owner": assignment.owner_id == request.user.member_id,
    }  # fmt: skip
    return render(request, "assignments/move.html", context, status=form_status(form))


def evidence(request, pk):
    """A file of a report, as a download that the browser may not run."""
    piece = get_for(request.user, Evidence.objects.all(), "assignments.view_evidence", pk=pk)
    return stored_file(piece.file, piece.filename, piece.mime)
