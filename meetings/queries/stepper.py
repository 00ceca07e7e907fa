"""The life of a meeting as seven steps; the last two are derived from its papers."""

from django.utils import timezone

from core.columns import own
from core.steps import Step, in_order
from core.vietnamese import date_text
from documents.models import Paper
from documents.states import IN_FORCE, PaperState
from meetings.states import State

RELATED = ("minutes__paper", "resolution__paper")  # fetch a meeting with these: no query is made here
COLUMNS = ["minutes__adopted_at", *(f"{name}__{column}" for name in RELATED for column in own(Paper))]


def paper_of(meeting, kind):
    """The paper of the minutes or the resolution of a meeting; None while there is none or it was withdrawn."""
    owner = getattr(meeting, kind, None)
    paper = owner.paper if owner else None
    return paper if paper and paper.state != PaperState.WITHDRAWN else None


def steps(meeting) -> list[Step]:
    """Steps of a meeting in order; the first that is not done is the present one.

    A cancelled meeting ends with "Đã hủy" after what was reached. No query for a meeting fetched with RELATED.
    """
    parts = [part for part in _parts(meeting) if part is not None]
    if meeting.state == State.CANCELLED:
        reached = [Step(label, sub, "done") for label, sub, done in parts if done]
        return [*reached, Step("Đã hủy", _day(meeting.cancelled_at), "now")]
    return in_order(parts)


def _parts(meeting):
    minutes, resolution = paper_of(meeting, "minutes"), paper_of(meeting, "resolution")
    closed = meeting.closed_at is not None
    signed = minutes is not None and minutes.state == PaperState.SIGNED
    yield "Soạn", "", bool(meeting.agreed_at or meeting.notified_at)
    yield ("Chi ủy thống nhất", _day(meeting.agreed_at), bool(meeting.agreed_at)) if meeting.needs_agreement else None
    yield "Thông báo", _day(meeting.notified_at), bool(meeting.notified_at)
    yield "Họp", _length(meeting), closed
    yield "Biên bản", _adopted(meeting, minutes), minutes is not None and minutes.state in IN_FORCE
    yield "Ký", _signing(minutes, signed), signed
    yield "Lưu", _kept(meeting, resolution, signed), signed and _all_signed(meeting, resolution)


def _day(moment) -> str:
    return date_text(timezone.localtime(moment))[:5] if moment else ""


def _length(meeting) -> str:
    if meeting.closed_at:
        return f"{int((meeting.closed_at - meeting.opened_at).total_seconds() // 60)} phút"
    return "đang họp" if meeting.state == State.IN_SESSION else _day(meeting.starts_at)


def _adopted(meeting, minutes) -> str:
    owner = getattr(meeting, "minutes", None)
    if minutes is None or owner is None or owner.adopted_at is None:
        return ""
    return f"thông qua {timezone.localtime(owner.adopted_at):%H:%M}"


def _signing(minutes, signed) -> str:
    if signed:
        return "đủ chữ ký"
    return "chờ ký" if minutes and minutes.state == PaperState.SEALED else ""


def _all_signed(meeting, resolution) -> bool:
    """Every paper of the meeting is signed; a resolution that was begun counts."""
    begun = getattr(meeting, "resolution", None) is not None
    return not begun or (resolution is not None and resolution.state == PaperState.SIGNED)


def _kept(meeting, resolution, signed) -> str:
    if not signed:
        return "sau khi ký đủ"
    return "" if _all_signed(meeting, resolution) else "chờ nghị quyết"
