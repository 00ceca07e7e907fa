"""Whose turn it is, out of the tables: planned once, changed by the chi ủy, settled (issue 5, 2; DOMAIN §4.4)."""

import datetime

import pytest

from core.errors import Refused
from core.states import WrongState
from meetings.models import Meeting, Reply
from meetings.services import lifecycle
from meetings.states import Answer, Excuse, State
from members.models import Activity, Exemption, Placement, Status
from notices.models import Notice
from reviews.models import SelfReview, Turn
from reviews.queries import line
from reviews.services import speaking, turning
from reviews.tasks import plan_turns
from reviews.turn_states import TurnState
from tests.meetings import prep, story
from tests.reviews.conftest import DAY, begin, fresh

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.message, refusal.value.field


def names(turns):
    return [turn.member.full_name for turn in turns]


def notices(turn, word):
    return Notice.objects.filter(key=f"turn:{turn.pk}:{word}")


# ---------------------------------------------------------------- planned


def test_the_next_meeting_is_given_its_turns_with_the_reason(meeting):
    fresh_ones = turning.plan(meeting)
    assert len(fresh_ones) >= 1
    assert {turn.reason for turn in fresh_ones} == {"chưa có lượt trong năm 2026"}
    assert {turn.state for turn in fresh_ones} == {TurnState.PLANNED}


def test_planned_twice_is_planned_once(meeting):
    turning.plan(meeting)
    before = list(Turn.objects.values_list("pk", flat=True)), Activity.objects.count(), Notice.objects.count()
    assert turning.plan(meeting) == []
    after = list(Turn.objects.values_list("pk", flat=True)), Activity.objects.count(), Notice.objects.count()
    assert before == after


def test_the_person_is_told_two_weeks_before(cell, november, secretary):
    meeting = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=25))
    turn = turning.plan(meeting)[0]
    due = notices(turn, "coming").get().due_at
    assert due == datetime.datetime(2026, 12, 11, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def test_within_two_weeks_the_person_is_told_at_once(meeting, november):
    november.move_to(story.moment(9, day=1))
    turn = turning.plan(meeting)[0]
    assert notices(turn, "coming").get().due_at <= story.moment(9, 10, day=1)


def test_a_meeting_that_has_begun_is_given_no_turns(session):
    before = Turn.objects.count()
    assert turning.plan(session) == []
    assert Turn.objects.count() == before


def test_who_asked_to_be_excused_is_shifted_and_first_in_line_afterwards(meeting, cell, secretary):
    first = turning.plan(meeting)[0]
    Reply.objects.create(meeting=meeting, member=first.member, answer=Answer.ASKS_EXCUSE, reason="Ốm")
    turning.plan(meeting)
    first = fresh(first)
    assert (first.state, first.answer) == (TurnState.MISSED, "đã xin vắng")
    assert first.member not in [turn.member for turn in meeting.turns.filter(state=TurnState.PLANNED)]
    Meeting.objects.filter(pk=meeting.pk).update(state=State.CLOSED)
    nearest = turning.plan(prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=28)))
    assert first.member in [turn.member for turn in nearest]
    reason = next(turn.reason for turn in nearest if turn.member == first.member)
    assert reason == "lượt dời từ ngày 05/12/2026 vì chưa thực hiện được"  # nothing of the reason that was given


def test_a_refused_excuse_shifts_nothing(meeting):
    first = turning.plan(meeting)[0]
    Reply.objects.create(
        meeting=meeting, member=first.member, answer=Answer.ASKS_EXCUSE, reason="Bận", decision=Excuse.REFUSED
    )
    turning.plan(meeting)
    assert fresh(first).state == TurnState.PLANNED


@pytest.mark.parametrize("kind", ["exempt", "suspended", "elsewhere"])
def test_who_cannot_be_asked_gets_no_turn(meeting, cell, kind):
    person = turning.plan(meeting)[0].member
    Turn.objects.all().delete()
    leave(person, cell, kind)
    assert person not in [turn.member for turn in turning.plan(meeting)]


def test_who_goes_on_leave_after_the_planning_loses_the_turn(meeting, cell):
    turn = turning.plan(meeting)[0]
    leave(turn.member, cell, "exempt")
    turning.plan(meeting)
    assert (fresh(turn).state, fresh(turn).answer) == (
        TurnState.MISSED,
        "không còn thuộc diện đến lượt vào ngày họp",
    )


def leave(person, cell, kind):
    span = {"member": person, "starts_on": DAY(2026, 11, 1)}
    if kind == "exempt":
        Exemption.objects.create(kind="exempt", **span)
    elif kind == "suspended":
        Status.objects.filter(member=person).update(ends_on=DAY(2026, 10, 31))
        Status.objects.create(kind="suspended", **span)
    else:
        Placement.objects.create(kind="temp_elsewhere", cell=cell, place="Chi bộ khác", **span)


# ---------------------------------------------------------------- changed by the chi ủy


def test_the_chi_uy_puts_somebody_in_with_a_reason(turn, member):
    assert (turn.member, turn.pinned, turn.reason) == (member.member, True, "chi ủy xếp vào buổi này")
    assert turn.answer == "Mới chuyển công tác"
    assert notices(turn, "coming").get().recipient == member.member


def test_without_a_reason_nobody_is_put_in(meeting, member, secretary):
    act = refused(turning.put_in, meeting, member.member, reason=" ", by=secretary)
    assert act == ("Đồng chí ghi lý do xếp đồng chí này vào buổi họp.", "reason")


def test_a_turn_for_someone_on_leave_is_refused(meeting, cell, member, secretary):
    """Issue 5, bad input."""
    leave(member.member, cell, "exempt")
    assert refused(turning.put_in, meeting, member.member, reason="Theo yêu cầu", by=secretary) == (
        "Ngày 05/12/2026 đồng chí không thuộc diện đến lượt (được miễn công tác và sinh hoạt). Chọn buổi khác.",
        "member",
    )


def test_who_has_asked_to_be_excused_is_not_put_in(meeting, member, secretary):
    Reply.objects.create(meeting=meeting, member=member.member, answer=Answer.ASKS_EXCUSE, reason="Ốm")
    assert refused(turning.put_in, meeting, member.member, reason="Theo yêu cầu", by=secretary) == (
        "Đồng chí đã báo vắng buổi ngày 05/12/2026 (đã xin vắng). Chọn buổi khác.",
        "member",
    )


def test_somebody_of_another_cell_is_not_put_in(meeting, outsider, secretary):
    sentence, _ = refused(turning.put_in, meeting, outsider.member, reason="Theo yêu cầu", by=secretary)
    assert sentence == "Ngày 05/12/2026 đồng chí không thuộc diện đến lượt. Chọn buổi khác."


def test_put_in_twice_is_refused(meeting, turn, member, secretary):
    sentence, _ = refused(turning.put_in, meeting, member.member, reason="Theo yêu cầu", by=secretary)
    assert sentence == "Đồng chí này đã có lượt trong buổi họp này."


def test_nobody_is_put_into_a_meeting_that_has_begun(session, probationary, secretary):
    sentence, _ = refused(turning.put_in, session, probationary.member, reason="Theo yêu cầu", by=secretary)
    assert sentence == "Buổi họp đã bắt đầu hoặc đã xong; chọn buổi họp sau."


def test_more_than_the_rule_allows_are_not_put_in(meeting, turn, deputy, committee, collector, clerk, secretary):
    people = [user.member for user in (deputy, committee, collector, clerk, secretary)]
    sentence = ""
    for person in people:
        try:
            turning.put_in(meeting, person, reason="Theo yêu cầu", by=secretary)
        except Refused as refusal:
            sentence = refusal.message
            break
    most = meeting.turns.count()
    assert sentence == f"Chi ủy đã xếp đủ {most} đồng chí vào buổi ngày 05/12/2026. Chọn buổi khác."


def test_put_off_stays_away_from_that_meeting_and_the_person_is_told(meeting, turn, secretary):
    Notice.objects.filter(key=f"turn:{turn.pk}:coming").update(outcome="sent", done_at=story.moment(9, day=1))
    turning.put_off(turn, reason="Đi công tác", by=secretary)
    assert (fresh(turn).state, fresh(turn).answer) == (TurnState.PUT_OFF, "Đi công tác")
    assert turn.member not in [each.member for each in turning.plan(meeting)]
    assert notices(turn, "off").count() == 1


def test_who_was_not_told_yet_is_not_told_of_the_putting_off(cell, november, secretary, member):
    meeting = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=25))
    turn = turning.put_in(meeting, member.member, reason="Theo yêu cầu", by=secretary)
    turning.put_off(turn, reason="Đi công tác", by=secretary)
    assert notices(turn, "off").count() == 0
    assert notices(turn, "coming").get().done_at is not None


def test_putting_off_and_missing_need_a_reason(turn, secretary):
    assert refused(turning.put_off, turn, reason="", by=secretary) == ("Đồng chí ghi lý do dời lượt.", "reason")
    assert refused(turning.miss, turn, reason="", by=secretary) == ("Đồng chí ghi lý do.", "reason")
    assert fresh(turn).state == TurnState.PLANNED


def test_put_in_again_after_it_was_put_off(meeting, turn, member, secretary):
    turning.put_off(turn, reason="Đi công tác", by=secretary)
    again = turning.put_in(meeting, member.member, reason="Đã về", by=secretary)
    assert (again.pk, again.state, again.answer) == (turn.pk, TurnState.PLANNED, "Đã về")


def test_a_turn_that_was_shown_is_not_put_off(shown, secretary):
    with pytest.raises(WrongState):
        turning.put_off(shown, reason="Muộn", by=secretary)


# ---------------------------------------------------------------- drafts and the end


def test_the_draft_goes_on_in_the_next_turn(meeting, written, cell, member, secretary):
    turning.put_off(written, reason="Đi công tác", by=secretary)
    later = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=28))
    turn = turning.put_in(later, member.member, reason="Đã về", by=secretary)
    assert SelfReview.objects.get().turn == turn
    speaking.write(turn, text="Viết tiếp.", version=1, by=member)
    assert SelfReview.objects.get().text == "Viết tiếp."


def settle():
    return [turning.settle(turn) for turn in line.settled()]


def test_a_meeting_in_session_keeps_its_turns(session, turn):
    assert settle() == []
    assert fresh(turn).state == TurnState.PLANNED


@pytest.mark.parametrize(
    ("state", "away", "why"),
    [
        (State.CLOSED, False, "buổi họp chưa kịp nghe"),
        (State.CLOSED, True, "vắng mặt"),
        (State.CANCELLED, False, "cuộc họp bị hủy"),
    ],
)
def test_what_was_not_heard_is_missed_when_the_meeting_is_over(
    november, meeting, turn, member, secretary, clerk, state, away, why
):
    november.move_to(story.moment(16))
    if state == State.CLOSED:
        begin(meeting, secretary, clerk, away=[member] if away else [])
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    assert [each.pk for each in settle()] == [turn.pk]
    assert (fresh(turn).state, fresh(turn).answer) == (TurnState.MISSED, why)
    assert settle() == []


def test_a_cancelled_meeting_lets_the_next_one_have_the_turn(meeting, turn, cell, member, secretary):
    meeting = lifecycle.cancel_meeting(Meeting.objects.get(pk=meeting.pk), cancel_reason="Bão", by=secretary)
    plan_turns()
    later = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=28))
    plan_turns()
    assert fresh(turn).state == TurnState.MISSED
    assert member.member in [each.member for each in later.turns.all()]


def test_the_clock_plans_the_nearest_meeting_of_each_cell(meeting, cell, secretary):
    later = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=28))
    plan_turns()
    assert (meeting.turns.exists(), later.turns.exists()) == (True, False)


def test_what_fails_is_logged_without_a_word_and_the_others_go_on(meeting, other_cell, outsider, caplog, monkeypatch):
    theirs = prep.new_meeting(other_cell, outsider, starts_at=story.moment(15))
    real = turning.plan
    monkeypatch.setattr(turning, "plan", lambda one: real(one) if one.pk == theirs.pk else 1 / 0)
    with pytest.raises(RuntimeError, match=r"^1 turns or meetings were not settled$"):
        plan_turns()
    assert theirs.turns.exists()
    assert [each.getMessage() for each in caplog.records if each.name == "reviews.tasks"] == [
        f"turn or meeting {meeting.pk}"
    ]


def test_who_has_had_a_turn_in_the_year_waits_until_all_had_one(meeting, shown, cell, member, secretary):
    Meeting.objects.filter(pk=meeting.pk).update(state=State.CLOSED)
    later = prep.new_meeting(cell, secretary, starts_at=story.moment(14, day=28))
    assert member.member not in [each.member for each in turning.plan(later)]
