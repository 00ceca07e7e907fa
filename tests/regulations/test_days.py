"""Official days against the law and the announcements, and the loading of their rows."""

import datetime

import pytest
import time_machine

from regulations import days
from regulations.loading import load_days
from regulations.models import DayKind, OfficialDay

D = datetime.date


def of(year):
    """{day: (name, kind)} of a year."""
    return {row.date: (row.name, row.kind) for row in days.official_days([year])}


def off(year):
    return {day for day, (_, kind) in of(year).items() if kind == DayKind.OFF}


def test_2026_is_what_the_announcement_says():
    """Thông báo 9441/TB-BNV: Tết from 16 to 20/02 between two weekends, Quốc khánh with 31/08 swapped for 22/08."""
    found = off(2026)
    assert {D(2026, 2, day) for day in range(16, 21)} == {day for day in found if day.month == 2}
    assert {D(2026, 8, 31), D(2026, 9, 1), D(2026, 9, 2)} == {day for day in found if day.month in (8, 9)}
    assert of(2026)[D(2026, 8, 22)] == ("Làm bù", DayKind.WORK)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        # Bộ luật Lao động 2019, Điều 112
        (D(2026, 1, 1), "Tết Dương lịch"),
        (D(2026, 2, 17), "Tết Nguyên Đán"),
        (D(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),  # 26/04/2026 is a Sunday
        (D(2026, 4, 30), "Ngày Chiến thắng"),
        (D(2026, 5, 1), "Ngày Quốc tế Lao động"),
        (D(2026, 9, 2), "Quốc khánh"),
        (D(2026, 11, 24), "Ngày Văn hóa Việt Nam"),  # Nghị quyết 80-NQ/TW
    ],
)
def test_days_bear_their_vietnamese_names(day, name):
    assert of(2026)[day][0] == name


@pytest.mark.parametrize(("year", "fixed"), [(2025, True), (2026, True), (2027, False), (2029, False)])
def test_year_without_a_paper_is_an_estimate(year, fixed):
    """A year is decreed only where the library carries its swap or the data file names its paper."""
    assert {row.decreed for row in days.official_days([year])} == {fixed}


def test_every_day_says_on_what_ground():
    sources = {row.name: row.source for row in days.official_days([2026])}
    assert sources["Quốc khánh"] == "Bộ luật Lao động 2019, Điều 112; Thông báo 9441/TB-BNV năm 2025"
    assert sources["Ngày Văn hóa Việt Nam"] == "Nghị quyết 80-NQ/TW"
    assert {row.source for row in days.official_days([2028]) if row.name == "Quốc khánh"} == {
        "Bộ luật Lao động 2019, Điều 112; chưa có thông báo của năm"
    }


def stored():
    return {(row.date, row.name, row.kind, row.decreed, row.source) for row in OfficialDay.objects.all()}


def expected(today):
    rows = days.official_days(days.years_from(today))
    return {(row.date, row.name, row.kind, row.decreed, row.source) for row in rows}


@pytest.mark.django_db
@time_machine.travel(D(2026, 6, 1), tick=False)
def test_rows_equal_their_source_after_loading(django_assert_num_queries):
    """Last year to the third after the present one; nothing is written where nothing differs."""
    OfficialDay.objects.all().delete()
    load_days()
    assert stored() == expected(D(2026, 6, 1))
    assert {row[0].year for row in stored()} == {2025, 2026, 2027, 2028, 2029}
    with django_assert_num_queries(3):  # savepoint, the rows, release
        load_days()


@pytest.mark.django_db
@time_machine.travel(D(2026, 6, 1), tick=False)
def test_loading_mends_what_was_changed_added_and_removed():
    OfficialDay.objects.all().delete()
    load_days()
    OfficialDay.objects.filter(date=D(2026, 9, 2)).update(name="x", decreed=False)
    OfficialDay.objects.filter(date=D(2026, 5, 1)).delete()
    OfficialDay.objects.create(date=D(2026, 6, 6), name="x", source="x")
    load_days()
    assert stored() == expected(D(2026, 6, 1))


@pytest.mark.django_db
def test_years_gone_by_keep_their_rows():
    with time_machine.travel(D(2026, 6, 1), tick=False):
        load_days()
    with time_machine.travel(D(2029, 6, 1), tick=False):
        load_days()
    assert {row[0].year for row in stored()} >= {2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032}
