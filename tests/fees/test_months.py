"""The months of the book: opened once, counted again while open, closed in order, split, corrected."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from fees.models import Due, Entry, FeeMonth, Voucher
from fees.queries.ledger import balances
from fees.services import cash, months
from fees.services.collecting import pay
from fees.states import Account, DueKind, Method, MonthState, VoucherKind
from members.models import Activity, FeeCategory, Membership, Placement, Setting
from members.services import people as rows
from notices.models import Notice
from regulations.lookup import NotConfigured
from tests.factories import CellFactory
from tests.fees.conftest import NOW, TODAY, first
from tests.fees.people import declared, lay, payer, waived

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = first(11), first(10)


@pytest.fixture
def cell(frozen, superior_body):
    """20/11/2026; a cell of nobody: each test brings its people."""
    return CellFactory(parent=superior_body, name="Chi bộ Một")


@pytest.fixture
def people(cell):
    """Salary 70.200, pension 32.500, student 5.000."""
    return [payer(cell), payer(cell, "pension", 6_500_000), payer(cell, "student", None)]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def dues(fee_month):
    return dict(Due.objects.filter(fee_month=fee_month).order_by().values_list("member", "amount"))


def said(refused):
    return refused.value.message


def verbs():
    return list(Activity.objects.filter(verb__startswith="fee.").order_by("pk").values_list("verb", flat=True))


# ── opening


def test_open_month_counts_everybody(cell, people, collector):
    fee_month = months.open_month(cell, TODAY, by=collector)
    assert (fee_month.month, fee_month.state) == (NOVEMBER, MonthState.OPEN)
    wanted = {member.pk: amount for member, amount in zip(people, (70_200, 32_500, 5_000), strict=True)}
    assert {pk: amount for pk, amount in dues(fee_month).items() if pk in wanted} == wanted
    row = Due.objects.get(fee_month=fee_month, member=people[0])
    assert (row.kind, row.category, row.base, row.rate) == (DueKind.PAYABLE, "si_salary", 7_020_000, "1 %")
    assert row.formula == "1 % × 7.020.000 đồng = 70.200 đồng"
    assert [(rule["key"], rule["verified"]) for rule in row.rules] == [
        ("fee.rate.si_salary", True),
        ("fee.rounding", False),
    ]
    assert row.verified is False
    assert Due.objects.get(fee_month=fee_month, member=collector.member).kind == DueKind.INCOMPLETE
    assert verbs() == ["fee.month_opened"]


def test_open_twice_is_once(cell, people, collector):
    one = months.open_month(cell, NOVEMBER, by=collector)
    two = months.open_month(cell, TODAY, by=collector)
    assert (one.pk, FeeMonth.objects.count(), Due.objects.count()) == (two.pk, 1, 4)
    assert verbs() == ["fee.month_opened"]


@pytest.mark.parametrize(
    ("there", "asked", "sentence"),
    [
        ([], first(12), "Tháng 12/2026 chưa đến. Tiền đóng trước ghi vào sổ tháng 11/2026."),
        ([], first(10, 2024), "Sổ bắt đầu sớm nhất từ 24 tháng trước. Chọn tháng gần hơn."),
        ([first(8)], first(10), "Mở sổ theo thứ tự: tháng cuối đang có là 08/2026."),
        ([first(8)], first(6), "Mở sổ theo thứ tự: trước tháng 08/2026 mở tháng liền trước."),
    ],
)
def test_months_follow_each_other(cell, collector, there, asked, sentence):
    for month in there:
        months.open_month(cell, month, by=collector)
    with pytest.raises(Refused) as refused:
        months.open_month(cell, asked, by=collector)
    assert said(refused) == sentence
    assert FeeMonth.objects.count() == len(there)


def test_back_months_open_before_the_first_one_while_it_is_open(cell, collector):
    """January 2026 is counted under 342-QĐ/TW (DOMAIN §11 item 11)."""
    payer(cell)
    months.open_month(cell, first(2), by=collector)
    january = months.open_month(cell, first(1), by=collector)
    assert Due.objects.filter(fee_month=january, kind=DueKind.PAYABLE).get().rules[0]["source"] == (
        "Quyết định 342-QĐ/TW"
    )
    Due.objects.filter(kind=DueKind.INCOMPLETE).delete()
    for row in months_without_the_collector(cell, collector):
        months.close_month(row, by=collector)
    with pytest.raises(Refused) as refused:
        months.open_month(cell, first(12, 2025), by=collector)
    assert said(refused) == "Tháng 01/2026 đã khóa sổ, không mở được tháng trước đó."


def months_without_the_collector(cell, collector):
    """The collector of the cast has no category; off the roll nothing keeps a month from closing."""
    Membership.objects.filter(member=collector.member).update(ends_on=datetime.date(2025, 1, 1))
    return FeeMonth.objects.filter(cell=cell).order_by("month")


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_once(cell, people):
    found, failed = [], []

    def run():
        try:
            found.append(months.open_month(cell, NOVEMBER, by=None).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (set(found), FeeMonth.objects.count(), Due.objects.count()) == ({FeeMonth.objects.get().pk}, 1, 3)


def test_queries_of_an_opening_do_not_grow(cell):
    payer(cell)
    with CaptureQueriesContext(connection) as small:
        months.open_month(fresh(cell), OCTOBER, by=None)
    for _ in range(30):
        payer(cell)
    with CaptureQueriesContext(connection) as large:
        months.open_month(fresh(cell), NOVEMBER, by=None)
    assert len(large) == len(small)


# ── counting again


def test_recompute_follows_facts_and_keeps_equal_rows(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    before = {row.pk for row in fee_month.dues.all()}
    assert months.recompute(fee_month, by=None) == 0
    declared(people[0], "si_salary", 8_000_000, NOVEMBER, cell=cell)
    mine = waived(people[1], cell, 50, NOVEMBER, first(10, 2027))
    assert months.recompute(fee_month, [people[0]], by=None) == 1
    assert months.recompute(fee_month, by=None) == 1
    assert dues(fee_month) == {people[0].pk: 80_000, people[1].pk: 16_250, people[2].pk: 5_000}
    assert {row.pk for row in fee_month.dues.all()} == before
    assert Due.objects.get(member=people[1]).waiver_id == mine.pk
    assert verbs() == ["fee.month_opened", "fee.month_recounted", "fee.month_recounted"]


def test_recompute_takes_in_late_entries_and_lets_go_of_mistakes(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    late = payer(cell)
    Membership.objects.filter(member=people[2]).update(ends_on=first(10))
    assert months.recompute(fee_month, by=None) == 2
    assert dues(fee_month).keys() == {people[0].pk, people[1].pk, late.pk}


def test_recompute_of_some_leaves_the_others(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    payer(cell)
    declared(people[1], "pension", 8_000_000, NOVEMBER, cell=cell)
    assert months.recompute(fee_month, [people[0].pk], by=None) == 0
    assert dues(fee_month).keys() == {member.pk for member in people}


def test_recompute_open_counts_every_open_month_from_where_it_holds(cell, people):
    october, november = (months.open_month(cell, month, by=None) for month in (OCTOBER, NOVEMBER))
    declared(people[0], "si_salary", 8_000_000, NOVEMBER, cell=cell)
    rows.add_row(row=FeeCategory(member=people[2], kind="min_wage_working", starts_on=first(10)), cell=cell, by=None)
    lay(cell, "fee.region", "IV")
    assert months.recompute_open(fresh(cell), [people[0], people[2]], by=None) == 3
    assert [dues(month)[people[0].pk] for month in (october, november)] == [70_200, 80_000]
    assert [dues(month)[people[2].pk] for month in (october, november)] == [11_100, 11_100]


def test_a_member_who_was_counted_elsewhere_moves_when_that_row_goes(cell, other_cell):
    member = payer(other_cell)
    there = months.open_month(other_cell, NOVEMBER, by=None)
    Membership.objects.filter(member=member).update(cell=cell)
    here = months.open_month(cell, NOVEMBER, by=None)
    assert dues(here) == {member.pk: 0}
    months.recompute(there, by=None)
    months.recompute(here, by=None)
    assert (dues(here), member.pk in dues(there)) == ({member.pk: 70_200}, False)


def test_closed_month_is_not_counted_again(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    months.close_month(fee_month, by=None)
    declared(people[0], "si_salary", 8_000_000, NOVEMBER, cell=cell)
    with pytest.raises(Refused) as refused:
        months.recompute(fee_month, by=None)
    assert said(refused) == "Sổ đảng phí tháng 11/2026 đã khóa."
    assert months.recompute_open(cell, by=None) == 0
    assert dues(fee_month)[people[0].pk] == 70_200


# ── closing


def test_close_freezes_both_sums(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    pay(cell, people[0], 70_200, TODAY, Method.CASH, by=None)
    pay(cell, people[1], 10_000, TODAY, Method.TRANSFER, by=None)
    closed = months.close_month(fee_month, by=None)
    assert (closed.state, closed.due_total, closed.collected_total) == (MonthState.CLOSED, 107_700, 80_200)
    assert (closed.retained_percent, closed.retained_total, closed.payable_total) == (None, None, None)
    assert Voucher.objects.filter(kind=VoucherKind.SPLIT).count() == 0  # "chưa cấu hình": no share is guessed
    assert balances(cell)[Account.COLLECTED] == -80_200
    assert fresh(fee_month).closed_at == NOW
    assert verbs()[-1] == "fee.month_closed"


def test_close_counts_a_last_time(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    declared(people[0], "si_salary", 8_000_000, NOVEMBER, cell=cell)
    assert months.close_month(fee_month, by=None).due_total == 117_500


def test_close_twice_and_out_of_order(cell, people):
    october, november = (months.open_month(cell, month, by=None) for month in (OCTOBER, NOVEMBER))
    with pytest.raises(Refused) as refused:
        months.close_month(november, by=None)
    assert said(refused) == "Khóa sổ theo thứ tự: khóa tháng 10/2026 trước."
    months.close_month(october, by=None)
    months.close_month(november, by=None)
    with pytest.raises(Refused) as refused:
        months.close_month(november, by=None)
    assert said(refused) == "Sổ đảng phí tháng 11/2026 đã khóa."


def test_close_waits_for_who_cannot_be_counted(cell, people):
    silent = payer(cell, "si_salary", None, full_name="Trần Văn Im")
    unknown = payer(cell, "", None, full_name="Lê Thị Ẩn")
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    for reasons in (None, {silent.pk: " "}):
        with pytest.raises(Refused) as refused:
            months.close_month(fee_month, by=None, reasons=reasons)
        assert said(refused) == (
            "Chưa tính được mức đóng của: Lê Thị Ẩn, Trần Văn Im. "
            "Bổ sung thông tin, hoặc ghi lý do để lại từng đồng chí."
        )
    with pytest.raises(Refused) as refused:
        months.close_month(fee_month, by=None, reasons={silent.pk: "đi công tác dài ngày", unknown.pk: "x" * 131})
    assert said(refused) == "Lý do để lại của Lê Thị Ẩn dài quá 130 ký tự. Viết ngắn hơn."
    assert fresh(fee_month).is_open
    assert "Khóa sổ" not in Due.objects.get(member=silent).problem
    reasons = {silent.pk: "đi công tác dài ngày", unknown.pk: "mới chuyển đến", people[0].pk: "thừa"}
    assert months.close_month(fee_month, by=None, reasons=reasons).due_total == 107_700
    assert Due.objects.get(member=silent).problem == (
        "Chưa có kê khai được tiếp nhận: cần kê khai tiền lương đóng BHXH tháng 10/2026. "
        "Khóa sổ khi chưa tính: đi công tác dài ngày"
    )
    assert Due.objects.get(member=people[0]).problem == ""


def test_names_in_a_refusal_are_few(cell):
    for number in range(7):
        payer(cell, "", None, full_name=f"Lê Văn {'ABCDEFG'[number]}")
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    with pytest.raises(Refused) as refused:
        months.close_month(fee_month, by=None)
    assert said(refused).startswith(
        "Chưa tính được mức đóng của: Lê Văn A, Lê Văn B, Lê Văn C, Lê Văn D, Lê Văn E và 2 đồng chí khác. "
    )


# ── the share


@pytest.mark.parametrize(
    ("percent", "retained", "payable"), [("30", 24_060, 56_140), ("33.33", 26_731, 53_469), ("0", 0, 80_200)]
)
def test_close_splits_what_was_collected(cell, people, superior_body, percent, retained, payable):
    """DOMAIN §3.3: shares under 01-QĐ/TW were not found; the superior lays one down."""
    lay(superior_body, "fee.retained_percent", percent)
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    pay(cell, people[0], 80_200, TODAY, Method.CASH, by=None, voluntary=10_000)
    closed = months.close_month(fee_month, by=None)
    assert (str(fresh(closed).retained_percent), closed.retained_total, closed.payable_total) == (
        f"{float(percent):.2f}",
        retained,
        payable,
    )
    found = balances(cell)
    assert [found[one] for one in (Account.COLLECTED, Account.RETAINED, Account.PAYABLE)] == [0, -retained, -payable]
    split = Voucher.objects.get(kind=VoucherKind.SPLIT)
    assert (split.dated_on, split.fee_month_id, sum(Entry.objects.values_list("amount", flat=True))) == (
        TODAY,
        fee_month.pk,
        0,
    )


def test_a_split_of_a_past_month_is_dated_in_it(cell, people, superior_body):
    lay(superior_body, "fee.retained_percent", "50")
    fee_month = months.open_month(cell, OCTOBER, by=None)
    pay(cell, people[0], 70_200, first(10), Method.CASH, by=None)
    months.close_month(fee_month, by=None)
    assert Voucher.objects.get(kind=VoucherKind.SPLIT).dated_on == datetime.date(2026, 10, 31)


def test_nothing_collected_needs_no_voucher(cell, people, superior_body):
    lay(superior_body, "fee.retained_percent", "30")
    closed = months.close_month(months.open_month(cell, NOVEMBER, by=None), by=None)
    assert (closed.retained_total, closed.payable_total, Voucher.objects.count()) == (0, 0, 0)


def test_a_share_above_everything_is_refused(cell, people, superior_body):
    lay(superior_body, "fee.retained_percent", "130")
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    with pytest.raises(Refused) as refused:
        months.close_month(fee_month, by=None)
    assert said(refused) == "Tỷ lệ để lại đang ghi là 130 %, nhiều hơn 100 %. Đề nghị cấp trên sửa."
    assert fresh(fee_month).is_open


def test_split_later_stands_in_the_open_month(cell, people, superior_body):
    october = months.open_month(cell, OCTOBER, by=None)
    november = months.open_month(cell, NOVEMBER, by=None)
    pay(cell, people[0], 70_200, first(10), Method.CASH, by=None)
    with pytest.raises(Refused) as refused:
        months.split_month(october, by=None)
    assert said(refused) == "Khóa sổ tháng 10/2026 trước khi trích."
    months.close_month(october, by=None)
    with pytest.raises(NotConfigured):
        months.split_month(october, by=None)
    lay(superior_body, "fee.retained_percent", "30")
    row = months.split_month(october, by=None)
    assert (row.retained_total, row.payable_total, verbs()[-1]) == (21_060, 49_140, "fee.month_split")
    split = Voucher.objects.get(kind=VoucherKind.SPLIT)
    assert (split.fee_month_id, split.dated_on) == (november.pk, TODAY)
    assert split.text == "Trích để lại 30 %, phần còn lại phải nộp, đảng phí tháng 10/2026"
    with pytest.raises(Refused) as refused:
        months.split_month(october, by=None)
    assert said(refused) == "Tháng 10/2026 đã trích phần để lại, phải nộp."


@pytest.fixture
def split_wrong(cell, people, superior_body):
    """October closed and split by 30 % (of 70.200: 21.060 and 49.140), which the superior then puts right."""
    share = lay(superior_body, "fee.retained_percent", "30")
    october = months.open_month(cell, OCTOBER, by=None)
    months.open_month(cell, NOVEMBER, by=None)
    pay(cell, people[0], 70_200, first(10), Method.CASH, by=None)
    months.close_month(october, by=None)

    def put_right(percent):
        Setting.objects.filter(pk=share.pk).update(value=percent)
        return months.split_month(october, by=None)

    return put_right


@pytest.mark.parametrize(("percent", "retained", "payable"), [("40", 28_080, 42_120), ("25", 17_550, 52_650)])
def test_split_by_a_wrong_share_is_split_again(cell, split_wrong, percent, retained, payable):
    """Only the difference is booked, in the open month of today; the first voucher stays as it was."""
    row = fresh(split_wrong(percent))
    assert (str(row.retained_percent), row.retained_total, row.payable_total) == (f"{percent}.00", retained, payable)
    found = balances(cell)
    assert [found[one] for one in (Account.COLLECTED, Account.RETAINED, Account.PAYABLE)] == [0, -retained, -payable]
    again = Voucher.objects.filter(kind=VoucherKind.SPLIT).latest("pk")
    assert (again.dated_on, again.text) == (TODAY, f"Trích lại theo {percent} % thay 30 %, đảng phí tháng 10/2026")
    assert dict(again.entries.values_list("account", "amount")) == {
        "retained": 21_060 - retained, "payable": retained - 21_060,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        split_wrong(percent)
    assert said(refused) == "Tháng 10/2026 đã trích phần để lại, phải nộp."


def test_too_much_passed_up_by_a_wrong_share_is_set_off_later(cell, split_wrong, collector):
    """What went up went up: the book says that it was too much, and nothing more goes up until it is made good."""
    values = {"dated_on": TODAY, "place": Account.CASH, "paper_number": "GNT 1", "receiver": "Đảng ủy"}
    cash.remit(cell, amount=49_140, through_month=OCTOBER, by=collector, **values)
    split_wrong("40")
    assert balances(cell)[Account.PAYABLE] == 49_140 - 42_120
    with pytest.raises(Refused) as refused:
        cash.remit(cell, amount=1, through_month=OCTOBER, by=collector, **(values | {"paper_number": "GNT 2"}))
    assert said(refused).startswith("Chưa có số phải nộp.")


def test_split_later_needs_an_open_month(cell, people, superior_body):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    pay(cell, people[0], 70_200, TODAY, Method.CASH, by=None)
    months.close_month(fee_month, by=None)
    lay(superior_body, "fee.retained_percent", "30")
    with pytest.raises(Refused) as refused:
        months.split_month(fee_month, by=None)
    assert said(refused) == "Sổ đảng phí tháng 11/2026 đã khóa. Mở tháng tiếp theo rồi ghi."
    with time_machine.travel(NOW + datetime.timedelta(days=20), tick=False):
        months.open_month(cell, first(12), by=None)
        months.split_month(fee_month, by=None)
    assert fresh(fee_month).payable_total == 49_140


# ── correcting a closed month


@pytest.fixture
def shut_october(cell, people):
    """October closed, November open; the due of the first member in October is 70.200."""
    october = months.open_month(cell, OCTOBER, by=None)
    months.open_month(cell, NOVEMBER, by=None)
    months.close_month(october, by=None)
    return Due.objects.get(fee_month=october, member=people[0])


def test_correction_stands_in_the_open_month(shut_october, collector):
    row = months.correct_due(shut_october, -20_200, " Kê khai nhầm lương tháng 9 ", by=collector)
    assert (row.fee_month.month, row.amount, row.reason, row.by) == (
        NOVEMBER,
        -20_200,
        "Kê khai nhầm lương tháng 9",
        collector,
    )
    assert fresh(shut_october).amount == 70_200
    assert verbs()[-1] == "fee.due_corrected"


def test_correction_is_seen_by_the_payer_and_the_heads(shut_october, secretary, deputy, collector):
    """DOMAIN §3.6: a manual override has a second person; no notice says an amount."""
    row = months.correct_due(shut_october, -20_200, "Kê khai nhầm", by=collector)
    told = Notice.objects.filter(kind="fee.corrected")
    assert set(told.values_list("recipient", flat=True)) == {
        shut_october.member_id, secretary.member_id, deputy.member_id,
    }  # fmt: skip
    assert {notice.private for notice in told} == {True}
    assert "20.200" not in f"{list(told.values('subject', 'context'))} {row.pk}"


@pytest.mark.parametrize(
    ("amount", "reason", "sentence"),
    [
        (0, "x", "Ghi số tiền tăng hoặc giảm, khác 0."),
        (10, "  ", "Ghi lý do điều chỉnh."),
        (-70_201, "x", "Giảm nhiều nhất 70.200 đồng, là số phải đóng của tháng."),
    ],
)
def test_correction_that_makes_no_sense(shut_october, amount, reason, sentence):
    with pytest.raises(Refused) as refused:
        months.correct_due(shut_october, amount, reason, by=None)
    assert said(refused) == sentence


def test_corrections_never_go_below_zero_together(shut_october):
    months.correct_due(shut_october, -70_000, "x", by=None)
    with pytest.raises(Refused) as refused:
        months.correct_due(shut_october, -201, "x", by=None)
    assert said(refused) == "Giảm nhiều nhất 200 đồng, là số phải đóng của tháng."
    months.correct_due(shut_october, -200, "x", by=None)


def test_open_month_is_counted_again_not_corrected(shut_october):
    due = Due.objects.get(member=shut_october.member_id, month=NOVEMBER)
    with pytest.raises(Refused) as refused:
        months.correct_due(due, 10, "x", by=None)
    assert said(refused) == "Tháng 11/2026 chưa khóa sổ: sửa kê khai, đối tượng hoặc quyết định rồi tính lại."


def test_who_pays_elsewhere_is_not_corrected_here(cell, other_cell, people):
    Placement.objects.create(
        member=people[0], kind="temp_here", cell=other_cell, place="x", starts_on=datetime.date(2026, 1, 1)
    )
    october = months.open_month(cell, OCTOBER, by=None)
    months.open_month(cell, NOVEMBER, by=None)
    months.close_month(october, by=None)
    with pytest.raises(Refused) as refused:
        months.correct_due(Due.objects.get(fee_month=october, member=people[0]), 10, "x", by=None)
    assert said(refused) == "Tháng này đồng chí đóng ở nơi khác, không điều chỉnh ở đây."


def test_nothing_is_corrected_without_an_open_month(cell, people):
    fee_month = months.open_month(cell, NOVEMBER, by=None)
    months.close_month(fee_month, by=None)
    with pytest.raises(Refused) as refused:
        months.correct_due(Due.objects.get(fee_month=fee_month, member=people[0]), 10, "x", by=None)
    assert said(refused) == "Sổ đảng phí tháng 11/2026 đã khóa. Mở tháng tiếp theo rồi ghi."
