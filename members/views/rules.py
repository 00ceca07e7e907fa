"""The dated rules: what holds for one's cell, and the values that superior and cell lay over them."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.access import get_for, require
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip
from core.vietnamese import date_text
from members import queries, rulebook
from members.forms.rules import RuleForm
from members.models import Organisation, Setting
from members.services import rules as service
from regulations.models import Rule


def listing(request):
    """Every rule as it holds today for the organisation chosen by ``?noi=``."""
    places = rulebook.places(request.user)
    place = _place(request, places)
    context = {"place": place, "choices": _choices(places, place)}
    if place is not None:
        context["groups"] = rulebook.groups(place, request.user.has_perm(_permission(place), place))
    return render(request, "members/rules.html", context)


def edit(request, key):
    """Lay a value over a rule for the organisation chosen by ``?noi=``."""
    place = _place(request, rulebook.places(request.user))
    if place is None or request.GET.get("noi", place.slug) != place.slug:  # others' places are not taken for one's own
        raise Http404
    place = get_for(request.user, Organisation.objects.select_related("parent"), _permission(place), pk=place.pk)
    national, now = _rule(place, key)
    form = RuleForm(posted(request), like=national.value, unit=national.unit)
    laid = {"organisation": place, "key": key, "by": request.user}
    if attempt(request, form, service.lay_rule, success="Đã đặt quy định riêng.", **laid):
        return redirect(_address(place))
    context = {
        "form": form,
        "place": place,
        "national": national,
        "now": now,
        "back_url": _address(place),
        "verb": "Đặt giá trị",
    }
    return render(request, "members/rule_edit.html", context, status=form_status(form))


def remove(request, pk):
    """Take back a value that the organisation laid."""
    row = get_for(request.user, Setting.objects.select_related("organisation"), "members.view_rules", pk=pk)
    require(request.user, _permission(row.organisation), row)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if attempt(request, form, service.end_rule, row, by=request.user, success="Đã bỏ quy định riêng."):
        return redirect(_address(row.organisation))
    context = {
        "form": form,
        "question": "Bỏ giá trị riêng này?",
        "consequence": _consequence(row),
        "verb": "Bỏ giá trị này",
        "risk": True,
        "back_url": _address(row.organisation),
        "back_name": "Quy định",
    }
    return render(request, "core/move.html", context, status=form_status(form))


def _permission(place):
    return "members.change_local_rule" if place.is_cell else "members.change_rule"


def _address(place):
    return f"{reverse('members:rules')}?{urlencode({'noi': place.slug})}"


def _place(request, places):
    """The organisation asked for; the first of one's own when none or a foreign one is."""
    wanted = request.GET.get("noi")
    return next((place for place in places if place.slug == wanted), places[0] if places else None)


def _choices(places, current):
    if len(places) < 2:
        return []
    url = reverse("members:rules")
    return [chip(url, place.short_name, current=place == current, noi=place.slug) for place in places]


def _rule(place, key):
    """(national row, value in force) of a rule that may be laid here; 404 for an unknown key, 403 for others'."""
    today = timezone.localdate()
    try:
        national, _ = queries.standing_rule(place, key, today)
    except Rule.DoesNotExist as error:
        raise Http404 from error
    if place.is_cell and not national.locally_settable:
        raise PermissionDenied
    return national, rulebook.value_of(place, key, today)


def _consequence(row):
    """What is taken back and what holds afterwards."""
    national, _ = queries.standing_rule(row.organisation, row.key, row.starts_on)
    return f"{national.title}: {row.value} {national.unit}".strip() + f". {_afterwards(row)}"


def _afterwards(row):
    today = timezone.localdate()
    if row.starts_on < today:
        return "Giá trị này hết hiệu lực sau hôm nay; từ ngày mai áp dụng quy định của cấp trên hoặc quy định chung."
    before = service.before_eve(row)
    if before is None:
        return f"Từ {date_text(row.starts_on)} áp dụng quy định của cấp trên hoặc quy định chung."
    return f"Giá trị trước đó ({before.value}) tiếp tục có hiệu lực sau {date_text(before.ends_on)}."
