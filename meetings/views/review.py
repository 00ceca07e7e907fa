"""The review of last month on a page of its own, where cause and remedy of each thing are written."""

from django.shortcuts import redirect, render
from django.urls import reverse

from core.forms import attempt, form_status, posted
from meetings.forms.agenda import WhyForm
from meetings.queries import review as queries
from meetings.queries.session import record_state
from meetings.services import carrying
from meetings.states import HELD, State
from meetings.views.meeting import fetch, meta


def review(request, pk):
    """Every line with its form for those who may write; POST stores the one of ``key``."""
    meeting = fetch(request.user, "review_meeting" if request.method == "POST" else "view_meeting", pk)
    form = WhyForm(posted(request), auto_id=False)
    words = "Đã ghi nguyên nhân, hướng xử lý."
    if attempt(request, form, carrying.save_why, meeting, by=request.user, success=words):
        return redirect(f"{reverse('meetings:review', args=[pk])}#{_anchor(form['key'].value())}")
    found = queries.sheet(meeting, request.user)
    writes = request.user.has_perm("meetings.review_meeting", meeting) and _is_open(meeting)
    context = {
        "meeting": meeting,
        "meta": meta(meeting),
        "review": found,
        "rows": [_row(line, form, writes) for line in found.lines],
        "form": form,
        "keeps": meeting.state in HELD and request.user.has_perm("meetings.keep_meeting", meeting),
    }
    return render(request, "meetings/review.html", context, status=form_status(form))


def _is_open(meeting) -> bool:
    return meeting.state != State.CANCELLED and (meeting.state not in HELD or record_state(meeting) == "open")


def _anchor(key) -> str:
    return (key or "").replace(":", "-")


def _row(line, form, writes):
    """A line with its form: the refused one as it was typed, the others as they are stored."""
    typed = form.is_bound and form["key"].value() == line.key
    auto_id = f"{_anchor(line.key)}-%s"
    own = form if typed else WhyForm(initial={"key": line.key, "why": line.why}, auto_id=auto_id)
    return {
        "line": line,
        "anchor": _anchor(line.key),
        "form": own if writes and not line.is_done else None,
        "open": typed,
    }
