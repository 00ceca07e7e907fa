"""Papers of a meeting: list and upload, download, mark as read, remove."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.downloads import stored_file
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move
from core.submissions import once
from meetings.forms.papers import PaperForm
from meetings.models import MeetingPaper
from meetings.queries import lists
from meetings.queries.people import invited
from meetings.services import papers as services
from meetings.services import preparation
from meetings.views.meeting import fetch, meta


def papers(request, pk):
    """All papers; the committee adds more and sees how many have read each."""
    post = request.method == "POST"
    meeting = fetch(request.user, "prepare_meeting" if post else "view_meeting", pk)
    prepares = request.user.has_perm("meetings.prepare_meeting", meeting) and meeting.state in services.OPEN
    data = (request.POST, request.FILES) if post else ()
    form = PaperForm(*data, meeting=meeting, initial={"item": request.GET.get("noi-dung")})
    if attempt(request, form, services.add_paper, meeting, by=request.user, success="Đã tải tài liệu lên."):
        return redirect("meetings:papers", pk)
    context = {
        "meeting": meeting,
        "meta": meta(meeting),
        "papers": list(lists.papers(meeting, request.user)),
        "people": len(invited(meeting)) if prepares else 0,
        "prepares": prepares,
        "reads": request.user.has_perm("meetings.read_paper", meeting),
        "form": form,
    }
    return render(request, "meetings/papers.html", context, status=form_status(form))


def _paper(request, pk, paper, perm):
    rows = MeetingPaper.objects.select_related("meeting__cell", "item")
    return get_for(request.user, rows, f"meetings.{perm}", pk=paper, meeting=pk)


def paper(request, pk, paper):
    """The file itself, always as an attachment: nothing in it runs here."""
    found = _paper(request, pk, paper, "view_meetingpaper")
    return stored_file(found.file, found.filename, found.mime)


@require_POST
def paper_read(request, pk, paper):
    """Mark as read."""
    found = _paper(request, pk, paper, "read_paper")
    form = ConfirmForm(request.POST)
    key = form.cleaned_data["submission"] if form.is_valid() else None
    once(request, key, preparation.mark_read, found, by=request.user)
    return redirect("meetings:papers", pk)


def paper_delete(request, pk, paper):
    found = _paper(request, pk, paper, "delete_meetingpaper")
    form = ConfirmForm(posted(request))
    back = reverse("meetings:papers", args=[pk])
    if attempt(request, form, services.remove_paper, found, by=request.user, success="Đã bỏ tài liệu."):
        return redirect(back)
    effect = f"Tệp “{found.title}” bị xóa hẳn, không lấy lại được."
    step = Move("Bỏ tài liệu", (), "", question="Bỏ tài liệu này?", effect=effect, risk=True)
    context = {"form": form, "step": step, "back_url": back}
    return render(request, "core/move.html", context, status=form_status(form))
