"""The minutes: prose, reading back and adoption, explanations, sealing. Everything else in them is computed."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import WrongState
from core.vietnamese import nfc, time_words
from documents.services import papers
from documents.states import PaperState, PaperType
from meetings.contradictions import contradictions, unsettled
from meetings.models import AgendaItem, Explanation, Meeting, Minutes
from meetings.queries import official
from meetings.queries.record import record_of, subject_of
from meetings.queries.session import has_open_vote, record_state
from meetings.services import carrying, publishing, reminding
from meetings.services.attendance import SEALED, ensure_open_record
from meetings.services.speeches import store_text
from meetings.states import State
from members.activity import record
from members.queries import rule_for, titles_on

PROSE = ("opening", "closing")


@transaction.atomic
def start_minutes(meeting, *, by) -> Minutes:
    """The row that carries the clerk's prose; idempotent. Called by ``open_meeting`` and by the first text saved."""
    minutes, made = Minutes.objects.get_or_create(meeting=meeting)
    if made:
        record(minutes, "minutes.started", by=by)
    return minutes


def _locked(meeting):
    rows = Minutes.objects.select_for_update(of=("self",), no_key=True).select_related("meeting", "paper")
    return rows.get(meeting=meeting)


# Prose


@transaction.atomic
def save_text(meeting, field, *, text, version, by, autosave=False) -> Minutes:
    """Store the opening or closing prose under its version; an autosave writes no diary line.

    Raises StaleText when somebody saved other words since ``version``, Refused once the minutes are adopted.
    """
    if field not in PROSE:
        raise Refused("Biên bản không có đoạn này.")
    meeting = ensure_open_record(meeting)
    start_minutes(meeting, by=by)
    minutes = _locked(meeting)
    store_text(minutes, field, f"{field}_version", nfc(text), version)
    if not autosave:
        record(minutes, "minutes.saved", by=by, version=getattr(minutes, f"{field}_version"))
    return minutes


@transaction.atomic
def save_narrative(item, *, text, version, by, autosave=False) -> AgendaItem:
    """Store what was presented on an item under its version; raises StaleText or Refused like ``save_text``."""
    ensure_open_record(item.meeting)
    fresh = AgendaItem.objects.select_for_update(of=("self",), no_key=True).select_related("meeting").get(pk=item.pk)
    store_text(fresh, "narrative", "narrative_version", nfc(text), version)
    if not autosave:
        record(fresh, "minutes.saved", by=by, version=fresh.narrative_version)
    return fresh


# Reading back and adoption


@transaction.atomic
def adopt_minutes(meeting, *, adopted_at, by) -> Minutes:
    """The minutes were read back and passed at that moment: the paper gets its number, chair and clerk are frozen.

    In session or after it. Raises Refused: a vote is open, no chair or clerk, one person in both, a moment before the
    opening or still to come. Numbered by the dated rule ``minutes.numbered`` (36-HD/VPTW; many cells leave them so).
    """
    meeting = ensure_open_record(meeting)
    if has_open_vote(meeting):
        raise Refused("Còn một biểu quyết đang mở. Chốt hoặc lấy lại biểu quyết đó trước khi thông qua biên bản.")
    _check_officers(meeting)
    _check_adopted_at(meeting, adopted_at)
    minutes = start_minutes(meeting, by=by)
    minutes = _locked(meeting)
    carrying.freeze_review(meeting, by=by)
    minutes.sections = [asdict(section) for section in record_of(meeting).sections]
    minutes.paper = _paper(meeting, by)
    minutes.adopted_at = adopted_at
    minutes.save(update_fields=["paper", "adopted_at", "sections"])
    numbered = rule_for(meeting.cell, "minutes.numbered", on=meeting.day).yes
    minutes.paper = paper = papers.adopt_paper(minutes.paper, on=meeting.day, by=by, numbered=numbered)
    reminding.read_back(meeting)
    record(minutes, "minutes.adopted", by=by, paper=paper.pk, number=paper.number)
    return minutes


def _check_officers(meeting):
    if meeting.chair_id is None:
        raise Refused("Chưa có chủ trì. Ghi chủ trì buổi họp trước khi thông qua biên bản.")
    if meeting.clerk_id is None:
        raise Refused("Chưa có thư ký. Ghi thư ký buổi họp trước khi thông qua biên bản.")
    if meeting.chair_id == meeting.clerk_id:
        raise Refused("Chủ trì và thư ký phải là hai người. Đổi thư ký trước khi thông qua biên bản.")


def _check_adopted_at(meeting, adopted_at):
    if adopted_at < meeting.opened_at.replace(second=0, microsecond=0):
        opened = time_words(timezone.localtime(meeting.opened_at))
        raise Refused(f"Giờ thông qua phải từ giờ khai mạc {opened} trở đi.", field="adopted_at")
    if adopted_at > timezone.now():
        raise Refused("Giờ thông qua chưa đến. Ghi giờ chi bộ đã thông qua.", field="adopted_at")


def _paper(meeting, by):
    """A new paper, the first time and after a withdrawal."""
    posts = titles_on(meeting.cell, meeting.day)
    signers = [
        ("clerk", meeting.clerk, "Thư ký"),
        ("chair", meeting.chair, posts.get(meeting.chair_id, "Chủ trì")),
    ]
    subject = subject_of(meeting)
    return papers.create_paper(
        meeting.cell, PaperType.MINUTES, term=meeting.cell.term, subject=subject, signers=signers, by=by
    )


# Mending and explaining


@transaction.atomic
def correct_times(meeting, *, closed_at, adopted_at=None, by):
    """Correct the closing time and the time of adoption: what mends an end that comes too early.

    Allowed until the minutes are sealed; after the adoption only while such a contradiction is listed.
    Raises Refused at ``closed_at`` or ``adopted_at``.
    """
    meeting = ensure_open_record(meeting, correction=True, states=(State.CLOSED,))
    adopted = record_state(meeting) == "adopted"
    if adopted and not any(one.where == "times" for one in contradictions(record_of(meeting))):
        raise Refused("Biên bản đã được thông qua và giờ giấc không có mâu thuẫn nên không sửa được.")
    if closed_at <= meeting.opened_at:
        opened = time_words(timezone.localtime(meeting.opened_at))
        raise Refused(f"Giờ bế mạc phải sau giờ khai mạc {opened}.", field="closed_at")
    if closed_at > timezone.now():
        raise Refused("Giờ bế mạc chưa đến. Ghi giờ đã bế mạc.", field="closed_at")
    meeting.closed_at = closed_at
    meeting.save(update_fields=["closed_at"])
    if adopted and adopted_at is not None:
        _check_adopted_at(meeting, adopted_at)
        Minutes.objects.filter(meeting=meeting).update(adopted_at=adopted_at)
    record(meeting, "minutes.times_corrected", by=by)
    return meeting


@transaction.atomic
def explain(meeting, *, key, text, by) -> Explanation:
    """Say why a listed contradiction stands; the same key again replaces the words.

    Raises Refused for an empty text, and for what is not listed or has to be mended instead.
    """
    meeting = ensure_open_record(meeting, correction=True)
    start_minutes(meeting, by=by)
    minutes = _locked(meeting)
    listed = {one.key: one for one in contradictions(record_of(meeting))}
    if key not in listed:
        raise Refused("Điều này không còn mâu thuẫn, không cần giải trình nữa.")
    if not listed[key].explainable:
        raise Refused("Điều này phải sửa cho đúng, không giải trình được.")
    text = nfc(text.strip())
    if not text:
        raise Refused("Ghi lời giải trình.", field="text")
    values = {"text": text[:500], "by": by, "at": timezone.now()}
    explanation, _ = Explanation.objects.update_or_create(minutes=minutes, key=key, defaults=values)
    record(minutes, "minutes.explained", by=by, explanation=explanation.pk)
    return explanation


# Sealing


@transaction.atomic
def seal_minutes(meeting, *, way, by) -> Minutes:
    """Render the adopted minutes for good; from here on no path changes the record of the meeting.

    Raises Refused: not adopted, not closed, a contradiction neither mended nor explained, an unknown way of signing.
    """
    if record_state(meeting) == "sealed":
        raise WrongState(SEALED)
    meeting = ensure_open_record(meeting, correction=True)
    minutes = Minutes.objects.filter(meeting=meeting).select_related("paper__organisation__parent").first()
    if minutes is None or minutes.paper is None or minutes.paper.state != PaperState.ADOPTED:
        raise WrongState("Biên bản chưa được đọc lại và thông qua nên chưa khóa được.")
    if meeting.state != State.CLOSED:
        raise Refused("Buổi họp chưa bế mạc. Bế mạc trước khi khóa biên bản.")
    found = record_of(meeting)
    if left := unsettled(found):
        raise Refused(f"Còn {len(left)} điều chưa khớp, phải sửa hoặc giải trình trước khi khóa: {left[0].text}")
    minutes.paper = paper = papers.seal_paper(
        minutes.paper, official.MINUTES, official.minutes_context(found), way=way, by=by
    )
    publishing.ask_to_sign(minutes, paper)
    record(minutes, "minutes.sealed", by=by, paper=paper.pk)
    return minutes


@transaction.atomic
def withdraw_minutes(meeting, *, reason, by) -> Minutes:
    """Take back sealed minutes that nobody has signed; the record opens again and can be adopted anew.

    The number stays in use as "hủy". Raises Refused without a reason, once signed, or when nothing is sealed.
    """
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)  # before its papers, as the sealing does
    if not Minutes.objects.filter(meeting=meeting, paper__isnull=False).exists():
        raise WrongState("Biên bản chưa khóa nên không có gì để hủy.")
    minutes = _locked(meeting)
    paper = papers.withdraw_paper(minutes.paper, reason, by=by)
    minutes.paper, minutes.adopted_at, minutes.sections = paper, None, None
    minutes.save(update_fields=["adopted_at", "sections"])
    reminding.tell_read_back(minutes.meeting, by=by)
    publishing.stop_asking(minutes, paper)
    record(minutes, "minutes.withdrawn", by=by, paper=paper.pk, number=paper.number)
    return minutes
