"""Votes: putting a matter, opening, counting, closing."""

from django.shortcuts import redirect, render

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move, permission
from meetings.forms.votes import VoteForm, count_form
from meetings.models import Vote
from meetings.queries.ballots import tally
from meetings.queries.session import counts, present_members, record_state, sheet
from meetings.services import voting
from meetings.states import State, VoteState
from meetings.views.session import KEEP, back_to, kept_item

DONE = {"open": "Đã mở biểu quyết", "reset": "Đã lấy lại biểu quyết", "close": "Đã chốt kết quả biểu quyết"}

REMOVE = Move(
    "Bỏ vấn đề này",
    (),
    "",
    question="Bỏ vấn đề biểu quyết này?",
    effect="Vấn đề này không còn trong buổi họp.",
    risk=True,
)


def votes_of(pk):
    """Votes of a meeting."""
    return Vote.objects.filter(item__meeting=pk).select_related(
        "item__meeting__cell__parent__parent", "teller_1", "teller_2"
    )


def vote_new(request, pk, item):
    """Put a matter to the vote on an item."""
    item = kept_item(request.user, pk, item)
    form = VoteForm(posted(request), initial={"matter": item.decide or item.title})
    if attempt(request, form, voting.propose_vote, item, by=request.user, success="Đã ghi vấn đề biểu quyết"):
        return redirect(back_to(item, "#hv"))
    context = {
        "form": form, "heading": "Vấn đề biểu quyết", "eyebrow": item.title, "verb": "Ghi vấn đề biểu quyết",
        "back_url": back_to(item, "#hv"), "back_name": "Điều hành buổi họp", "draft_key": f"vote-item-{item.pk}",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def vote(request, pk, vote):
    """A vote with its arithmetic; while it is open, the form that closes it."""
    return show(request, get_for(request.user, votes_of(pk), KEEP, pk=vote))


def show(request, row, form=None):
    """Render the page of a vote; ``form`` is the bound one of a refused closing."""
    meeting = row.item.meeting
    rows = list(sheet(meeting))
    if form is None and row.state == VoteState.OPEN:
        form = count_form(row, present_members(rows))
    context = {
        "meeting": meeting,
        "item": row.item,
        "tally": tally(row, meeting, rows),
        "form": form,
        "counts": counts(rows, []),
        "in_session": meeting.state == State.IN_SESSION,
        "record": record_state(meeting),
        "console_url": back_to(row.item, "#hv"),
    }
    return render(request, "meetings/vote.html", context, status=form_status(form) if form else 200)


def vote_do(request, pk, vote, action):
    """GET asks the question of a move, POST acts. Closing asks on the page of the vote."""
    row = get_for(request.user, votes_of(pk), permission(Vote, action), pk=vote)
    data = posted(request)
    form = closing_form(row, data) if action == "close" else ConfirmForm(data)
    if attempt(request, form, voting.STEPS[action], row, by=request.user, success=DONE[action]):
        return redirect(back_to(row.item, "#hv"))
    if action == "close":
        row.refresh_from_db(fields=["state", "agree", "passed"])
        return show(request, row, form if row.state == VoteState.OPEN or form.is_bound else None)
    context = {"form": form, "obj": row, "step": Vote.MOVES[action], "back_url": back_to(row.item, "#hv")}
    return render(request, "core/move.html", context, status=form_status(form))


def closing_form(row, data):
    """The form that closes a vote, with those present as tellers."""
    return count_form(row, present_members(sheet(row.item.meeting)), data)


def vote_delete(request, pk, vote):
    """GET asks, POST takes a matter off that has not been opened."""
    row = get_for(request.user, votes_of(pk), KEEP, pk=vote)
    form = ConfirmForm(posted(request))
    if attempt(request, form, voting.remove_vote, row, by=request.user, success="Đã bỏ vấn đề biểu quyết"):
        return redirect(back_to(row.item, "#hv"))
    context = {"form": form, "obj": row, "step": REMOVE, "back_url": back_to(row.item, "#hv")}
    return render(request, "core/move.html", context, status=form_status(form))
