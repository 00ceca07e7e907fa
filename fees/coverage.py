"""What ``verify_chain`` watches in this app: receipts with their parts and entries, vouchers, closed months, counts.

A receipt and its voucher are one act with one line of the diary, so the voucher of a receipt is watched through it.
Canonical values are the same before and after a row has been to the database: moments in UTC, decimals as rounded.
"""

import datetime

from fees.states import MonthState, VoucherKind


def payment(row):
    """Everything on the receipt, what it paid for, and where its money went."""
    paid = [row.paid_on, row.amount, row.method, row.reference, row.again, row.note]
    received = [row.code, row.received_by_id, _moment(row.received_at)]
    of = [row.cell_id, row.member_id, row.fee_month_id, row.year, row.number, row.reverses_id]
    parts = sorted(_part(part) for part in row.allocations.all())
    booked = getattr(row, "voucher", None)
    return ["payment", *of, *paid, *received, parts, _booked(booked) if booked else None]


def _part(row):
    """What was paid for and how the receipt says it was counted; the words of parts that are older than their columns
    (``ahead`` None) were filled in later and stand in no line of the diary."""
    counted = [] if row.ahead is None else [row.formula, row.rules, row.ahead]
    return [str(row.month), row.share, row.amount, row.member_id, *counted]


def voucher(row):
    """A voucher that is no receipt, with what it says of a remittance or a spending; None for one of a receipt."""
    return None if row.payment_id else ["voucher", *_booked(row), _detail(row)]


def _booked(row):
    entries = sorted([entry.account, entry.amount, entry.cell_id] for entry in row.entries.all())
    said = [row.cell_id, row.fee_month_id, row.kind, row.dated_on, row.text, row.payment_id, row.reverses_id]
    return [row.pk, *said, row.by_id, _moment(row.at), entries]


def _detail(row):
    if row.kind == VoucherKind.REMITTANCE:
        names = ("amount", "place", "through_month", "paper_number", "receiver", "paper", "paper_name")
        return _fields(getattr(row, "remittance", None), names)
    if row.kind == VoucherKind.SPENDING:
        names = ("amount", "place", "purpose", "decision", "decided_on", "receiver", "paper", "paper_name")
        return _fields(getattr(row, "spending", None), names)
    return None


def _fields(row, names):
    return None if row is None else [str(getattr(row, name)) for name in names]


def feemonth(row):
    """A closed month with its sums, what each member owed in it and the corrections booked in it; None while open."""
    if row.state != MonthState.CLOSED:
        return None
    totals = [row.due_total, row.collected_total, row.retained_total, row.payable_total]
    percent = None if row.retained_percent is None else f"{row.retained_percent:.2f}"
    dues = sorted(_due(due) for due in row.dues.all())
    corrections = sorted(
        [each.pk, each.due_id, each.amount, each.reason, each.by_id, _moment(each.at)] for each in row.corrections.all()
    )
    closed = [_moment(row.closed_at), row.closed_by_id]
    return ["feemonth", row.cell_id, row.month, *closed, *totals, percent, dues, corrections]


def _due(due):
    counted = [due.base, due.rate, f"{due.raw:.4f}", due.amount, due.formula, due.rules, due.problem]
    return [due.member_id, str(due.month), due.kind, due.category, *counted, due.waiver_id]


def cashcount(row):
    """What was counted against what the book said, and how the difference was explained."""
    counted = [row.counted, row.book, sorted(row.pieces.items()), row.bank_statement, row.bank_book]
    said = [row.explanation, row.voucher_id, row.counted_by_id, _moment(row.at)]
    return ["cashcount", row.cell_id, row.audit_id, str(row.counted_on), *counted, *said]


def _moment(value):
    return value.astimezone(datetime.UTC).isoformat() if value else None


COVERAGE = {
    "fees.payment": payment,
    "fees.voucher": voucher,
    "fees.feemonth": feemonth,
    "fees.cashcount": cashcount,
}
RELATED = {
    "fees.payment": ("allocations", "voucher__entries"),
    "fees.voucher": ("entries", "remittance", "spending"),
    "fees.feemonth": ("dues", "corrections"),
    "fees.cashcount": (),
}
