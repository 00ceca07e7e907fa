"""The fee book of the scene: December 2026 open, November closed, receipts of dangvien that stand and that were
reversed. ``?chi-bo=`` names the cell, so that those of other cells ask for this one and not for their own."""

import datetime

from fees.models import Due, FeeMonth
from fees.services.collecting import pay, reverse
from fees.services.months import close_month, correct_due, open_month
from fees.states import NOT_COMPUTED, DueKind, Method

DECEMBER, NOVEMBER = datetime.date(2026, 12, 1), datetime.date(2026, 11, 1)
DAY = datetime.date(2026, 12, 4)
RATE = 20_000


def scenes(cell, who):
    """``fee_open``, ``fee_own`` (no cell in the address), ``fee_closed``, ``receipt_stands``, ``receipt_reversed``."""
    member, by = who["dangvien"].member, who["thuquy"]
    december, november = _months(cell, by)
    _owes(december, member)
    stands, taken_back = (pay(cell, member, RATE // 2, DAY, Method.CASH, by=by) for _ in range(2))
    reverse(taken_back, "Ghi nhầm", by=by)
    month = {"year": 2026, "month": 12, "pk": member.pk, "row": december.pk}
    found = {
        "fee_own": month,
        "fee_open": month | {"?": f"chi-bo={cell.slug}"},
        "fee_closed": month | {"?": f"chi-bo={cell.slug}", "month": 11, "row": november.pk},
    }
    for name, payment in (("stands", stands), ("reversed", taken_back)):
        part = payment.allocations.first()
        found[f"receipt_{name}"] = {"pk": payment.pk, "code": payment.code, "part": part.pk}
    return found


def some(cell, who, rows):
    """``rows`` of receipts, parts and corrections in December; arguments of the addresses."""
    member, by = who["dangvien"].member, who["thuquy"]
    december, november = _months(cell, by)
    for user in who.values():
        _owes(december, user.member)
    due = _owes(november, member)
    for number in range(rows):
        correct_due(due, 1_000 + number, "Ghi sai hệ số", by=by)
        payment = pay(cell, member, 2_000, DAY, Method.CASH, by=by, voluntary=500)
    return {
        "fee_year": [2026],
        "fee_month": [2026, 12],
        "fee_closed": [2026, 11],
        "fee_payer": [2026, 12, member.pk],
        "fee_due": [2026, 11, member.pk],
        "fee_move": [2026, 12, "close"],
        "fee_receipt": [payment.pk],
    }


def _months(cell, by):
    """(December open, November closed)."""
    december = open_month(cell, DECEMBER, by=by)
    november = open_month(cell, NOVEMBER, by=by)
    waiting = november.dues.filter(kind__in=NOT_COMPUTED)
    if FeeMonth.objects.get(pk=november.pk).is_open:
        november = close_month(november, by=by, reasons={due.member_id: "Chờ kê khai" for due in waiting})
    return december, november


def _owes(fee_month, member):
    """What the calculation would say of somebody who has declared."""
    rows = Due.objects.filter(fee_month=fee_month, member=member)
    rows.update(kind=DueKind.PAYABLE, amount=RATE, problem="", formula="0,5 % × 4.000.000 đồng")
    return rows.first()
