"""Who is told that somebody has not paid (issue 4, "life"; DOMAIN §11 item 13: three months, not one after another)."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from fees.models import Correction, FeeMonth
from fees.queries.unpaid import unpaid_months
from fees.services import months
from fees.services.collecting import pay, reverse
from fees.services.warning import month_closed, settled
from fees.states import DueKind, Method
from members import queries
from members.models import Member, Membership
from members.states import PostTitle
from notices.models import Notice, Outcome
from tests.factories import MemberFactory, person
from tests.fees.conftest import NOW, TODAY, add_due, enter, first, open_by_hand, shut
from tests.fees.people import payer

pytestmark = pytest.mark.django_db
RATE = 142_000


@pytest.fixture
def roll(frozen, cell, member, secretary, deputy, committee, collector):
    return member


@pytest.fixture
def book(book, roll, cell):
    """Each month with a receipt of somebody else: the collector has entered it."""
    for row in book.values():
        enter(row)
    return book


def close(cell, member, *numbers, amount=RATE, kind=DueKind.PAYABLE, entered=True):
    """Months closed one after another, each with a due of the member, as ``close_month`` calls the warning."""
    for number in numbers:
        row = open_by_hand(cell, first(number))
        add_due(row, member.member, amount, kind)
        if entered:
            enter(row)
        shut(row)
        row.refresh_from_db()
        month_closed(row)


def told(outcome=Outcome.WAITING):
    rows = Notice.objects.filter(kind__startswith="fee.unpaid", outcome=outcome)
    rows = rows.order_by("kind", "recipient__full_name")
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


def test_months_that_become_unpaid_together_do_not_pass_the_committee_by(roll, cell, collector):
    """One unpaid, three more by a receipt taken back: the count goes from one to four, never through three."""
    close(cell, roll, 2)
    for number in (3, 4, 5):
        add_due(open_by_hand(cell, first(number)), roll.member, RATE)
    payment = pay(cell, roll.member, 3 * RATE, first(5), Method.CASH, by=collector, months=map(first, (3, 4, 5)))
    FeeMonth.objects.filter(month__gte=first(3)).update(state="closed", closed_at=NOW, collected_total=0)
    open_by_hand(cell, first(11))
    sent()
    reverse(payment, "Nhầm người", by=collector)
    assert [name for kind, name in told() if kind == "fee.unpaid_evidence"] == sorted(_committee(cell))
    sent()
    close(cell, roll, 6)
    assert [name for kind, name in told() if kind == "fee.unpaid_evidence"] == []  # told once a year


def test_who_joins_the_committee_later_is_told_once_too(roll, cell):
    close(cell, roll, 2, 3, 4)
    sent()
    new = person(cell, PostTitle.COMMITTEE_MEMBER, name="Lý Thị Mới", username="moi")
    close(cell, roll, 5)
    assert [name for kind, name in told() if kind == "fee.unpaid_evidence"] == [new.member.full_name]


def test_month_closed_without_any_receipt_counts_for_nobody(roll, cell, collector):
    """ "To nobody when the collector has simply not entered the month": neither now nor with the months after it."""
    close(cell, roll, 8, entered=False)
    assert (told(), unpaid_months(cell, 2026)) == ([], {})
    close(cell, roll, 9)
    assert told() == [("fee.unpaid_first", "Ngô Xuân Trường")]
    other = Member.objects.get(full_name="Lê Văn Bảy")
    add_due(FeeMonth.objects.get(month=first(8)), other, RATE)
    open_by_hand(cell, first(11))
    pay(cell, other, RATE, TODAY, Method.CASH, by=collector)  # August was entered late after all
    assert unpaid_months(cell, 2026) == {roll.member_id: [first(8), first(9)]}


def test_the_page_of_the_close_says_that_nothing_was_entered(roll, cell, collector, as_user):
    row = open_by_hand(cell, first(11))
    url = "/fees/2026/11/do/close/"
    says = "Chưa ghi biên lai nào cho tháng này."
    assert says in as_user(collector).get(url).content.decode()
    enter(row)
    assert says not in as_user(collector).get(url).content.decode()


def test_paid_long_before_does_not_make_a_month_entered(roll, cell):
    other = Member.objects.get(full_name="Lê Văn Bảy")
    add_due(open_by_hand(cell, first(7)), other, RATE)
    pay(cell, other, 2 * RATE, first(7), Method.CASH, by=None, months=[first(7), first(8)])
    close(cell, roll, 8, entered=False)
    assert told() == []


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


@pytest.fixture
def taken(book, roll, cell, collector):
    """The receipt of September, paid while the month was open; then the month was closed."""
    payment = pay(cell, roll.member, RATE, first(9), Method.CASH, by=collector)
    shut(book[9])
    book[9].refresh_from_db()
    month_closed(book[9])
    return payment


def test_receipt_taken_back_after_the_close_is_told_at_once(taken, roll, cell, collector):
    """The payer hears of it as the close would have said, not only at the next one."""
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == []
    reverse(taken, "Ghi nhầm người", by=collector)
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == [("fee.unpaid_first", "Ngô Xuân Trường")]
    assert Notice.objects.get(kind="fee.unpaid_first", recipient=roll.member).context["months"] == ["09/2026"]
    pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == []  # written anew before the mail left


def test_receipt_of_an_open_month_taken_back_tells_nobody(book, roll, cell, collector):
    reverse(pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector), "Nhầm", by=collector)
    assert told() == []


def test_told_again_though_the_same_was_told_before_it_was_paid(book, roll, cell, collector):
    shut(book[9])
    book[9].refresh_from_db()
    month_closed(book[9])
    sent()
    payment = pay(cell, roll.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    reverse(payment, "Chuyển khoản không thành công", by=collector)
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == [("fee.unpaid_first", "Ngô Xuân Trường")]


def test_raised_due_of_a_closed_month_is_told(taken, book, roll, cell, collector):
    months.correct_due(book[9].dues.get(member=roll.member), 5_000, "Truy thu", by=collector)
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == [("fee.unpaid_first", "Ngô Xuân Trường")]


def test_who_left_is_not_told_of_a_receipt_taken_back(taken, roll, cell, collector):
    Membership.objects.filter(member=roll.member).update(ends_on=first(10))
    reverse(taken, "Nhầm", by=collector)
    assert [pair for pair in told() if pair[1] == "Ngô Xuân Trường"] == []


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
    enter(row)
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
