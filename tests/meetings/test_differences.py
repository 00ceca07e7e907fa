"""What changed between two texts, as data: words kept, gone and new."""

import time

import pytest
from django.template.loader import render_to_string

from meetings.differences import MOST, changed_lines, changed_parts

LABELS = {"subject": "Trích yếu", "clauses": "Các mục"}
LINE = "Dọn tuyến mương sau chợ. Hạn ngày 20/01/2027."


def pieces(old, new):
    return [change.pieces for change in changed_lines(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([LINE], [LINE], []),
        ([], [LINE], [(("new", LINE),)]),
        ([LINE], [], [(("gone", LINE),)]),
        # a date stays whole, its stop does not change
        (
            [LINE],
            ["Dọn sạch tuyến mương sau chợ. Hạn ngày 25/01/2027."],
            [
                (
                    ("kept", "Dọn "), ("new", "sạch "), ("kept", "tuyến mương sau chợ. Hạn ngày "),
                    ("gone", "20/01/2027"), ("new", "25/01/2027"), ("kept", "."),
                )
            ],
        ),
        # a line of other words is another line
        ([LINE], ["Thăm sáu hộ khó khăn."], [(("new", "Thăm sáu hộ khó khăn."),), (("gone", LINE),)]),
        # what stands around a change is not shown
        (["Một", LINE, "Ba"], ["Một", "Ba"], [(("gone", LINE),)]),
        (["Một", "Ba"], ["Một", LINE, "Ba"], [(("new", LINE),)]),
        # a new line before one that was reworded
        (
            ["Thăm hộ nghèo ngõ 12"],
            ["Mua loa", "Thăm hộ nghèo ngõ 14"],
            [(("new", "Mua loa"),), (("kept", "Thăm hộ nghèo ngõ "), ("gone", "12"), ("new", "14"))],
        ),
    ],
)  # fmt: skip
def test_changed_lines_mark_words(old, new, expected):
    assert pieces(old, new) == expected


def test_old_and_new_text_can_be_read_back_from_the_pieces():
    old, new = "a b c d e, f 1/2 g", "b c x e, f 1/3 g h"
    (change,) = changed_lines([old], [new])
    assert "".join(words for kind, words in change.pieces if kind != "new") == old
    assert "".join(words for kind, words in change.pieces if kind != "gone") == new
    assert (change.is_new, change.is_gone) == (False, False)


def test_parts_keep_their_order_and_leave_out_what_is_the_same():
    before = [["clauses", LINE], ["subject", "về tháng 12"]]
    after = [["subject", "về tháng 12"], ["clauses", LINE], ["clauses", "Mua loa"]]
    found = changed_parts(before, after, LABELS)
    assert [(label, [change.is_new for change in changes]) for label, changes in found] == [("Các mục", [True])]
    assert changed_parts(before, before, LABELS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x a " * 4999, "a x " * 4999),
        ("a\n" * 9999, "b\na\n" * 4999),
        ("ab\n" * 400 + "c", "ba\nab\n" * 200),
        ("x y " * 120 + "z", "y x " * 120),
        ("a" * 20000, "b" * 20000),
    ],
)
def test_text_made_to_be_slow_is_compared_in_good_time(old, new):
    """20,000 characters are what a field takes; past MOST pairs the old is shown whole, then the new."""
    assert MOST <= 250_000
    begun = time.monotonic()
    found = changed_lines(old.splitlines(), new.splitlines())
    assert time.monotonic() - begun < 5
    assert found != []


def test_markup_in_a_text_is_shown_as_text():
    hostile = '<script>alert("1")</script></del><img src=x onerror=alert(1)> & {{ 7|add:7 }} {% csrf_token %}'
    parts = changed_parts([["subject", "cũ"]], [["subject", hostile]], LABELS)
    html = render_to_string("resolutions/_changes.html", {"parts": parts})
    assert html.count("<ins>") == 1
    assert [mark for mark in ("<script", "<img", "{{ 14", "csrfmiddlewaretoken") if mark in html] == []
    assert (
        "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;/del&gt;&lt;img src=x onerror=alert(1)&gt; &amp; {{ 7"
        in html
    )
