"""What is said in a turn: the private draft, the showing, remarks by name, the answer, the conclusion, a later word."""

from django.db import transaction
from django.utils import timezone

from core.errors import STALE, Refused, StaleText, needed
from core.states import move
from meetings.states import State
from members.activity import record
from reviews.models import Reading, Remark, SelfReview, Turn
from reviews.services import mending, telling
from reviews.turn_states import TurnState

CLOSED = "Lượt này đã trình bày hoặc đã dời, bản tự phê bình không sửa được nữa."


def _locked(turn, *states, sentence):
    """The turn under its lock, in one of the states; raises Refused."""
    row = Turn.objects.select_for_update(no_key=True).get(pk=turn.pk)
    if row.state not in states:
        raise Refused(sentence)
    return row


@transaction.atomic
def write(turn, *, text, version, by, autosave=False):
    """Keep what the member writes about themselves, until it is shown. Nobody else reads it, no diary tells of it.

    Saved by itself or by the button makes no difference. Raises Refused when the turn is past, StaleText when it was
    written elsewhere meanwhile.
    """
    turn = _locked(turn, TurnState.PLANNED, sentence=CLOSED)
    review, _ = SelfReview.objects.select_for_update(no_key=True).get_or_create(turn=turn)
    if review.version != version:
        raise StaleText(STALE, current=review.text, version=review.version, typed=text)
    review.text, review.version = text.strip(), version + 1
    review.save(update_fields=["text", "version"])
    return review


@transaction.atomic
def show(turn, *, by, spoken=""):
    """In the meeting: those present may read it from now on. The member shows the own draft; for one who only spoke
    who leads the meeting writes down the gist (``spoken``), and the draft, if there is one, stays the member's alone.

    Raises Refused outside a meeting in session or without a text.
    """
    turn = move(turn, "show")
    if turn.meeting.state != State.IN_SESSION:
        raise Refused("Chỉ trình bày khi buổi họp đang diễn ra.")
    review, _ = SelfReview.objects.select_for_update(no_key=True).get_or_create(turn=turn)
    if by.member_id != turn.member_id:
        review.spoken = needed(spoken, "Đồng chí ghi tóm tắt lời trình bày.", "spoken")
        review.save(update_fields=["spoken"])
    elif not review.text:
        raise Refused("Chưa có nội dung tự phê bình. Đồng chí ghi vài dòng trước khi trình bày.")
    turn.shown_at = timezone.now()
    turn.save(update_fields=["shown_at"])
    record(turn, "turn.shown", by=by)
    return turn


@transaction.atomic
def remark(turn, *, text, by):
    """Somebody present says something about the member, by name. Raises Refused once the chair has concluded."""
    turn = _locked(turn, TurnState.SHOWN, sentence="Phần góp ý đã khép lại.")
    row = Remark.objects.create(review=turn.review, member=by.member, text=needed(text, "Đồng chí ghi ý kiến góp ý."))
    record(turn, "turn.remarked", by=by, remark=row.pk)
    return row


@transaction.atomic
def answer(turn, *, text, by):
    """The member answers what was said. Raises Refused before the showing and after the conclusion."""
    turn = _locked(turn, TurnState.SHOWN, sentence="Chỉ ghi tiếp thu, giải trình trong phần góp ý của buổi họp.")
    turn.review.answer = needed(text, "Đồng chí ghi ý kiến tiếp thu, giải trình.")
    turn.review.save(update_fields=["answer"])
    record(turn, "turn.answered", by=by)
    return turn


@transaction.atomic
def conclude(turn, *, conclusion, by, carried="", shortcomings=()):
    """The chair sums up; ``carried`` is all that the minutes will hold of it, as the cell decided (empty: only that
    the turn took place); ``shortcomings`` are dicts (text, remedy, due_on) to be mended. Raises Refused."""
    turn = move(turn, "conclude")
    review = turn.review
    review.conclusion = needed(conclusion, "Đồng chí ghi kết luận của chủ trì.", "conclusion")
    review.carried = carried.strip()
    review.save(update_fields=["conclusion", "carried"])
    turn.concluded_at, turn.concluded_by = timezone.now(), by
    turn.save(update_fields=["concluded_at", "concluded_by"])
    for given in shortcomings:
        mending.note(
            turn.cell, owner=turn.member, member=turn.member, turn=turn, source=turn.meeting.title, by=by, **given
        )
    telling.remarked(turn)
    record(turn, "turn.concluded", by=by)
    return turn


@transaction.atomic
def reply(turn, *, text, by):
    """The member adds a word afterwards; it stands beside what was said. Raises Refused before the conclusion."""
    turn = _locked(turn, TurnState.CONCLUDED, sentence="Chủ trì chưa kết luận.")
    turn.review.reply = needed(text, "Đồng chí ghi ý kiến thêm.")
    turn.review.save(update_fields=["reply"])
    record(turn, "turn.replied", by=by)
    return turn


@transaction.atomic
def open_(review, *, by):
    """Somebody else than the author reads it today: noted once a day, in the diary and for the author to see."""
    _, first_today = Reading.objects.get_or_create(review=review, by=by, on=timezone.localdate())
    if first_today:
        record(review.turn, "turn.read", by=by)
