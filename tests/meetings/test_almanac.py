"""On which day a cell meets, as tables: "sinh hoạt thường kỳ mỗi tháng một lần" (Điều lệ Đảng, Điều 22 và 24)."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import almanac
from meetings.almanac import Pattern
from regulations.days import official_days
from regulations.models import DayKind

D = datetime.date


@dataclass(frozen=True)
class Off:
    name: str = "Ngày nghỉ"


def calendar(*years):
    """(off, worked) as the app asks them."""
    rows = official_days(years)
    off = {row.date: row for row in rows if row.kind == DayKind.OFF}
    return off, {row.date for row in rows if row.kind == DayKind.WORK}


def monthly(day, **more):
    return Pattern("day", day=day, **more)


def nth(week, weekday, **more):
    return Pattern("weekday", week=week, weekday=weekday, **more)


@pytest.mark.parametrize(
    ("pattern", "year", "month", "day"),
    [
        (monthly(5), 2026, 2, 5),
        (monthly(28), 2027, 2, 28),
        (nth(1, 0), 2026, 2, 2),  # first Monday
        (nth(1, 6), 2026, 2, 1),  # the month begins with a Sunday
        (nth(4, 5), 2026, 2, 28),
        (nth(5, 0), 2026, 3, 30),  # last Monday of a month with five
        (nth(5, 0), 2026, 2, 23),  # and of one with four
        (nth(5, 5), 2026, 2, 28),  # the last day of the month itself
        (nth(2, 3), 2026, 12, 10),
    ],
)
def test_rhythm_names_a_day(pattern, year, month, day):
    assert almanac.nominal_day(pattern, year, month) == D(year, month, day)


@pytest.mark.parametrize(
    ("nominal", "weekends", "day", "reason"),
    [
        # Tết Bính Ngọ: 17/02/2026 a Tuesday, off from Monday 16 to Friday 20, weekends on both sides
        (D(2026, 2, 12), False, D(2026, 2, 12), ""),
        (D(2026, 2, 13), False, D(2026, 2, 13), ""),
        (D(2026, 2, 14), False, D(2026, 2, 23), "rơi vào Thứ Bảy"),
        (D(2026, 2, 16), False, D(2026, 2, 23), "rơi vào giao thừa Tết Nguyên Đán"),
        (D(2026, 2, 17), False, D(2026, 2, 23), "rơi vào Tết Nguyên Đán"),
        (D(2026, 2, 18), False, D(2026, 2, 23), "rơi vào mùng hai Tết Nguyên Đán"),
        (D(2026, 2, 20), False, D(2026, 2, 23), "rơi vào mùng bốn Tết Nguyên Đán"),
        (D(2026, 2, 20), True, D(2026, 2, 21), "rơi vào mùng bốn Tết Nguyên Đán"),
        (D(2026, 2, 14), True, D(2026, 2, 14), ""),
        (D(2026, 2, 23), False, D(2026, 2, 23), ""),
        # 30/4 and 1/5: nothing free is left in April after Thursday 30, so the eve; in May on Monday 4
        (D(2026, 4, 30), False, D(2026, 4, 29), "rơi vào ngày Chiến thắng"),
        (D(2026, 5, 1), False, D(2026, 5, 4), "rơi vào ngày Quốc tế Lao động"),
        (D(2026, 5, 1), True, D(2026, 5, 2), "rơi vào ngày Quốc tế Lao động"),
        # 2/9, with 31/8 swapped for Saturday 22/8
        (D(2026, 9, 2), False, D(2026, 9, 3), "rơi vào Quốc khánh"),
        (D(2026, 8, 31), False, D(2026, 8, 28), "rơi vào ngày nghỉ (thay cho ngày 22/08/2026)"),
        (D(2026, 8, 22), False, D(2026, 8, 22), ""),  # a Saturday that is worked
        # month ends: the last day is a Sunday, a Saturday
        (D(2026, 5, 31), False, D(2026, 5, 29), "rơi vào Chủ nhật"),
        (D(2026, 2, 28), False, D(2026, 2, 27), "rơi vào Thứ Bảy"),
        (D(2026, 1, 1), False, D(2026, 1, 2), "rơi vào Tết Dương lịch"),
    ],
)
def test_meeting_moves_off_a_day_off_within_its_month(nominal, weekends, day, reason):
    off, worked = calendar(2026)
    assert almanac.regular_day(nominal, off, weekends, worked) == (day, reason)


@pytest.mark.parametrize(
    ("meeting", "weekends", "day"),
    [
        (D(2026, 3, 5), False, D(2026, 2, 27)),  # 01/03 is a Sunday: the Friday before, never later
        (D(2026, 3, 5), True, D(2026, 3, 1)),
        (D(2026, 3, 12), False, D(2026, 3, 6)),
        (D(2026, 3, 6), False, D(2026, 3, 2)),
        (D(2026, 2, 23), False, D(2026, 2, 13)),  # Tết lies between
        (D(2026, 1, 5), False, D(2025, 12, 31)),  # 01/01 is off: in the old year
    ],
)
def test_committee_meets_four_days_before_or_earlier(meeting, weekends, day):
    off, worked = calendar(2025, 2026)
    assert almanac.committee_day(meeting, off, weekends, worked) == day


patterns = st.builds(
    Pattern,
    rhythm=st.sampled_from(["day", "weekday"]),
    day=st.integers(1, 28),
    week=st.integers(1, 5),
    weekday=st.integers(0, 6),
    weekends=st.booleans(),
)


@given(patterns, st.integers(2020, 2040), st.integers(1, 12), st.sets(st.integers(1, 31)), st.sets(st.integers(1, 31)))
def test_every_month_has_one_day_in_the_month_and_free_unless_all_of_it_is_off(pattern, year, month, off, worked):
    days = [D(year, month, number) for number in range(1, almanac.last_day(year, month).day + 1)]
    off = {day: Off() for day in days if day.day in off}
    worked = {day for day in days if day.day in worked}
    nominal = almanac.nominal_day(pattern, year, month)
    day, reason = almanac.regular_day(nominal, off, pattern.weekends, worked)
    free = [each for each in days if almanac.is_free(each, off, pattern.weekends, worked)]
    assert day in (free or [nominal])
    assert bool(reason) == (day != nominal)
    later = [each for each in free if each >= nominal]
    assert day == (later[0] if later else free[-1] if free else nominal)
    before = almanac.committee_day(day, off, pattern.weekends, worked)
    assert before <= day - almanac.COMMITTEE_BEFORE * almanac.DAY


@pytest.mark.parametrize("pattern", [monthly(5), nth(1, 0)], ids=["mùng 5", "thứ Hai đầu tiên"])
def test_five_years_have_a_meeting_a_month_and_reasons_for_those_moved(pattern):
    """PEERS 24: a recurring schedule that knows the country, five years simulated."""
    off, worked = calendar(*range(2025, 2030))
    found = {}
    for year in range(2025, 2030):
        for month in range(1, 13):
            nominal = almanac.nominal_day(pattern, year, month)
            day, reason = almanac.regular_day(nominal, off, pattern.weekends, worked)
            assert almanac.is_free(day, off, False, worked)
            assert bool(reason) == (day != nominal)
            found.setdefault((day.year, day.month), []).append(day)
    assert sorted(found) == [(year, month) for year in range(2025, 2030) for month in range(1, 13)]
    assert {len(days) for days in found.values()} == {1}


def test_fifth_of_the_month_around_tet_of_five_years():
    """The 5th against Tết 2025 to 2029; years after 2026 are estimates."""
    off, worked = calendar(*range(2025, 2030))
    moved = [almanac.regular_day(D(year, 2, 5), off, False, worked) for year in range(2025, 2030)]
    assert moved == [
        (D(2025, 2, 5), ""),
        (D(2026, 2, 5), ""),
        (D(2027, 2, 11), "rơi vào giao thừa Tết Nguyên Đán"),
        (D(2028, 2, 7), "rơi vào Thứ Bảy"),
        (D(2029, 2, 5), ""),
    ]
