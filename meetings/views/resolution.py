"""The resolution: writing it, adoption, sealing, withdrawal, and its page once it is in force."""

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
from documents.states import PaperState, PaperType
from meetings.forms.resolution import PassedForm, SubjectForm
from meetings.models import Meeting, Resolution
from meetings.queries import clauses as clause_queries
from meetings.queries import drafts, official
from meetings.queries.stepper import RELATED, paper_of, steps
from meetings.services import resolution as services
from meetings.views import autosave
from meetings.views.autosave import Prose
from meetings.views.minutes_page import is_final

LABELS = {
    "bases": "Căn cứ",
    "assessment": "I. Đánh giá kết quả thực hiện nhiệm vụ",
    "organisation_text": "III. Tổ chức thực hiện",
}
HINTS = {
    "bases": "Mỗi dòng một căn cứ.",
    "assessment": "Ưu điểm; hạn chế, nguyên nhân.",
    "organisation_text": "Ai theo dõi, khi nào báo cáo.",
}


def fetch(request, perm, **lookup):
    """The resolution with all that its pages need, if the person may."""
    rows = Resolution.objects.select_related("paper__organisation__parent", "vote", "meeting__minutes__paper")
    return get_for(request.user, rows.select_related("meeting__cell__parent", "meeting__chair"), perm, **lookup)


# The draft, on the pages of the meeting


def resolution(request, pk):
    """Write the draft; once it is adopted its own page takes over."""
    rows = Meeting.objects.select_related("cell__parent", *RELATED)
    meeting = get_for(request.user, rows, "meetings.view_meeting", pk=pk)
    found = getattr(meeting, "resolution", None)
    if found and paper_of(meeting, "resolution") and found.paper.state != PaperState.DRAFT:
        return redirect(found)
    meeting = get_for(request.user, rows, "meetings.change_resolution", pk=pk)
    if found is None:
        return render(request, "meetings/resolution_none.html", {"meeting": meeting})
    return edit_page(request, fetch(request, "meetings.change_resolution", meeting=pk))


def edit_page(request, resolution, *, prose=None, subject=None, status=200):
    """The page where a draft is written; ``prose`` and ``subject`` came back with a refusal."""
    texts = {name: prose if prose and prose.key == name else text_of(resolution, name) for name in LABELS}
    context = {
        "resolution": resolution,
        "meeting": resolution.meeting,
        "steps": steps(resolution.meeting),
        "texts": texts,
        "subject": subject or SubjectForm(initial={"subject": resolution.subject}),
        "clauses": resolution.clauses.select_related("owner", "item"),
        "laid": drafts.changes_since_laid(resolution),
        "may_adopt": request.user.has_perm("meetings.adopt_resolution", resolution),
    }
    return render(request, "meetings/resolution.html", context, status=status)


def text_of(resolution, name):
    """One of the long texts with its form."""
    url = reverse("meetings:resolution_text", args=[resolution.meeting_id, name])
    text, version = getattr(resolution, name), getattr(resolution, f"{name}_version")
    return Prose(name, LABELS[name], url, text, version, hint=HINTS[name])


@require_POST
def resolution_start(request, pk):
    """Begin a draft resolution."""
    meeting = get_for(request.user, Meeting.objects.select_related("cell__parent"), "meetings.change_resolution", pk=pk)
    services.start_resolution(meeting, by=request.user)
    return redirect("meetings:resolution", pk=pk)


@require_POST
def resolution_text(request, pk, field):
    """Save one of the long texts."""
    found = fetch(request, "meetings.change_resolution", meeting=pk)
    if field not in services.TEXTS:
        raise Http404

    def again(typed, refusal):
        return edit_page(request, found, prose=text_of(found, field).refused(typed, refusal), status=422)

    return autosave.answer(
        request,
        partial(services.save_text, field=field),
        found,
        version=f"{field}_version",
        done=f"{reverse('meetings:resolution', args=[pk])}#{field}",
        again=again,
    )


@require_POST
def resolution_subject(request, pk):
    """Save the subject line."""
    found = fetch(request, "meetings.change_resolution", meeting=pk)
    form = SubjectForm(request.POST)
    if attempt(request, form, services.change_subject, found, by=request.user, success="Đã ghi trích yếu."):
        return redirect("meetings:resolution", pk=pk)
    return edit_page(request, found, subject=form, status=form_status(form))


# Moves; what they ask

ADOPT = Move(
    "Ghi nhận đã thông qua",
    (),
    "",
    question="Nghị quyết đã được chi bộ thông qua?",
    effect="Nghị quyết được lấy số. Mục có người phụ trách và hạn thành nhiệm vụ của đồng chí đó.",
)
SEAL = Move(
    "Khóa nghị quyết", (), "", question="Khóa nghị quyết để ký?", effect="Sau khi khóa, nghị quyết không sửa được nữa."
)
WITHDRAW = Move(
    "Hủy bản đã khóa",
    (),
    "",
    question="Hủy nghị quyết đã khóa?",
    effect="Số nghị quyết giữ nguyên và ghi là hủy; nhiệm vụ chưa xong của nghị quyết được rút. "
    "Nội dung mở lại để sửa, thông qua lại lấy số tiếp theo.",
    risk=True,
)


def resolution_adopt(request, pk):
    """Passed by a vote: what changed since it was opened, the number, the clauses given as tasks."""
    found = fetch(request, "meetings.adopt_resolution", meeting=pk)
    votes = [(vote, drafts.changes_since_vote(found, vote)) for vote in drafts.passed_votes(found.meeting)]
    form = PassedForm(posted(request), meeting=found.meeting, changed=any(changes for _, changes in votes))
    if attempt(request, form, services.adopt_resolution, found, by=request.user, success="Nghị quyết đã được lấy số."):
        return redirect(found)
    back = reverse("meetings:resolution", args=[pk])
    more = {"votes": votes, "unkept": [vote for vote, _ in votes if not drafts.was_kept(found, vote)]}
    return question(request, found, form, step=ADOPT, template="meetings/resolution_adopt.html", back_url=back, **more)


def resolution_seal(request, pk):
    """Choose the way of signing and seal."""
    found = fetch(request, "meetings.seal_resolution", pk=pk)
    form = WayForm(posted(request))
    if attempt(request, form, services.seal_resolution, found, by=request.user, success="Đã khóa nghị quyết, chờ ký."):
        return redirect("resolutions:sign", pk=pk)
    warning = documents.base_url_warning()
    return question(request, found, form, step=SEAL, template="meetings/seal.html", warning=warning)


def resolution_withdraw(request, pk):
    """Take back a sealed resolution that nobody has signed."""
    found = fetch(request, "meetings.withdraw_resolution", pk=pk)
    form = WithdrawForm(posted(request))
    if attempt(request, form, services.withdraw_resolution, found, by=request.user, success="Đã hủy bản đã khóa."):
        return redirect("meetings:resolution", pk=found.meeting_id)
    return question(request, found, form, step=WITHDRAW)


def question(request, resolution, form, *, step, template="core/move.html", back_url=None, **context):
    """The question page of a step of the resolution."""
    back = {"obj": resolution.meeting, "back_url": back_url or resolution.get_absolute_url(), "back_name": "Nghị quyết"}
    return render(request, template, {**back, **context, "step": step, "form": form}, status=form_status(form))


def resolution_pdf(request, pk):
    """The stored file once sealed; before that the draft with its watermark."""
    found = fetch(request, "meetings.view_resolution", meeting=pk)
    paper = paper_of(found.meeting, "resolution") if found.paper else None
    name = official.file_name(found.meeting, paper, PaperType.RESOLUTION)
    if is_final(paper):
        return stored_file(documents.current_file(paper).file, name)
    return made_pdf(official.draft_resolution(found), name)


# In force


def detail(request, pk):
    """One resolution: its clauses and how far each is."""
    found = fetch(request, "meetings.view_resolution", pk=pk)
    rows = clause_queries.with_state(found.clauses.order_by("position"))
    context = {
        "resolution": found,
        "meeting": found.meeting,
        "paper": found.paper,
        "in_force": clause_queries.is_in_force(found),
        "clauses": clause_queries.with_tasks(rows, request.user),
        "read": official.resolution_context(found),
        "laid": drafts.changes_since_laid(found),
        "voted": drafts.changes_since_vote(found, found.vote),
        "actions": actions(request.user, found),
    }
    return render(request, "resolutions/detail.html", context)


def actions(user, resolution):
    """(address, words, kind) of what the state allows and the person may do; the first is the main one."""

    def may(action):
        return user.has_perm(f"meetings.{action}_resolution", resolution)

    pk, paper = resolution.pk, resolution.paper
    state = paper.state if paper else PaperState.DRAFT
    if state in (PaperState.DRAFT, PaperState.WITHDRAWN):
        edit = reverse("meetings:resolution", args=[resolution.meeting_id])
        return [(edit, "Sửa dự thảo", "btn-primary")] if may("change") else []
    if state == PaperState.ADOPTED:
        return [(reverse("resolutions:seal", args=[pk]), "Khóa nghị quyết để ký", "btn-primary")] if may("seal") else []
    words = ("Xem chữ ký", "btn-quiet") if state == PaperState.SIGNED else ("Đến trang ký", "btn-primary")
    found = [(reverse("resolutions:sign", args=[pk]), *words)] if may("change") else []
    if state == PaperState.SEALED and not paper.has_signatures and may("withdraw"):
        found.append((reverse("resolutions:withdraw", args=[pk]), "Hủy bản đã khóa", "btn-risk"))
    return found
