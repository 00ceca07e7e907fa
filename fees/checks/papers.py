"""Checks of what must stand on paper: receipts in one row of numbers, vouchers with their papers, days that can be."""

from django.utils import timezone

from core.vietnamese import date_text, lower_first, money
from fees.checks.sheets import Found, grouped
from fees.models.payments import reference_key


def receipts(sheets):
    """Numbers that are missing or stand twice, a transaction booked twice, a receipt without voucher."""
    for year, rows in grouped(sheets.payments, lambda row: row.year).items():
        yield from _gaps(sheets, year, rows)
    seen: dict = {}
    for row in _of_period(sheets):
        number = f"{row.year}:{row.number}"
        if number in seen:
            yield Found(number, f"Số biên lai {row.number_text} dùng hai lần.", row.member_id, row.fee_month.month)
        seen[number] = row
        if getattr(row, "voucher", None) is None:
            text = f"Biên lai {row.number_text} ({money(row.amount)}) không có bút toán trong sổ quỹ."
            yield Found(f"{number}:voucher", text, row.member_id, row.fee_month.month, row.amount)
    yield from _twice(sheets)


def papers(sheets):
    """Remittances and spendings whose voucher (giấy nộp tiền, hóa đơn) is not attached."""
    for what, rows in (("Nộp cấp trên", sheets.remittances), ("Chi", sheets.spendings)):
        for row in rows:
            day = row.voucher.dated_on
            months = (day.replace(day=1), getattr(row, "through_month", None))
            if not row.paper and any(month in sheets.period for month in months):
                said = lower_first(row.voucher.text)[:300]
                text = f"{what} ngày {date_text(day)}, {money(row.amount)}: {said}; thiếu chứng từ."
                yield Found(f"{row.voucher_id}", text, None, day.replace(day=1), row.amount)


def dates(sheets):
    """Paid before the collection of the book's month began, after it, or later than it was written down."""
    for row in _of_period(sheets):
        month, written = row.fee_month.month, timezone.localdate(row.received_at)
        if row.paid_on.replace(day=1) != month:
            word = "trước" if row.paid_on < month else "sau"
            text = f"ngày đóng {date_text(row.paid_on)} {word} tháng thu {month:%m/%Y} của sổ"
        elif row.paid_on > written:
            text = f"ngày đóng {date_text(row.paid_on)} sau ngày ghi sổ {date_text(written)}"
        else:
            continue
        said = f"Biên lai {row.number_text} ({row.member.full_name}): {text}."
        yield Found(f"{row.year}:{row.number}", said, row.member_id, month, row.amount)


def _of_period(sheets):
    return [row for row in sheets.payments if sheets.first <= row.fee_month.month <= sheets.last]


def _gaps(sheets, year, rows):
    """Numbers that no receipt bears; a gap belongs to the month of the receipt before it, the first to that after."""
    before, month = 0, rows[0].fee_month.month
    ends = [(row.number, row.fee_month.month) for row in rows]
    ends.append((sheets.books.get(year, ends[-1][0]) + 1, ends[-1][1]))
    for number, its_month in ends:
        if number > before + 1 and sheets.first <= month <= sheets.last:
            first, last = before + 1, number - 1
            words = f"{first:04d}/{year}" if first == last else f"{first:04d}/{year} đến {last:04d}/{year}"
            yield Found(f"{year}:{first}", f"Thiếu biên lai số {words}.", None, month)
        before, month = number, its_month


def _twice(sheets):
    """The same transaction of a bank or the portal on two receipts that both stand."""
    back = {row.reverses_id for row in sheets.payments if row.reverses_id}
    standing = [row for row in _of_period(sheets) if row.reference and not row.reverses_id and row.pk not in back]
    for (method, _), rows in grouped(standing, lambda row: (row.method, reference_key(row.reference))).items():
        if len(rows) > 1:
            numbers = ", ".join(row.number_text for row in rows)
            reference = rows[0].reference
            text = f"Số giao dịch {reference} ghi ở nhiều biên lai: {numbers}."
            yield Found(f"{method}:{reference}"[:80], text, rows[0].member_id, rows[0].fee_month.month, rows[0].amount)
