"""What the printed agenda says."""

from django.utils import timezone

from core.vietnamese import date_words, time_words
from documents.layout import Head, Page, place_date
from meetings.queries import agenda
from meetings.states import Body


def agenda_context(meeting, *, large=False) -> dict:
    """Context of meetings/pdf/agenda.html: the Party's head, the facts, the sections with times."""
    rows = agenda.items(meeting)
    moment = timezone.localtime(meeting.starts_at)
    cell = meeting.cell
    issuing = f"CHI ỦY {cell.document_name}" if meeting.body == Body.COMMITTEE else cell.document_name
    told = timezone.localtime(meeting.notified_at).date() if meeting.notified_at else None
    return {
        "head": Head(cell.superior_line, issuing, "", place_date(cell.place, told), "Chương trình", _subject(meeting)),
        "draft": meeting.is_hidden,
        "page": Page(large=large),
        "meeting": meeting,
        "when": f"{time_words(moment)}, {date_words(moment)}",
        "parts": agenda.parts(meeting, rows),
        "total": agenda.total(rows),
        "ends": time_words(agenda.ends_at(meeting, rows)),
        "signatures": [],
    }


def _subject(meeting) -> str:
    title = meeting.title
    return title[0].lower() + title[1:]
