"""The cash book of the scene: vouchers with and without a payer, papers, a count that found too little."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from fees.services import cash, counting
from fees.services.collecting import pay
from fees.services.months import open_month
from fees.states import Account, Method
from tests.matrix.evenings import SECRET
from tests.meetings import files

DAY = datetime.date(2026, 12, 4)
RECEIVER = "Đảng ủy phường Thử"


def vouchers(cell, who):
    """``voucher_open`` (the opening balance), ``voucher_receipt`` (of dangvien), papers, ``cash_count``."""
    by, found = who["thuquy"], {}
    _open(cell, by)
    payment = pay(cell, who["dangvien"].member, 9_000, DAY, Method.CASH, by=by, voluntary=9_000)
    rows = {"open": cell.vouchers.get(kind="opening"), "receipt": payment.voucher}
    for name, row in rows.items():
        found[f"voucher_{name}"] = {"pk": row.pk, "entry": row.entries.first().pk}
    passed, bare = (_remit(cell, by, number, upload) for number, upload in enumerate((_paper(), None)))
    spent = _spend(cell, by, _paper())
    found["paper_remitted"] = {"pk": passed.voucher_id, "remittance": passed.pk}
    found["paper_spent"] = {"pk": spent.voucher_id, "spending": spent.pk}
    found["paper_lacking"] = {"pk": bare.voucher_id}
    found["cash_count"] = {"pk": _count(cell, by).pk}
    return found


def some(cell, who, rows):
    """``rows`` of everything that the pages of the cash book list; arguments of their addresses."""
    by = who["thuquy"]
    _open(cell, by)
    for number in range(rows):
        pay(cell, who["dangvien"].member, 9_000, DAY, Method.CASH, by=by, voluntary=9_000)
        passed, count = _remit(cell, by, number, None), _count(cell, by)
        _spend(cell, by, None)
    return {"voucher": [passed.voucher_id], "count": [count.pk]}


def _open(cell, by):
    open_month(cell, DAY.replace(day=1), by=by)
    cash.open_book(
        cell, dated_on=DAY, source="Sổ cũ", by=by, cash=100_000, bank=50_000, retained=70_000, payable=80_000
    )


def _paper():
    return SimpleUploadedFile("a.pdf", files.pdf("Giấy nộp tiền"))


def _remit(cell, by, number, upload):
    return cash.remit(
        cell, dated_on=DAY, amount=10_000, place=Account.BANK, paper_number=f"GNT {number}", receiver=RECEIVER,
        through_month=DAY.replace(month=11, day=1), by=by, upload=upload,
    )  # fmt: skip


def _spend(cell, by, upload):
    return cash.spend(
        cell, dated_on=DAY, amount=5_000, place=Account.CASH, purpose=f"{SECRET} mua báo", decision="05-NQ/CB",
        decided_on=DAY, by=by, upload=upload,
    )  # fmt: skip


def _count(cell, by):
    return counting.count_cash(cell, counted_on=DAY, pieces={10_000: 1}, by=by)
