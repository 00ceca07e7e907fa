"""Shortcomings: the list until they are mended, one of them, its moves, a new one."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.states import actions_for
from reviews.forms import SHORTCOMING_FORMS, ShortcomingForm
from reviews.queries import pages
from reviews.services import mending
from reviews.turn_states import SHORTCOMING_MOVES, ShortcomingState
from reviews.views.places import headed_cell, in_confidence

DONE = {
    "follow": "Đã ghi kết quả khắc phục.",
    "mend": "Đã xác nhận khắc phục.",
    "reopen": "Hạn chế được theo dõi lại.",
}
FILTERS = (("", "Đang khắc phục", ShortcomingState.OPEN), ("xong", "Đã khắc phục", ShortcomingState.MENDED))


@in_confidence
def shortcomings(request):
    """What is being mended, or was; the nearest day first."""
    url, asked = reverse("reviews:shortcomings"), request.GET.get("loc", "")
    asked = asked if asked in {key for key, *_ in FILTERS} else ""
    state = next(state for key, _, state in FILTERS if key == asked)
    context = {
        "page": paginate(request, pages.shortcomings(request.user).filter(state=state)),
        "filters": [chip(url, label, current=key == asked, loc=key) for key, label, _ in FILTERS],
        "adds": headed_cell(request.user) is not None,
        "mended": state == ShortcomingState.MENDED,
    }
    return render(request, "reviews/shortcomings.html", context)


def _row(request, perm, pk):
    rows = pages.shortcomings(request.user).select_related("cell", "turn", "member", "owner")
    return get_for(request.user, rows, f"reviews.{perm}", pk=pk)


@in_confidence
def shortcoming(request, pk):
    """What is to be mended by whom and when, how it goes, what can be done now."""
    row = _row(request, "view_shortcoming", pk)
    context = {
        "shortcoming": row,
        "followups": pages.followups(row),
        "actions": actions_for(request.user, row),
        "turn": row.turn if row.turn_id and _sees(request.user, row) else None,
    }
    return render(request, "reviews/shortcoming.html", context)


def _sees(user, row):
    """Whether the page of the turn it comes from opens for the person."""
    return row.member_id == user.member_id or row.cell_id in user.committee_ids


@in_confidence
def move(request, pk, action):
    """GET asks the question; POST acts."""
    row = _row(request, f"{action}_shortcoming", pk)
    if action not in SHORTCOMING_MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = SHORTCOMING_FORMS[action](posted(request))
    if attempt(request, form, mending.STEPS[action], row, by=request.user, success=DONE[action]):
        return redirect(row)
    context = {"obj": row, "step": SHORTCOMING_MOVES[action], "form": form}
    return render(request, "core/move.html", context, status=form_status(form))


@in_confidence
def new(request):
    """The secretary or deputy writes one down."""
    cell = headed_cell(request.user)
    if cell is None or not request.user.has_perm("reviews.add_shortcoming", cell):
        raise PermissionDenied
    form, back = ShortcomingForm(posted(request), cell=cell), reverse("reviews:shortcomings")
    if attempt(request, form, mending.note, cell, by=request.user, success="Đã ghi, người khắc phục được báo."):
        return redirect(back)
    context = {
        "form": form, "heading": "Ghi hạn chế cần khắc phục", "verb": "Ghi hạn chế", "back_url": back,
        "back_name": "Hạn chế cần khắc phục",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))
