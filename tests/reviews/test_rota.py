"""The rota: everyone at least once a year, nobody twice before all, absence shifts the turn (issue 5; DOMAIN §4.4)."""

import datetime
import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulations.lookup import Answer
from reviews.rota import limits, plan
from reviews.turns import ABSENT, Away, Change, Facts, Held, Missed, Person, in_force, pin_problem

FEW = settings(max_examples=60, deadline=None)
LONG_AGO = datetime.date(2015, 3, 1)
NEW = "chưa có lượt trong năm 2026"


def on(month, year=2026, day=5):
    return datetime.date(year, month, day)


YEAR = tuple(on(month) for month in range(1, 13))


def people(count, **more):
    return tuple(Person(number, chr(96 + number), LONG_AGO, **more) for number in range(1, count + 1))


def who(result):
    """Persons by meeting."""
    return [[turn.person for turn in slot.turns] for slot in result.slots]


def reasons(result):
    return {(turn.person, slot.day.month): turn.reason for slot in result.slots for turn in slot.turns}


def held_before(*months):
    """Persons 1, 2, … had their turns in these months of last year."""
    return tuple(Held(number, on(month, 2025)) for number, month in enumerate(months, 1))


# How many in a meeting


@pytest.mark.parametrize(
    ("count", "months", "most", "loads"),
    [
        (12, 12, 3, [1] * 12),
        (20, 12, 3, [2] * 8 + [1] * 4),  # ceil(20/12) = 2; eight meetings later 4 wait for 4 meetings
        (5, 12, 3, [1] * 5 + [0] * 7),
        (7, 3, 3, [3, 2, 2]),
        (9, 2, 3, [3, 3]),  # three are left over: never more than the maximum
        (36, 12, 3, [3] * 12),
        (4, 1, 9, [4]),
        (0, 12, 3, [0] * 12),
    ],
)
def test_waiting_are_spread_evenly_over_the_meetings_left(count, months, most, loads):
    """ceil(waiting / meetings left), never more than the maximum for one meeting."""
    result = plan(Facts(people(count), YEAR[:months]), most=most)
    assert [len(turns) for turns in who(result)] == loads
    assert len(result.unplaced) == count - sum(loads)


def test_who_finds_no_place_is_named_with_the_reason():
    result = plan(Facts(people(3, away=()), YEAR[-1:]), most=2)
    assert (who(result), [turn.person for turn in result.unplaced]) == ([[1, 2]], [3])
    assert result.unplaced[0].reason == "các buổi còn lại của năm 2026 đã đủ người, mỗi buổi nhiều nhất 2"


def test_further_rounds_fill_each_meeting_up_to_the_least():
    """Every meeting hears someone, and still nobody twice before all."""
    result = plan(Facts(people(5), YEAR), most=3, least=1)
    assert who(result) == [[1], [2], [3], [4], [5], [1], [2], [3], [4], [5], [1], [2]]
    assert reasons(result)[1, 1] == NEW
    assert reasons(result)[1, 6] == "lượt thứ hai trong năm 2026, các đồng chí khác đều đã có lượt"
    assert reasons(result)[2, 12] == "lượt thứ ba trong năm 2026, các đồng chí khác đều đã có lượt"


def test_a_least_of_two_hears_the_last_waiting_and_the_first_of_the_next_round():
    assert who(plan(Facts(people(3), YEAR[:3]), most=2, least=2)) == [[1, 2], [3, 1], [2, 3]]


def test_limits_are_dated_rules():
    values = {"review.turns_per_meeting_min": "1", "review.turns_per_meeting_max": "3"}
    assert limits(YEAR[0], lambda key, day: Answer(key, "", values[key], "người", "", False)) == (1, 3)


# The order


@pytest.mark.parametrize(
    ("held", "order"),
    [
        ((), [1, 2, 3, 4]),  # nobody yet: by name
        (held_before(9, 10, 11, 12), [1, 2, 3, 4]),
        (held_before(12, 3, 7, 5), [2, 4, 3, 1]),  # the longest ago first
        (held_before(12, 11, 10), [4, 3, 2, 1]),  # never heard before heard
        (
            (Held(1, on(1)), Held(9, on(1))),
            [2, 3, 4],
        ),  # heard this year: next year; strangers: nothing
    ],
)
def test_order_is_that_of_the_last_turn(held, order):
    result = plan(Facts(people(4), YEAR[1:], held=held), most=1)
    assert list(itertools.chain(*who(result))) == order


def test_newcomers_join_the_current_round_at_its_end():
    newcomer = Person(9, "a", on(3))
    result = plan(Facts((*people(4), newcomer), YEAR[3:], held=(Held(1, on(1)), Held(2, on(2)))), most=1)
    assert who(result)[:4] == [[3], [4], [9], []]
    assert reasons(result)[9, 6] == "mới tham gia từ ngày 05/03/2026, chưa có lượt trong năm 2026"


def test_somebody_expected_later_has_a_turn_after_coming():
    result = plan(Facts((*people(2), Person(9, "a", on(11, day=20))), YEAR), most=1)
    assert who(result) == [[1], [2], *[[]] * 9, [9]]


def test_who_leaves_drops_out():
    staying, leaving = people(2)
    result = plan(Facts((replace(staying, left=on(2)), leaving), YEAR[1:]), most=3)
    assert who(result)[0] == [2] and result.unplaced == ()


@pytest.mark.parametrize("last", [None, on(6, day=4)])
def test_exempt_suspended_or_placed_elsewhere_are_not_asked(last):
    one, two = people(2)
    result = plan(Facts((replace(one, away=(Away(on(1), last, "miễn sinh hoạt"),)), two), YEAR), most=1)
    expected = [[2], *[[]] * 11] if last is None else [[2], *[[]] * 4, [1], *[[]] * 6]
    assert who(result) == expected
    assert [slot.shifted for slot in result.slots if slot.shifted] == []  # no absence from a turn of theirs
    assert result.unplaced == ()


# Absence


def test_absence_shifts_the_turn_to_the_next_meeting_first_in_line():
    result = plan(Facts(people(12), YEAR[2:], missed=(Missed(7, on(2)),)), most=3)
    assert who(result)[0] == [7, 1]
    assert reasons(result)[7, 3] == "lượt dời từ ngày 05/02/2026 vì vắng mặt"
    assert reasons(result)[1, 3] == NEW


def test_known_absence_shifts_at_once():
    facts = Facts(people(12), YEAR, absences=(Missed(3, on(3), "đi công tác"), Missed(3, on(4), "đi công tác")))
    result = plan(facts, most=3)
    assert who(result)[:6] == [[1], [2], [4], [5], [3], [6]]
    assert reasons(result)[3, 5] == "lượt dời từ ngày 05/03/2026 vì đi công tác"
    assert result.slots[2].shifted == (Missed(3, on(3), "đi công tác"),)


def test_two_who_missed_come_in_the_order_in_which_they_missed():
    missed = (Missed(4, on(2)), Missed(2, on(1)), Missed(2, on(2)))
    assert who(plan(Facts(people(5), YEAR[2:], missed=missed), most=1))[:3] == [[2], [4], [1]]


def test_a_turn_held_later_settles_the_missed_one():
    facts = Facts(people(3), YEAR[4:], held=(Held(3, on(4)),), missed=(Missed(3, on(2)),))
    assert who(plan(facts, most=1))[:3] == [[1], [2], []]


def test_a_turn_missed_in_december_is_first_in_january():
    facts = Facts(people(3), YEAR, held=held_before(1, 2), missed=(Missed(3, on(12, 2025)),))
    result = plan(facts, most=1)
    assert who(result)[0] == [3]
    assert reasons(result)[3, 1] == "lượt dời từ ngày 05/12/2025 vì vắng mặt"


def test_whose_only_meeting_is_now_comes_on_now():
    """Known absences later in the year bring the turn forward, and only then."""
    away = tuple(Missed(4, day) for day in YEAR[1:])
    result = plan(Facts(people(4), YEAR, absences=away), most=1)
    assert who(result)[:4] == [[4], [1], [2], [3]]
    assert reasons(result)[4, 1] == "chưa có lượt trong năm 2026, không dự được các buổi sau"


def test_last_in_line_comes_first_where_only_that_hears_all():
    """1 can come in meetings 1 and 4, 2 in 1 and 3, 3 in 2 and 3, 4 in 2 only: all are heard if 2 comes on now."""
    able = {1: (1, 4), 2: (1, 3), 3: (2, 3), 4: (2,)}
    away = tuple(Missed(one, on(month)) for one, months in able.items() for month in range(1, 5) if month not in months)
    assert who(plan(Facts(people(4), YEAR[:4], absences=away), most=1)) == [[2], [4], [3], [1]]


def test_absent_from_every_meeting_left():
    result = plan(Facts(people(1), YEAR[10:], absences=(Missed(1, on(11)), Missed(1, on(12)))), most=1)
    assert result.unplaced[0].reason == "không dự được buổi nào còn lại trong năm 2026"
    assert [slot.shifted for slot in result.slots] == [(), ()]  # never in line: no meeting was theirs


def test_no_second_turn_while_one_still_waits():
    """Person 2 can come in December only: the others wait with their second turn."""
    away = tuple(Missed(2, day) for day in YEAR[:11])
    assert who(plan(Facts(people(2), YEAR, absences=away), most=1, least=1)) == [[1], *[[]] * 10, [2]]


# Decisions of the committee


def test_committee_puts_a_person_into_a_meeting():
    facts = Facts(people(4), YEAR, changes=(Change(1, on(3), "chờ kết luận thanh tra"),))
    result = plan(facts, most=1)
    assert who(result)[:4] == [[2], [3], [1], [4]]
    assert reasons(result)[1, 3] == "chi ủy xếp vào buổi này: chờ kết luận thanh tra"


def test_committee_puts_a_turn_off():
    result = plan(Facts(people(3), YEAR, changes=(Change(1, on(1), "con ốm", put_off=True),)), most=1)
    assert who(result)[:3] == [[2], [1], [3]]
    assert reasons(result)[1, 2] == "lượt dời từ ngày 05/01/2026 vì chi ủy quyết định dời (con ốm)"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ([("a", 3, False), ("b", 5, False)], ["b"]),  # one turn a year is fixed
        ([("a", 3, False), ("b", 3, True)], ["b"]),
        ([("a", 3, True), ("b", 3, False)], ["b"]),
        ([("a", 3, True), ("b", 5, False)], ["a", "b"]),
        ([("a", 3, True), ("b", 4, True)], ["a", "b"]),
    ],
)
def test_newer_decision_replaces_the_older_one(changes, kept):
    rows = [Change(1, on(month), reason, put_off) for reason, month, put_off in changes]
    assert [change.reason for change in in_force([*rows, Change(2, on(3), "x")])] == [*kept, "x"]


ON_LEAVE = Person(3, "c", LONG_AGO, away=(Away(on(4, day=1), on(4, day=30), "nghỉ thai sản"),))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change(1, on(4), "x"), ""),
        (
            Change(1, on(4, day=6), "x"),
            "Không có buổi sinh hoạt thường kỳ sắp tới nào vào ngày 06/04/2026. Chọn một buổi trong lịch của năm.",
        ),
        (
            Change(3, on(4), "x"),
            "Ngày 05/04/2026 đồng chí không thuộc diện đến lượt (nghỉ thai sản). Chọn buổi khác.",
        ),
        (Change(8, on(4), "x"), "Ngày 05/04/2026 đồng chí không thuộc diện đến lượt. Chọn buổi khác."),
        (Change(2, on(4), "x"), "Đồng chí đã báo vắng buổi ngày 05/04/2026 (đi học). Chọn buổi khác."),
        (Change(1, on(6), "x"), "Chi ủy đã xếp đủ 1 đồng chí vào buổi ngày 05/06/2026. Chọn buổi khác."),
        (Change(2, on(6), "again"), ""),
    ],
)
def test_turn_for_someone_on_leave_and_the_like_are_refused(change, sentence):
    facts = Facts(
        (*people(2), ON_LEAVE), YEAR, absences=(Missed(2, on(4), "đi học"),), changes=(Change(2, on(6), "first"),)
    )
    assert pin_problem(facts, change, most=1) == sentence
    kept = plan(replace(facts, changes=(*facts.changes, change)), most=1)
    assert [turn.reason for turn in kept.ignored] == ([sentence] if sentence else [])
    assert all(ON_LEAVE.id not in turns for turns in who(kept)[3:4])


def test_who_was_told_keeps_the_turn_when_somebody_comes_before_them_in_line():
    """3 is back from an exemption and waits longest: 1 was told of March and keeps it, 3 comes on next."""
    facts = Facts(people(3), YEAR[2:], held=held_before(2, 3, 1))
    assert who(plan(facts, most=1))[:3] == [[3], [1], [2]]
    told = plan(replace(facts, told=(Held(1, on(3)),)), most=1)
    assert who(told)[:3] == [[1], [3], [2]]
    assert reasons(told)[1, 3] == NEW


@pytest.mark.parametrize(
    ("more", "order", "shifted"),
    [
        ({"absences": (Missed(1, on(3), "ốm"),)}, [[3], [1], [2]], [Missed(1, on(3), "ốm")]),
        ({"changes": (Change(1, on(5), "chờ kết luận"),)}, [[3], [2], [1]], []),
        ({"changes": (Change(2, on(3), "sắp chuyển đi"),)}, [[2], [1], [3]], [Missed(1, on(3), "buổi đã đủ người")]),
        ({"told": (Held(9, on(3)), Held(1, on(3, day=8)))}, [[3], [1], [2]], []),  # a stranger, a day without a meeting
    ],
)
def test_who_was_told_gives_way_to_absence_and_to_the_committee(more, order, shifted):
    facts = Facts(people(3), YEAR[2:], held=held_before(2, 3, 1), told=(Held(1, on(3)),))
    result = plan(replace(facts, **more), most=1)
    assert (who(result)[:3], list(result.slots[0].shifted)) == (order, shifted)


def test_absence_of_who_stands_before_those_told_still_shifts():
    """1 stands first and is absent, 2 was told: 1 is to be kept as missed; 3 stands behind and loses nothing."""
    absences = tuple(Missed(one, on(3), "ốm") for one in (1, 3))
    result = plan(Facts(people(4), YEAR[2:], absences=absences, told=(Held(2, on(3)),)), most=1)
    assert who(result)[:4] == [[2], [1], [3], [4]]
    assert result.slots[0].shifted == (Missed(1, on(3), "ốm"),)


# Properties

MEETINGS = [on(1 + number % 12, 2026 + number // 12) for number in range(60)]  # five years, month by month


@st.composite
def worlds(draw):
    """A cell of five years: who comes and leaves when, exempt for a while, absent when, and what the cell laid down."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    rate = draw(st.sampled_from([0.0, 0.1, 0.3, 0.6]))
    count = draw(st.integers(1, 9))
    crowd = []
    for number in range(1, count + 1):
        since = chance.choice([LONG_AGO, LONG_AGO, MEETINGS[chance.randrange(60)]])
        left = chance.choice([None, None, None, MEETINGS[chance.randrange(60)]])
        first = MEETINGS[chance.randrange(60)]
        away = chance.choice([(), (), (Away(first, first + datetime.timedelta(chance.randrange(10, 700))),)])
        crowd.append(Person(number, chr(chance.randrange(97, 123)), since, left, away))
    absent = {(one.id, day) for one in crowd for day in MEETINGS if one.id > 2 and chance.random() < rate}
    skipped = {day for day in MEETINGS if chance.random() < 0.05}  # a month without a regular meeting
    days = [day for day in MEETINGS if day not in skipped]
    return crowd, absent, days, draw(st.integers(1, 4)), draw(st.integers(0, 2)), draw(st.booleans())


def as_known(crowd, absent, days, day, foreseen):
    """What the secretary knows before the meeting of a day."""
    return Facts(
        tuple(
            replace(one, left=one.left if one.left and one.left <= day else None) for one in crowd if one.since <= day
        ),
        tuple(later for later in days if later >= day and later.year == day.year),
        absences=tuple(Missed(one, when) for one, when in sorted(absent) if foreseen and when.year == day.year),
    )


def play(crowd, absent, days, most, least, foreseen):
    """Five years of meetings, each planned anew with what is known then: [(slot, who took their turn)]."""
    held, missed, story = [], [], []
    for day in days:
        facts = replace(as_known(crowd, absent, days, day, foreseen), held=tuple(held), missed=tuple(missed))
        slot = plan(facts, most=most, least=least).slots[0]
        came = [turn.person for turn in slot.turns if (turn.person, day) not in absent]
        missed += [*slot.shifted, *(Missed(one.person, day) for one in slot.turns if (one.person, day) in absent)]
        held += [Held(person, day) for person in came]
        story.append((slot, came))
    return story


@FEW
@given(worlds())
def test_five_years_are_fair_whatever_absences_arrivals_and_departures(world):
    """Never someone unavailable or gone; nobody twice before all who were available; everyone within the year."""
    crowd, absent, _, most, _, foreseen = world
    by_id = {one.id: one for one in crowd}
    turns = {}
    for slot, came in play(*world):
        planned = [turn.person for turn in slot.turns]
        assert len(planned) == len(set(planned)) <= most
        assert [one for one in planned if not by_id[one].here(slot.day)] == []
        if foreseen:
            assert planned == came
        could = [one for one in crowd if one.here(slot.day) and (one.id, slot.day) not in absent]
        year = {one.id: turns.get((one.id, slot.day.year), 0) for one in could}
        waited = [count for one, count in year.items() if one not in planned]
        assert all(year[one] <= min(waited, default=year[one]) for one in came)
        for one in came:
            turns[one, slot.day.year] = turns.get((one, slot.day.year), 0) + 1
    assert_everyone_within_the_year(world, turns)
    assert_even(world, turns)


def assert_everyone_within_the_year(world, turns):
    """Present for a whole year and not absent at every meeting: heard at least once, if the places are enough.

    Absences that nobody foresaw can take the last chance away; then who is there at the last meeting is heard.
    """
    crowd, absent, days, most, _, foreseen = world
    for year in range(2026, 2031):
        meetings = [day for day in days if day.year == year]
        whole = [one for one in crowd if all(one.here(day) for day in meetings)]
        if most < len(crowd) or not meetings:
            continue
        for one in whole:
            there = [day for day in meetings if (one.id, day) not in absent]
            if there and (foreseen or there[-1] == meetings[-1]):
                assert turns.get((one.id, year), 0) >= 1


def assert_even(world, turns):
    """Two people available all the time have as many turns as each other, give or take one."""
    crowd, absent, days, *_ = world
    always = [one for one in crowd if all(one.here(day) and (one.id, day) not in absent for day in days)]
    counts = [sum(count for (who, _), count in turns.items() if who == one.id) for one in always]
    assert not counts or max(counts) - min(counts) <= 1


def most_that_can_be_heard(crowd, days, absent, most):
    """By trying everything."""
    if not days:
        return 0
    able = [one for one in crowd if (one, days[0]) not in absent]
    sizes = min(most, len(able))
    choices = itertools.combinations(able, sizes)  # taking more now never hurts
    return max(sizes + most_that_can_be_heard(crowd - set(now), days[1:], absent, most) for now in choices)


@FEW
@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 2), st.integers(0, 2**32), st.sampled_from([0.3, 0.6, 0.8]))
def test_as_many_are_heard_as_known_absences_leave_possible(count, months, most, seed, rate):
    chance = random.Random(seed)
    crowd = people(count)
    absent = {(one.id, day) for one in crowd for day in YEAR[:months] if chance.random() < rate}
    result = plan(Facts(crowd, YEAR[:months], absences=tuple(itertools.starmap(Missed, absent))), most=most)
    planned = [turn.person for slot in result.slots for turn in slot.turns]
    assert len(planned) == len(set(planned))
    assert len(planned) == most_that_can_be_heard(frozenset(one.id for one in crowd), YEAR[:months], absent, most)
    assert {turn.person for turn in result.unplaced} == {one.id for one in crowd} - set(planned)


@FEW
@given(worlds(), st.integers(0, 2**32))
def test_same_facts_give_the_same_plan_and_the_rest_stays_after_a_meeting(world, seed):
    """Deterministic whatever the order of the rows; held as planned, what follows is what was planned before."""
    crowd, absent, days, most, least, _ = world
    chance = random.Random(seed)
    facts = as_known(crowd, absent, days, MEETINGS[0], foreseen=True)
    first = plan(facts, most=most, least=least)

    def mixed(rows):
        return tuple(chance.sample(rows, len(rows)))

    again = replace(facts, people=mixed(facts.people), meetings=mixed(facts.meetings), absences=mixed(facts.absences))
    assert plan(again, most=most, least=least) == first
    told = tuple(Held(turn.person, slot.day) for slot in first.slots[:1] for turn in slot.turns)
    assert who(plan(replace(facts, told=told), most=most, least=least)) == who(first)
    for number, slot in enumerate(first.slots, 1):
        facts = replace(
            facts,
            meetings=facts.meetings[1:],
            held=(*facts.held, *(Held(turn.person, slot.day) for turn in slot.turns)),
            missed=(*facts.missed, *slot.shifted),
        )
        assert plan(facts, most=most, least=least).slots == first.slots[number:]


def test_a_missed_turn_has_a_word_for_why():
    assert Missed(1, on(1)).why == ABSENT == "vắng mặt"


@FEW
@given(worlds(), st.integers(0, 2**32))
def test_decisions_of_the_committee_never_bring_up_who_cannot_come(world, seed):
    """Whatever was decided and told: nobody unavailable, never over the maximum, nobody twice in one meeting; what is
    decided is followed or comes back with the sentence why not."""
    crowd, absent, days, most, least, _ = world
    chance = random.Random(seed)
    facts = as_known(crowd, absent, days, MEETINGS[0], foreseen=True)
    somebody = [*range(1, len(crowd) + 1), 99]
    changes = [
        Change(chance.choice(somebody), chance.choice(MEETINGS[:12]), "x", chance.random() < 0.4) for _ in "12345"
    ]
    told = [Held(chance.choice(somebody), chance.choice(MEETINGS[:12])) for _ in "1234"]
    facts = replace(facts, changes=tuple(changes), told=tuple(told))
    result = plan(facts, most=most, least=least)
    by_id = {one.id: one for one in facts.people}
    kept = in_force(changes)
    barred = absent | {(change.person, change.day) for change in kept if change.put_off}
    for slot in result.slots:
        planned = [turn.person for turn in slot.turns]
        assert len(planned) == len(set(planned)) <= most
        assert all(by_id[one].here(slot.day) and (one, slot.day) not in barred for one in planned)
        assert not {missed.person for missed in slot.shifted} & set(planned)
    turns = {(turn.person, slot.day) for slot in result.slots for turn in slot.turns}
    pins = [(change.person, change.day) for change in kept if not change.put_off and change.day >= facts.meetings[0]]
    assert len(set(pins) - turns) == len(result.ignored)
