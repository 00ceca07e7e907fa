"""Pages of what people were told."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from members.models import Member
from notices import queries
from notices.forms import ChannelForm, SeenForm
from notices.models import Notice
from notices.services import mail, reading


def listing(request):
    """My notices; for the committee also everything its cell sent."""
    in_committee = bool(request.user.committee_ids)
    of_cell = in_committee and request.GET.get("muc") == "chi-bo"
    if not of_cell:
        page = paginate(request, queries.mine(request.user))
        context = {"page": page, "now": timezone.now().isoformat(), "new": any(row.seen_at is None for row in page)}
        return render(request, "notices/list.html", context | {"tabs_shown": in_committee, "sections": _tabs("")})
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


def person(request, pk):
    """Everything the cell told one of its people, with what became of each; for its committee."""
    if not request.user.committee_ids:
        raise Http404
    member = get_for(request.user, Member.objects, "notices.view_person", pk=pk)
    rows = queries.told(request.user, member)
    context = {"member": member, "counts": queries.counts(rows), "page": paginate(request, rows)}
    return render(request, "notices/person.html", context)


@require_POST
def seen(request):
    """All of mine that the list showed counts as seen; the list posts this by itself after it was shown."""
    if not attempt(request, SeenForm(posted(request)), reading.mark_seen, request.user.member):
        return redirect("notices:list")  # no time that the list wrote: it is shown again and sends its own
    if request.htmx:
        return render(request, "notices/_seen.html", {"number": queries.unseen_by(request.user.pk)})
    messages.success(request, "Đã đánh dấu mọi thông báo là đã xem.")
    return redirect("notices:list")


def settings(request):
    """How I want to be told."""
    member = request.user.member
    form = ChannelForm(posted(request), initial={"channel": queries.own_choices(member.pk)["channel"]})
    if attempt(request, form, reading.choose_channel, member, by=request.user, success="Đã ghi cách nhận thông báo."):
        return redirect("me")
    return render(request, "notices/settings.html", {"form": form, "member": member}, status=form_status(form))
