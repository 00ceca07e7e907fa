"""Home by role, one's own page, all places."""

from django.shortcuts import render
from django.utils import timezone

from assignments import queries as assignments
from chibo import overview
from chibo.context import places
from core.paging import paginate

TASKS_SHOWN = 4  # of each list on the home page; the rest is one link away


def home(request):
    """What do I owe now: a superior sees cells, everybody else their next meeting and tasks."""
    user = request.user
    if user.overseen_ids:
        page = paginate(request, overview.cells_below(user))
        return render(request, "home_superior.html", {"page": page, "today": timezone.localdate()})
    if user.home_cell is None:
        return render(request, "home_empty.html")
    return render(request, "home.html", _home_context(user))


def _home_context(user):
    cell = user.home_cell
    meeting, *others = overview.next_meetings(user) or [None]
    context = {"today": timezone.localdate(), "meeting": meeting, "others": others}
    context["tasks"] = assignments.mine(user, TASKS_SHOWN)
    if meeting is not None:
        context["papers"], context["papers_read"] = overview.papers_of(meeting, user.member_id)
        context["reply"] = overview.reply_of(meeting, user.member_id)
    if cell.pk in user.committee_ids:
        context["on_committee"] = True
        context["late"] = assignments.late_in(cell)[:TASKS_SHOWN]
        context["reported"] = assignments.waiting_for_confirmation(user, cell)[:TASKS_SHOWN]
        context["waiting"] = overview.waiting_papers(cell)
    context["news"] = overview.news_of(user)
    return context


def me(request):
    """One's own page: account, attendance, security."""
    rows = overview.attendance_of(request.user.member_id)
    present, counted = overview.presence_rate(rows)
    return render(request, "me.html", {"attendance": rows, "present": present, "counted": counted})


def all_places(request):
    """The navigation as a page, for phones."""
    return render(request, "all.html", {"places": places(request, request.user)})
