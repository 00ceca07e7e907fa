"""Pages of what people were told."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse

from core.access import get_for
from core.paging import chip, paginate
from notices import queries
from notices.models import Notice
from notices.services import mail


def listing(request):
    """My notices; for the committee also everything its cell sent."""
    in_committee = bool(request.user.committee_ids)
    of_cell = in_committee and request.GET.get("muc") == "chi-bo"
    if not of_cell:
        page = paginate(request, queries.mine(request.user))
        return render(request, "notices/list.html", {"page": page, "tabs_shown": in_committee, "sections": _tabs("")})
    outcome, group = request.GET.get("ket-qua", ""), request.GET.get("loai", "")
    context = {
        "page": paginate(request, queries.of_cells(request.user, outcome, group)),
        "tabs_shown": True,
        "of_cell": True,
        "sections": _tabs("chi-bo"),
        "outcomes": _chips("ket-qua", outcome, {key: row[1] for key, row in queries.OUTCOMES.items()}, loai=group),
        "groups": _chips("loai", group, queries.GROUPS, **{"ket-qua": outcome}),
    }
    return render(request, "notices/list.html", context)


def _tabs(current):
    url = reverse("notices:list")
    return [
        chip(url, "Gửi cho tôi", current=not current),
        chip(url, "Của chi bộ", current=current == "chi-bo", muc="chi-bo"),
    ]


def _chips(name, current, labels, **kept):
    """Chips of one filter; the other filter is kept in their addresses."""
    url, kept = reverse("notices:list"), {"muc": "chi-bo", **kept}
    everything = chip(url, "Tất cả", current=current not in labels, **kept)
    return [
        everything,
        *(chip(url, text, current=key == current, **kept, **{name: key}) for key, text in labels.items()),
    ]


def detail(request, pk):
    """One notice: what was said, to whom, and what became of it."""
    rows = Notice.objects.select_related("recipient", "cell")
    notice = get_for(request.user, rows, "notices.view_notice", pk=pk)
    return render(request, "notices/detail.html", {"notice": notice, "text": mail.text_of(notice)})


def phone_list(request):
    """Whom to call: people no mail could reach, for print."""
    if not request.user.committee_ids:
        raise PermissionDenied
    page = paginate(request, queries.not_reached(request.user), per_page=100)
    return render(request, "notices/phone_list.html", {"page": page, "days": queries.PHONE_DAYS})
