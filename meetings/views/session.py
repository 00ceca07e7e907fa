"""The page of the meeting in session: agenda, speeches, conclusion, tasks."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move
from meetings.forms.session import PostponeForm, SpeechForm, TaskForm, conclusion_text, speech_text
from meetings.forms.votes import count_form
from meetings.models import AgendaItem, Meeting, Speech
from meetings.queries import review
from meetings.queries.console import console, for_console, line, speaker_choices
from meetings.queries.session import away_choice, people_of_day, present_members, record_state
from meetings.services import speeches, tasks
from meetings.states import State, VoteState
from meetings.views import texts

KEEP = "meetings.keep_meeting"
DELETE_SPEECH = Move("Xóa phát biểu", (), "", question="Xóa phát biểu này?", risk=True)
SHOWN = 12  # rows of the sheet on this page; the whole sheet has its own


def kept(user, pk):
    """The meeting, for whoever keeps its record."""
    return get_for(user, for_console(Meeting.objects), KEEP, pk=pk)


def kept_item(user, pk, item):
    """An item of the meeting, for whoever keeps its record."""
    return get_for(user, AgendaItem.objects.filter(meeting=pk).select_related("meeting__cell__parent"), KEEP, pk=item)


def back_to(item, anchor=""):
    """The address of the console at an item."""
    return f"{reverse('meetings:session', args=[item.meeting_id])}?item={item.pk}{anchor}"


def back_to_sheet(pk, anchor=""):
    """The address of the attendance sheet."""
    return f"{reverse('meetings:attendance', args=[pk])}{anchor}"


def number(text):
    """A number out of the address, or None."""
    return int(text) if text and text.isdecimal() else None


def session(request, pk):
    """The console at ``?item=``; ``?sua=`` opens one speech for writing."""
    meeting = kept(request.user, pk)
    return show(request, meeting, number(request.GET.get("item")), editing=number(request.GET.get("sua")))


def show(request, meeting, item_pk, *, editing=None, forms=None):
    """Render the console; ``forms`` are the bound ones of a refused POST."""
    page, forms = console(meeting, item_pk), forms or {}
    record = record_state(meeting)
    context = texts_of(page, editing, forms) | {
        "meeting": meeting,
        "page": page,
        "in_session": meeting.state == State.IN_SESSION,
        "record": record,
        "review": review.sheet(meeting, request.user) if page.reviews_here else None,
        "can_edit": record == "open",
        "may_mark": record != "sealed",
        "lines": [line(row, away_choice(row)) for row in page.exceptions[:SHOWN]],
        "count_form": open_count_form(page),
        "bound": list(forms.values()),
        "can_close": request.user.has_perm("meetings.close_meeting", meeting),
    }
    return render(request, "meetings/session.html", context, status=422 if forms else 200)


def texts_of(page, editing, forms) -> dict:
    """The item and its forms: a new speech, the speech being written, the conclusion."""
    item = page.stop.item if page.stop else None
    speech = next((each for each in page.speeches if each.pk == editing), None)
    return {
        "item": item,
        "editing": speech,
        "speech_form": forms.get("speech") or SpeechForm(choices=speaker_choices(page)),
        "text_form": forms.get("text") or (speech_text(speech) if speech else None),
        "conclusion_form": forms.get("conclusion") or (conclusion_text(item) if item else None),
    }


def open_count_form(page):
    """The form that closes the open vote of this item, if there is one."""
    vote = next((tally.vote for tally in page.tallies if tally.vote.state == VoteState.OPEN), None)
    return count_form(vote, present_members(page.rows)) if vote else None


@require_POST
def go(request, pk, item):
    """The meeting turns to an item."""
    item = kept_item(request.user, pk, item)
    attempt_or_tell(request, speeches.go_to, item)
    return redirect(back_to(item))


@require_POST
def postpone(request, pk, item):
    """The item is left to the next meeting."""
    item = kept_item(request.user, pk, item)
    form = PostponeForm(request.POST)
    attempt_or_tell(request, speeches.postpone_item, item, form=form, success="Đã chuyển sang buổi sau")
    return redirect(back_to(item))


def attempt_or_tell(request, service, obj, *, form=None, success=""):
    """A button with no page of its own: a refusal becomes a message on the page that is shown next."""
    form = form or ConfirmForm(request.POST)
    if not attempt(request, form, service, obj, by=request.user, success=success):
        for sentence in [each for found in form.errors.values() for each in found]:
            messages.error(request, sentence)


@require_POST
def speech_add(request, pk, item):
    """Somebody spoke."""
    item = kept_item(request.user, pk, item)
    form = SpeechForm(request.POST, choices=speaker_choices(console(kept(request.user, pk), item.pk)))
    if attempt(request, form, speeches.add_speech, item, by=request.user, success="Đã ghi phát biểu"):
        return redirect(back_to(item, "#hi"))
    return show(request, kept(request.user, pk), item.pk, forms={"speech": form})


def speech(request, pk, speech):
    """POST stores the words of a speech, by itself or by the button; GET opens it on the console."""
    row = get_for(request.user, speeches_of(pk), KEEP, pk=speech)
    address = f"{back_to(row.item)}&sua={row.pk}#phat-bieu-{row.pk}"
    if request.method != "POST":
        return redirect(address)
    form = speech_text(row, request.POST)
    if texts.wants_autosave(request):
        return texts.autosave(request, form, speeches.save_speech, row)
    names = {"text": "text", "version": "version"}
    if texts.save(request, form, speeches.save_speech, row, **names, success="Đã ghi phát biểu"):
        return redirect(back_to(row.item, f"#phat-bieu-{row.pk}"))
    return show(request, kept(request.user, pk), row.item_id, editing=row.pk, forms={"text": form})


def speeches_of(pk):
    """Speeches of a meeting."""
    return Speech.objects.filter(item__meeting=pk).select_related("item__meeting__cell", "member", "guest")


def speech_delete(request, pk, speech):
    """GET asks, POST takes the speech back."""
    row = get_for(request.user, speeches_of(pk), KEEP, pk=speech)
    form = ConfirmForm(posted(request))
    if attempt(request, form, speeches.remove_speech, row, by=request.user, success="Đã xóa phát biểu"):
        return redirect(back_to(row.item, "#hi"))
    consequence = f"Phát biểu của {row.speaker} không còn trong biên bản."
    context = {"form": form, "step": DELETE_SPEECH, "consequence": consequence, "back_url": back_to(row.item)}
    return render(request, "core/move.html", context, status=form_status(form))


@require_POST
def conclusion(request, pk, item):
    """Store the chair's conclusion, by itself or by the button."""
    item = kept_item(request.user, pk, item)
    form = conclusion_text(item, request.POST)
    if texts.wants_autosave(request):
        return texts.autosave(request, form, speeches.save_conclusion, item, version="conclusion_version")
    names = {"text": "conclusion", "version": "conclusion_version"}
    if texts.save(request, form, speeches.save_conclusion, item, **names, success="Đã ghi kết luận"):
        return redirect(back_to(item, "#kl"))
    return show(request, kept(request.user, pk), item.pk, forms={"conclusion": form})


def task_new(request, pk, item):
    """Give a task out of the item's conclusion."""
    item = kept_item(request.user, pk, item)
    initial = {"audience": tasks.audience_of(item.meeting)}
    form = TaskForm(posted(request), people=people_of_day(item.meeting), initial=initial)
    if attempt(request, form, tasks.give_from_item, item, by=request.user, success="Đã giao nhiệm vụ"):
        return redirect(back_to(item, "#kl"))
    context = {
        "form": form, "heading": "Giao nhiệm vụ từ kết luận", "eyebrow": item.title, "verb": "Giao nhiệm vụ",
        "back_url": back_to(item, "#kl"), "back_name": "Điều hành buổi họp", "draft_key": f"task-item-{item.pk}",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))
