"""What the record of an audit prints (DOMAIN §3.5): months, sums, what went up, what is left, what was found where.

The paper is read by the chi ủy and shown to the cell. So it counts and adds up: names beside amounts and the words of
findings and answers stay behind the login of inspectors and collector (DOMAIN §10).
"""

from dataclasses import dataclass

from django.utils.text import slugify

from core.vietnamese import date_text, fold, lower_first
from documents import queries as documents
from fees.checks import Sheets
from fees.queries import audits
from fees.states import PLACES, Account, VoucherKind

RECORD = "fees/pdf/audit.html"


@dataclass(frozen=True)
class Payers:
    """All members over the period: heads, how many have something left, đồng."""

    number: int
    behind: int
    owes: int
    paid: int

    @property
    def difference(self) -> int:
        return self.paid - self.owes


def record_context(audit) -> dict:
    """Content of ``fees/pdf/audit.html``; the cell with its superior is read for the head."""
    sheets = Sheets(audit.cell, audit.from_month, audit.to_month)
    rows = audits.findings_of(audit)
    looked = audits.looked_over(audit, rows)
    months = sheets.closed
    return {
        **agreed(audit, rows),
        "months": months,
        "totals": {name: sum(getattr(row, name) or 0 for row in months) for name in SUMS},
        "payers": _payers(sheets),
        "sent": _sent(sheets),
        "balance": _balance(sheets),
        "places": _places(sheets),
        "count": audit.counts.first(),
        "looked": [one for one in looked if one.check.key],
    }


def agreed(audit, rows=None) -> dict:
    """The part of the record that is words: who audited what, findings with answers, conclusion, demands."""
    rows = audits.findings_of(audit) if rows is None else rows
    return {
        "audit": audit,
        "lines": _general(audit),
        "findings": [(audits.check_of(row).title, row.answered_at, _verdict(row)) for row in rows],
        "demands": audits.demands_of(audit),
        "conclusion": [line.strip() for line in audit.conclusion.splitlines() if line.strip()],
    }


SUMS = ("due_total", "collected_total", "retained_total", "payable_total")


def draft(audit) -> bytes:
    """The record as it would be sealed now, with its watermark."""
    return documents.draft_pdf(audit.paper, RECORD, record_context(audit))


def file_name(audit) -> str:
    """ "bien-ban-kiem-tra-dang-phi-202601-202612.pdf"."""
    return f"{slugify(fold('biên bản kiểm tra đảng phí'))}-{audit.from_month:%Y%m}-{audit.to_month:%Y%m}.pdf"


def _general(audit) -> list[str]:
    rows = list(audit.inspectors.all())
    people = "; ".join(f"{row.member.full_name}{' (tổ trưởng)' if row.is_head else ''}" for row in rows)
    return [
        f"1. Căn cứ: {audit.decision}, ngày {date_text(audit.decided_on)} ({lower_first(audit.get_kind_display())}).",
        f"2. Kỳ kiểm tra: từ tháng {audit.from_month:%m/%Y} đến hết tháng {audit.to_month:%m/%Y}. "
        f"Ngày kiểm tra: {date_text(audit.planned_on)}.",
        f"3. Tổ kiểm tra: {people}.",
        f"4. Người thu, giữ đảng phí: {audit.collector.full_name}.",
        "5. Sổ đã xem: sổ thu, nộp đảng phí, biên lai, sổ quỹ, chứng từ nộp và chi, kê khai, quyết định miễn, giảm.",
    ]


def _payers(sheets) -> Payers:
    of = {
        member: [row for row in sheets.owing[member] if row.month >= sheets.first and row.due_id is not None]
        for member in sheets.names
    }
    rows = [row for found in of.values() for row in found]
    behind = sum(any(row.left for row in found) for found in of.values())
    return Payers(len(of), behind, sum(row.owes for row in rows), sum(row.paid for row in rows))


def _sent(sheets) -> list:
    """Remittances made in the period or for one of its months, with their days."""
    period = set(sheets.period)
    return [
        row for row in sheets.remittances if {row.through_month, row.voucher.dated_on.replace(day=1)} & period
    ]  # fmt: skip


def _balance(sheets) -> list[tuple]:
    """(words, đồng) of the retained share: opening + retained - spent = closing."""
    opening = retained = spent = 0
    for (month, kind, account), total in sheets.booked.items():
        if account != Account.RETAINED or month > sheets.last:
            continue
        if month < sheets.first or kind == VoucherKind.OPENING:
            opening -= total
        elif kind == VoucherKind.SPLIT:
            retained -= total
        else:
            spent += total
    return [
        ("Dư đầu kỳ", opening),
        ("Để lại trong kỳ", retained),
        ("Chi trong kỳ", spent),
        ("Dư cuối kỳ", opening + retained - spent),
    ]


def _places(sheets) -> list[tuple]:
    """(place, đồng) at the end of the period."""
    rows = [(account, total) for (month, _, account), total in sheets.booked.items() if month <= sheets.last]
    return [(place.label, sum(total for account, total in rows if account == place)) for place in PLACES]


def _verdict(finding) -> str:
    """The word alone: what the inspectors wrote beside it may name people."""
    return "" if finding.upheld is None else "Giữ" if finding.upheld else "Bỏ"
