"""The page of the minutes: its text with the prose in place, what does not fit, what can be done next."""

from django.shortcuts import render
from django.urls import reverse

from documents.states import PaperState
from meetings.contradictions import contradictions
from meetings.forms.minutes import ExplainForm
from meetings.queries import official
from meetings.queries.record import record_of
from meetings.queries.stepper import paper_of, steps
from meetings.states import HELD, Section, State
from meetings.views.autosave import Prose

FILES = (PaperState.SEALED, PaperState.SIGNED)
LABELS = {"opening": "Lời mở đầu, diễn biến chung", "closing": "Ý kiến khác, kết thúc buổi họp"}


def is_final(paper) -> bool:
    """Whether a stored file stands for the paper."""
    return paper is not None and paper.state in FILES


def page(request, meeting, *, prose=None, explain=None, status=200):
    """The page; ``prose`` and ``explain`` are a text or a form that came back with a refusal."""
    record, paper = record_of(meeting), paper_of(meeting, "minutes")
    held, may_keep = meeting.state in HELD, request.user.has_perm("meetings.keep_meeting", meeting)
    context = {
        "meeting": meeting,
        "record": record,
        "paper": paper,
        "steps": steps(meeting),
        "printed": official.minutes_context(record),
        "writable": held and may_keep and paper is None,
        "sections": sections(record, prose),
        "opening": text_of(record, "opening", prose),
        "closing": text_of(record, "closing", prose),
        "checks": checks(meeting, record, explain) if held and not is_final(paper) else [],
        "actions": actions(request.user, meeting, paper),
        "may_explain": may_keep,
    }
    return render(request, "meetings/minutes.html", context, status=status)


# Text


def sections(record, prose):
    """(heading, [(item, its prose)]) for each part of the agenda that has items."""
    found = [(Section(letter).label, record.section(letter)) for letter in Section.values]
    return [(label, [(item, narrative_of(record, item, prose)) for item in items]) for label, items in found if items]


def text_of(record, field, prose=None):
    """The opening or closing prose with its form."""
    if prose and prose.key == field:
        return prose
    url = reverse("meetings:minutes_text", args=[record.meeting_id, field])
    return Prose(field, LABELS[field], url, getattr(record, field), getattr(record, f"{field}_version"))


def narrative_of(record, item, prose=None):
    """What was presented on an item, with its form."""
    key = f"item-{item.pk}"
    if prose and prose.key == key:
        return prose
    url = reverse("meetings:minutes_narrative", args=[record.meeting_id, item.pk])
    return Prose(key, f"Nội dung trình bày {item.number}", url, item.narrative, item.narrative_version)


# Beside the text


def checks(meeting, record, explain=None):
    """The contradictions, each with the address that mends it and the form that explains it."""
    found = []
    for place, one in enumerate(contradictions(record)):
        url, words = _mends(meeting, one)
        form = explain if explain is not None and explain.data.get("key") == one.key else None
        initial = {"key": one.key, "text": one.explanation}
        form = form or ExplainForm(initial=initial, auto_id=f"giai-trinh-{place}-%s")
        found.append({"one": one, "url": url, "link": words, "form": form})
    return found


def _mends(meeting, one):
    """(address, words of the link) of the page that mends a contradiction."""
    pk = meeting.pk
    if one.where == "attendance":
        return reverse("meetings:attendance", args=[pk]), "Mở bảng điểm danh"
    if one.where == "vote":
        return reverse("meetings:vote", args=[pk, one.about]), "Mở biểu quyết"
    if one.where == "times":
        return reverse("meetings:minutes_times", args=[pk]), "Sửa giờ"
    if one.where == "close":
        return reverse("meetings:move", args=[pk, "close"]), "Bế mạc buổi họp"
    if one.where == "tasks":
        return reverse("meetings:resolution", args=[pk]), "Mở nghị quyết"
    return f"{reverse('meetings:session', args=[pk])}?item={one.about}", "Mở trang điều hành"


def actions(user, meeting, paper):
    """(address, words, class) of what the state allows and the person may do; the first is the main one."""
    held, closed = meeting.state in HELD, meeting.state == State.CLOSED
    if paper is None:
        wanted = [("adopt", "Ghi nhận đã thông qua", "btn-primary", held)]
    elif paper.state == PaperState.ADOPTED:
        wanted = [("seal", "Khóa biên bản để ký", "btn-primary", closed)]
    else:
        unsigned = paper.state == PaperState.SEALED and not paper.has_signatures
        wanted = [("withdraw", "Hủy bản đã khóa", "btn-risk", unsigned)]
    found = [
        (reverse(f"meetings:minutes_{name}", args=[meeting.pk]), words, css)
        for name, words, css, when in wanted
        if when and user.has_perm(f"meetings.{name}_minutes", meeting)
    ]
    if is_final(paper) and user.has_perm("meetings.view_draft", meeting):
        found.insert(0, (reverse("meetings:sign", args=[meeting.pk]), "Đến trang ký", "btn-primary"))
    return found
