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
        "checks": checks(request.user, meeting, record, explain) if held and not is_final(paper) else [],
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


def checks(user, meeting, record, explain=None):
    """The contradictions, each with the address that mends it for this person and the form that explains it."""
    found = []
    for place, one in enumerate(contradictions(record)):
        url, words = _mends(user, meeting, one)
        form = explain if explain is not None and explain.data.get("key") == one.key else None
        initial = {"key": one.key, "text": one.explanation}
        form = form or ExplainForm(initial=initial, auto_id=f"giai-trinh-{place}-%s")
        found.append({"one": one, "url": url, "link": words, "form": form})
    return found


# where a contradiction is mended: who may, the page, its words
MENDS = {
    "attendance": ("keep_meeting", "attendance", "Mở bảng điểm danh"),
    "vote": ("keep_meeting", "vote", "Mở biểu quyết"),
    "times": ("adopt_minutes", "minutes_times", "Sửa giờ"),
    "close": ("close_meeting", "move", "Bế mạc buổi họp"),
    "tasks": ("change_resolution", "resolution", "Mở nghị quyết"),
    "session": ("keep_meeting", "session", "Mở trang điều hành"),
}


def _mends(user, meeting, one):
    """(address, words of the link) of the page that mends a contradiction; empty for whoever may not."""
    may, name, words = MENDS[one.where]
    if not user.has_perm(f"meetings.{may}", meeting):
        return "", ""
    more = {"vote": [one.about], "close": ["close"]}.get(one.where, [])
    url = reverse(f"meetings:{name}", args=[meeting.pk, *more])
    return (f"{url}?item={one.about}" if one.where == "session" else url), words


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
        words = ("Xem chữ ký", "btn-quiet") if paper.state == PaperState.SIGNED else ("Đến trang ký", "btn-primary")
        found.insert(0, (reverse("meetings:sign", args=[meeting.pk]), *words))
    return found
