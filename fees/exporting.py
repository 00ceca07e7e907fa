"""Books and reports of the fee as XLSX (core.workbooks)."""

from core.workbooks import Sheet, workbook


def book_xlsx(title: str, notes: list[str], found) -> bytes:
    """S01/ĐP: sheet "Phần I" with one line per member, sheet "Phần II" with the sums of each month."""
    months = [f"{row.month:%m/%Y}" for row in found.months]
    rows = [[place, line.name, line.base, *line.paid, line.total] for place, line in enumerate(found.lines, 1)]
    rows.append([None, "Cộng", None, *found.by_month, found.paid])
    sums = [
        [place, f"{row.month:%m/%Y}", row.collected, row.why if row.retained is None else row.retained, row.remitted]
        if row.opened
        else [place, f"{row.month:%m/%Y}", "chưa mở sổ"]
        for place, row in enumerate(found.months, 1)
    ]
    sums.append(
        [None, "Cộng", found.collected, "chưa đủ" if found.retained is None else found.retained, found.remitted]
    )
    first = Sheet("Phần I", ["STT", "Họ và tên", "Căn cứ đóng", *months, "Cộng"], rows)
    second = Sheet("Phần II", ["STT", "Sổ tháng", "Đã thu", "Để lại chi bộ", "Đã nộp cấp trên"], sums)
    return workbook(title, notes, [first, second])


def summary_xlsx(title: str, notes: list[str], lines, found) -> bytes:
    """The sums of a period: sheet "Chỉ tiêu" as the report prints them, sheet "Theo tháng"."""
    rows = [[place, line.name, line.unit, None, _or(line.value, line.why), line.note]
            for place, line in enumerate(lines, 1)]  # fmt: skip
    months = [
        [place, f"{row.month:%m/%Y}", row.collected, *([row.retained, row.payable] if row.is_split else [None, None]),
         row.remitted]
        for place, row in enumerate(found.months, 1)
    ]  # fmt: skip
    months.append([None, "Cộng", found.collected, _or(found.retained, found.why), _or(found.payable, found.why),
                   found.remitted])  # fmt: skip
    heads = ["STT", "Sổ tháng", "Đã thu", "Để lại chi bộ", "Phải nộp cấp trên", "Đã nộp cấp trên"]
    first = Sheet("Chỉ tiêu", ["STT", "Chỉ tiêu", "Đơn vị tính", "Mã số", "Số liệu", "Ghi chú"], rows, False, (6,))
    return workbook(title, notes, [first, Sheet("Theo tháng", heads, months)])


def arrears_xlsx(title: str, notes: list[str], found, *, amounts: bool) -> bytes:
    """Who has not paid: sheet "Chưa đóng", amounts only for who may read the book; sheet "Chưa tính được mức"."""
    heads, last = ["STT", "Họ và tên", "Tháng chưa đóng"], ["Còn phải đóng"] if amounts else []
    rows = [
        [place, debtor.name, debtor.words, *([debtor.left] if amounts else [])]
        for place, debtor in enumerate(found.debtors, 1)
    ]
    if amounts:
        rows.append([None, "Cộng", None, found.left])
    waiting = [[place, row.name, row.words] for place, row in enumerate(found.uncounted, 1)]
    sheets = [Sheet("Chưa đóng", heads + last, rows, amounts, (3,))]
    if waiting:
        sheets.append(Sheet("Chưa tính được mức", ["STT", "Họ và tên", "Tháng"], waiting, False, (3,)))
    return workbook(title, notes, sheets)


def _or(value, why):
    return why if value is None else value
