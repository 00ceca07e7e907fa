"""Home by role, one's own page, the numbers of the year, all places."""

import re

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone

from assignments.owing import owed
from chibo import figures, overview, todo
from chibo.context import places
from core.paging import chip, paginate
from meetings.queries.clauses import open_clauses
from meetings.queries.duties import duty_of
from meetings.queries.stepper import steps
from notices import queries as notices

OWED_SHOWN = 5  # of each list on the home page; the rest is one link away
CLAUSES_SHOWN = 6
FIRST_YEAR = 2000


def home(request):
    """What is open: a superior sees cells, the committee what is to do and late, everybody what they owe."""
    user = request.user
    if user.overseen_ids:
        page = paginate(request, overview.cells_below(user))
        return render(request, "home_superior.html", {"page": page, "today": timezone.localdate()})
    if user.home_cell is None:
        return render(request, "home_empty.html")
    if user.home_cell.pk in user.committee_ids:
        return render(request, "home_committee.html", _committee_context(user))
    return render(request, "home.html", _member_context(user))


def _meetings(user, **dress):
    """The next meeting with its card, and the ones behind it."""
    meeting, *others = overview.next_meetings(user, **dress) or [None]
    mine = owed(user)
    own = {"owed": mine[:OWED_SHOWN], "owed_count": len(mine)}
    return {"today": timezone.localdate(), "meeting": meeting, "others": others, **own}


def _member_context(user):
    return _meetings(user) | {
        "duty": duty_of(user.member_id, user.home_cell),
        "news": overview.news_of(user),
    }


def _committee_context(user):
    cell = user.home_cell
    context = _meetings(user, dress=todo.with_gaps)
    meeting, others = context["meeting"], context["others"]
    meetings = [meeting, *others] if meeting else []
    late, late_count, waiting = overview.watched_tasks(user, cell)
    clauses = open_clauses(cell).select_related("owner", "resolution__paper__organisation")
    clauses = list(clauses[: CLAUSES_SHOWN + 1])
    return context | {
        "todo": todo.steps(user, meetings, waiting, overview.waiting_papers(cell)),
        "lacks": [check for each in meetings[:1] for check in todo.lacks(each)],
        "steps": steps(meeting) if meeting else [],
        "late": late,
        "late_count": late_count,
        "clauses": clauses[:CLAUSES_SHOWN],
        "more_clauses": len(clauses) > CLAUSES_SHOWN,
        "year": figures.year_of(cell),
    }


def numbers(request):
    """The numbers of a year (``?nam=``) as charts, each with its table."""
    cell, today = request.user.home_cell, timezone.localdate()
    if cell is None:
        raise PermissionDenied
    asked = request.GET.get("nam", "")
    year = int(asked) if re.fullmatch("[0-9]{4}", asked) and FIRST_YEAR <= int(asked) <= today.year else today.year
    found = figures.year_of(cell, year)
    near = [each for each in (year - 1, year, year + 1) if each <= today.year]
    context = {
        "year": found,
        "presence": [{"label": month.number, "value": month.presence} for month in found.months],
        "timeliness": [{"label": month.number, "value": month.timeliness} for month in found.months],
        "years": [chip(request.path, f"Năm {each}", current=each == year, nam=each) for each in near],
    }
    return render(request, "numbers.html", context)


def me(request):
    """One's own page: account, attendance, calendar, how one is told, security."""
    rows = overview.attendance_of(request.user.member_id)
    context = {"attendance": rows, "attendance_words": overview.presence_words(rows)}
    return render(request, "me.html", context | notices.own_choices(request.user.member_id))


def all_places(request):
    """The navigation as a page, for phones."""
    return render(request, "all.html", {"places": places(request, request.user)})
