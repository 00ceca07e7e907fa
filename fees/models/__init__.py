"""The fee book: what members declare, what is due, what was paid, where the money is, who looked it over."""

from fees.models.audits import CashCount, Demand, Finding, Handover
from fees.models.inspections import Audit, Inspector
from fees.models.ledger import Entry, Remittance, Spending, Voucher
from fees.models.months import Correction, Due, FeeMonth
from fees.models.payments import Allocation, Payment, ReceiptBook
from fees.models.people import Declaration, Waiver
from fees.models.statements import Source, Statement, StatementLine

__all__ = [
    "Allocation",
    "Audit",
    "CashCount",
    "Correction",
    "Declaration",
    "Demand",
    "Due",
    "Entry",
    "FeeMonth",
    "Finding",
    "Handover",
    "Inspector",
    "Payment",
    "ReceiptBook",
    "Remittance",
    "Source",
    "Spending",
    "Statement",
    "StatementLine",
    "Voucher",
    "Waiver",
]
