"""Choosing the row that holds on a day, reading its value, and the shape that a laid value must have."""

import datetime
from dataclasses import dataclass
from fractions import Fraction

import pytest

from core.errors import Refused
from regulations.lookup import Answer, NotConfigured, check_value, holds, latest, shape_of


@dataclass
class Row:
    valid_from: datetime.date
    valid_to: datetime.date | None = None


def day(number):
    return datetime.date(2026, 1, number)


@pytest.mark.parametrize(("on", "expected"), [(4, False), (5, True), (7, True), (9, True), (10, False)])
def test_holds_includes_both_ends(on, expected):
    assert holds(Row(day(5), day(9)), day(on)) is expected


def test_holds_without_an_end_goes_on():
    assert holds(Row(day(5)), datetime.date(2099, 1, 1))


@pytest.mark.parametrize(("on", "expected"), [(1, None), (2, 0), (9, 0), (10, 1), (20, 2), (31, 2)])
def test_latest_takes_the_newest_row_that_holds(on, expected):
    rows = [Row(day(2), day(9)), Row(day(10)), Row(day(15))]
    rows = [rows[0], rows[1], Row(day(20))]
    found = latest(rows, day(on))
    assert (rows.index(found) if found else None) == expected


def answer(value):
    return Answer("k", "Nội dung", value, "", "Căn cứ", True)


def test_answer_reads_its_value():
    assert answer("90").integer == 90
    assert answer("2/3").fraction == Fraction(2, 3)
    assert str(answer("0.5").decimal) == "0.5"
    assert (answer("có").yes, answer("không").yes) == (True, False)
    assert answer("20 15 20 30").text == "20 15 20 30"


@pytest.mark.parametrize("name", ["integer", "fraction", "decimal", "yes", "text"])
def test_answer_without_a_value_says_so(name):
    assert answer("").configured is False
    with pytest.raises(NotConfigured) as caught:
        getattr(answer(""), name)
    assert caught.value.message == ("Quy định “Nội dung” chưa cấu hình. Đề nghị cấp trên đặt giá trị ở trang Quy định.")


@pytest.mark.parametrize(
    ("like", "shape"),
    [
        ("90", "integer"),
        ("2/3", "fraction"),
        ("có", "yes"),
        ("không", "yes"),
        ("20 15 20 30", "integers"),
        ("0.5", "decimal"),
        ("Bản in", "text"),
        ("", "text"),
    ],
)
def test_shape_of_a_national_value(like, shape):
    assert shape_of(like) == shape


@pytest.mark.parametrize(
    ("like", "value", "stored"),
    [
        ("90", " 120 ", "120"),
        ("90", "0", "0"),
        ("2/3", "3/4", "3/4"),
        ("2/3", "1/1", "1/1"),
        ("có", "Không", "không"),
        ("20 15 20 30", "25  15 20 30", "25 15 20 30"),
        ("0.5", "1.25", "1.25"),
        ("", "bất kỳ", "bất kỳ"),
    ],
)
def test_value_of_the_same_shape_is_kept(like, value, stored):
    assert check_value(value, like) == stored


@pytest.mark.parametrize(
    ("like", "value"),
    [
        ("90", "90.5"),
        ("90", "-1"),
        ("90", "chín mươi"),
        ("90", "1" * 30),
        ("2/3", "0.6"),
        ("2/3", "1/0"),
        ("2/3", "3/2"),
        ("2/3", "0/3"),
        ("có", "yes"),
        ("20 15 20 30", "20 15 20"),
        ("0.5", "NaN"),
        ("0.5", "Infinity"),
        ("", "  "),
    ],
)
def test_value_of_another_shape_is_refused_at_its_field(like, value):
    with pytest.raises(Refused) as caught:
        check_value(value, like)
    assert caught.value.field == "value"
