"""Whose turn it is: planned by the rota, changed by the chi ủy, settled when the meeting is over."""

from django.db import transaction

from core.errors import Refused, needed
from core.states import move
from meetings.models import Attendance, Meeting
from meetings.states import OPEN_ENDED, Presence, State
from members.activity import record
from members.queries import rule_for
from reviews import rota, turns
from reviews.models import SelfReview, Turn
from reviews.queries import line
from reviews.services import speaking, telling
from reviews.turn_states import NOT_HELD, TurnState

NO_LONGER = "không còn thuộc diện đến lượt vào ngày họp"


@transaction.atomic
def plan(meeting, *, by=None):
    """Give the turns of a meeting that is being prepared, by the rota; whoever has one keeps it. Returns the new ones.

    The clock calls it again and again: without a change of facts nothing changes.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.state not in OPEN_ENDED:
        return []
    facts = line.facts(meeting)
    least, most = rota.limits(meeting.day, lambda key, on: rule_for(meeting.cell, key, on))
    slot = rota.plan(facts, most=most, least=least).slots[0]
    kept = {turn.member_id: turn for turn in Turn.objects.filter(meeting=meeting)}
    fresh = [_give(meeting, chosen) for chosen in slot.turns if chosen.person not in kept]
    chosen = {one.person for one in slot.turns}
    why = {one.person: one.why for one in slot.shifted}
    for turn in kept.values():
        if turn.state == TurnState.PLANNED and turn.member_id not in chosen:
            _missed(turn, why.get(turn.member_id, NO_LONGER), by)
        elif turn.state == TurnState.PLANNED:
            telling.coming(turn)  # the meeting may have moved: what was not told yet goes with the new day
    if fresh:
        record(meeting, "turn.planned", by=by, people=len(fresh))
    return fresh


def _give(meeting, chosen, **more):
    turn = Turn.objects.create(
        cell_id=meeting.cell_id, member_id=chosen.person, meeting=meeting, reason=chosen.reason[:200], **more
    )
    _take_over_draft(turn)
    telling.coming(turn)
    return turn


def _take_over_draft(turn):
    """What the member had written for a turn that did not take place goes on in the new one."""
    drafts = SelfReview.objects.filter(turn__member=turn.member_id, turn__cell=turn.cell_id, turn__state__in=NOT_HELD)
    draft = drafts.order_by("-pk").first()
    if draft is not None:
        draft.turn = turn
        draft.save(update_fields=["turn"])


@transaction.atomic
def put_in(meeting, member, *, reason, by):
    """The chi ủy puts somebody into a meeting, with its reason. Raises Refused, for example for who is on leave."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    reason = needed(reason, "Đồng chí ghi lý do xếp đồng chí này vào buổi họp.", "reason")
    if meeting.state not in OPEN_ENDED:
        raise Refused("Buổi họp đã bắt đầu hoặc đã xong; chọn buổi họp sau.")
    _, most = rota.limits(meeting.day, lambda key, on: rule_for(meeting.cell, key, on))
    change = turns.Change(member.pk, meeting.day, reason)
    if problem := turns.pin_problem(line.facts(meeting), change, most=most):
        raise Refused(problem, field="member")
    old = Turn.objects.filter(meeting=meeting, member=member).first()
    if old is not None and old.state == TurnState.PLANNED:
        raise Refused("Đồng chí này đã có lượt trong buổi họp này.", field="member")
    turn = (
        _again(old, reason)
        if old is not None
        else _give(meeting, turns.Turn(member.pk, "chi ủy xếp vào buổi này"), pinned=True, answer=reason)
    )
    record(turn, "turn.put_in", by=by)
    return turn


def _again(turn, reason):
    """Put off or missed for this very meeting, and taken in again."""
    turn.state, turn.pinned, turn.answer = TurnState.PLANNED, True, reason
    turn.save(update_fields=["state", "pinned", "answer"])
    telling.coming(turn)
    return turn


@transaction.atomic
def put_off(turn, *, reason, by):
    """The chi ủy moves a turn to another meeting, with its reason; the person is told. Raises Refused without one."""
    reason = needed(reason, "Đồng chí ghi lý do dời lượt.", "reason")
    turn = move(turn, "put_off")
    turn.answer = reason
    turn.save(update_fields=["answer"])
    telling.off(turn)
    record(turn, "turn.put_off", by=by)
    return turn


@transaction.atomic
def miss(turn, *, reason, by):
    """The turn could not take place in the meeting; the person is the first in line at the next."""
    return _missed(turn, needed(reason, "Đồng chí ghi lý do.", "reason"), by)


def _missed(turn, reason, by):
    turn = move(turn, "miss")
    turn.answer = reason
    turn.save(update_fields=["answer"])
    telling.off(turn)
    record(turn, "turn.missed", by=by)
    return turn


@transaction.atomic
def settle(turn):
    """A turn whose meeting is over without it: missed, for the reason that the meeting shows."""
    return _missed(turn, _why(turn), None)


def _why(turn) -> str:
    if turn.meeting.state == State.CANCELLED:
        return "cuộc họp bị hủy"
    there = Attendance.objects.filter(meeting=turn.meeting_id, member=turn.member_id, presence=Presence.PRESENT)
    return "buổi họp chưa kịp nghe" if there.exists() else "vắng mặt"


STEPS = {"show": speaking.show, "conclude": speaking.conclude, "miss": miss, "put_off": put_off}
