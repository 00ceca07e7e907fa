"""``verify_chain`` finds a receipt, voucher or closed month that was edited, removed or reordered by SQL (issue 4)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fees.models import FeeMonth, Voucher
from fees.services import counting
from fees.services.collecting import pay, reverse
from fees.services.ledger import post
from fees.services.months import close_month, correct_due, open_month, split_month
from fees.states import Account, Method, MonthState, VoucherKind
from members.activity import record
from members.models import Activity, Setting
from members.verification import verify
from tests.fees.cashbook import DAY, check_now, move, opened, remit, spend, take_back
from tests.fees.conftest import TODAY, first
from tests.members.chains import note_cast, sql

pytestmark = pytest.mark.django_db
OTHER = "khác với lần ghi cuối trong nhật ký"
GONE = "đã bị xóa khỏi dữ liệu"


def found():
    return [(finding.kind, finding.text) for finding in verify()]


def said(noun, row, words):
    return f"{noun} {row.pk} ({row._meta.label_lower}): {words}"


@pytest.fixture
def receipts(book, cell, member, clerk, collector):
    """Two receipts; the cast's own lines are written."""
    note_cast(cell)
    both = [
        pay(cell, who.member, amount, DAY, Method.CASH, by=collector)
        for who, amount in ((member, 142_000), (clerk, 15_930))
    ]
    check_now()
    return both


@pytest.fixture
def vouchers(book, cell, collector):
    """Opening balance, remittance, spending, move: one line of the diary for each."""
    note_cast(cell)
    first = opened(cell, collector)
    found = [first, remit(cell, collector).voucher, spend(cell, collector).voucher, move(cell, collector)]
    check_now()
    return found


@pytest.fixture
def closed(book, cell, member, collector):
    """September closed with a due, a receipt and a correction in its book."""
    note_cast(cell)
    pay(cell, member.member, 142_000, book[9].month, Method.CASH, by=collector)
    month = book[9]
    month.corrections.create(cell=cell, due=month.dues.first(), amount=-1_000, reason="Nhầm vùng")
    month.state, month.closed_at, month.closed_by = MonthState.CLOSED, timezone.now(), collector
    month.due_total = month.collected_total = 142_000
    month.save()
    record(month, "fee.month_closed", by=collector)
    check_now()
    return month


# Receipts


def test_untouched_receipts_give_no_finding(receipts, collector):
    reverse(receipts[0], "Nhầm người", by=collector)
    assert found() == []


def test_many_receipts_cost_the_queries_of_one(receipts, book, cell, collector, member, django_assert_num_queries):
    """What belongs to a row is fetched for many at once."""
    with CaptureQueriesContext(connection) as few:
        assert found() == []
    pay(cell, member.member, 1_000, DAY, Method.CASH, by=collector, voluntary=1_000)
    pay(cell, member.member, 2_000, DAY, Method.CASH, by=collector, voluntary=2_000)
    with django_assert_num_queries(len(few)):
        assert found() == []


def test_each_receipt_has_one_line_of_the_diary(receipts, collector):
    back = reverse(receipts[0], "Nhầm người", by=collector)
    lines = Activity.objects.filter(object_label="fees.payment").order_by("seq")
    assert [(line.object_id, line.digest != "") for line in lines] == [(row.pk, True) for row in (*receipts, back)]


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1", "paid_on = '2026-11-11'", "method = 'transfer'", "reference = 'FT'", "note = 'x'", "number = 99",
        "year = 2025", "code = 'x'", "received_by_id = NULL", "received_at = now()", "again = 1",
        "fee_month_id = (SELECT min(id) FROM fees_feemonth)",
        "member_id = (SELECT max(member_id) FROM fees_payment)",
    ],
)  # fmt: skip
def test_receipt_edited_by_sql_is_found(receipts, change):
    sql(f"UPDATE fees_payment SET {change} WHERE id = %s", receipts[0].pk)
    assert found() == [("altered", said("biên lai", receipts[0], OTHER))]


@pytest.mark.parametrize(
    "change",
    ["amount = 1", "month = '2026-08-01'", "share = 'voluntary'", "formula = 'x'", "rules = 'x'", "ahead = NOT ahead",
     "ahead = NULL"],
)  # fmt: skip
def test_part_of_a_receipt_edited_by_sql_is_found(receipts, change):
    sql(f"UPDATE fees_allocation SET {change} WHERE payment_id = %s", receipts[0].pk)
    assert found() == [("altered", said("biên lai", receipts[0], OTHER))]


def test_part_moved_to_another_receipt_is_found_at_both(receipts):
    first, second = receipts
    sql("UPDATE fees_allocation SET payment_id = %s, month = '2026-07-01' WHERE payment_id = %s", second.pk, first.pk)
    assert found() == [("altered", said("biên lai", row, OTHER)) for row in receipts]


def test_part_added_or_removed_by_sql_is_found(receipts):
    first, second = receipts
    sql(
        "INSERT INTO fees_allocation (payment_id, cell_id, member_id, month, share, amount, formula, rules) "
        "VALUES (%s, %s, %s, '2026-12-01', 'due', 5, '', '')",
        first.pk, first.cell_id, first.member_id,
    )  # fmt: skip
    sql("DELETE FROM fees_allocation WHERE payment_id = %s", second.pk)
    assert found() == [("altered", said("biên lai", row, OTHER)) for row in receipts]


@pytest.mark.parametrize(
    "change", ["amount = amount * 2", "account = 'bank'", "cell_id = (SELECT max(id) FROM members_organisation)"]
)
def test_entry_of_a_receipt_edited_by_sql_is_found(receipts, other_cell, change):
    entry = receipts[0].voucher.entries.get(account="cash")
    sql(f"UPDATE fees_entry SET {change} WHERE id = %s", entry.pk)
    assert found() == [("altered", said("biên lai", receipts[0], OTHER))]


@pytest.mark.parametrize("change", ["dated_on = '2026-11-01'", "text = 'x'", "kind = 'move'", "by_id = NULL"])
def test_voucher_of_a_receipt_edited_by_sql_is_found(receipts, change):
    sql(f"UPDATE fees_voucher SET {change} WHERE id = %s", receipts[0].voucher.pk)
    assert found() == [("altered", said("biên lai", receipts[0], OTHER))]


def test_voucher_cut_off_its_receipt_is_found_at_both(receipts):
    voucher = receipts[0].voucher
    sql("UPDATE fees_voucher SET payment_id = NULL WHERE id = %s", voucher.pk)
    assert found() == [
        ("altered", said("biên lai", receipts[0], OTHER)),
        ("unrecorded", said("chứng từ", voucher, "có trong dữ liệu mà nhật ký không ghi")),
    ]


def test_receipt_removed_with_all_that_hangs_on_it_is_found(receipts):
    first = receipts[0]
    voucher = first.voucher.pk
    for table, column, value in (
        ("entry", "voucher_id", voucher), ("voucher", "id", voucher), ("allocation", "payment_id", first.pk),
        ("payment", "id", first.pk),
    ):  # fmt: skip
        sql(f"DELETE FROM fees_{table} WHERE {column} = %s", value)
    assert found() == [("removed", said("biên lai", first, GONE))]


def test_receipt_removed_with_its_line_of_the_diary_is_found(receipts, cell):
    line = Activity.objects.get(object_label="fees.payment", object_id=receipts[0].pk)
    sql("DELETE FROM fees_payment WHERE id = %s", receipts[0].pk)
    sql("DELETE FROM members_activity WHERE id = %s", line.pk)
    assert found() == [("gap", f"thiếu dòng {line.seq} trước dòng này")]


def test_line_of_a_receipt_removed_alone_is_found_twice(receipts):
    line = Activity.objects.get(object_label="fees.payment", object_id=receipts[0].pk)
    sql("DELETE FROM members_activity WHERE id = %s", line.pk)
    assert found() == [
        ("gap", f"thiếu dòng {line.seq} trước dòng này"),
        ("unrecorded", said("biên lai", receipts[0], "có trong dữ liệu mà nhật ký không ghi")),
    ]


def test_numbers_of_two_receipts_swapped_are_found(receipts):
    first, second = receipts
    for row, number in ((first, 99), (second, first.number), (first, second.number)):
        sql("UPDATE fees_payment SET number = %s WHERE id = %s", number, row.pk)
    assert found() == [("altered", said("biên lai", row, OTHER)) for row in receipts]


def test_ids_of_two_receipts_swapped_with_all_that_points_to_them_are_found(receipts):
    """Whoever renames both rows and every pointer has reordered the book; each id has another receipt's line."""
    first, second = receipts
    for old, new in ((first.pk, -1), (second.pk, first.pk), (-1, second.pk)):
        for table, column in (("payment", "id"), ("allocation", "payment_id"), ("voucher", "payment_id")):
            sql(f"UPDATE fees_{table} SET {column} = %s WHERE {column} = %s", new, old)
    assert found() == [("altered", said("biên lai", row, OTHER)) for row in receipts]


def test_receipt_written_by_sql_is_found(receipts):
    sql(
        "INSERT INTO fees_payment (cell_id, member_id, fee_month_id, year, number, paid_on, amount, method, reference, "
        "note, code, received_at, again) "
        "SELECT cell_id, member_id, fee_month_id, year, 77, paid_on, 5, method, '', '', 'zzz', now(), 0 "
        "FROM fees_payment WHERE id = %s",
        receipts[0].pk,
    )
    assert [kind for kind, _ in found()] == ["unrecorded"]


# Vouchers


def test_untouched_vouchers_give_no_finding(vouchers, collector):
    take_back(vouchers[3], collector)
    assert found() == []


def test_each_voucher_has_its_line(vouchers):
    lines = Activity.objects.filter(object_label="fees.voucher").order_by("seq")
    assert [(line.verb, line.object_id) for line in lines] == [("voucher.posted", row.pk) for row in vouchers]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize(
    "change", ["dated_on = '2026-11-01'", "text = 'x'", "kind = 'count'", "at = now()", "by_id = NULL"]
)
def test_voucher_edited_by_sql_is_found(vouchers, which, change):
    sql(f"UPDATE fees_voucher SET {change} WHERE id = %s", vouchers[which].pk)
    assert found() == [("altered", said("chứng từ", vouchers[which], OTHER))]


@pytest.mark.parametrize("table", ["remittance", "spending"])
@pytest.mark.parametrize(
    "change", ["amount = 1", "place = 'bank'", "receiver = 'x'", "paper = 'x.pdf'", "paper_name = 'x'"]
)
def test_what_a_voucher_says_edited_by_sql_is_found(vouchers, table, change):
    voucher = vouchers[1 if table == "remittance" else 2]
    sql(f"UPDATE fees_{table} SET {change} WHERE voucher_id = %s", voucher.pk)
    assert found() == [("altered", said("chứng từ", voucher, OTHER))]


@pytest.mark.parametrize("change", ["paper_number = 'x'", "through_month = '2026-01-01'"])
def test_number_or_month_of_a_remittance_edited_is_found(vouchers, change):
    sql(f"UPDATE fees_remittance SET {change} WHERE voucher_id = %s", vouchers[1].pk)
    assert found() == [("altered", said("chứng từ", vouchers[1], OTHER))]


@pytest.mark.parametrize("change", ["purpose = 'x'", "decision = 'x'", "decided_on = '2026-01-01'"])
def test_purpose_or_decision_of_a_spending_edited_is_found(vouchers, change):
    sql(f"UPDATE fees_spending SET {change} WHERE voucher_id = %s", vouchers[2].pk)
    assert found() == [("altered", said("chứng từ", vouchers[2], OTHER))]


def test_entries_changed_together_so_that_they_still_balance_are_found(vouchers):
    sql("UPDATE fees_entry SET amount = amount * 2 WHERE voucher_id = %s", vouchers[3].pk)
    assert found() == [("altered", said("chứng từ", vouchers[3], OTHER))]


def test_voucher_removed_is_found(vouchers):
    sql("DELETE FROM fees_entry WHERE voucher_id = %s", vouchers[3].pk)
    sql("DELETE FROM fees_voucher WHERE id = %s", vouchers[3].pk)
    assert found() == [("removed", said("chứng từ", vouchers[3], GONE))]


def test_remittance_removed_from_its_voucher_is_found(vouchers):
    sql("DELETE FROM fees_remittance WHERE voucher_id = %s", vouchers[1].pk)
    assert found() == [("altered", said("chứng từ", vouchers[1], OTHER))]


def test_ids_of_two_vouchers_swapped_are_found(vouchers):
    first, second = vouchers[0].pk, vouchers[3].pk
    for old, new in ((first, -1), (second, first), (-1, second)):
        for table, column in (("voucher", "id"), ("entry", "voucher_id")):
            sql(f"UPDATE fees_{table} SET {column} = %s WHERE {column} = %s", new, old)
    assert found() == [("altered", said("chứng từ", row, OTHER)) for row in (vouchers[0], vouchers[3])]


def test_voucher_written_past_the_services_is_found(vouchers, cell, book):
    sides = {Account.CASH: 5, Account.BANK: -5}
    voucher = post(book[11], VoucherKind.MOVE, dated_on=DAY, text="Lén", sides=sides, by=None)
    assert found() == [("unrecorded", said("chứng từ", voucher, "có trong dữ liệu mà nhật ký không ghi"))]


# Closed months


def test_open_month_may_change(book, cell):
    note_cast(cell)
    book[11].dues.update(amount=1)
    assert found() == []


def test_closed_month_as_it_was_closed_gives_no_finding(closed):
    FeeMonth.objects.get(pk=closed.pk)
    assert found() == []


@pytest.mark.parametrize(
    "change",
    ["due_total = 1", "collected_total = 1", "retained_percent = 30", "retained_total = 1", "payable_total = 1",
     "month = '2026-08-01'", "closed_by_id = NULL", "state = 'open', closed_at = NULL"],
)  # fmt: skip
def test_closed_month_edited_by_sql_is_found(closed, change):
    sql(f"UPDATE fees_feemonth SET {change} WHERE id = %s", closed.pk)
    assert found() == [("altered", said("tháng của sổ đảng phí", closed, OTHER))]


@pytest.mark.parametrize(
    "change", ["amount = 1", "base = 5", "formula = 'x'", 'rules = \'[{"value": "9"}]\'', "raw = 1"]
)
def test_due_of_a_closed_month_edited_by_sql_is_found(closed, change):
    sql(f"UPDATE fees_due SET {change} WHERE id = %s", closed.dues.first().pk)
    assert found() == [("altered", said("tháng của sổ đảng phí", closed, OTHER))]


def test_due_or_correction_removed_from_a_closed_month_is_found(closed):
    sql("DELETE FROM fees_correction WHERE fee_month_id = %s", closed.pk)
    assert found() == [("altered", said("tháng của sổ đảng phí", closed, OTHER))]
    sql("DELETE FROM fees_due WHERE fee_month_id = %s", closed.pk)
    assert found() == [("altered", said("tháng của sổ đảng phí", closed, OTHER))]


@pytest.fixture
def told(frozen, cell, superior_body, member, collector):
    """September told by the services of every part: opened, paid, closed, split once the share is known, corrected."""
    note_cast(cell)
    month = open_month(cell, first(9), by=collector)
    open_month(cell, first(10), by=collector)
    open_month(cell, first(11), by=collector)
    pay(cell, member.member, 10_000, first(9), Method.CASH, by=collector, voluntary=10_000)
    close_month(month, by=collector, reasons={due.member_id: "Chưa có vùng lương" for due in month.dues.all()})
    lay_share(superior_body)
    split_month(month, by=collector)
    correct_due(month.dues.get(member=member.member), 5_000, "Truy thu", by=collector)
    check_now()
    return month


def lay_share(superior_body):
    """The superior lays down what stays in the cell, as its service does."""
    row = Setting.objects.create(
        organisation=superior_body, key="fee.retained_percent", value="30", source="QĐ 12", starts_on=first(1)
    )
    record(row, "setting.laid", by=None, organisation=superior_body)


def test_month_told_by_the_services_gives_no_finding(told, cell):
    assert found() == []
    assert Voucher.objects.filter(kind=VoucherKind.SPLIT).count() == 1


def test_split_of_a_closed_month_edited_by_sql_is_found(told):
    voucher = Voucher.objects.get(kind=VoucherKind.SPLIT)
    sql("UPDATE fees_entry SET amount = amount + 1 WHERE voucher_id = %s AND account = 'retained'", voucher.pk)
    sql("UPDATE fees_entry SET amount = amount - 1 WHERE voucher_id = %s AND account = 'payable'", voucher.pk)
    assert found() == [("altered", said("chứng từ", voucher, OTHER))]


# Cash counts


@pytest.fixture
def count(vouchers, cell, collector):
    return counting.count_cash(cell, counted_on=TODAY, pieces={50_000: 12}, bank_statement=700_000, by=collector)


def test_count_and_its_settling_give_no_finding(count, collector):
    assert found() == []
    counting.book_difference(count, explanation="Đếm thiếu, đã thống nhất", by=collector)
    check_now()
    assert found() == []


@pytest.mark.parametrize(
    "change",
    ["counted = 1", "book = 1", "pieces = '{}'", "bank_statement = 1", "bank_book = 1", "explanation = 'x'",
     "counted_on = '2026-11-01'", "counted_by_id = NULL", "voucher_id = (SELECT min(id) FROM fees_voucher)"],
)  # fmt: skip
def test_count_edited_by_sql_is_found(count, change):
    sql(f"UPDATE fees_cashcount SET {change} WHERE id = %s", count.pk)
    assert found() == [("altered", said("lần kiểm quỹ", count, OTHER))]


def test_count_removed_or_written_by_sql_is_found(count):
    sql(
        "INSERT INTO fees_cashcount (cell_id, counted_on, pieces, counted, book, bank_book, explanation, at) "
        "SELECT cell_id, counted_on, pieces, 5, book, bank_book, explanation, at FROM fees_cashcount WHERE id = %s",
        count.pk,
    )
    sql("DELETE FROM fees_cashcount WHERE id = %s", count.pk)
    assert sorted(kind for kind, _ in found()) == ["removed", "unrecorded"]


def test_command_lists_what_it_covers_of_the_fee_book(closed, cell, capsys):
    call_command("verify_chain")
    text = capsys.readouterr().out
    for line in (
        "biên lai (fees.payment): 1",
        "chứng từ (fees.voucher): 1",
        "tháng của sổ đảng phí (fees.feemonth): 3",
    ):
        assert f"  {line}\n" in text
    sql("UPDATE fees_payment SET amount = 1")
    with pytest.raises(CommandError):
        call_command("verify_chain")
