"""Who stands in the book of a month, and what is known of them on its first day (DOMAIN §3.2, §11 item 11)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fees.calculation import fee_due
from fees.queries.facts import facts_of, rules_of
from fees.states import DeclarationState, DueKind, WaiverState
from members.models import Exemption, FeeCategory, Membership, Organisation, Placement, Status
from members.queries import with_rules
from members.services import people as rows
from regulations.models import Rule
from tests.factories import LONG_AGO, CellFactory, MemberFactory
from tests.fees.conftest import add_due, first, open_by_hand
from tests.fees.people import declared, lay, payer, paying, waived

pytestmark = pytest.mark.django_db
DECEMBER = first(12)
EVE, SECOND, MIDDLE = first(11).replace(day=30), first(12).replace(day=2), first(12).replace(day=15)


@pytest.fixture
def cell(superior_body):
    """A cell of nobody: each test brings its people."""
    return CellFactory(parent=superior_body, name="Chi bộ Một")


def place(member, kind, cell, where="Nơi khác", since=LONG_AGO, until=None):
    return Placement.objects.create(member=member, kind=kind, cell=cell, place=where, starts_on=since, ends_on=until)


def counted(cell, member, month=DECEMBER):
    """(kind, đồng) of a member in the book of a cell; None for who is not in it."""
    known = facts_of(cell, month).get(member.pk)
    found = fee_due(known, rules_of(cell)) if known else None
    return (found.kind, found.amount) if found else None


# ── the roll is that of the first day


def test_roll_of_the_first_day(cell):
    here = payer(cell)
    gone = payer(cell)
    Membership.objects.filter(member=gone).update(ends_on=EVE)
    leaves = payer(cell)
    Membership.objects.filter(member=leaves).update(ends_on=first(12))  # the letter says: paid through December
    comes = payer(cell)
    Membership.objects.filter(member=comes).update(starts_on=SECOND)
    candidate = MemberFactory(cell=cell, status="candidate")
    expelled = payer(cell)
    rows.add_row(row=Status(member=expelled, kind="expelled", starts_on=EVE), cell=cell, by=None)
    probationary = MemberFactory(cell=cell, status="probationary")
    assert facts_of(cell, DECEMBER).keys() == {here.pk, leaves.pk, probationary.pk}
    assert candidate.pk not in facts_of(cell, first(1, 2027))


def test_a_member_who_moves_pays_the_month_where_it_began(cell, other_cell):
    """DOMAIN §3.2: the fee is collected through the month of the letter."""
    member = payer(cell)
    rows.add_row(row=Membership(member=member, cell=other_cell, starts_on=MIDDLE), cell=other_cell, by=None)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_200)
    assert counted(other_cell, member) is None
    january = first(1, 2027)
    assert counted(cell, member, january) is None
    assert counted(other_cell, member, january) == (DueKind.PAYABLE, 70_200)


def test_some_members_only(cell):
    one, two = payer(cell), payer(cell)
    assert facts_of(cell, DECEMBER, [one]).keys() == {one.pk}
    assert facts_of(cell, DECEMBER, [two.pk]).keys() == {two.pk}
    assert facts_of(cell, DECEMBER, []) == {}


# ── the category of the first day


def test_category_of_the_first_day_counts_for_the_month(cell):
    """DOMAIN §3.6: effective-dated, one category per month; §11 item 11: change in the middle of a month."""
    member = payer(cell, "si_salary", 7_020_000)
    rows.add_row(row=FeeCategory(member=member, kind="pension", starts_on=MIDDLE), cell=cell, by=None)
    declared(member, "pension", 5_000_000, first(1, 2027), cell=cell)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_200)
    assert counted(cell, member, first(1, 2027)) == (DueKind.PAYABLE, 25_000)


def test_no_category_on_the_first_day_is_said(cell):
    member = payer(cell, "", None)
    FeeCategory.objects.create(member=member, kind="student", starts_on=SECOND)
    assert counted(cell, member) == (DueKind.INCOMPLETE, 0)
    assert counted(cell, member, first(1, 2027)) == (DueKind.PAYABLE, 5_000)


def test_income_of_another_category_is_not_used(cell):
    member = payer(cell, "si_salary", 7_020_000)
    rows.add_row(row=FeeCategory(member=member, kind="pension", starts_on=first(12)), cell=cell, by=None)
    assert counted(cell, member) == (DueKind.UNDECLARED, 0)
    assert facts_of(cell, DECEMBER)[member.pk].declared_as == "si_salary"


def test_the_two_no_pension_categories_are_one(cell):
    lay(cell, "fee.region", "II")
    member = payer(cell, "min_wage_retired", None)
    declared(member, "min_wage_working", 0, first(1), cell=cell)
    assert facts_of(cell, DECEMBER)[member.pk].declared_as == ""
    assert counted(cell, member) == (DueKind.PAYABLE, 14_190)


# ── incomes


def test_newest_accepted_declaration_that_holds(cell):
    member = payer(cell, "si_salary", None)
    for amount, month in ((6_000_000, first(1)), (7_000_000, first(11)), (8_000_000, first(1, 2027))):
        declared(member, "si_salary", amount, month, cell=cell)
    for state in (DeclarationState.RETURNED, DeclarationState.WITHDRAWN, DeclarationState.DECLARED):
        declared(member, "si_salary", 1, DECEMBER, cell=cell, state=state)
    assert [counted(cell, member, month)[1] for month in (first(10), DECEMBER, first(1, 2027))] == [
        60_000,
        70_000,
        80_000,
    ]


def test_of_two_declarations_for_a_month_the_later_counts(cell):
    member = payer(cell, "si_salary", None)
    for amount in (6_000_000, 7_000_000):
        declared(member, "si_salary", amount, DECEMBER, cell=cell)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_000)


def test_decisions_in_force_only(cell):
    member = payer(cell)
    waived(member, cell, 30, first(10), first(11))  # over
    waived(member, cell, 50, first(12), state=WaiverState.ASKED)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_200)
    mine = waived(member, cell, 70, first(12), first(11, 2027))
    assert counted(cell, member) == (DueKind.PAYABLE, 21_060)
    assert [row.id for row in facts_of(cell, DECEMBER)[member.pk].waivers] == [mine.pk]


# ── the host collects


def test_visitor_pays_at_the_host(cell, other_cell):
    member = payer(other_cell)
    place(member, "temp_here", cell)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_200)
    assert counted(other_cell, member) == (DueKind.ELSEWHERE, 0)
    assert facts_of(other_cell, DECEMBER)[member.pk].pays_at == "Chi bộ Một"


def test_away_in_a_place_that_keeps_its_book_elsewhere(cell):
    member = payer(cell)
    place(member, "temp_elsewhere", cell, "Chi bộ Khu phố 3, phường Xa")
    assert counted(cell, member) == (DueKind.ELSEWHERE, 0)
    assert facts_of(cell, DECEMBER)[member.pk].pays_at == "Chi bộ Khu phố 3, phường Xa"


def test_who_goes_away_inside_the_month_pays_it_at_home(cell, other_cell):
    member = payer(cell)
    place(member, "temp_elsewhere", cell, since=MIDDLE)
    place(member, "temp_here", other_cell, since=MIDDLE)
    assert (counted(cell, member), counted(other_cell, member)) == ((DueKind.PAYABLE, 70_200), None)


def test_who_is_back_pays_at_home(cell, other_cell):
    member = payer(cell)
    place(member, "temp_here", other_cell, until=EVE)
    assert (counted(cell, member), counted(other_cell, member)) == ((DueKind.PAYABLE, 70_200), None)


def test_of_two_hosts_the_later_one_collects(cell, other_cell, superior_body):
    third = CellFactory(parent=superior_body, name="Chi bộ Ba")
    member = payer(third)
    place(member, "temp_here", cell)
    place(member, "temp_here", other_cell, since=first(6))
    assert [counted(where, member)[0] for where in (third, cell, other_cell)] == [
        DueKind.ELSEWHERE,
        DueKind.ELSEWHERE,
        DueKind.PAYABLE,
    ]


def test_a_visitor_who_left_the_party_is_in_no_book(cell, other_cell):
    member = payer(other_cell)
    place(member, "temp_here", cell)
    rows.add_row(row=Status(member=member, kind="left", starts_on=EVE), cell=other_cell, by=None)
    assert (counted(cell, member), counted(other_cell, member)) == (None, None)


def test_abroad_and_excused_from_meetings_still_pay(cell):
    """DOMAIN §3.2 knows late or advance payment for them, no exemption."""
    member = payer(cell)
    place(member, "overseas", cell)
    Exemption.objects.create(member=member, kind="exempt", starts_on=LONG_AGO)
    assert counted(cell, member) == (DueKind.PAYABLE, 70_200)


def test_nobody_is_counted_in_two_books(cell, other_cell):
    """A membership corrected afterwards: the other cell has counted December already."""
    member = payer(cell)
    add_due(open_by_hand(other_cell, DECEMBER), member, 70_200)
    assert counted(cell, member) == (DueKind.ELSEWHERE, 0)
    assert counted(cell, member, first(11)) == (DueKind.PAYABLE, 70_200)


# ── rules


def test_rules_of_the_cell_and_of_those_above(cell, superior_body):
    member = payer(cell, "min_wage_working", None)
    assert counted(cell, member) == (DueKind.INCOMPLETE, 0)
    lay(cell, "fee.region", "I")
    lay(superior_body, "fee.min_wage.I", "6000000")
    lay(cell, "fee.min_wage.I", "1")  # not left to cells
    assert counted(Organisation.objects.get(pk=cell.pk), member) == (DueKind.PAYABLE, 18_000)


def test_rule_of_no_day_is_unknown_and_one_of_no_file_a_mistake(cell):
    rule = rules_of(cell)
    assert rule("fee.min_wage.I", datetime.date(2025, 12, 1)).configured is False
    with pytest.raises(Rule.DoesNotExist):
        rule("fee.min_wage.V", DECEMBER)


def test_rules_of_many_cells_at_once_are_those_of_each(cell, other_cell, superior_body):
    lay(cell, "fee.region", "I")
    lay(superior_body, "fee.region", "III")
    lay(superior_body.parent or superior_body, "fee.retained_percent", "30")
    with CaptureQueriesContext(connection) as captured:
        found = {one.pk: one for one in with_rules(Organisation.objects.filter(pk__in=[cell.pk, other_cell.pk]))}
        said = {pk: [rules_of(one)(key, DECEMBER).value for key in ("fee.region", "fee.retained_percent")]
                for pk, one in found.items()}  # fmt: skip
    assert len(captured) == 4
    assert said == {cell.pk: ["I", "30"], other_cell.pk: ["III", "30"]}


def test_queries_do_not_grow_with_the_cell(cell, other_cell):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            facts_of(cell, DECEMBER)
        return len(captured)

    payer(cell)
    small = queries()
    for number in range(20):
        waived(payer(cell, "pension", 5_000_000 + number), cell, 30, first(11), first(10, 2027))
        visitor = payer(other_cell)
        place(visitor, "temp_here", cell)
    paying(MemberFactory(cell=cell), "student", None, cell=cell)
    assert (small, queries()) == (7, 7)
