"""List, new, page and moves of a meeting."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core.access import get_for, require
from core.columns import own
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.states import actions_for
from core.vietnamese import date_text, weekday
from meetings.forms.meeting import FORMS, MeetingForm, PlainForm
from meetings.models import Meeting
from meetings.queries import agenda, checks, lists, review, stepper
from meetings.queries import planned as proposal
from meetings.reviewing import review_item
from meetings.services import lifecycle
from meetings.services import year as year_plan
from meetings.services.announcing import key_of
from meetings.states import HELD, MOVES, Kind, State
from notices.queries import waiting as queued

RELATED = ("chair", "clerk", "parent", *stepper.RELATED)
SHOWN = [*own(Meeting), "chair__full_name", "clerk__full_name", "parent__starts_at", *stepper.COLUMNS]
WARNED = ("agree", "notify", "open")  # what is not fine is shown beside these questions; it warns and never blocks
DONE = {
    "agree": "Chi ủy đã thống nhất chương trình.",
    "revise": "Đã lấy lại bản soạn.",
    "notify": "Đã thông báo họp.",
    "reschedule": "Đã đổi lịch họp.",
    "open": "Đã khai mạc.",
    "close": "Đã ghi giờ bế mạc.",
    "cancel": "Đã hủy buổi họp.",
}
TELLS = {"notify": "notified", "reschedule": "changed", "cancel": "cancelled"}  # see announcing.announce


def fetch(user, perm, pk, dress=lambda rows: rows):
    """The meeting with everything its pages show; ``dress`` may annotate more."""
    rows = dress(review.for_review(Meeting.objects.select_related(*RELATED).only(*SHOWN)))
    meeting = get_for(user, rows, f"meetings.{perm}", pk=pk)
    if user.home_cell and meeting.cell_id == user.home_cell.pk:
        meeting.cell = user.home_cell  # at hand already, with its superior
    return meeting


def meta(meeting):
    """The line under the heading."""
    local = timezone.localtime(meeting.starts_at)
    chair = f"Chủ trì: đ/c {meeting.chair.full_name}" if meeting.chair else "Chưa có chủ trì"
    return [f"{weekday(local)}, {date_text(local)}, {local:%H:%M}", meeting.place, chair]


def meeting_list(request):
    """Meetings of a year, by kind; what the person is to prepare; months without a regular meeting."""
    user, cell = request.user, request.user.home_cell
    year = _year(request.GET.get("nam", ""))
    kind = request.GET.get("loai", "")
    prepares = cell is not None and user.has_perm("meetings.add_meeting", cell)
    context = {
        "page": paginate(request, lists.meetings_of(user, year, kind)),
        "year": year,
        "years": [_chip(str(each), each, kind, each == year) for each in lists.years(user)],
        "kinds": [_chip("Tất cả", year, "", not kind), *(_chip(k.label, year, k, k == kind) for k in Kind)],
        "prepares": prepares,
        "missing": lists.missing_months(cell, year) if prepares else [],
        "given": [] if prepares else agenda.given_to(user)[:10],
        "several": len(user.cell_ids) > 1,
    }
    return render(request, "meetings/list.html", context)


def _year(text) -> int:
    """The year asked for; this one for anything that is none."""
    return int(text) if re.fullmatch("[1-9][0-9]{3}", text) else timezone.localdate().year


def _chip(label, year, kind, current):
    return chip(reverse("meetings:list"), label, current=current, nam=year, loai=kind)


def new(request):
    cell = request.user.home_cell
    require(request.user, "meetings.add_meeting", cell)
    start, planned = proposal.new_meeting(cell)
    start.chair, start.clerk = lists.officers(cell, start.day)
    form = MeetingForm(posted(request), instance=start)
    if attempt(request, form, year_plan.create_in_plan, by=request.user, success="Đã lập cuộc họp."):
        return redirect("meetings:agenda", start.pk) if start.pk else redirect("meetings:list")
    context = {
        "form": form,
        "heading": "Cuộc họp mới",
        "verb": "Lập cuộc họp",
        "back_url": reverse("meetings:list"),
        "is_new": True,
        "planned": planned,
    }
    return render(request, "meetings/form.html", context, status=form_status(form))


def edit(request, pk):
    meeting = fetch(request.user, "change_meeting", pk)
    form = MeetingForm(posted(request), instance=meeting)
    heading, back = meeting.title, meeting.get_absolute_url()
    if attempt(request, form, lifecycle.update_meeting, by=request.user, success="Đã lưu cuộc họp."):
        return redirect(back)
    context = {"form": form, "heading": f"Sửa: {heading}", "verb": "Lưu cuộc họp", "back_url": back}
    return render(request, "meetings/form.html", context, status=form_status(form))


def detail(request, pk):
    """The page of a meeting, for whoever may see it: agenda, papers, what to do next."""
    meeting = fetch(request.user, "view_meeting", pk)
    user = request.user
    papers = list(lists.papers(meeting, user))
    rows = agenda.items(meeting, papers)
    prepares = user.has_perm("meetings.prepare_meeting", meeting)
    context = {
        "meeting": meeting,
        "papers": papers,
        **_plan(meeting, rows, review.sheet(meeting, user)),
        "checks": checks.checks(meeting, rows) if prepares and meeting.is_hidden else [],
        "actions": _primary_first(actions_for(user, meeting), _primary(meeting)),
        "seen": agenda.fingerprint(meeting, rows, papers),
        "primary": _primary(meeting),
        **_own(meeting, user, prepares),
        **_papers_of(meeting, user),
    }
    return render(request, "meetings/detail.html", context)


def _plan(meeting, rows, reviewed):
    """Heading, steps and the agenda with its times; the review under its item, else alone."""
    return {
        "review": reviewed if review_item(rows) is None else None,
        "meta": meta(meeting),
        "steps": stepper.steps(meeting),
        "parts": agenda.parts(meeting, rows, reviewed),
        "total": agenda.total(rows),
        "ends_at": agenda.ends_at(meeting, rows),
    }


def _primary(meeting) -> str:
    """The move that is next, one red button a page: opening only from the day of the meeting on."""
    if meeting.state == State.AGREED:
        return "notify"
    return "open" if meeting.state == State.NOTIFIED and meeting.day <= timezone.localdate() else ""


def _primary_first(actions, primary):
    return sorted(actions, key=lambda pair: pair[0] != primary)


def _papers_of(meeting, user):
    """Whether the person may read the minutes now, and where the resolution stands for them ("" when nowhere)."""
    reads = meeting.opened_at is not None and user.has_perm("meetings.view_minutes", meeting)
    passed = stepper.paper_of(meeting, "resolution")
    if meeting.state != State.CANCELLED and user.has_perm("meetings.change_resolution", meeting):
        return {"reads": reads, "resolution_url": reverse("meetings:resolution", args=[meeting.pk])}
    return {"reads": reads, "resolution_url": meeting.resolution.get_absolute_url() if passed else ""}


def _own(meeting, user, prepares):
    """What the person has said, and what the committee sees of the others."""
    told = meeting.notified_at is not None and meeting.state not in (State.DRAFT, State.AGREED)
    return {
        "expected": told and user.has_perm("meetings.reply_meeting", meeting),
        "asks_now": meeting.state == State.NOTIFIED,
        "own_reply": meeting.replies.filter(member=user.member_id).first() if told else None,
        "questions": list(lists.questions(meeting, user, all_of_them=False)) if told else [],
        "counts": lists.reply_counts(meeting) if told and prepares and meeting.state == State.NOTIFIED else None,
        "prepares": prepares,
        "held": meeting.state in HELD,
        "keeps": user.has_perm("meetings.keep_meeting", meeting),
    }


def move(request, pk, action):
    """GET asks the question with the form of the move, if any; POST acts."""
    meeting = fetch(request.user, f"{action}_meeting", pk)
    if action not in MOVES:  # a right of that name may exist all the same
        raise PermissionDenied
    form = FORMS.get(action, PlainForm)(posted(request), meeting=meeting)
    late = action == "notify" and checks.is_late(meeting)
    if attempt(request, form, lifecycle.STEPS[action], meeting, by=request.user):
        messages.success(request, _said(meeting, action))
        if late:
            messages.warning(request, f"{checks.LATE} Lý do gửi chậm nên được nêu tại buổi họp.")
        return _after(request.user, meeting, action)
    context = {"obj": meeting, "step": MOVES[action], "form": form, "checks": _to_see(request, meeting, action, form)}
    context["stale"] = form.is_bound and not MOVES[action].allows(meeting)
    return render(request, "meetings/move.html", context, status=form_status(form))


def _said(meeting, action):
    """What was done, and how many notices it put in line: they leave within minutes, their outcomes have a page."""
    number = queued(f"{key_of(meeting)}:{TELLS[action]}") if action in TELLS else 0
    if not number:
        return DONE[action]
    url = reverse("meetings:notices", args=[meeting.pk])
    words = '{} Đã xếp {} thông báo để gửi. <a href="{}">Xem kết quả gửi</a>'
    return format_html(words, DONE[action], number, url)


def _to_see(request, meeting, action, form):
    """What is not fine; first of all that the agenda is no longer the one on the page that led here (``?xem=``)."""
    seen, now = request.POST.get("seen") or request.GET.get("xem"), form.initial.get("seen")
    unseen = [checks.unseen(meeting)] if now and seen and seen != now else []
    return unseen + (checks.to_see(meeting, action, getattr(form, "rows", None)) if action in WARNED else [])


def _after(user, meeting, action):
    """To the next piece of work, for those who keep the record of the meeting as it is now."""
    meeting.refresh_from_db(fields=["chair", "clerk", "state"])
    pages = {"open": "meetings:session", "close": "meetings:minutes"}
    if action in pages and user.has_perm("meetings.keep_meeting", meeting):
        return redirect(pages[action], meeting.pk)
    return redirect(meeting)
