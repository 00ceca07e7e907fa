"""What a receipt says, on the page, on paper, and to who checks its code."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.vietnamese import money_words
from documents.codes import Issued
from fees.models import Due, Payment
from fees.states import Share


@dataclass(frozen=True, slots=True)
class Part:
    """One month that a receipt pays for; ``due`` is the row it was counted by, None for a month paid in advance."""

    month: datetime.date
    amount: int
    share: str
    due: Due | None

    @property
    def words(self) -> str:
        if self.share == Share.VOLUNTARY:
            return "Tự nguyện đóng thêm"
        return f"Đảng phí tháng {self.month:%m/%Y}" + ("" if self.due else ", đóng trước")

    @property
    def rules(self) -> str:
        """The rules it was counted by, each named once; what is unconfirmed says so."""
        said: list[str] = []
        for rule in self.due.rules if self.due and self.share == Share.DUE else []:
            words = rule["source"] + ("" if rule["verified"] else " (chưa kiểm chứng)")
            if words not in said:
                said.append(words)
        return "; ".join(said)


@dataclass(slots=True)
class Lines:
    """Parts that stand on one line: months beside each other, counted alike."""

    parts: list[Part]

    @property
    def first(self) -> Part:
        return self.parts[0]

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def words(self) -> str:
        """ "Đảng phí tháng 09/2026 đến tháng 11/2026 (3 tháng)"."""
        if len(self.parts) == 1:
            return self.first.words
        ahead = "" if self.first.due else ", đóng trước"
        return f"Đảng phí tháng {self.first.month:%m/%Y} đến tháng {self.parts[-1].month:%m/%Y}{ahead}"

    @property
    def formula(self) -> str:
        due = self.first.due
        if due is None or self.first.share == Share.VOLUNTARY:
            return ""
        return f"Mỗi tháng: {due.formula}" if due.formula and len(self.parts) > 1 else due.formula

    def takes(self, part: Part) -> bool:
        """Whether a part stands on this line as well."""
        last = self.parts[-1]
        alike = last.share == part.share and last.amount == part.amount and last.rules == part.rules
        counted = getattr(last.due, "formula", None) == getattr(part.due, "formula", None)
        return alike and counted and (last.month + datetime.timedelta(days=31)).replace(day=1) == part.month


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment with its parts, ready to print."""

    payment: Payment
    parts: list[Part]

    @property
    def amount(self) -> int:
        """As printed: a reversal says what was taken back, without a sign (đồng)."""
        return abs(self.payment.amount)

    @property
    def lines(self) -> list[Lines]:
        """The parts as they are printed."""
        found: list[Lines] = []
        for part in self.parts:
            if found and found[-1].takes(part):
                found[-1].parts.append(part)
            else:
                found.append(Lines([part]))
        return found

    @property
    def in_words(self) -> str:
        return money_words(self.amount)

    @property
    def back(self) -> Payment | None:
        """The receipt that took this one back."""
        return getattr(self.payment, "reversed_by", None)

    @property
    def check_url(self) -> str:
        """Address of the check page as the QR code carries it."""
        return f"{settings.BASE_URL.rstrip('/')}{reverse('documents:verify', args=[self.payment.code])}"


def whole():
    """Payments with what their receipt shows."""
    people = ("member", "cell__parent", "received_by__member", "reverses", "reversed_by")
    return Payment.objects.select_related(*people)


def receipts(payments) -> list[Receipt]:
    """Receipts of the payments given, in their order; two queries besides that of the payments."""
    payments = list(payments.prefetch_related("allocations"))
    members = {payment.member_id for payment in payments}
    months = {part.month for payment in payments for part in payment.allocations.all()}
    rows = Due.objects.filter(member__in=members, month__in=months).defer("raw", "problem")
    dues = {(row.cell_id, row.member_id, row.month): row for row in rows}
    return [_receipt(payment, dues) for payment in payments]


def _receipt(payment, dues):
    parts = [
        Part(part.month, abs(part.amount), part.share, dues.get((part.cell_id, part.member_id, part.month)))
        for part in payment.allocations.all()
    ]
    return Receipt(payment, sorted(parts, key=lambda part: (part.share == Share.VOLUNTARY, part.month)))


def issued(code: str) -> Issued | None:
    """What the check page says of a receipt's code: number, day, cell, whether it stands. Neither payer nor amount.

    The amount is only compared with one that somebody reads off the paper: whoever holds the code (120 random bits)
    holds the paper that shows it, and a changed figure on the paper is found.
    """
    payment = Payment.objects.filter(code=code).select_related("cell", "reverses", "reversed_by").first()
    if payment is None:
        return None
    back = getattr(payment, "reversed_by", None)
    if payment.reverses_id:
        kind, state = "Biên lai hủy", f"Hợp lệ; hủy biên lai {payment.reverses.number_text}"
    else:
        kind, state = "Biên lai thu đảng phí", f"Đã hủy bằng biên lai {back.number_text}" if back else "Hợp lệ"
    return Issued(
        kind, payment.number_text, payment.paid_on, payment.cell.name, back is None, state, abs(payment.amount)
    )
