"""One pledge: read, written with its deeds, handed in and answered, thrown away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from core.errors import Refused
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move, WrongState, actions_for
from pledges import queries
from pledges.forms import PLEDGE_FORMS
from pledges.services import deciding, writing
from pledges.states import MOVES, Period, PledgeState
from pledges.views.places import pledge_for
from pledges.wording import MOST_DEEDS
from pledges.writing_forms import PledgeForm, as_sent, as_typed

SAVED, SENT = "Đã lưu bản nháp.", "Đã gửi bản đăng ký cho chi ủy."
SUCCESS = {
    "submit": SENT,
    "take_back": "Đã rút bản đăng ký về; chi ủy không còn thấy bản này.",
    "register": "Đã xác nhận bản đăng ký, người đăng ký được báo.",
    "return": "Đã đề nghị sửa, người đăng ký được báo.",
    "reopen": "Đã mở lại bản đăng ký, người đăng ký được báo.",
}
DISCARD = Move(
    "Bỏ bản nháp", (), "", question="Bỏ bản nháp này?", risk=True,
    effect="Những gì đã viết mất hẳn, không lấy lại được.",
)  # fmt: skip


def pledge(request, year, pk):
    """The deeds with their progress, the commitment, the assessments, what can be done now."""
    user = request.user
    row = pledge_for(request, "pledges.view_pledge", year, pk, queries.whole(user))
    is_author, opened = user.has_perm("pledges.write_pledge", row), queries.year_of(row.cell, row.year)
    context = {
        "pledge": row,
        "heading": heading(user, row),
        "deeds": list(row.deeds.all()),
        "actions": actions_for(user, row),
        "primary": "register" if row.state == PledgeState.SUBMITTED else "submit",
        "writes": is_author and row.is_writable,
        "reports": is_author and row.state == PledgeState.REGISTERED,
        "may_discard": is_author and row.state == PledgeState.DRAFT and row.submitted_at is None,
        "periods": list(_periods(row, opened, is_author)),
    }
    return render(request, "pledges/pledge.html", context)


def heading(user, row):
    """Whose pledge it is."""
    if row.is_collective:
        return "Bản đăng ký của tập thể chi bộ"
    return "Bản đăng ký của tôi" if row.member_id == user.member_id else f"Bản đăng ký của đ/c {row.member}"


def _periods(row, opened, is_author):
    """(period, its assessment, the day it is wanted, whether it may be begun) of what was asked for."""
    papers = {paper.period: paper for paper in row.assessments.all()}
    for period in Period:
        due_on, paper = opened.due_of(period) if opened else None, papers.get(period)
        if paper or (due_on and row.state == PledgeState.REGISTERED):
            yield period, paper, due_on, paper is None and is_author


def write(request, year, pk):
    """The form; "them" adds a card and "bo" takes one out without judging; "gui" saves first, then hands in."""
    row = pledge_for(request, "pledges.write_pledge", year, pk)
    if request.method == "POST" and {"them", "bo"} & request.POST.keys():
        return _page(request, row, PledgeForm(pledge=row, typed=_reshaped(request.POST)))
    if request.method == "GET" and not row.is_writable:
        return redirect(row)
    sends, form = "gui" in request.POST, PledgeForm(posted(request), pledge=row)
    if not attempt(request, form, writing.save, row, by=request.user, success="" if sends else SAVED):
        return _page(request, row, form, undone="Chưa lưu được")
    row.refresh_from_db()
    return _send(request, row) if sends else redirect(row)


def _send(request, row):
    """What was just saved is judged as if it were sent again, so that each refusal stands at its field."""
    form = PledgeForm(as_sent(PledgeForm(pledge=row)), pledge=row)
    if form.is_valid() and not form.say_missing(queries.least_deeds(row.cell, row.year)):
        try:
            deciding.submit(row, by=request.user)
        except WrongState:  # the same click was faster
            return redirect(row)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, SENT)
            return redirect(row)
    return _page(request, row, form, undone="Đã lưu bản nháp nhưng chưa gửi được")


def _reshaped(data):
    number = data.get("bo", "")
    without = int(number) if number.isascii() and number.isdigit() else None
    return as_typed(data, more="them" in data, without=without)


def _page(request, row, form, undone="Chưa ghi được"):
    context = {
        "pledge": row, "form": form, "undone": undone, "most": MOST_DEEDS, "back_url": row.get_absolute_url(),
        "least": queries.least_deeds(row.cell, row.year), "next": len(form.cards) + 1,
    }  # fmt: skip
    return render(request, "pledges/write.html", context, status=422 if form.failed else 200)


def move(request, year, pk, action):
    """GET asks the question; POST acts."""
    row = pledge_for(request, f"pledges.{action}_pledge", year, pk)
    if action not in MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = PLEDGE_FORMS[action](posted(request))
    if attempt(request, form, deciding.STEPS[action], row, by=request.user, success=SUCCESS[action]):
        return redirect(row)
    context = {"obj": row, "step": MOVES[action], "form": form, "action": action}
    return render(request, "pledges/move.html", context, status=form_status(form))


def discard(request, year, pk):
    """Throw away a draft that was never handed in."""
    row = pledge_for(request, "pledges.write_pledge", year, pk)
    form = ConfirmForm(posted(request))
    if attempt(request, form, writing.discard, row, by=request.user, success="Đã bỏ bản nháp."):
        return redirect("pledges:year", year)
    context = {"obj": row, "step": DISCARD, "form": form}
    return render(request, "core/move.html", context, status=form_status(form))
