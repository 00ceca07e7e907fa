"""Official days of a year: the national ones, and those that a superior lays over them."""

import datetime

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.access import get_for, require
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip
from core.states import Look
from core.vietnamese import date_text
from members import rulebook
from members.forms.days import DayForm
from members.models import LocalDay, Organisation
from members.queries_days import dated
from members.services import days as service
from regulations.days import is_decreed, years_from

MAY = "members.change_rule"  # the superior's right to lay dated rules covers days off too
ESTIMATED = Look("dự kiến", "warn", "question-circle")


def this_year(request):
    """To the days of the present year."""
    return redirect("members:days", timezone.localdate().year)


def listing(request, year):
    """Days off and working days of a year as they hold for the organisation chosen by ``?noi=``."""
    places = rulebook.places(request.user)
    place = _place(request, places)
    context = {
        "year": year,
        "heading": f"Ngày nghỉ năm {year}",
        "place": place,
        "estimated": ESTIMATED,
        "years": [_chip(str(each), each, place, each == year) for each in _years(year)],
        "choices": [_chip(each.short_name, year, each, each == place) for each in places if len(places) > 1],
        "days": dated(place, datetime.date(year, 1, 1), datetime.date(year, 12, 31)) if place else {},
        "awaited": not is_decreed(year),
        "lays": place is not None and not place.is_cell and request.user.has_perm(MAY, place),
        "today": timezone.localdate(),
    }
    return render(request, "members/days.html", context)


def new(request, year):
    """Lay days over the national ones."""
    _years(year)
    place = _place(request, rulebook.places(request.user))
    if place is None or request.GET.get("noi", place.slug) != place.slug:
        raise Http404
    place = get_for(request.user, Organisation.objects, MAY, pk=place.pk)
    form = DayForm(posted(request))
    back = _address(place, year)
    if attempt(request, form, service.lay_days, organisation=place, by=request.user, success="Đã ghi vào lịch nghỉ."):
        return redirect(back)
    context = {"form": form, "heading": "Ghi ngày nghỉ, ngày làm bù", "eyebrow": place.name, "verb": "Ghi ngày",
               "intro": "Áp dụng cho mọi tổ chức trực thuộc, thay ngày chung cùng ngày ấy.",
               "back_url": back, "back_name": "Ngày nghỉ"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def remove(request, pk):
    """Take a laid day back."""
    row = get_for(request.user, LocalDay.objects.select_related("organisation"), "members.view_rules", pk=pk)
    require(request.user, MAY, row)
    form = ConfirmForm(posted(request))
    back = _address(row.organisation, row.date.year)
    if attempt(request, form, service.remove_day, row, by=request.user, success="Đã bỏ ngày đã ghi."):
        return redirect(back)
    context = {"form": form, "question": f"Bỏ “{row.name}” ngày {date_text(row.date)}?", "risk": True,
               "consequence": "Ngày này trở lại theo lịch chung. Lịch năm của các chi bộ tính lại theo đó.",
               "verb": "Bỏ ngày này", "back_url": back, "back_name": "Ngày nghỉ"}  # fmt: skip
    return render(request, "core/move.html", context, status=form_status(form))


def _years(year):
    """Years whose national days are kept; 404 for another one."""
    years = years_from(timezone.localdate())
    if year not in years:
        raise Http404
    return years


def _place(request, places):
    """The organisation asked for; the first of one's own when none or a foreign one is."""
    wanted = request.GET.get("noi")
    return next((place for place in places if place.slug == wanted), places[0] if places else None)


def _address(place, year):
    return f"{reverse('members:days', args=[year])}?noi={place.slug}"


def _chip(label, year, place, current):
    return chip(reverse("members:days", args=[year]), label, current=current, noi=place.slug if place else "")
