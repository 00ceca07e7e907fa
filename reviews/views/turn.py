"""One turn: its cover for whoever may know of it, what was said for whoever may read it, and what is said now."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.access import get_for, require
from core.forms import attempt, form_status, posted
from core.states import actions_for
from meetings.models import Meeting
from meetings.views import texts
from reviews.forms import TURN_FORMS, AnswerForm, RemarkForm, ReplyForm, WriteForm
from reviews.models import SelfReview
from reviews.queries import pages
from reviews.services import speaking, turning
from reviews.turn_states import TURN_MOVES, TurnState
from reviews.views.places import fits, in_confidence, turn_for

DONE = {
    "show": "Đã trình bày. Các đồng chí có mặt đọc được và góp ý.",
    "conclude": "Đã ghi kết luận, đồng chí được góp ý được báo.",
    "miss": "Đã ghi lượt này chưa thực hiện được.",
    "put_off": "Đã dời lượt, đồng chí đó được báo.",
}
SAVED = "Đã lưu. Chỉ riêng đồng chí xem được cho đến khi trình bày."
# what may be said in a turn: form, permission, service, message, the state in which it is asked for
SAYINGS = {
    "remark": (RemarkForm, "remark_turn", speaking.remark, "Đã ghi ý kiến góp ý.", TurnState.SHOWN),
    "answer": (AnswerForm, "answer_turn", speaking.answer, "Đã ghi tiếp thu, giải trình.", TurnState.SHOWN),
    "reply": (ReplyForm, "answer_turn", speaking.reply, "Đã ghi ý kiến thêm.", TurnState.CONCLUDED),
}


@in_confidence
def turn(request, pk):
    """Whose turn in which meeting; the texts for the author, and for who opened them today."""
    return _page(request, turn_for(request, "view_turn", pk))


def _page(request, row, said=None):
    """``said``: (name, form) that came back with a refusal."""
    user = request.user
    is_author = user.member_id == row.member_id
    review = pages.review_for(user, row)
    opened = review is not None and (is_author or pages.has_opened(user, review))
    context = {
        "turn": row, "is_author": is_author, "review": review, "opened": opened,
        "plans": row.cell_id in user.committee_ids,
        "sees_meeting": Meeting.objects.visible_to(user).filter(pk=row.meeting_id).exists(),
        "actions": [pair for pair in actions_for(user, row) if fits(row, pair[0])],
        "forms": [(name, form) for name, form in _forms(user, row, review, said) if form],
        **(_said(user, row, review, is_author) if opened else {}),
    }  # fmt: skip
    status = form_status(said[1]) if said else 200
    return render(request, "reviews/turn.html", context, status=status)


def _said(user, row, review, is_author):
    return {
        "remarks": pages.remarks(review),
        "shortcomings": pages.of_turn(user, row),
        "readings": pages.readings(review) if is_author else [],
    }


def _forms(user, row, review, said):
    """The forms of what the person may say now."""
    texts_now = {"answer": review.answer, "reply": review.reply} if review else {}
    for name, (form, perm, _, _, state) in SAYINGS.items():
        if said and said[0] == name:
            yield name, said[1]
        elif row.state == state and user.has_perm(f"reviews.{perm}", row):
            yield name, form(initial={"text": texts_now.get(name, "")}, auto_id=f"{name}-%s")


def _say(request, pk, name):
    form_class, perm, service, words, _ = SAYINGS[name]
    row = turn_for(request, perm, pk)
    form = form_class(request.POST, auto_id=f"{name}-%s")
    if attempt(request, form, service, row, by=request.user, success=words):
        return redirect(row)
    return _page(request, row, (name, form))


@require_POST
@in_confidence
def remark(request, pk):
    return _say(request, pk, "remark")


@require_POST
@in_confidence
def answer(request, pk):
    return _say(request, pk, "answer")


@require_POST
@in_confidence
def reply(request, pk):
    return _say(request, pk, "reply")


@require_POST
@in_confidence
def open_text(request, pk):
    """Reading what another has written is noted; then the page shows it today. Before the showing it is not there."""
    rows = SelfReview.objects.select_related("turn__meeting")
    review = get_for(request.user, rows, "reviews.view_selfreview", turn=pk)
    require(request.user, "reviews.open_turn", review.turn)
    speaking.open_(review, by=request.user)
    return redirect(review.turn)


@in_confidence
def write(request, pk):
    """The private draft: saves itself to the server while it is typed, nothing stays on the device."""
    row = turn_for(request, "write_turn", pk)
    review = SelfReview.objects.filter(turn=row).first() or SelfReview(turn=row)
    form = WriteForm(posted(request), initial={"text": review.text, "version": review.version})
    if texts.wants_autosave(request) and request.method == "POST":
        return texts.autosave(request, form, speaking.write, row)
    if request.method == "GET" and row.state != TurnState.PLANNED:
        return redirect(row)
    if attempt(request, form, speaking.write, row, by=request.user, success=SAVED):
        return redirect(row)
    context = {"turn": row, "form": form, "conflict": _conflict(form, review)}
    return render(request, "reviews/write.html", context, status=form_status(form))


def _conflict(form, review):
    """Both versions where another was saved first; the next save of this page is then the wanted one."""
    data = getattr(form, "cleaned_data", {})
    if "text" not in data or data.get("version", review.version) == review.version:
        return ""
    form.data = form.data.copy()
    form.data["version"] = str(review.version)
    return texts.conflict(data["text"], review.text, review.version)


@in_confidence
def move(request, pk, action):
    """GET asks the question; POST acts."""
    row = turn_for(request, f"{action}_turn", pk)
    if action not in TURN_MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = TURN_FORMS[action](posted(request), turn=row, user=request.user)
    if attempt(request, form, turning.STEPS[action], row, by=request.user):
        messages.success(request, DONE[action])
        return redirect(row)
    context = {"obj": row, "turn": row, "step": TURN_MOVES[action], "form": form, "action": action}
    return render(request, "reviews/move.html", context, status=form_status(form))
