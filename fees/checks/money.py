"""Checks of the arithmetic: sums of months, the retained share, what goes up, what lies there, what was counted."""

from core.months import months_later
from core.vietnamese import date_text, lower_first, money
from fees.checks.sheets import Found
from fees.states import PLACES, Account, VoucherKind
from fees.tariff import share_out
from regulations.lookup import Answer

SHARE = "fee.retained_percent"
LONGEST_WAIT = 3  # months: reports go up by month or by quarter (Công văn 141-CV/VPTW/nb)
RECEIPTS = (VoucherKind.RECEIPT, VoucherKind.REVERSAL)


def sums(sheets):
    """What a month was closed with against its dues, its receipts and its vouchers."""
    for row in sheets.closed:
        receipts = sum(one.amount for one in sheets.payments if one.fee_month_id == row.pk)
        vouchers = -sum(sheets.booked.get((row.month, kind, Account.COLLECTED), 0) for kind in RECEIPTS)
        dues = sum(due.amount for due in sheets.dues if due.fee_month_id == row.pk)
        month = f"Tháng {row.month:%m/%Y}"
        if row.collected_total != receipts or receipts != vouchers:
            text = (
                f"{month}: sổ ghi đã thu {money(row.collected_total)}, biên lai cộng lại {money(receipts)}, "
                f"bút toán {money(vouchers)}."
            )
            yield Found(f"{row.month:%Y-%m}", text, None, row.month, (row.collected_total or 0) - receipts)
        if row.due_total is not None and row.due_total != dues:
            text = f"{month}: sổ ghi phải thu {money(row.due_total)}, mức đóng từng người cộng lại {money(dues)}."
            yield Found(f"{row.month:%Y-%m}:due", text, None, row.month, row.due_total - dues)


def share_amount(sheets):
    """Retained and payable of a month against its share; and all of them against what was booked."""
    wrong = [row for row in sheets.closed if _has_own_share(sheets, row) and _shares(row) != _by_share(row)]
    for row in wrong:
        retained, payable = _by_share(row)
        text = (
            f"Tháng {row.month:%m/%Y}: để lại {money(row.retained_total)}, phải nộp {money(row.payable_total)}; theo "
            f"{row.retained_percent.normalize():f} % là {money(retained)} và {money(payable)}."
        )
        yield Found(f"{row.month:%Y-%m}", text, None, row.month, row.retained_total - retained)
    if wrong or any(_differs(sheets, row) for row in sheets.closed):
        return
    months = [row for row in sheets.all_months.values() if row.retained_percent is not None]
    said = sum(row.retained_total for row in months)
    booked = -sum(
        total for (_, kind, account), total in sheets.booked.items()
        if kind == VoucherKind.SPLIT and account == Account.RETAINED
    )  # fmt: skip
    if booked != said:
        text = f"Các tháng ghi để lại {money(said)}, bút toán trích cộng lại {money(booked)}."
        yield Found("booked", text, None, None, booked - said)


def share_rate(sheets):
    """The share a month was divided by against the one the superior laid down for it; months not divided yet."""
    for row in sheets.closed:
        share = sheets.rule(SHARE, row.month)
        if not share.configured:
            continue
        if row.retained_percent is None:
            text = f"Tháng {row.month:%m/%Y}: chưa trích để lại, phải nộp, dù đã đặt tỷ lệ để lại {share.value} %."
            yield Found(f"{row.month:%Y-%m}:unsplit", text, None, row.month, row.collected_total)
        elif _differs(sheets, row):
            right = share_out(row.collected_total, share.decimal)[0]
            text = (
                f"Tháng {row.month:%m/%Y}: trích để lại {row.retained_percent.normalize():f} % "
                f"({money(row.retained_total)}), tỷ lệ cấp trên đặt là {share.value} % ({money(right)})."
            )
            yield Found(f"{row.month:%Y-%m}", text, None, row.month, row.retained_total - right)


def remitted(sheets):
    """What went up against what was payable, by the dates: less than a paper says, more than was owed, too late."""
    opening, begun = sheets.opening_payable
    sent, short = 0, False
    for row in sheets.remittances:
        sent += row.amount
        lacking = opening + _payable(sheets, row.through_month) - sent
        if sheets.first <= row.through_month <= sheets.last and lacking > 0:
            short = True
            text = (
                f"Lần nộp ngày {date_text(row.voucher.dated_on)}, chứng từ {row.paper_number}: ghi nộp đến hết tháng "
                f"{row.through_month:%m/%Y} nhưng còn thiếu {money(lacking)}."
            )
            yield Found(f"{row.pk}", text, None, row.through_month, lacking)
    over = sum(total for (_, _, account), total in sheets.booked.items() if account == Account.PAYABLE)
    if over > 0:
        yield Found("over", f"Đã nộp cấp trên nhiều hơn số phải nộp {money(over)}.", None, None, over)
    old = months_later(sheets.last, -LONGEST_WAIT)
    late = _payable(sheets, old) + (opening if begun and begun <= old else 0) - sent
    if late > 0 and not short:
        text = f"Số phải nộp đến hết tháng {old:%m/%Y} còn {money(late)} chưa nộp, quá một quý."
        yield Found(f"late:{old:%Y-%m}", text, None, old, late)


def balance(sheets):
    """Opening and retained less spent is what is left, never below nothing; every voucher sums to zero."""
    for voucher in sheets.unbalanced:
        text = f"Chứng từ ngày {date_text(voucher.dated_on)} không cân: {voucher.text}."
        yield Found(f"voucher:{voucher.pk}", text, None, voucher.dated_on.replace(day=1), voucher.total)
    running = dict.fromkeys((*PLACES, Account.RETAINED), 0)
    by_month: dict = {}
    for (month, _, account), total in sheets.booked.items():
        if account in running and month <= sheets.last:
            by_month.setdefault(month, []).append((account, total))
    for month in sorted(by_month):
        for account, total in by_month[month]:
            running[account] += total
        for account, amount in running.items():
            left = -amount if account == Account.RETAINED else amount
            if left < 0 and month >= sheets.first:
                text = f"Cuối tháng {month:%m/%Y}, {lower_first(Account(account).label)} âm {money(-left)}."
                yield Found(f"{month:%Y-%m}:{account}", text, None, month, left)


def cash(sheets):
    """The newest count against the book, and what earlier counts found and nobody has settled."""
    count = sheets.count
    if count is not None and count.difference and count.voucher_id is None:
        word = "thiếu" if count.difference < 0 else "thừa"
        text = (
            f"Kiểm quỹ ngày {date_text(count.counted_on)}: đếm được {money(count.counted)}, "
            f"theo sổ {money(count.book)}, {word} {money(abs(count.difference))}."
        )
        yield Found(f"count:{count.pk}", text, None, None, count.difference)
    waiting = sum(total for (_, _, account), total in sheets.booked.items() if account == Account.DIFFERENCE)
    if waiting:
        word = "thiếu" if waiting > 0 else "thừa"
        text = f"Chênh lệch kiểm quỹ đã ghi sổ, chưa xử lý: {word} {money(abs(waiting))}."
        yield Found(f"waiting:{waiting}", text, None, None, -waiting)


def bank(sheets):
    """The bank's statement against the book, as the newest count has them."""
    count = sheets.count
    if count is not None and count.bank_statement is not None and count.bank_statement != count.bank_book:
        difference = count.bank_statement - count.bank_book
        text = (
            f"Ngày {date_text(count.counted_on)}: sao kê ngân hàng {money(count.bank_statement)}, theo sổ "
            f"{money(count.bank_book)}, lệch {money(abs(difference))}."
        )
        yield Found(f"count:{count.pk}", text, None, None, difference)


# ── conditions


def _differs(sheets, row) -> bool:
    """The month was divided by another share than the one laid down for it."""
    share: Answer = sheets.rule(SHARE, row.month)
    return share.configured and row.retained_percent is not None and row.retained_percent != share.decimal


def _has_own_share(sheets, row) -> bool:
    return row.retained_percent is not None and not _differs(sheets, row)


def _shares(row) -> tuple:
    return row.retained_total, row.payable_total


def _by_share(row) -> tuple:
    return share_out(row.collected_total, row.retained_percent)


def _payable(sheets, through) -> int:
    """Payable of the months divided, up to and with ``through`` (đồng)."""
    return sum(row.payable_total or 0 for row in sheets.all_months.values() if row.month <= through)
