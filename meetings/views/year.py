"""Pages of the year's calendar."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import get_for, require
from core.downloads import made_pdf
from core.errors import Refused
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip
from core.states import Move
from meetings import almanac
from meetings.forms.year import PlannedForm
from meetings.models import PlannedMeeting
from meetings.queries import year as queries
from meetings.queries.year_checks import warnings
from meetings.queries.year_sheet import sheet_pdf
from meetings.services import year as services
from meetings.states import Kind
from members.queries import official_days

REMOVE = Move(
    "Bỏ khỏi lịch năm", (), "", question="Bỏ buổi này khỏi lịch năm?", risk=True,
    effect="Chỉ bỏ dòng trong lịch. Lập lịch cả năm lần nữa thì tháng còn thiếu được điền lại.",
)  # fmt: skip
DRAFT = Move(
    "Lập cuộc họp", (), "", question="Lập cuộc họp từ lịch năm?",
    effect="Chương trình được soạn sẵn theo trình tự của loại cuộc họp. Chi ủy sửa tiếp trước khi thông báo.",
)  # fmt: skip
YEARS = range(2000, 2101)


def this_year(request):
    """To the present year."""
    return redirect("calendar:year", timezone.localdate().year)


def _cell(request):
    """The cell asked for by ``?chi-bo=``, without it one's first. 404 for a cell one is not in, 403 without any."""
    user = request.user
    if user.home_cell is None:
        raise PermissionDenied
    wanted = request.GET.get("chi-bo", user.home_cell.slug)
    found = next((cell for cell in user.cells if cell.is_cell and cell.slug == wanted), None)
    if found is None:
        raise Http404
    return found


def _known(year):
    if year not in YEARS:
        raise Http404
    return year


def address(cell, year, user):
    """The page of a year; one's first cell needs no name."""
    own = user.home_cell is not None and cell.pk == user.home_cell.pk
    return reverse("calendar:year", args=[year]) + ("" if own else f"?chi-bo={cell.slug}")


def strip(request, year):
    """The year as a strip and as a list; what it lacks stands on top for the committee."""
    cell, user, now = _cell(request), request.user, timezone.localdate().year
    found = queries.year_strip(cell, _known(year), user)
    plans = user.has_perm("meetings.add_meeting", cell)
    context = {
        "cell": cell,
        "strip": found,
        "plans": plans,
        "warnings": warnings(cell, found) if plans else [],
        "next": next((each for each in found.gatherings if plans and each.is_open and each.comes), None),
        "fills": plans and year >= now and any(month.is_missing for month in found.months),
        "here": f"?chi-bo={cell.slug}",
        "years": [_chip(str(each), cell, each, user, each == year) for each in sorted({now - 1, now, now + 1, year})],
        "cells": [_chip(each.short_name, each, year, user, each == cell) for each in user.cells if each.is_cell],
    }
    return render(request, "calendar/year.html", context)


def _chip(label, cell, year, user, current):
    return chip(address(cell, year, user).partition("?")[0], label, current=current, **_query(cell, user))


def _query(cell, user):
    return {} if cell.pk == user.home_cell.pk else {"chi-bo": cell.slug}


def plan_pdf(request, year):
    """The year's plan on paper."""
    cell = _cell(request)
    return made_pdf(sheet_pdf(cell, queries.year_strip(cell, _known(year), request.user)), f"lich-nam-{year}.pdf")


@require_POST
def fill(request, year):
    """Plan the months to come that lack a regular meeting."""
    cell = _cell(request)
    require(request.user, "meetings.add_meeting", cell)
    try:
        added = services.plan_year(cell, year=_known(year), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        nothing = f"Lịch năm {year} không còn tháng nào để điền."
        messages.success(request, f"Đã điền {added} buổi vào lịch năm {year}." if added else nothing)
    return redirect(address(cell, year, request.user))


def new(request, year):
    """One more meeting in the plan; thematic unless said otherwise."""
    cell = _cell(request)
    require(request.user, "meetings.add_meeting", cell)
    back = address(cell, _known(year), request.user)
    row = PlannedMeeting(cell=cell, kind=Kind.THEMATIC, time=cell.regular_time)
    form = PlannedForm(posted(request), instance=row)
    if attempt(request, form, services.add_planned, by=request.user, success="Đã thêm vào lịch năm."):
        return _back(request, row if row.pk else None, cell, year)
    context = {"form": form, "heading": "Thêm buổi vào lịch năm", "verb": "Thêm buổi", "row": row, "back_url": back,
               "back_name": "Lịch năm"}  # fmt: skip
    return render(request, "calendar/planned.html", context, status=form_status(form))


def edit(request, pk):
    """Another day, kind, theme, presenter of a planned meeting."""
    row = _row(request, pk)
    back, heading = address(row.cell, row.on.year, request.user), str(row)
    form = PlannedForm(posted(request), instance=row)
    if attempt(request, form, services.change_planned, by=request.user, success="Đã sửa lịch năm."):
        return _back(request, row, row.cell, row.on.year)
    context = {"form": form, "heading": heading, "verb": "Lưu lịch", "row": row, "back_url": back,
               "back_name": "Lịch năm", "stored": True}  # fmt: skip
    return render(request, "calendar/planned.html", context, status=form_status(form))


def _row(request, pk):
    rows = PlannedMeeting.objects.select_related("cell__parent", "meeting", "presenter")
    return get_for(request.user, rows, "meetings.change_plannedmeeting", pk=pk)


def _back(request, row, cell, year):
    """To the year; a day off that was chosen on purpose is said, not refused."""
    if row is not None:
        days, year = official_days(cell, row.on, row.on), row.on.year
        if not almanac.is_free(row.on, days.off, cell.meets_on_weekends, days.worked):
            messages.warning(request, f"Ngày {row.on:%d/%m/%Y} {almanac.falls_on(row.on, days.off)}.")
    return redirect(address(cell, year, request.user))


def remove(request, pk):
    """Take a meeting out of the plan."""
    row = _row(request, pk)
    back, form = address(row.cell, row.on.year, request.user), ConfirmForm(posted(request))
    if attempt(request, form, services.remove_planned, row, by=request.user, success="Đã bỏ khỏi lịch năm."):
        return redirect(back)
    return _question(request, form, REMOVE, row, back)


def draft(request, pk):
    """Make the drafts of the meeting and of the committee meeting before it."""
    row = _row(request, pk)
    back, form = address(row.cell, row.on.year, request.user), ConfirmForm(posted(request))
    if attempt(request, form, services.draft_from, row, by=request.user, success="Đã lập cuộc họp."):
        row.refresh_from_db(fields=["meeting"])
        return redirect("meetings:agenda", row.meeting_id) if row.meeting_id else redirect(back)
    return _question(request, form, DRAFT, row, back)


def _question(request, form, step, row, back):
    context = {"form": form, "step": step, "row": row, "back_url": back, "back_name": "Lịch năm"}
    return render(request, "calendar/question.html", context, status=form_status(form))
