"""Putting matters to the vote: N is frozen when a vote opens, the counts when it closes."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import move
from meetings import counting
from meetings.models import Vote
from meetings.queries.session import ABSENT, live_denominator, share_for, sheet
from meetings.services import resolution
from meetings.services.attendance import ensure_open_record
from meetings.services.speeches import fresh_item, mark_discussed
from meetings.states import TWO_THIRDS, Ballot, Decision, State, VoteState
from members.activity import record

GONE = "Vấn đề biểu quyết này vừa được đồng chí khác bỏ."
FROZEN = ["official", "exempt_absent", "elsewhere_absent", "suspended", "excused"]
OPENED = [*FROZEN, "denominator", "voters", "need", "opened_at"]
COUNTED = ["agree", "disagree", "other", "issued", "returned", "invalid", "teller_1", "teller_2", "passed", "closed_at"]
NOT_YET = (State.DRAFT, State.AGREED, State.NOTIFIED, State.IN_SESSION)


@transaction.atomic
def propose_vote(item, *, vote, by):
    """Put a matter on an item (``vote`` is filled and unsaved); it is opened later.

    Raises Refused: two-thirds matters by a show of hands (Hướng dẫn 06-HD/TW, mục 5.1), a meeting that is over.
    """
    meeting = ensure_open_record(item.meeting, states=NOT_YET)
    if vote.decision in TWO_THIRDS and vote.ballot == Ballot.HAND:
        raise Refused(
            "Việc này biểu quyết bằng thẻ đảng viên hoặc phiếu kín (Hướng dẫn 06-HD/TW, mục 5.1).", field="ballot"
        )
    vote.item, vote.state = item, VoteState.DRAFT
    vote.save()
    record(vote, "vote.proposed", by=by, organisation=meeting.cell_id, item=item.pk)
    return vote


@transaction.atomic
def open_vote(vote, *, by, at=None):
    """Open the vote and freeze N, the voters present and the votes needed, as the sheet stands at that moment.

    Raises Refused outside the session, while another vote is open, and when nobody present may vote.
    """
    at = at or timezone.now()
    meeting = ensure_open_record(vote.item.meeting, states=(State.IN_SESSION,))
    other = Vote.objects.filter(item__meeting=meeting, state=VoteState.OPEN).exclude(pk=vote.pk).first()
    if other is not None:
        raise Refused(f"Đang mở biểu quyết “{other.matter}”. Chốt hoặc lấy lại biểu quyết đó trước.")
    vote = move(stored(vote), "open")
    parts = live_denominator(meeting, list(sheet(meeting)), at)
    if not parts.voters:
        raise Refused("Chưa có đảng viên chính thức nào được điểm danh có mặt. Điểm danh trước khi mở biểu quyết.")
    share, more_than = share_for(meeting, vote.decision)
    for name in FROZEN:
        setattr(vote, name, getattr(parts, name))
    vote.denominator, vote.voters, vote.opened_at = parts.total, parts.voters, at
    vote.need = counting.needed(parts.total, share, more_than=more_than)
    vote.save(update_fields=OPENED)
    if vote.decision == Decision.RESOLUTION:
        resolution.keep_voted(vote)
    record(vote, "vote.opened", by=by, organisation=meeting.cell_id, denominator=vote.denominator, voters=vote.voters)
    return vote


def stored(vote) -> Vote:
    """The locked row of a vote; raises Refused when a colleague has taken it off."""
    rows = Vote.objects.select_for_update(of=("self",), no_key=True).select_related("item__meeting")
    fresh = rows.filter(pk=vote.pk).first()
    if fresh is None:
        raise Refused(GONE)
    return fresh


@transaction.atomic
def reset_vote(vote, *, by):
    """Take an open vote back, so that N is computed anew when it opens again."""
    meeting = ensure_open_record(vote.item.meeting)
    vote = move(vote, "reset")
    for name in OPENED:
        setattr(vote, name, None)
    vote.save(update_fields=OPENED)
    resolution.forget_voted(vote)
    record(vote, "vote.reset", by=by, organisation=meeting.cell_id)
    return vote


@transaction.atomic
def close_vote(
    vote, *, agree, disagree, other, issued=None, returned=None, invalid=None, teller_1=None, teller_2=None, by, at=None
):
    """Freeze the counts (whole people or ballots) and whether the matter passed.

    Open votes: the three counts add up to the voters present. Secret ballots: issued, returned, invalid and two
    different tellers. Raises Refused at the field that cannot be, WrongState when a colleague closed it first.
    """
    meeting = ensure_open_record(vote.item.meeting)
    vote = stored(vote)
    if not vote.MOVES["close"].allows(vote):
        move(vote, "close")  # raises WrongState
    vote.agree, vote.disagree, vote.other = agree, disagree, other
    if vote.is_secret:
        vote.issued, vote.returned, vote.invalid = issued, returned, invalid
        vote.teller_1, vote.teller_2 = teller_1, teller_2
        _check_secret(vote)
        _check_tellers(meeting, teller_1, teller_2)
    else:
        _check_open(vote)
    vote.passed, vote.closed_at = agree >= vote.need, at or timezone.now()
    vote.save(update_fields=COUNTED)
    vote = move(vote, "close")
    mark_discussed(fresh_item(vote.item))
    record(vote, "vote.closed", by=by, organisation=meeting.cell_id, agree=agree, disagree=disagree, other=other)
    return vote


def _check_open(vote):
    """Refuse counts that do not add up, at the field where the sum first goes past the voters."""
    running = 0
    for field in ("agree", "disagree", "other"):
        running += _whole(vote, field)
        if running > vote.voters:
            problem = counting.open_vote_problem(vote.voters, vote.agree, vote.disagree, vote.other)
            raise Refused(problem, field=field)
    if problem := counting.open_vote_problem(vote.voters, vote.agree, vote.disagree, vote.other):
        raise Refused(problem, field="other")


def _check_secret(vote):
    for field in ("issued", "returned", "invalid", "agree", "disagree", "other"):
        _whole(vote, field)
    field = "issued" if vote.issued > vote.voters else "returned" if vote.returned > vote.issued else "invalid"
    counted = vote.agree + vote.disagree + vote.other
    if vote.invalid <= vote.returned <= vote.issued <= vote.voters:
        field = "other"
    if problem := counting.secret_vote_problem(vote.voters, vote.issued, vote.returned, vote.invalid, counted):
        raise Refused(problem, field=field)


def _whole(vote, field) -> int:
    value = getattr(vote, field)
    if value is None or value < 0:
        raise Refused(f"Ghi số {vote._meta.get_field(field).verbose_name}, từ 0 trở lên.", field=field)
    return value


def _check_tellers(meeting, first, second):
    if first is None or second is None or first == second:
        field = "teller_2" if first else "teller_1"
        raise Refused("Phiếu kín do hai người kiểm. Chọn hai đồng chí khác nhau.", field=field)
    rows = dict(meeting.sheet.filter(member__in=[first, second]).values_list("member_id", "presence"))
    for member, field in ((first, "teller_1"), (second, "teller_2")):
        if rows.get(member.pk, ABSENT[0]) in ABSENT:
            raise Refused(f"Đồng chí {member.full_name} không có mặt nên không kiểm phiếu được.", field=field)


@transaction.atomic
def remove_vote(vote, *, by):
    """Take a matter off that has not been opened; raises Refused for any other."""
    ensure_open_record(vote.item.meeting, states=NOT_YET)
    fresh = stored(vote)
    if fresh.state != VoteState.DRAFT:
        raise Refused(f"Biểu quyết đang ở trạng thái “{fresh.get_state_display()}”, chỉ bỏ được khi chưa mở.")
    record(vote, "vote.removed", by=by, gone=True)
    vote.delete()


STEPS = {"open": open_vote, "reset": reset_vote, "close": close_vote}
