"""Each check against a fault planted in a right book, and the right book itself (DOMAIN §3.5)."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.vietnamese import money
from fees.checks import BY_KEY, CHECKS, Sheets, run
from fees.models import Due, FeeMonth, Payment
from fees.services import counting, declaring
from fees.services.collecting import pay, reverse
from fees.services.months import close_month, correct_due, open_month
from fees.states import Account, WaiverState
from members.models import FeeCategory, Member, Organisation, Setting
from tests.factories import CellFactory
from tests.fees import audited
from tests.fees.audited import AUGUST, OCTOBER, PERIOD, SEPTEMBER
from tests.fees.conftest import NOW
from tests.fees.people import lay, payer

pytestmark = pytest.mark.django_db
FIFTY = datetime.date(1976, 7, 15)


@pytest.fixture
def by(frozen, collector):
    return collector


@pytest.fixture
def ground(superior_body):
    return CellFactory(parent=superior_body, name="Chi bộ Ba", short_name="Ba")


def found(cell, *period):
    cell = Organisation.objects.get(pk=cell.pk)  # its rules are kept on the object
    return {key: [row.text for row in rows] for key, rows in run(cell, *(period or PERIOD)).items() if rows}


def test_nothing_is_found_in_a_right_book(ground, by):
    audited.right(ground, by)
    assert found(ground) == {}


# ── what can be planted after everything was closed: (name, plant(cell, who, by), what is found)


def kind(cell, who, name, value):
    FeeCategory.objects.filter(member=who[name]).update(kind=value)


def wrong_category(cell, who, by):
    kind(cell, who, "pension", "student")


def wrong_amount(cell, who, by):
    rows = Due.objects.filter(member=who["salary"], month=SEPTEMBER)
    rows.update(amount=60_000)
    FeeMonth.objects.filter(cell=cell, month=SEPTEMBER).update(due_total=100_000)


def charged_pensioner(cell, who, by):
    kind(cell, who, "salary", "pension")


def expired_reduction(cell, who, by):
    who["reduced"].waivers.update(to_month=SEPTEMBER)


def undecided_exemption(cell, who, by):
    who["free"].waivers.update(state=WaiverState.REPORTED)


def exemption_without_paper(cell, who, by):
    Due.objects.filter(member=who["free"], month=OCTOBER).update(waiver=None)


def old_and_charged(cell, who, by):
    Member.objects.filter(pk=who["pension"].pk).update(admitted_on=FIFTY)


def old_student(cell, who, by):
    Member.objects.filter(pk=who["student"].pk).update(birth_date=datetime.date(1990, 1, 1))


def no_declaration(cell, who, by):
    who["salary"].declarations.all().delete()


def other_share(cell, who, by):
    Setting.objects.filter(key="fee.retained_percent").update(value="40")


def wrong_share(cell, who, by):
    FeeMonth.objects.filter(cell=cell, month=SEPTEMBER).update(retained_total=60_000, payable_total=50_000)


def short_cash(cell, who, by):
    audited.count(cell, by, short=20_000)


def short_and_booked(cell, who, by):
    counting.book_difference(audited.count(cell, by, short=20_000), explanation="Chưa rõ", by=by)


def due_total_changed(cell, who, by):
    FeeMonth.objects.filter(cell=cell, month=AUGUST).update(due_total=90_000)


def short_bank(cell, who, by):
    audited.count(cell, by, bank_statement=5_000)


def remittance_without_paper(cell, who, by):
    cell.remittances.update(paper="")


def receipt_removed(cell, who, by):
    audited.remove_payment(Payment.objects.get(cell=cell, member=who["student"], fee_month__month=SEPTEMBER))


def day_moved(cell, who, by):
    with audited.Tampering():
        Payment.objects.filter(cell=cell, member=who["student"], fee_month__month=OCTOBER).update(
            paid_on=datetime.date(2026, 9, 30)
        )


def day_to_come(cell, who, by):
    with audited.Tampering():
        Payment.objects.filter(cell=cell, member=who["student"], fee_month__month=OCTOBER).update(
            received_at=datetime.datetime(2026, 10, 1, 3, tzinfo=datetime.UTC)
        )


def entry_changed(cell, who, by):
    voucher = Payment.objects.get(cell=cell, member=who["student"], fee_month__month=AUGUST).voucher
    with audited.Tampering():
        voucher.entries.filter(account=Account.CASH).update(amount=4_000)


PLANTED = [
    (wrong_category, {"category": [
        "Cao Văn Hưu: tháng 08/2026 đến 10/2026 tính theo “hưởng lương hưu”, hồ sơ là “học sinh, sinh viên”.",
    ]}),
    (wrong_amount, {
        "arrears": ["Bùi Thị Lương: phải đóng 200.000 đồng, đã đóng 210.000 đồng, thừa 10.000 đồng (tháng 09/2026)."],
        "category": ["Bùi Thị Lương: tháng 09/2026 đã tính 60.000 đồng, theo kê khai và quy định là 70.000 đồng."],
    }),
    (charged_pensioner, {"pensioner": [
        "Bùi Thị Lương: tháng 08/2026 đến 10/2026 hưởng lương hưu mà tính theo “đóng BHXH bắt buộc” (1 %).",
    ]}),
    (expired_reduction, {"expired": [
        "Hà Thị Giảm: tháng 10/2026 vẫn giảm 50 % theo 12-NQ/CB, chỉ có hiệu lực từ 08/2026 đến hết 09/2026.",
    ]}),
    (undecided_exemption, {"undecided": [
        "Lý Văn Miễn: tháng 08/2026 đến 10/2026 miễn, giảm theo đơn chưa có quyết định.",
    ]}),
    (exemption_without_paper, {"undecided": ["Lý Văn Miễn: tháng 10/2026 được miễn mà không có quyết định."]}),
    (old_and_charged, {"party_age": [
        "Cao Văn Hưu: tháng 08/2026 đến 10/2026 vẫn phải đóng, vào Đảng ngày 15/07/1976.",
    ]}),
    (old_student, {"student": [
        "Đào Sinh Viên: tháng 08/2026 đến 10/2026 đóng theo mức học sinh, sinh viên khi đã quá 30 tuổi.",
    ]}),
    (no_declaration, {"undeclared": [
        "Bùi Thị Lương: tháng 08/2026 đến 10/2026 tính theo căn cứ 7.000.000 đồng mà không có kê khai.",
    ]}),
    (other_share, {"share_rate": [
        f"Tháng {month}/2026: trích để lại 50 % (55.000 đồng), tỷ lệ cấp trên đặt là 40 % (44.000 đồng)."
        for month in ("08", "09", "10")
    ]}),
    (wrong_share, {"share_amount": [
        "Tháng 09/2026: để lại 60.000 đồng, phải nộp 50.000 đồng; theo 50 % là 55.000 đồng và 55.000 đồng.",
    ]}),
    (short_cash, {"cash": [
        "Kiểm quỹ ngày 20/11/2026: đếm được 295.000 đồng, theo sổ 315.000 đồng, thiếu 20.000 đồng.",
    ]}),
    (short_and_booked, {"cash": ["Chênh lệch kiểm quỹ đã ghi sổ, chưa xử lý: thiếu 20.000 đồng."]}),
    (short_bank, {"bank": ["Ngày 20/11/2026: sao kê ngân hàng 5.000 đồng, theo sổ 0 đồng, lệch 5.000 đồng."]}),
    (remittance_without_paper, {"papers": [
        "Nộp cấp trên ngày 10/11/2026, 265.000 đồng: nộp Đảng ủy phường Thử đến hết tháng 10/2026, chứng từ GNT 12; "
        "thiếu chứng từ.",
    ]}),
    (receipt_removed, {
        "arrears": ["Đào Sinh Viên: phải đóng 15.000 đồng, đã đóng 10.000 đồng, còn nợ 5.000 đồng (tháng 09/2026)."],
        "receipts": ["Thiếu biên lai số 0008/2026."],
        "sums": [
            "Tháng 09/2026: sổ ghi đã thu 110.000 đồng, biên lai cộng lại 105.000 đồng, bút toán 105.000 đồng.",
        ],
    }),
    (due_total_changed, {"sums": [
        "Tháng 08/2026: sổ ghi phải thu 90.000 đồng, mức đóng từng người cộng lại 110.000 đồng.",
    ]}),
    (day_moved, {"dates": [
        "Biên lai 0012/2026 (Đào Sinh Viên): ngày đóng 30/09/2026 trước tháng thu 10/2026 của sổ.",
    ]}),
    (day_to_come, {"dates": ["Biên lai 0012/2026 (Đào Sinh Viên): ngày đóng 05/10/2026 sau ngày ghi sổ 01/10/2026."]}),
    (entry_changed, {"balance": ["Chứng từ ngày 05/08/2026 không cân: Thu đảng phí, biên lai 0004/2026."]}),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "wanted"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_planted_fault_is_found_and_nothing_else(ground, by, plant, wanted):
    plant(ground, audited.right(ground, by), by)
    assert found(ground) == wanted


# ── what happens before a close


def closed(cell, by, *, without=(), leave=""):
    """The book closed; who stands in ``without`` has not paid, and what cannot be counted is left."""
    for fee_month in audited.opened(cell, by=by):
        audited.paid(cell, fee_month, by, without)
        reasons = {due.member_id: leave for due in fee_month.dues.all()} if leave else None
        close_month(fee_month, by=by, reasons=reasons)
    open_month(cell, audited.NOVEMBER, by=by)


def test_who_is_behind_is_named_with_months_and_the_third_unpaid_month_too(ground, by):
    """DOMAIN §3.2: three months unpaid in a year lead to the question of deletion."""
    who = audited.people(ground)
    closed(ground, by, without=[who["pension"]])
    audited.remit(ground, by)
    said = "Cao Văn Hưu: phải đóng 75.000 đồng, đã đóng 0 đồng, còn nợ 75.000 đồng (tháng 08/2026 đến 10/2026)."
    assert found(ground) == {
        "arrears": [said],
        "three_months": [
            "Cao Văn Hưu: năm 2026 còn 3 tháng chưa đóng đủ (tháng 08/2026 đến 10/2026); chi bộ xem xét lý do."
        ],
    }
    (row,) = BY_KEY["arrears"](ground, *PERIOD)
    assert (row.member_id, row.month, row.amount) == (who["pension"].pk, AUGUST, 75_000)


def test_two_unpaid_months_are_no_case_for_the_committee(ground, by):
    who = audited.people(ground)
    closed(ground, by, without=[who["pension"]])
    pay(ground, who["pension"], 25_000, audited.DAY, "cash", by=by)
    audited.remit(ground, by)
    assert list(found(ground)) == ["arrears"]


def test_month_left_uncounted_is_a_month_without_declaration(ground, by):
    payer(ground, amount=None, full_name="Tô Chưa Khai")
    payer(ground, "", None, full_name="Vi Thiếu Hồ Sơ")
    closed(ground, by, leave="Đi vắng")
    assert found(ground) == {
        "undeclared": [
            "Tô Chưa Khai: tháng 08/2026 đến 10/2026 chưa có kê khai thu nhập được tiếp nhận.",
            "Vi Thiếu Hồ Sơ: tháng 08/2026 đến 10/2026 thiếu thông tin nên chưa tính được mức đóng.",
        ]
    }


def test_receipt_removed_while_the_month_was_open_and_paid_again_leaves_only_its_gap(ground, by):
    who = audited.people(ground)
    august, *_ = audited.opened(ground, by=by)
    audited.paid(ground, august, by)
    audited.remove_payment(Payment.objects.get(cell=ground, member=who["salary"]))
    pay(ground, who["salary"], 70_000, AUGUST.replace(day=6), "cash", by=by)
    close_month(august, by=by)
    assert found(ground, AUGUST, AUGUST) == {"receipts": ["Thiếu biên lai số 0003/2026."]}


def test_reversed_receipt_leaves_no_gap_and_no_doubt(ground, by):
    who = audited.right(ground, by)
    payment = pay(
        ground, who["salary"], 70_000, audited.DAY, "transfer", by=by, months=[audited.NOVEMBER], reference="T1"
    )
    reverse(payment, "Ghi nhầm", by=by)
    pay(ground, who["salary"], 70_000, audited.DAY, "transfer", by=by, months=[audited.NOVEMBER], reference="T1")
    assert found(ground) == {}


def test_less_than_a_paper_says_went_up(ground, by):
    audited.people(ground)
    closed(ground, by)
    audited.remit(ground, by, amount=200_000)
    assert found(ground) == {
        "remitted": [
            "Lần nộp ngày 10/11/2026, chứng từ GNT 12: ghi nộp đến hết tháng 10/2026 nhưng còn thiếu 65.000 đồng."
        ]
    }


def test_nothing_went_up_for_a_quarter(ground, by):
    """Công văn 141-CV/VPTW/nb: period month or quarter. What is younger waits without a word."""
    audited.people(ground)
    closed(ground, by)
    late = "Số phải nộp đến hết tháng 08/2026 còn 155.000 đồng chưa nộp, quá một quý."
    assert (found(ground, AUGUST, audited.NOVEMBER)["remitted"], found(ground)) == ([late], {})


def test_correction_mends_what_was_counted_wrongly(ground, by):
    who = audited.right(ground, by)
    charged_pensioner(ground, who, by)
    who["salary"].declarations.update(category="pension")
    for due in Due.objects.filter(member=who["salary"], fee_month__cell=ground, month__lte=OCTOBER):
        correct_due(due, -35_000, "Đã nghỉ hưu từ tháng 8", by=by)
    over = "Bùi Thị Lương: phải đóng 105.000 đồng, đã đóng 210.000 đồng, thừa 105.000 đồng (tháng 08/2026 đến 10/2026)."
    assert found(ground) == {"arrears": [over]}


def test_due_written_down_without_a_decision_is_found(ground, by):
    """An exemption without decision, made of a correction: found as another amount than the rules give."""
    who = audited.right(ground, by)
    due = Due.objects.get(member=who["salary"], month=SEPTEMBER)
    correct_due(due, -due.amount, "x", by=by)
    said = f"tháng 09/2026 đã điều chỉnh còn 0 đồng, theo kê khai và quy định là {money(due.amount)}."
    assert found(ground)["category"] == [f"{who['salary'].full_name}: {said}"]


def test_what_was_declared_after_the_close_counts_not_yet(ground, by):
    """ "Các tháng trước giữ mức cũ": a closed month stays as it was closed."""
    who = audited.right(ground, by)
    with time_machine.travel(NOW + datetime.timedelta(hours=1), tick=False):
        late = {"category": "pension", "amount": 5_000_000, "from_month": SEPTEMBER}
        declaring.enter(cell=ground, member=who["salary"], by=by, **late)
    assert found(ground) == {}


def test_insured_salary_that_stays_the_same_for_long_is_asked_about(ground, by):
    who = payer(ground, amount=7_000_000, full_name="Bùi Thị Lương")
    lay(ground.parent, "fee.base_review_months", "2")
    closed(ground, by)
    audited.remit(ground, by)
    (row,) = run(Organisation.objects.get(pk=ground.pk), *PERIOD)["stale_base"]
    assert (row.text, row.member_id) == (
        "Bùi Thị Lương: căn cứ 7.000.000 đồng không đổi 3 tháng (tháng 08/2026 đến 10/2026); hỏi lại.", who.pk,
    )  # fmt: skip


def test_check_whose_rule_is_not_configured_says_so_and_finds_nothing(ground, by):
    """DOMAIN §3.3: the share under 01-QĐ/TW was not found; it ships as "chưa cấu hình"."""
    audited.right(ground, by)
    Setting.objects.filter(key="fee.retained_percent").delete()
    sheets = Sheets(Organisation.objects.get(pk=ground.pk), *PERIOD)
    check = BY_KEY["share_rate"]
    assert (check.unconfigured(sheets), check.of(sheets)) == ("Chưa cấu hình: Tỷ lệ đảng phí để lại chi bộ.", [])
    assert [check.key for check in CHECKS if check.unconfigured(sheets)] == ["share_rate"]


def test_month_that_waits_for_its_division_is_found_once_the_share_is_known(ground, by):
    audited.people(ground)
    closed(ground, by)
    Setting.objects.all().delete()
    FeeMonth.objects.filter(cell=ground).update(retained_percent=None, retained_total=None, payable_total=None)
    lay(ground.parent, "fee.retained_percent", "50")
    rows = run(Organisation.objects.get(pk=ground.pk), AUGUST, AUGUST)["share_rate"]
    assert [row.text for row in rows] == ["Tháng 08/2026: chưa trích để lại, phải nộp, dù đã đặt tỷ lệ để lại 50 %."]


def test_queries_are_as_many_for_one_member_and_month_as_for_many(ground, by):
    audited.right(ground, by)
    numbers = []
    for period in (PERIOD, (OCTOBER, OCTOBER)):
        with CaptureQueriesContext(connection) as asked:
            run(Organisation.objects.select_related("parent").get(pk=ground.pk), *period)
        numbers.append(len(asked))
    assert numbers == [18, 18]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.key)
def test_every_check_has_a_name_says_what_it_reads_and_stays_cheap(ground, by, check):
    audited.right(ground, by)
    cell = Organisation.objects.select_related("parent").get(pk=ground.pk)
    with CaptureQueriesContext(connection) as asked:
        assert check(cell, *PERIOD) == []
    assert (bool(check.title), bool(check.reads), len(asked) <= 9) == (True, True, True)


def test_keys_stay_the_same_from_run_to_run(ground, by):
    who = audited.right(ground, by)
    for plant in (wrong_category, expired_reduction, other_share, short_cash, remittance_without_paper):
        plant(ground, who, by)
    keys = [[(key, row.key) for key, rows in run(ground, *PERIOD).items() for row in rows] for _ in range(2)]
    assert (keys[0], len(set(keys[0]))) == (keys[1], len(keys[1]))
