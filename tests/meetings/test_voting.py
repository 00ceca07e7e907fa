"""Votes: N frozen at the opening, counts at the closing, every refusal, two people at one button."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from core.errors import Refused
from core.states import WrongState
from meetings.models import AgendaItem, Vote
from meetings.queries.ballots import tally
from meetings.queries.session import sheet
from meetings.services import attendance, lifecycle, voting
from meetings.states import VOTE_MOVES, Ballot, Body, Decision, Presence, State, VoteState
from members.models import Activity, Setting
from tests.factories import LONG_AGO, MemberFactory
from tests.meetings.hall import everybody_present, held, opened, proposed, row_of
from tests.meetings.test_attendance import exempt, papers_at, placed, suspended

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cell, secretary, clerk):
    return held(cell, chair=secretary, clerk=clerk)


@pytest.fixture
def item(meeting):
    everybody_present(meeting)
    return meeting.items.first()


def verbs():
    return list(Activity.objects.order_by("seq").values_list("verb", flat=True))


def closed(vote, agree, disagree=0, other=0, **more):
    return voting.close_vote(vote, agree=agree, disagree=disagree, other=other, by=None, **more)


def example(cell):
    """DOMAIN §1.6: 24 official, 2 exempt and 1 elsewhere, absent; 1 excused; 1 absent without a reason; 19 present."""
    people = [MemberFactory(cell=cell) for _ in range(24 - 4)]  # the cell has four already
    exempt(people[0])
    exempt(people[1])
    placed(people[2], cell, "temp_elsewhere")
    meeting = held(cell)
    attendance.mark(meeting.sheet.get(member=people[3]), presence=Presence.ABSENT_EXCUSED, reason="Ốm", by=None)
    attendance.mark(meeting.sheet.get(member=people[4]), presence=Presence.ABSENT_UNEXCUSED, by=None)
    attendance.mark_all_present(meeting, by=None)
    return meeting.items.first()


def test_moves_and_steps_agree():
    assert voting.STEPS.keys() == VOTE_MOVES.keys()


@pytest.mark.parametrize(
    ("decision", "agree", "need", "passed"),
    [
        (Decision.RESOLUTION, 11, 11, True),
        (Decision.RESOLUTION, 10, 11, False),
        (Decision.ADMISSION, 13, 14, False),
        (Decision.ADMISSION, 14, 14, True),
    ],
)
def test_worked_example(cell, decision, agree, need, passed):
    vote = opened(example(cell), decision=decision)
    assert (vote.official, vote.denominator, vote.voters, vote.need) == (24, 20, 19, need)
    assert closed(vote, agree, 19 - agree).passed is passed


def test_worked_example_in_words(cell):
    vote = opened(example(cell))
    page = tally(vote, vote.item.meeting, list(sheet(vote.item.meeting)))
    assert (page.parts.words, page.need_words) == ("24 − 2 − 1 − 1 = 20", "Cần quá nửa của 20: 11")
    assert page.lines == [
        ("Miễn sinh hoạt, không dự", "−2"),
        ("Tạm thời nơi khác, không dự", "−1"),
        ("Vắng cả buổi có lý do", "−1"),
    ]
    vote = closed(vote, 17, 1, 1)
    assert tally(vote, vote.item.meeting, []).result == "Được thông qua: 17/20 (85%)"


def test_unverified_way_of_deducting_is_said_until_the_vote_opens(cell):
    """DESIGN §3: a rule that nobody has verified shows "chưa kiểm chứng" wherever it counts."""
    vote = opened(example(cell))
    rows = list(sheet(vote.item.meeting))
    draft = Vote(item=vote.item, decision=vote.decision)
    assert [tally(each, vote.item.meeting, rows).unverified for each in (draft, vote)] == [True, False]


def test_two_thirds_in_words(cell):
    vote = opened(example(cell), decision=Decision.EXPULSION)
    assert tally(vote, vote.item.meeting, []).need_words == "Cần ít nhất 2/3 của 20: 14"
    vote = closed(vote, 10, 9)
    assert tally(vote, vote.item.meeting, []).result == "Không được thông qua: 10/20 (50%), cần 14"


def test_strict_setting_deducts_nobody_absent(cell):
    Setting.objects.create(
        organisation=cell, key="vote.deduct_absent", value="không", source="NQ 01", starts_on=LONG_AGO
    )
    vote = opened(example(cell))
    assert (vote.official, vote.denominator, vote.need) == (24, 24, 13)


def test_visitor_and_probationary_are_not_in_the_vote(cell, secretary, clerk, visitor, probationary):
    meeting = held(cell, chair=secretary, clerk=clerk)
    everybody_present(meeting)
    vote = opened(meeting.items.first())
    assert (meeting.sheet.count(), vote.official, vote.denominator, vote.voters) == (8, 6, 6, 6)


def test_suspended_member_is_deducted_even_when_present(cell, secretary, clerk, member):
    suspended(member.member)
    meeting = held(cell, chair=secretary, clerk=clerk)
    everybody_present(meeting)
    vote = opened(meeting.items.first())
    assert (vote.official, vote.suspended, vote.denominator, vote.voters) == (7, 1, 6, 6)


def test_committee_votes_among_its_members(cell, secretary, deputy, committee, member):
    meeting = held(cell, chair=secretary, clerk=deputy, body=Body.COMMITTEE)
    everybody_present(meeting)
    vote = opened(meeting.items.first())
    assert (vote.denominator, vote.need) == (3, 2)


def test_who_left_does_not_vote_but_counts(item, member):
    attendance.start_sheet(item.meeting)
    everybody_present(item.meeting)
    row = row_of(item.meeting, member)
    row.left_at = item.meeting.opened_at
    row.save()
    vote = opened(item)
    assert vote.denominator == vote.voters + 1


def test_frozen_numbers_do_not_follow_the_sheet(item, secretary):
    """DOMAIN §11, 7: the snapshot stands whatever happens to attendance later."""
    vote = opened(item)
    before = vote.denominator, vote.voters
    for row in item.meeting.sheet.all():
        attendance.mark(row, presence=Presence.ABSENT_EXCUSED, reason="Ốm", by=secretary)
    vote.refresh_from_db()
    assert (vote.denominator, vote.voters) == before
    assert closed(vote, vote.voters).passed is True


def test_reset_computes_anew(item, secretary, clerk):
    vote = opened(item)
    before = vote.denominator
    attendance.mark(row_of(item.meeting, clerk), presence=Presence.ABSENT_EXCUSED, reason="Ốm", by=secretary)
    vote = voting.open_vote(voting.reset_vote(vote, by=secretary), by=secretary)
    assert vote.denominator == before - 1


def test_draft_shows_the_live_computation_and_warns(meeting, secretary):
    vote = proposed(meeting.items.first())
    attendance.mark(row_of(meeting, secretary), presence=Presence.PRESENT, by=secretary)
    page = tally(vote, meeting, list(sheet(meeting)))
    assert (page.live, page.parts.total, page.need) == (True, 6, 4)
    assert page.warning == "Chỉ có 1 đảng viên có mặt được biểu quyết, cần 4 tán thành: chưa đủ để thông qua."


def test_diary_of_a_vote(item, secretary):
    vote = voting.reset_vote(opened(item, by=secretary), by=secretary)
    vote = voting.open_vote(vote, by=secretary)
    voting.close_vote(vote, agree=vote.voters, disagree=0, other=0, by=secretary)
    assert verbs() == ["vote.proposed", "vote.opened", "vote.reset", "vote.opened", "vote.closed"]
    assert Activity.objects.latest("seq").digest != ""


# Refusals


@pytest.mark.parametrize("decision", ["admission", "recognition", "striking_off", "expulsion"])
def test_two_thirds_matters_are_not_voted_by_hand(item, decision):
    """Hướng dẫn 06-HD/TW, mục 5.1: secret ballot or the party card."""
    with pytest.raises(Refused) as refused:
        proposed(item, decision=decision, ballot=Ballot.HAND)
    assert (refused.value.field, refused.value.message) == (
        "ballot",
        "Việc này biểu quyết bằng thẻ đảng viên hoặc phiếu kín (Hướng dẫn 06-HD/TW, mục 5.1).",
    )
    assert proposed(item, decision=decision, ballot=Ballot.CARD).state == VoteState.DRAFT


@pytest.mark.parametrize("state", [State.NOTIFIED, State.CLOSED])
def test_vote_opens_in_session_only(cell, secretary, state):
    meeting = held(cell, chair=secretary, state=State.IN_SESSION)
    vote = proposed(meeting.items.first())
    everybody_present(meeting)
    type(meeting).objects.filter(pk=meeting.pk).update(state=state)
    vote = Vote.objects.get(pk=vote.pk)
    with pytest.raises(Refused) as refused:
        voting.open_vote(vote, by=secretary)
    name = State(state).label
    assert refused.value.message == f"Buổi họp đang ở trạng thái “{name}”, không ghi được việc này."


def test_one_vote_at_a_time(item):
    opened(item)
    with pytest.raises(Refused) as refused:
        opened(item.meeting.items.last())
    assert refused.value.message == (
        "Đang mở biểu quyết “Thông qua nghị quyết tháng”. Chốt hoặc lấy lại biểu quyết đó trước."
    )


def test_nobody_present_opens_nothing(meeting):
    with pytest.raises(Refused) as refused:
        opened(meeting.items.first())
    assert refused.value.message == (
        "Chưa có đảng viên chính thức nào được điểm danh có mặt. Điểm danh trước khi mở biểu quyết."
    )
    assert Vote.objects.get().state == VoteState.DRAFT


@pytest.mark.parametrize(
    ("over", "field", "words"),
    [
        ((1, 0, 0), "agree", "thừa 1"), ((0, 1, 0), "disagree", "thừa 1"), ((0, 0, 1), "other", "thừa 1"),
        ((-1, 0, 0), "other", "còn thiếu 1"),
    ],
)  # fmt: skip
def test_open_counts_must_be_the_voters(item, over, field, words):
    vote = opened(item)
    agree, disagree, other = (base + more for base, more in zip((vote.voters, 0, 0), over, strict=True))
    with pytest.raises(Refused) as refused:
        closed(vote, agree, disagree, other)
    total = agree + disagree + other
    assert refused.value.field == field
    assert refused.value.message == (
        f"Tổng {total}, {words} so với {vote.voters} đảng viên có mặt được biểu quyết. Đếm lại."
    )
    vote.refresh_from_db()
    assert (vote.state, vote.agree) == (VoteState.OPEN, None)


def test_negative_count_is_refused(item):
    vote = opened(item)
    with pytest.raises(Refused) as refused:
        closed(vote, -1)
    assert (refused.value.field, refused.value.message) == ("agree", "Ghi số tán thành, từ 0 trở lên.")


def secret(item, **changes):
    """A secret vote of six voters with its counts right, but for ``changes``."""
    first, second = item.meeting.sheet.all()[:2]
    counts = {
        "agree": 4, "disagree": 1, "other": 0, "issued": 6, "returned": 6, "invalid": 1,
        "teller_1": first.member, "teller_2": second.member,
    }  # fmt: skip
    vote = opened(item, ballot=Ballot.SECRET_PAPER)
    assert vote.voters == 6
    return voting.close_vote(vote, **(counts | changes), by=None)


def test_secret_vote_is_stored_as_counts(item):
    vote = secret(item)
    assert (vote.valid, vote.not_voting, vote.passed) == (5, 1, True)
    page = tally(vote, item.meeting, [])
    assert page.ballots == "Phát ra 6, thu về 6, hợp lệ 5, không hợp lệ 1"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"issued": 7}, "issued", "Phát ra 7 phiếu, nhiều hơn 6 đảng viên được biểu quyết có mặt."),
        ({"issued": 5}, "returned", "Thu về 6 phiếu, nhiều hơn 5 phiếu phát ra."),
        ({"invalid": 7}, "invalid", "Có 7 phiếu không hợp lệ, nhiều hơn 6 phiếu thu về."),
        (
            {"agree": 5},
            "other",
            "Tổng các lựa chọn là 6, phải bằng 5 phiếu hợp lệ (6 thu về, 1 không hợp lệ).",
        ),
        ({"issued": None}, "issued", "Ghi số phiếu phát ra, từ 0 trở lên."),
        ({"other": -1}, "other", "Ghi số ý kiến khác, từ 0 trở lên."),
        ({"teller_1": None}, "teller_1", "Phiếu kín do hai người kiểm. Chọn hai đồng chí khác nhau."),
        ({"teller_2": None}, "teller_2", "Phiếu kín do hai người kiểm. Chọn hai đồng chí khác nhau."),
    ],
)
def test_secret_counts_that_cannot_be(item, changes, field, sentence):
    with pytest.raises(Refused) as refused:
        secret(item, **changes)
    assert (refused.value.field, refused.value.message) == (field, sentence)


def test_one_person_is_not_two_tellers(item):
    same = item.meeting.sheet.first().member
    with pytest.raises(Refused) as refused:
        secret(item, teller_1=same, teller_2=same)
    assert refused.value.field == "teller_2"


def test_teller_who_is_not_there_is_refused(item, outsider):
    with pytest.raises(Refused) as refused:
        secret(item, teller_2=outsider.member)
    assert (refused.value.field, refused.value.message) == (
        "teller_2",
        "Đồng chí Tạ Minh Khang không có mặt nên không kiểm phiếu được.",
    )


def test_closed_vote_takes_no_further_move(item):
    vote = opened(item)
    closed(vote, vote.voters)
    for act in (lambda: closed(vote, 1), lambda: voting.reset_vote(vote, by=None)):
        with pytest.raises(WrongState):
            act()
    with pytest.raises(Refused) as refused:
        voting.remove_vote(vote, by=None)
    assert refused.value.message == "Biểu quyết đang ở trạng thái “Đã chốt”, chỉ bỏ được khi chưa mở."


def test_draft_vote_is_removed(item):
    voting.remove_vote(proposed(item), by=None)
    assert (Vote.objects.count(), verbs()) == (0, ["vote.proposed", "vote.removed"])


def test_meeting_that_is_over_takes_no_new_matter(cell, secretary):
    meeting = held(cell, chair=secretary, state=State.CLOSED)
    with pytest.raises(Refused) as refused:
        proposed(meeting.items.first())
    assert refused.value.message == "Buổi họp đang ở trạng thái “Đã bế mạc”, không ghi được việc này."


@pytest.mark.parametrize("state", ["adopted", "sealed", "signed"])
def test_record_that_is_closed_takes_no_result(item, state):
    vote = opened(item)
    papers_at(item.meeting, state)
    for act in (lambda: closed(vote, vote.voters), lambda: voting.reset_vote(vote, by=None)):
        with pytest.raises(Refused):
            act()
    vote.refresh_from_db()
    assert vote.state == VoteState.OPEN


# Two people, one button


def together(*acts):
    """Run the acts at once, each on its own connection; what each gave or raised."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait()
            found[place] = act()
        except Exception as error:  # handed to the test
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_closers_make_one_result(cell, secretary, clerk):
    meeting = held(cell, chair=secretary, clerk=clerk)
    everybody_present(meeting)
    vote = opened(meeting.items.first())
    n = vote.voters
    found = together(lambda: closed(vote, n), lambda: closed(vote, 0, n))
    won = [each for each in found if isinstance(each, Vote)]
    lost = [each for each in found if isinstance(each, WrongState)]
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].message == (
        "Không thực hiện được “Chốt kết quả”: hiện ở trạng thái “Đã chốt”. "
        "Trang đã được tải lại với tình trạng mới nhất."
    )
    vote.refresh_from_db()
    assert vote.agree == won[0].agree
    assert verbs() == ["vote.proposed", "vote.opened", "vote.closed"]


@pytest.mark.django_db(transaction=True)
def test_two_openers_leave_one_open_vote(cell, secretary, clerk):
    meeting = held(cell, chair=secretary, clerk=clerk)
    everybody_present(meeting)
    votes = [proposed(item) for item in AgendaItem.objects.filter(meeting=meeting)[:2]]
    found = together(*[lambda vote=vote: voting.open_vote(vote, by=None) for vote in votes])
    assert sorted(isinstance(each, Refused) for each in found) == [False, True]
    assert Vote.objects.filter(state=VoteState.OPEN).count() == 1


def test_vote_taken_off_meanwhile_is_said(item, secretary):
    vote = proposed(item)
    gone = Vote.objects.select_related("item__meeting").get(pk=vote.pk)
    voting.remove_vote(vote, by=secretary)
    for act in (voting.open_vote, voting.remove_vote):
        with pytest.raises(Refused) as refused:
            act(gone, by=secretary)
        assert refused.value.message == voting.GONE


def test_meeting_does_not_close_over_an_open_vote(item, secretary):
    opened(item)
    with pytest.raises(Refused) as refused:
        lifecycle.close_meeting(item.meeting, closed_at=timezone.now(), by=secretary)
    assert refused.value.message == ("Còn một biểu quyết đang mở. Chốt hoặc lấy lại biểu quyết đó trước khi bế mạc.")
