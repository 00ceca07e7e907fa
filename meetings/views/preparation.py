"""Opinions before the meeting, who will come, and what the secretary decides about excuses."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.errors import Refused
from core.forms import attempt, form_status, posted
from core.paging import paginate
from core.submissions import once
from meetings.forms.preparation import AnswerForm, DecisionForm, QuestionForm, ReplyForm
from meetings.models import Question, Reply
from meetings.queries import lists
from meetings.services import preparation
from meetings.states import State
from meetings.views.meeting import fetch, meta


def opinions(request, pk):
    """Send a question or opinion; own ones with their answers, for the committee all of them."""
    meeting = fetch(request.user, "ask_meeting" if request.method == "POST" else "view_meeting", pk)
    form = QuestionForm(posted(request), instance=Question(meeting=meeting), meeting=meeting)
    if attempt(request, form, preparation.ask, meeting, by=request.user, success="Đã gửi ý kiến."):
        return redirect("meetings:opinions", pk)
    everything = request.user.has_perm("meetings.prepare_meeting", meeting)
    context = {
        "meeting": meeting,
        "meta": meta(meeting),
        "page": paginate(request, lists.questions(meeting, request.user, all_of_them=everything)),
        "everything": everything,
        "answers": request.user.has_perm("meetings.answer_question", meeting) and not meeting.closed_at,
        "asks": meeting.state == State.NOTIFIED and request.user.has_perm("meetings.ask_meeting", meeting),
        "form": form,
    }
    return render(request, "meetings/opinions.html", context, status=form_status(form))


def answer(request, pk, question):
    rows = Question.objects.select_related("meeting", "member", "item")
    found = get_for(request.user, rows, "meetings.answer_question", pk=question, meeting=pk)
    form = AnswerForm(posted(request), initial={"answer": found.answer})
    back = reverse("meetings:opinions", args=[pk])
    if attempt(request, form, preparation.answer, found, by=request.user, success="Đã trả lời."):
        return redirect(back)
    context = {"form": form, "found": found, "heading": "Trả lời ý kiến", "verb": "Gửi câu trả lời", "back_url": back}
    return render(request, "meetings/answer.html", context, status=form_status(form))


def reply(request, pk):
    """ "Tôi sẽ dự", or ask to be excused with a reason."""
    meeting = fetch(request.user, "reply_meeting", pk)
    own = Reply.objects.filter(meeting=meeting, member=request.user.member_id).first()
    start = {"answer": request.GET.get("tra-loi") or (own.answer if own else ""), "reason": own.reason if own else ""}
    form = ReplyForm(posted(request), initial=start)
    if attempt(request, form, preparation.reply, meeting, by=request.user, success="Đã gửi trả lời."):
        return redirect(meeting)
    context = {
        "form": form,
        "heading": "Trả lời dự họp",
        "eyebrow": meeting.title,
        "meta": meta(meeting)[:2],
        "verb": "Gửi trả lời",
        "back_url": meeting.get_absolute_url(),
    }
    return render(request, "meetings/reply.html", context, status=form_status(form))


def replies(request, pk):
    """Who comes, who asks to be excused, who has said nothing; for the committee."""
    meeting = fetch(request.user, "prepare_meeting", pk)
    context = {
        "meeting": meeting,
        "meta": meta(meeting),
        "page": paginate(request, lists.replies(meeting)),
        "counts": lists.reply_counts(meeting),
        "silent": lists.silent(meeting),
        "decides": meeting.state == State.NOTIFIED and request.user.has_perm("meetings.decide_reply", meeting),
    }
    return render(request, "meetings/replies.html", context)


@require_POST
def decide(request, pk, reply):
    """Có lý do or không lý do."""
    rows = Reply.objects.select_related("meeting", "member")
    found = get_for(request.user, rows, "meetings.decide_reply", pk=reply, meeting=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refused("Chọn “Có lý do” hoặc “Không lý do”.")
    key, decision = form.cleaned_data["submission"], form.cleaned_data["decision"]
    once(request, key, preparation.decide, found, decision=decision, by=request.user)
    return redirect("meetings:replies", pk)
