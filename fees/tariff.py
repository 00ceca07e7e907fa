"""Which rule speaks of which category, whose month counts, the retirement age, rounding. Pure."""

import datetime
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from core.months import months_between
from core.vietnamese import money, number
from members.states import FeeCategoryKind as Category
from regulations.lookup import Answer

NEW = datetime.date(2026, 2, 1)  # first month of Quy định 01-QĐ/TW
PARTY_FROM_AGE = 18  # Điều lệ Đảng, Điều 1: nobody younger is admitted
Rule = Callable[[str, datetime.date], Answer]

PERCENT = {
    Category.SI_SALARY: "fee.rate.si_salary",
    Category.SI_BENEFIT: "fee.rate.si_benefit",
    Category.PENSION: "fee.rate.pension",
    Category.ABROAD_STATE: "fee.rate.abroad_state",
}
FIXED = {Category.STUDENT: "fee.amount.student", Category.ABROAD_OTHER: "fee.amount.abroad_other"}
NO_PENSION = {
    Category.MIN_WAGE_WORKING: "fee.rate.min_wage_working",
    Category.MIN_WAGE_RETIRED: "fee.rate.min_wage_retired",
}
MIN_WAGE = {"I": "fee.min_wage.I", "II": "fee.min_wage.II", "III": "fee.min_wage.III", "IV": "fee.min_wage.IV"}
RETIREMENT = {"nam": "fee.retirement_months.men", "nữ": "fee.retirement_months.women"}
INCOME = {
    Category.SI_SALARY: "tiền lương đóng BHXH",
    Category.SI_BENEFIT: "trợ cấp",
    Category.PENSION: "lương hưu",
    Category.ABROAD_STATE: "sinh hoạt phí",
}
HOST = {
    "key": "",
    "title": "Sinh hoạt tạm thời ở đâu thì đóng đảng phí ở đó",
    "value": "",
    "unit": "",
    "source": "Quy định 294-QĐ/TW, điểm 6.3.2c",
    "verified": True,
}


def base_month(category: str, month: datetime.date) -> datetime.date:
    """The month whose income counts: for an insured salary the one before the fee month (QĐ 01-QĐ/TW), else itself."""
    if category == Category.SI_SALARY and month >= NEW:
        return (month - datetime.timedelta(days=1)).replace(day=1)
    return month


def base_words(category: str, month: datetime.date) -> str:
    """ "tiền lương đóng BHXH tháng 11/2026"; empty for categories that declare no income."""
    what = INCOME.get(Category(category)) if category else None
    return f"{what} tháng {base_month(category, month):%m/%Y}" if what else ""


def months_old(since: datetime.date, day: datetime.date) -> int:
    """Complete months from one day to another."""
    return months_between(since, day) - (day.day < since.day)


def retired(birth: datetime.date, sex: str, month: datetime.date, rule: Rule) -> tuple[bool, Answer]:
    """Whether the normal retirement age is reached on the first day of ``month``, and the row that says so.

    The age rises from year to year; who reached that of last year stays past it (Bộ luật Lao động, Điều 169).
    """
    key = RETIREMENT[sex]
    eve = month.replace(month=1, day=1) - datetime.timedelta(days=1)
    before = rule(key, eve)
    if before.configured and months_old(birth, eve) >= before.integer:
        return True, before
    now = rule(key, month)
    return months_old(birth, month) >= now.integer, now


def share_out(collected: int, percent: Decimal) -> tuple[int, int]:
    """(retained, to be passed up) of what was collected, in đồng; the cell's part is rounded half up."""
    retained = half_up(collected * percent / 100)
    return retained, collected - retained


def half_up(amount: Decimal, step: int = 1) -> int:
    return int((amount / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def dong(amount: Decimal) -> str:
    """15.930 đồng; a part of a đồng is shown until it is rounded away."""
    return money(amount) if amount == int(amount) else f"{number(amount)} đồng"
