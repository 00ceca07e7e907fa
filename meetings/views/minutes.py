"""The minutes: reading and writing, adopting, explaining, sealing, withdrawing, the PDF."""

from functools import partial

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.downloads import made_pdf, stored_file
from core.forms import attempt, form_status, posted
from core.states import Move
from documents import queries as documents
from documents.forms import WayForm, WithdrawForm
from documents.states import PaperType
from meetings.contradictions import unsettled
from meetings.forms.minutes import AdoptForm, ExplainForm, TimesForm
from meetings.models import AgendaItem, Meeting
from meetings.queries import official
from meetings.queries.record import for_record, record_of
from meetings.queries.stepper import paper_of
from meetings.services import minutes as services
from meetings.views import autosave
from meetings.views.minutes_page import is_final, narrative_of, page, text_of


def fetch(request, pk, perm):
    """The meeting with all that its record needs, if the person may."""
    return get_for(request.user, for_record(Meeting.objects), perm, pk=pk)


def minutes(request, pk):
    """The minutes as text: computed paragraphs locked, prose in place."""
    return page(request, fetch(request, pk, "meetings.view_minutes"))


# Prose


@require_POST
def minutes_text(request, pk, field):
    """Save the opening or closing prose."""
    meeting = fetch(request, pk, "meetings.keep_meeting")
    if field not in services.PROSE:
        raise Http404

    def again(typed, refusal):
        prose = text_of(record_of(meeting), field).refused(typed, refusal)
        return page(request, meeting, prose=prose, status=422)

    return autosave.answer(
        request,
        partial(services.save_text, field=field),
        meeting,
        version=f"{field}_version",
        done=f"{reverse('meetings:minutes', args=[pk])}#{field}",
        again=again,
    )


@require_POST
def minutes_narrative(request, pk, item):
    """Save what was presented on an item."""
    meeting = fetch(request, pk, "meetings.keep_meeting")
    rows = AgendaItem.objects.select_related("meeting")
    row = get_for(request.user, rows, "meetings.keep_meeting", pk=item, meeting=pk)

    def again(typed, refusal):
        record = record_of(meeting)
        found = next(one for one in record.items if one.pk == item)
        return page(request, meeting, prose=narrative_of(record, found).refused(typed, refusal), status=422)

    return autosave.answer(
        request,
        services.save_narrative,
        row,
        version="narrative_version",
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


# Moves; what they ask

ADOPT = Move(
    "Ghi nhận đã thông qua",
    (),
    "",
    question="Chi bộ đã nghe đọc lại và thông qua biên bản?",
    effect="Biên bản được lấy số. Sau đó lời văn không sửa được nữa; điều chưa khớp thì sửa hoặc giải trình.",
)
TIMES = Move(
    "Ghi giờ mới",
    (),
    "",
    question="Sửa giờ bế mạc, giờ thông qua",
    effect="Giờ mới được in vào biên bản; việc sửa được ghi vào nhật ký.",
)
SEAL = Move(
    "Khóa biên bản",
    (),
    "",
    question="Khóa biên bản để ký?",
    effect="Từ lúc khóa, điểm danh, phát biểu, biểu quyết và nhiệm vụ của buổi họp không sửa được nữa.",
)
WITHDRAW = Move(
    "Hủy bản đã khóa",
    (),
    "",
    question="Hủy biên bản đã khóa?",
    effect="Số biên bản giữ nguyên và ghi là hủy. Nội dung mở lại để sửa, thông qua lại lấy số tiếp theo.",
    risk=True,
)


def minutes_adopt(request, pk):
    """Read back and passed: ask the time, draw the number."""
    meeting = fetch(request, pk, "meetings.adopt_minutes")
    form = AdoptForm(posted(request), meeting=meeting)
    words = "Đã ghi nhận biên bản được thông qua."
    if attempt(request, form, services.adopt_minutes, meeting, by=request.user, success=words):
        return redirect("meetings:minutes", pk=pk)
    return question(request, meeting, form, step=ADOPT)


def minutes_times(request, pk):
    """Correct closing time and time of adoption."""
    meeting = fetch(request, pk, "meetings.adopt_minutes")
    if meeting.closed_at is None:
        return redirect("meetings:minutes", pk=pk)
    adopted = paper_of(meeting, "minutes") and meeting.minutes.adopted_at
    form = TimesForm(posted(request), meeting=meeting, adopted_at=adopted)
    if attempt(request, form, services.correct_times, meeting, by=request.user, success="Đã sửa giờ."):
        return redirect("meetings:minutes", pk=pk)
    return question(request, meeting, form, step=TIMES)


def minutes_seal(request, pk):
    """Choose the way of signing and seal."""
    meeting = fetch(request, pk, "meetings.seal_minutes")
    form = WayForm(posted(request))
    if attempt(request, form, services.seal_minutes, meeting, by=request.user, success="Đã khóa biên bản, chờ ký."):
        return redirect("meetings:sign", pk=pk)
    return question(
        request,
        meeting,
        form,
        template="meetings/seal.html",
        step=SEAL,
        warning=documents.base_url_warning(),
        waiting=unsettled(record_of(meeting)),
    )


def minutes_withdraw(request, pk):
    """Take back sealed minutes that nobody has signed."""
    meeting = fetch(request, pk, "meetings.withdraw_minutes")
    form = WithdrawForm(posted(request))
    if attempt(request, form, services.withdraw_minutes, meeting, by=request.user, success="Đã hủy bản đã khóa."):
        return redirect("meetings:minutes", pk=pk)
    return question(request, meeting, form, step=WITHDRAW)


def question(request, meeting, form, *, step, template="core/move.html", **context):
    """The question page of a step of the minutes."""
    back = {"obj": meeting, "back_url": reverse("meetings:minutes", args=[meeting.pk]), "back_name": "Biên bản"}
    return render(request, template, {**back, **context, "step": step, "form": form}, status=form_status(form))


# PDF


def minutes_pdf(request, pk):
    """The stored file once sealed; before that the draft with its watermark."""
    meeting = fetch(request, pk, "meetings.view_minutes")
    paper = paper_of(meeting, "minutes")
    name = official.file_name(meeting, paper, PaperType.MINUTES)
    if is_final(paper):
        return stored_file(documents.current_file(paper).file, name)
    return made_pdf(official.draft_minutes(meeting), name)
