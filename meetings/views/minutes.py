"""The minutes: reading and writing, adopting, explaining, sealing, withdrawing, the PDF."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.forms import attempt, form_status
from documents import queries as documents
from documents.files import harden, pdf_response
from documents.forms import WayForm, WithdrawForm
from documents.states import PaperState, PaperType
from meetings.contradictions import contradictions
from meetings.forms.minutes import AdoptForm, ExplainForm, TimesForm
from meetings.models import AgendaItem, Meeting
from meetings.queries import printing
from meetings.queries.record import for_record, record_of
from meetings.queries.stepper import paper_of, steps
from meetings.services import minutes as services
from meetings.states import HELD, State
from meetings.views import autosave
from meetings.views.autosave import Prose

FILES = (PaperState.SEALED, PaperState.SIGNED)
OPENING = "Lời mở đầu, diễn biến chung"
CLOSING = "Ý kiến khác, kết thúc buổi họp"


def fetch(request, pk, perm):
    """The meeting with all that its record needs, if the person may."""
    return get_for(request.user, for_record(Meeting.objects), perm, pk=pk)


def minutes(request, pk):
    """The minutes as text: computed paragraphs locked, prose in place."""
    return page(request, fetch(request, pk, "meetings.view_minutes"))


def page(request, meeting, *, prose=None, explain=None, status=200):
    """The page; ``prose`` and ``explain`` are a text or a form that came back with a refusal."""
    record = record_of(meeting)
    paper = paper_of(meeting, "minutes")
    may_keep = request.user.has_perm("meetings.keep_meeting", meeting)
    writable = may_keep and meeting.state in HELD and (paper is None or paper.state == PaperState.DRAFT)
    context = {
        "meeting": meeting,
        "record": record,
        "paper": paper,
        "steps": steps(meeting),
        "lines": printing.general_lines(record),
        "sections": sections(record, prose),
        "opening": text_of(meeting, record, "opening", OPENING, prose),
        "closing": text_of(meeting, record, "closing", CLOSING, prose),
        "printed": printing.minutes_context(record),
        "writable": writable,
        "checks": checks(meeting, record, explain) if meeting.state in HELD and not is_final(paper) else [],
        "actions": actions(request.user, meeting, paper),
        "may_explain": may_keep and not is_final(paper),
    }
    return render(request, "meetings/minutes.html", context, status=status)


def is_final(paper) -> bool:
    return paper is not None and paper.state in FILES


def sections(record, prose):
    """(heading, [(item, its prose)]) for each part of the agenda."""
    from meetings.states import Section

    found = [(Section(letter).label, record.section(letter)) for letter in Section.values]
    return [(label, [(item, narrative_of(record, item, prose)) for item in items]) for label, items in found if items]


def text_of(meeting, record, field, label, prose=None):
    """The opening or closing prose with its form."""
    if prose and prose.key == field:
        return prose
    url = reverse("meetings:minutes_text", args=[meeting.pk, field])
    return Prose(field, label, url, getattr(record, field), getattr(record, f"{field}_version"))


def narrative_of(record, item, prose=None):
    """What was presented on an item, with its form."""
    key = f"item-{item.pk}"
    if prose and prose.key == key:
        return prose
    url = reverse("meetings:minutes_narrative", args=[record.meeting_id, item.pk])
    label = f"Nội dung trình bày {item.number}"
    return Prose(key, label, url, item.narrative, item.narrative_version)


def checks(meeting, record, explain=None):
    """(contradiction, address that mends it, words of the link, form) for the list beside the text."""
    pk = meeting.pk
    found = []
    for one in contradictions(record):
        url, words = {
            "attendance": lambda: (reverse("meetings:attendance", args=[pk]), "Mở bảng điểm danh"),
            "session": lambda: (reverse("meetings:session", args=[pk]), "Mở trang điều hành"),
            "vote": lambda one=one: (reverse("meetings:vote", args=[pk, one.about]), "Mở biểu quyết"),
            "times": lambda: (reverse("meetings:minutes_times", args=[pk]), "Sửa giờ"),
            "close": lambda: (f"{meeting.get_absolute_url()}do/close/", "Bế mạc buổi họp"),
            "tasks": lambda: (reverse("meetings:resolution", args=[pk]), "Mở nghị quyết"),
        }[one.where]()
        form = explain if explain is not None and explain.data.get("key") == one.key else None
        form = form or ExplainForm(initial={"key": one.key, "text": one.explanation}, auto_id=f"giai-trinh-{len(found)}-%s")
        found.append({"one": one, "url": url, "link": words, "form": form})
    return found


def actions(user, meeting, paper):
    """(address, words, kind) of the steps that the state allows and the person may take; the first is the main one."""
    def may(action):
        return user.has_perm(f"meetings.{action}_minutes", meeting)

    address = {name: reverse(f"meetings:minutes_{name}", args=[meeting.pk]) for name in ("adopt", "seal", "withdraw")}
    state = paper.state if paper else PaperState.DRAFT
    if state == PaperState.DRAFT:
        held = meeting.state in HELD
        return [(address["adopt"], "Ghi nhận đã thông qua", "btn-primary")] if held and may("adopt") else []
    if state == PaperState.ADOPTED:
        closed = meeting.state == State.CLOSED
        return [(address["seal"], "Khóa biên bản để ký", "btn-primary")] if closed and may("seal") else []
    found = []
    if user.has_perm("meetings.view_draft", meeting):
        found.append((reverse("meetings:sign", args=[meeting.pk]), "Đến trang ký", "btn-primary"))
    if state == PaperState.SEALED and not paper.has_signatures and may("withdraw"):
        found.append((address["withdraw"], "Hủy bản đã khóa", "btn-risk"))
    return found


# Prose


@require_POST
def minutes_text(request, pk, field):
    """Save the opening or closing prose."""
    meeting = fetch(request, pk, "meetings.keep_meeting")
    label = OPENING if field == "opening" else CLOSING

    def again(typed, refusal):
        prose = text_of(meeting, record_of(meeting), field, label).refused(typed, refusal)
        return page(request, meeting, prose=prose, status=422)

    return autosave.answer(
        request,
        partial(services.save_text, meeting, field),
        version_of=lambda saved: getattr(saved, f"{field}_version"),
        done=f"{reverse('meetings:minutes', args=[pk])}#{field}",
        again=again,
    )


@require_POST
def minutes_narrative(request, pk, item):
    """Save what was presented on an item."""
    meeting = fetch(request, pk, "meetings.keep_meeting")
    row = get_for(request.user, AgendaItem.objects.select_related("meeting"), "meetings.keep_meeting", pk=item, meeting=pk)

    def again(typed, refusal):
        record = record_of(meeting)
        found = next(one for one in record.items if one.pk == item)
        return page(request, meeting, prose=narrative_of(record, found).refused(typed, refusal), status=422)

    return autosave.answer(
        request,
        partial(services.save_narrative, row),
        version_of=lambda saved: saved.narrative_version,
        done=f"{reverse('meetings:minutes', args=[pk])}#item-{item}",
        again=again,
    )


@require_POST
def minutes_explain(request, pk):
    """Explain one contradiction; a refusal brings the page back with what was written."""
    meeting = fetch(request, pk, "meetings.keep_meeting")
    form = ExplainForm(request.POST)
    if attempt(request, form, services.explain, meeting, by=request.user, success="Đã ghi giải trình."):
        return redirect(f"{reverse('meetings:minutes', args=[pk])}#doi-chieu")
    return page(request, meeting, explain=form, status=form_status(form))


# Moves


def minutes_adopt(request, pk):
    """Read back and passed: ask the time, draw the number."""
    meeting = fetch(request, pk, "meetings.adopt_minutes")
    form = AdoptForm(request.POST or None, meeting=meeting)
    words = "Đã ghi nhận biên bản được thông qua."
    if attempt(request, form, services.adopt_minutes, meeting, by=request.user, success=words):
        return redirect("meetings:minutes", pk=pk)
    return question(
        request,
        meeting,
        form,
        question="Chi bộ đã nghe đọc lại và thông qua biên bản?",
        consequence="Biên bản được lấy số. Sau đó lời văn không sửa được nữa; điều chưa khớp thì sửa hoặc giải trình.",
        verb="Ghi nhận đã thông qua",
    )


def minutes_times(request, pk):
    """Correct closing time and time of adoption."""
    meeting = fetch(request, pk, "meetings.adopt_minutes")
    if meeting.closed_at is None:
        return redirect("meetings:minutes", pk=pk)
    adopted = paper_of(meeting, "minutes") and meeting.minutes.adopted_at
    form = TimesForm(request.POST or None, meeting=meeting, adopted_at=adopted)
    if attempt(request, form, services.correct_times, meeting, by=request.user, success="Đã sửa giờ."):
        return redirect("meetings:minutes", pk=pk)
    return question(
        request, meeting, form, question="Sửa giờ bế mạc, giờ thông qua",
        consequence="Giờ mới được in vào biên bản; việc sửa được ghi vào nhật ký.", verb="Ghi giờ mới",
    )  # fmt: skip


def minutes_seal(request, pk):
    """Choose the way of signing and seal."""
    meeting = fetch(request, pk, "meetings.seal_minutes")
    form = WayForm(request.POST or None)
    if attempt(request, form, services.seal_minutes, meeting, by=request.user, success="Đã khóa biên bản, chờ ký."):
        return redirect("meetings:sign", pk=pk)
    return question(
        request,
        meeting,
        form,
        template="meetings/seal.html",
        question="Khóa biên bản để ký?",
        consequence="Từ lúc khóa, điểm danh, phát biểu, biểu quyết và nhiệm vụ của buổi họp không sửa được nữa.",
        verb="Khóa biên bản",
        warning=documents.base_url_warning(),
        waiting=[one for one in contradictions(record_of(meeting)) if one.is_open],
    )


def minutes_withdraw(request, pk):
    """Take back sealed minutes that nobody has signed."""
    meeting = fetch(request, pk, "meetings.withdraw_minutes")
    form = WithdrawForm(request.POST or None)
    if attempt(request, form, services.withdraw_minutes, meeting, by=request.user, success="Đã hủy bản đã khóa."):
        return redirect("meetings:minutes", pk=pk)
    return question(
        request, meeting, form, question="Hủy biên bản đã khóa?", risk=True, verb="Hủy bản đã khóa",
        consequence="Số biên bản giữ nguyên và ghi là hủy. Nội dung mở lại để sửa, thông qua lại lấy số tiếp theo.",
    )  # fmt: skip


def question(request, meeting, form, *, template="core/move.html", **context):
    """The question page of a step of the minutes."""
    back = {"obj": meeting, "back_url": reverse("meetings:minutes", args=[meeting.pk]), "back_name": "Biên bản"}
    return render(request, template, {**back, **context, "form": form}, status=form_status(form))


# PDF


def minutes_pdf(request, pk):
    """The stored file once sealed; before that the draft with its watermark."""
    meeting = fetch(request, pk, "meetings.view_minutes")
    paper = paper_of(meeting, "minutes")
    name = printing.file_name(meeting, paper, PaperType.MINUTES)
    if is_final(paper):
        return pdf_response(documents.current_file(paper), name)
    return draft_response(printing.draft_minutes(meeting), name)


def draft_response(data, name):
    """A rendered draft as a download."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return harden(response)
