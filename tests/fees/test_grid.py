"""The year of a cell, line by line."""

import pytest

from fees.queries.grid import year_lines
from fees.states import DueKind
from tests.fees.conftest import add_due, first, open_by_hand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "rate"), [(DueKind.PAYABLE, 90_000), (DueKind.EXEMPT, 0)])
def test_rate_is_that_of_the_last_month(book, cell, deputy, kind, rate):
    """Who has become exempt is not shown with the amount of the months before."""
    add_due(book[10], deputy.member, 80_000)
    add_due(book[11], deputy.member, 90_000 if kind == DueKind.PAYABLE else 0, kind)
    lines, _ = year_lines(cell, 2026, first(11))
    assert {line.name: line.rate for line in lines}[deputy.member.full_name] == rate


def test_month_not_counted_yet_leaves_the_line(book, cell, deputy):
    add_due(open_by_hand(cell, first(9)), deputy.member, 80_000)
    lines, _ = year_lines(cell, 2026, first(11))
    assert {line.name: line.rate for line in lines}[deputy.member.full_name] == 80_000
