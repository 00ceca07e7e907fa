"""The agenda: working page, items, order, proposals, the presenter's own page, the printed agenda."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.downloads import made_pdf
from core.errors import Refused
from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move, actions_for
from core.submissions import once
from documents.rendering import render as render_pdf
from meetings.forms.agenda import DraftForm, DropForm, ItemForm, LaterForm
from meetings.forms.papers import PaperForm
from meetings.models import AgendaItem
from meetings.queries import agenda as queries
from meetings.queries import checks, lists, printing, review, stepper
from meetings.reviewing import review_item
from meetings.services import agenda, carrying, papers
from meetings.states import State
from meetings.views.meeting import fetch, meta

UPLOAD_ID = "tep_%s"  # two forms stand on the page of an item
LATER = Move(
    "Để buổi sau", (), "", question="Để nội dung này sang buổi sau?",
    effect="Nội dung rời chương trình này, tự vào bản soạn của buổi thường kỳ tiếp theo.",
)  # fmt: skip
DROP = Move(
    "Không bàn nữa", (), "", question="Không bàn nội dung này nữa?", risk=True,
    effect="Nội dung rời chương trình và không vào buổi nào nữa. Lý do được lưu trong cả quá trình của nội dung.",
)  # fmt: skip
WAYS = {"later": (LATER, LaterForm, "Đã để sang buổi sau."), "drop": (DROP, DropForm, "Nội dung không bàn nữa.")}
SHOWN = 4  # proposals in view; the rest behind "Xem thêm"


def working_page(request, pk):
    """The agenda as the committee works on it."""
    meeting = fetch(request.user, "prepare_meeting", pk, checks.for_checks)
    listed = list(lists.papers(meeting, request.user))
    rows = queries.items(meeting, listed)
    found = checks.checks(meeting, rows)
    context = {
        "meeting": meeting,
        **_times(meeting, rows, review.sheet(meeting, request.user)),
        **_from_elsewhere(meeting, rows),
        "seen": queries.fingerprint(meeting, rows, listed),
        "checks": found,
        "passed": sum(check.state == "y" for check in found),
        "papers": listed,
        "open": meeting.state == State.DRAFT,
        "adds": meeting.state in agenda.ADDED,
        "actions": [pair for pair in actions_for(request.user, meeting) if pair[0] in ("agree", "revise", "notify")],
    }
    return render(request, "meetings/agenda.html", context)


def _from_elsewhere(meeting, rows):
    """What came by itself from earlier meetings, and what other apps propose for a draft."""
    waiting = queries.waiting(meeting, rows) if meeting.state == State.DRAFT else []
    carried = [item for item in rows if item.carried_from_id]
    return {"carried": carried, "waiting": waiting[:SHOWN], "more": waiting[SHOWN:]}


def _times(meeting, rows, reviewed):
    """Sections, planned minutes and how they stand against the rule; the review under its item, else alone."""
    parts, rule, total = queries.parts(meeting, rows, reviewed), checks.minutes_rule(meeting), queries.total(rows)
    return {
        "review": reviewed if review_item(rows) is None else None,
        "meta": meta(meeting),
        "steps": stepper.steps(meeting),
        "parts": parts,
        "bar": [{"label": part.letter, "minutes": part.minutes, "kind": part.kind} for part in parts],
        "total": total,
        "ends_at": queries.ends_at(meeting, rows),
        "rule": rule,
        "short": rule.integer - total if rule and rule.configured else 0,
    }


def _item(request, pk, item, perm):
    rows = AgendaItem.objects.select_related("meeting__cell__parent", "presenter")
    return get_for(request.user, rows, f"meetings.{perm}", pk=item, meeting=pk)


def item_new(request, pk):
    meeting = fetch(request.user, "prepare_meeting", pk)
    section = part if (part := request.GET.get("phan")) in ("A", "B", "C") else "B"
    form = ItemForm(posted(request), instance=AgendaItem(meeting=meeting, section=section), meeting=meeting)
    back = reverse("meetings:agenda", args=[pk])
    if attempt(request, form, agenda.add_item, meeting, by=request.user, success="Đã thêm nội dung."):
        return redirect(back)
    return _form(request, form, heading="Thêm nội dung", verb="Thêm nội dung", meeting=meeting, back_url=back)


def item_edit(request, pk, item):
    item = _item(request, pk, item, "prepare_meeting")
    form = ItemForm(posted(request), instance=item, meeting=item.meeting)
    back = reverse("meetings:agenda", args=[pk])
    if attempt(request, form, agenda.change_item, by=request.user, success="Đã lưu nội dung."):
        return redirect(back)
    return _form(
        request, form, heading="Sửa nội dung", verb="Lưu nội dung", meeting=item.meeting, back_url=back, item=item
    )


def _form(request, form, **context):
    return render(request, "meetings/item_form.html", {"form": form, **context}, status=form_status(form))


def item_delete(request, pk, item):
    item = _item(request, pk, item, "prepare_meeting")
    if item.carried_from_id:
        return _leave_out(request, item)
    form = ConfirmForm(posted(request))
    back = reverse("meetings:agenda", args=[pk])
    if attempt(request, form, agenda.remove_item, item, by=request.user, success="Đã bỏ nội dung khỏi chương trình."):
        return redirect(back)
    effect = f"“{item.title}” không còn trong chương trình. Tài liệu của nội dung vẫn ở cuộc họp."
    step = Move("Bỏ nội dung", (), "", question="Bỏ nội dung này khỏi chương trình?", effect=effect, risk=True)
    context = {"form": form, "step": step, "back_url": back}
    return render(request, "core/move.html", context, status=form_status(form))


def _leave_out(request, item):
    """A carried item comes back unless it is dropped: two questions, each with its own page (``?cach=later``)."""
    back = reverse("meetings:agenda", args=[item.meeting_id])
    way = WAYS.get(request.POST.get("choice") or request.GET.get("cach"))
    context = {"item": item, "obj": item, "back_url": back, "back_name": "Chương trình"}
    if way is None:
        steps = [(choice, step) for choice, (step, *_) in WAYS.items()]
        return render(request, "meetings/leave_out.html", context | {"steps": steps})
    step, form_class, words = way
    form = form_class(posted(request))
    if attempt(request, form, carrying.leave_out, item, by=request.user, success=words):
        return redirect(back)
    return render(request, "core/move.html", context | {"form": form, "step": step}, status=form_status(form))


def item(request, pk, item):
    """One item: read by whoever sees the meeting; its presenter writes the draft here and adds papers."""
    item = _item(request, pk, item, "view_agendaitem")
    user = request.user
    may = user.has_perm("meetings.change_agendaitem", item) and item.meeting.state == State.DRAFT and not item.place
    form = DraftForm(posted(request), initial={"draft_text": item.draft_text})
    if request.method == "POST":
        item = _item(request, pk, item.pk, "change_agendaitem")
        if attempt(request, form, agenda.change_draft, item, by=user, success="Đã lưu dự thảo."):
            return redirect("meetings:item", pk, item.pk)
    upload = PaperForm(meeting=item.meeting, item=item, auto_id=UPLOAD_ID)
    return _item_page(request, item, form, upload, may)


def _item_page(request, item, form, upload, may):
    context = {
        "item": item,
        "meeting": item.meeting,
        "form": form,
        "upload": upload,
        "papers": [paper for paper in lists.papers(item.meeting, request.user) if paper.item_id == item.pk],
        "may": may,
        "prepares": request.user.has_perm("meetings.prepare_meeting", item.meeting),
        "sees_meeting": type(item.meeting).objects.visible_to(request.user).filter(pk=item.meeting_id).exists(),
    }
    wrong = form if form.is_bound else upload
    return render(request, "meetings/item.html", context, status=form_status(wrong))


@require_POST
def item_paper(request, pk, item):
    """The presenter's (or the committee's) paper for one item."""
    item = _item(request, pk, item, "change_agendaitem")
    upload = PaperForm(request.POST, request.FILES, meeting=item.meeting, item=item, auto_id=UPLOAD_ID)
    if attempt(request, upload, papers.add_item_paper, item, by=request.user, success="Đã tải tài liệu lên."):
        return redirect("meetings:item", pk, item.pk)
    form = DraftForm(initial={"draft_text": item.draft_text})
    return _item_page(request, item, form, upload, item.meeting.state == State.DRAFT and not item.place)


def order(request, pk):
    """The order of the whole agenda (dragged), or one item up or down (``move=up:17``); GET is the phone's page."""
    meeting = fetch(request.user, "prepare_meeting", pk)
    if request.method != "POST":
        context = {"meeting": meeting, "parts": queries.parts(meeting), "open": meeting.state == State.DRAFT}
        return render(request, "meetings/order.html", context)
    direction, _, number = request.POST.get("move", "").partition(":")
    if direction in ("up", "down") and number.isdecimal():
        item = get_object_or_404(AgendaItem, pk=number, meeting=meeting)
        _once(request, agenda.move_item, item, direction=direction)
    else:
        _once(request, agenda.order_items, meeting, order=request.POST.getlist("order"))
    return redirect("meetings:order" if request.POST.get("back") == "order" else "meetings:agenda", pk)


@require_POST
def proposals(request, pk):
    """Take a waiting proposal into the agenda, or leave it for the next meeting."""
    meeting = fetch(request.user, "prepare_meeting", pk)
    services = {"accept": agenda.accept_proposal, "later": agenda.put_off_proposal}
    service = services.get(request.POST.get("choice"))
    if service is None:
        raise Refused("Chọn “Đưa vào chương trình” hoặc “Để buổi sau”.")
    _once(request, service, meeting, key=request.POST.get("key", ""))
    return redirect("meetings:agenda", pk)


def _once(request, service, *args, **kwargs):
    form = ConfirmForm(request.POST)
    key = form.cleaned_data["submission"] if form.is_valid() else None
    once(request, key, service, *args, by=request.user, **kwargs)


def agenda_pdf(request, pk):
    """The agenda on paper, watermarked until it is notified."""
    meeting = fetch(request.user, "view_meeting", pk)
    data = render_pdf("meetings/pdf/agenda.html", printing.agenda_context(meeting))
    return made_pdf(data, f"chuong-trinh-{meeting.day:%Y-%m-%d}.pdf")
