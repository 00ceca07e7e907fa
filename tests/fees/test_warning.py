"""Who is told that somebody has not paid (issue 4, "life"; DOMAIN §11 item 13: three months, not one after another)."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from fees.models import Correction
from fees.queries.unpaid import unpaid_months
from fees.services import months
from fees.services.collecting import pay
from fees.services.warning import month_closed, settled
from fees.states import DueKind, Method
from members import queries
from members.models import Membership
from notices.models import Notice, Outcome
from tests.factories import MemberFactory
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut
from tests.fees.people import payer

pytestmark = pytest.mark.django_db
RATE = 142_000


@pytest.fixture
def roll(frozen, cell, member, secretary, deputy, committee, collector):
    return member


def close(cell, member, *numbers, amount=RATE, kind=DueKind.PAYABLE):
    """Months closed one after another, each with a due of the member, as ``close_month`` calls the warning."""
    for number in numbers:
        row = open_by_hand(cell, first(number))
        add_due(row, member.member, amount, kind)
        shut(row)
        row.refresh_from_db()
        month_closed(row)


def told(outcome=Outcome.WAITING):
    rows = Notice.objects.filter(kind__startswith="fee.", outcome=outcome).order_by("kind", "recipient__full_name")
    return [(row.kind, row.recipient.full_name) for row in rows]


def sent():
    Notice.objects.filter(outcome=Outcome.WAITING).update(outcome=Outcome.SENT, done_at=timezone.now())


def test_open_month_counts_for_nobody(book, cell, member):
    """The collector has simply not entered it yet."""
    assert unpaid_months(cell, 2026) == {}
    assert told() == []


def test_first_month_is_told_to_the_member_alone(roll, cell):
    close(cell, roll, 9)
    assert told() == [("fee.unpaid_first", "Ngô Xuân Trường")]
    (notice,) = Notice.objects.filter(kind="fee.unpaid_first")
    assert (notice.private, notice.url, notice.subject) == (True, "/fees/me/", "Nhắc đóng đảng phí tháng 09/2026")


def test_second_month_is_told_to_the_secretary_in_a_word(roll, cell):
    close(cell, roll, 8, 9)
    assert told() == [("fee.unpaid_second", "Ngô Xuân Trường"), ("fee.unpaid_slow", "Trần Quốc Bình")]
    (notice,) = Notice.objects.filter(kind="fee.unpaid_slow")
    assert (notice.subject, notice.private) == ("Đồng chí Ngô Xuân Trường còn chậm đóng đảng phí", True)
    assert "fee.unpaid_first" in dict(told(Outcome.WITHDRAWN))  # one mail, not two


def test_third_month_goes_to_the_committee_though_months_lie_between(roll, cell):
    """Rule fee.unpaid_months_limit = 3 tháng trong năm; không cần liền nhau."""
    close(cell, roll, 2, 5)
    close(cell, roll, 6, kind=DueKind.EXEMPT, amount=0)
    close(cell, roll, 9)
    assert [pair for pair in told() if pair[0] == "fee.unpaid_evidence"] == [
        ("fee.unpaid_evidence", name) for name in sorted(_committee(cell))
    ]
    notice = Notice.objects.filter(kind="fee.unpaid_evidence").first()
    assert notice.url == f"/members/{roll.member_id}/evidence/?nam=2026"
    assert notice.context["months"] == ["02/2026", "05/2026", "09/2026"]
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == [("fee.unpaid_limit", "Ngô Xuân Trường")]


def _committee(cell):
    return [member.full_name for member in queries.committee(cell)]


def test_fourth_month_is_not_told_to_the_committee_again(roll, cell):
    close(cell, roll, 2, 3, 4)
    sent()
    close(cell, roll, 5)
    assert told() == [("fee.unpaid_limit", "Ngô Xuân Trường")]


def test_two_years_are_counted_each_for_itself(roll, cell):
    """ "trong năm": December and January are two years."""
    for month in (first(11, 2025), first(12, 2025)):
        row = open_by_hand(cell, month)
        add_due(row, roll.member, RATE)
        shut(row)
    close(cell, roll, 1)
    assert told() == [("fee.unpaid_first", "Ngô Xuân Trường")]


@pytest.mark.parametrize("kind", [DueKind.EXEMPT, DueKind.ELSEWHERE, DueKind.UNDECLARED])
def test_who_has_nothing_to_pay_is_not_told(roll, cell, kind):
    close(cell, roll, 9, amount=0, kind=kind)
    assert told() == []


def test_paid_in_advance_does_not_count(book, roll, cell, collector):
    pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    shut(book[9])
    book[9].refresh_from_db()
    month_closed(book[9])
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == []


def test_payment_withdraws_what_waits(book, roll, cell, collector):
    for number in (9, 10):
        shut(book[number])
        book[number].refresh_from_db()
        month_closed(book[number])
    mine = Notice.objects.filter(key__startswith=f"fee_unpaid:{cell.pk}:{roll.member_id}:")
    assert sorted(mine.filter(outcome=Outcome.WAITING).values_list("kind", flat=True)) == [
        "fee.unpaid_second", "fee.unpaid_slow",
    ]  # fmt: skip
    pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    waiting = mine.get(outcome=Outcome.WAITING)
    assert (waiting.kind, waiting.context["months"]) == ("fee.unpaid_first", ["10/2026"])
    pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(10)])
    assert list(mine.filter(outcome=Outcome.WAITING)) == []
    assert set(mine.values_list("withdrawn_because", flat=True)) <= {"Đã đóng đảng phí.", "Có báo mới hơn."}


def test_payment_after_the_mail_tells_nobody_again(book, roll, cell, collector):
    shut(book[9])
    book[9].refresh_from_db()
    month_closed(book[9])
    sent()
    pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    assert told() == []


def test_lowered_due_withdraws_too(book, roll, cell, collector):
    shut(book[9])
    book[9].refresh_from_db()
    month_closed(book[9])
    due = book[9].dues.get(member=roll.member)
    months.correct_due(due, -RATE, "Được miễn từ tháng 9", by=collector)
    assert Correction.objects.count() == 1
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == []


def test_who_left_the_cell_is_not_told(roll, cell):
    Membership.objects.filter(member=roll.member).update(ends_on=first(10))
    close(cell, roll, 9)
    assert told() == []


def test_of_the_secretary_the_deputy_is_told(roll, cell, secretary, deputy):
    close(cell, secretary, 8, 9)
    assert told() == [("fee.unpaid_second", "Trần Quốc Bình"), ("fee.unpaid_slow", "Lê Thị Hồng")]


def test_closing_a_month_calls_it(frozen, cell, collector, member):
    """The close counts again, so the due is the calculation's: a student of 5.000 đồng."""
    student = payer(cell, "student", None)
    row = months.open_month(cell, first(10), by=collector)
    reasons = {due.member_id: "Chờ kê khai" for due in row.dues.all()}
    months.close_month(row, by=collector, reasons=reasons)
    assert told() == [("fee.unpaid_first", student.full_name)]


def test_nothing_waiting_costs_one_query(roll, cell, django_assert_num_queries):
    with django_assert_num_queries(1):
        settled(cell, roll.member)


def test_mails_hold_no_amount_and_address_people_rightly(roll, cell):
    close(cell, roll, 7, 8, 9)
    for notice in Notice.objects.filter(kind__startswith="fee."):
        text = render_to_string(f"email/{notice.kind}.txt", {"subject": notice.subject, **notice.context})
        assert [word for word in ("142", "đồng.", "bạn ") if word in text] == []


def test_namesake_in_the_cell_changes_nothing(roll, cell):
    MemberFactory(cell=cell, full_name="Ngô Xuân Trường")
    close(cell, roll, 9)
    assert len(told()) == 1
