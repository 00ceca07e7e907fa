"""The attendance sheet, guests, chair and clerk."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import paginate
from meetings.forms.session import GuestForm, MarkForm, OfficersForm
from meetings.models import Attendance, Guest
from meetings.queries.console import line
from meetings.queries.session import (
    away_choice,
    counts,
    officer_choices,
    record_state,
    sheet,
    suggested_chair,
    unexcused_this_year,
)
from meetings.services import attendance as services
from meetings.states import State
from meetings.views.session import KEEP, attempt_or_tell, back_to_sheet, kept

PER_PAGE = 60


def attendance(request, pk):
    """The whole sheet."""
    return show(request, kept(request.user, pk))


def show(request, meeting, *, bound=None, guest_form=None):
    """Render the sheet; ``bound`` is (row, form) of a refused mark."""
    rows, guests = list(sheet(meeting)), list(meeting.guests.all())
    page = paginate(request, rows, PER_PAGE)
    missed = unexcused_this_year(meeting)
    refused = {bound[0].pk: bound[1]} if bound else {}
    context = {
        "meeting": meeting,
        "page": page,
        "lines": [line(row, away_choice(row), missed.get(row.member_id, 0), refused.get(row.pk)) for row in page],
        "counts": counts(rows, guests),
        "guests": guests,
        "guest_form": guest_form or GuestForm(),
        "forms": [form for form in (*refused.values(), guest_form) if form],
        "record": record_state(meeting),
        "in_session": meeting.state == State.IN_SESSION,
    }
    return render(request, "meetings/attendance.html", context, status=422 if context["forms"] else 200)


def attendance_mark(request, pk, attendance):
    """POST marks one row: htmx gets the row back, without script one returns to it."""
    rows = Attendance.objects.filter(meeting=pk).select_related("meeting__cell__parent", "member")
    row = get_for(request.user, rows, KEEP, pk=attendance)
    form = MarkForm(posted(request), auto_id=f"id_{row.pk}_%s")
    done = attempt(request, form, services.mark, row, by=request.user)
    if request.htmx and form.is_bound:
        return mark_fragment(request, row, None if done else form)
    if done or not form.is_bound:
        return redirect(back_to_sheet(row.meeting_id, f"#att-{row.pk}"))
    return show(request, kept(request.user, pk), bound=(row, form))


def mark_fragment(request, row, form):
    """The row as it stands now (or as it was refused), and the counts beside it."""
    if form is None:
        row.refresh_from_db(fields=["presence", "reason", "arrived_at", "left_at"])
    rows, guests = list(sheet(row.meeting)), list(row.meeting.guests.all())
    missed = unexcused_this_year(row.meeting).get(row.member_id, 0)
    context = {
        "meeting": row.meeting, "line": line(row, away_choice(row), missed, form), "counts": counts(rows, guests),
        "oob": True, "editable": True,
    }  # fmt: skip
    return render(request, "meetings/_att_answer.html", context, status=422 if form else 200)


@require_POST
def all_present(request, pk):
    """ "Tất cả có mặt"."""
    meeting = kept(request.user, pk)
    attempt_or_tell(request, services.mark_all_present, meeting, success="Đã điểm danh có mặt cho những người chưa ghi")
    return redirect(back_to_sheet(pk))


@require_POST
def guest_add(request, pk):
    """A guest came."""
    meeting = kept(request.user, pk)
    form = GuestForm(request.POST)
    if attempt(request, form, services.add_guest, meeting, by=request.user, success="Đã ghi khách dự"):
        return redirect(back_to_sheet(pk, "#khach"))
    return show(request, meeting, guest_form=form)


@require_POST
def guest_remove(request, pk, guest):
    """A guest was written down by mistake."""
    guest = get_for(request.user, Guest.objects.filter(meeting=pk).select_related("meeting"), KEEP, pk=guest)
    attempt_or_tell(request, services.remove_guest, guest, success="Đã bỏ khách khỏi danh sách")
    return redirect(back_to_sheet(pk, "#khach"))


def officers(request, pk):
    """Who chairs and who keeps the minutes; the deputy is suggested when the secretary is away."""
    meeting = kept(request.user, pk)
    suggested = suggested_chair(meeting)
    first = {"chair": meeting.chair_id or getattr(suggested, "pk", None), "clerk": meeting.clerk_id}
    form = OfficersForm(posted(request), people=officer_choices(meeting), initial=first)
    if attempt(request, form, services.name_officers, meeting, by=request.user, success="Đã ghi chủ trì và thư ký"):
        return redirect(reverse("meetings:session", args=[pk]))
    context = {
        "form": form, "heading": "Chủ trì và thư ký", "eyebrow": meeting.title, "verb": "Ghi chủ trì và thư ký",
        "back_url": reverse("meetings:session", args=[pk]), "back_name": "Điều hành buổi họp",
        "intro": hint(meeting, suggested),
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def hint(meeting, suggested) -> str:
    """The sentence above the form: who should chair."""
    if suggested is None:
        return "Bí thư và phó bí thư đều vắng. Buổi họp cử một đồng chí chủ trì."
    if meeting.chair_id == suggested.pk:
        return ""
    return f"Đề nghị đồng chí {suggested.full_name} chủ trì."
