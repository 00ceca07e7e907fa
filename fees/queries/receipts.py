"""What a receipt says, on the page, on paper, and to who checks its code. How its parts were counted is read from what
was kept when it was written (``said``): printed again, it is the same paper, whatever is counted since."""

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
    """One month that a receipt pays for, with the formula and the rules that stood in the book when it was written."""

    month: datetime.date
    amount: int
    share: str
    formula: str
    rules: str
    ahead: bool  # the month was still to come

    @property
    def words(self) -> str:
        if self.share == Share.VOLUNTARY:
            return "Tự nguyện đóng thêm"
        return f"Đảng phí tháng {self.month:%m/%Y}" + (", đóng trước" if self.ahead else "")


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
        ahead = ", đóng trước" if self.first.ahead else ""
        return f"Đảng phí tháng {self.first.month:%m/%Y} đến tháng {self.parts[-1].month:%m/%Y}{ahead}"

    @property
    def formula(self) -> str:
        formula = self.first.formula
        if self.first.ahead:
            return "Chưa đến tháng khi ghi biên lai"
        return f"Mỗi tháng: {formula}" if formula and len(self.parts) > 1 else formula

    def takes(self, part: Part) -> bool:
        """Whether a part stands on this line as well."""
        last = self.parts[-1]
        said = [(one.share, one.amount, one.formula, one.rules, one.ahead) for one in (last, part)]
        return said[0] == said[1] and (last.month + datetime.timedelta(days=31)).replace(day=1) == part.month


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
    """Receipts of the payments given, in their order; one query besides that of the payments."""
    return [_receipt(payment) for payment in payments.prefetch_related("allocations")]


def _receipt(payment):
    parts = [
        Part(part.month, abs(part.amount), part.share, part.formula, part.rules, _ahead(part))
        for part in payment.allocations.all()
    ]
    return Receipt(payment, sorted(parts, key=lambda part: (part.share == Share.VOLUNTARY, part.month)))


def _ahead(part) -> bool:
    """Parts older than that column have a formula where their month was opened."""
    return part.share == Share.DUE and not part.formula if part.ahead is None else part.ahead


def said(payment, months) -> dict:
    """{(first day of month, share): what a part of the payment keeps of how it was counted}; one query.

    A reversal says what the receipt said that it takes back.
    """
    if payment.reverses_id:
        return {
            (part.month, part.share): {"formula": part.formula, "rules": part.rules, "ahead": part.ahead}
            for part in payment.reverses.allocations.all()
        }
    rows = Due.objects.filter(cell=payment.cell_id, member=payment.member_id, month__in=months)
    found = {month: {"formula": "", "rules": "", "ahead": True} for month in months}
    found |= {row.month: {"formula": row.formula, "rules": _named(row.rules), "ahead": False} for row in rows}
    return {(month, Share.DUE): values for month, values in found.items()}


def _named(rules) -> str:
    """The rules a due was counted by, each named once; what is unconfirmed says so."""
    words = [rule["source"] + ("" if rule["verified"] else " (chưa kiểm chứng)") for rule in rules]
    return "; ".join(dict.fromkeys(words))


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
