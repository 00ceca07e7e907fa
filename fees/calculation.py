"""What one member owes for one month of the fee book. Pure: facts and rules in, a result with its reasons out.

From 2/2026 Quy định 01-QĐ/TW (DOMAIN §3.1-3.2, §3.6) counts, for the months before it Quyết định 342-QĐ/TW. Everything
is looked at as it stands on the first day of the fee month: one category per month (DOMAIN §3.6, ``category_on``), the
age, the place, the decisions. A change inside the month counts from the next one. Extra money given voluntarily is no
part of a due.
"""

import datetime
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from core.months import months_between
from core.vietnamese import date_text, money, number
from fees.relief import Waived, decisions
from fees.states import DueKind, WaiverGround, WaiverKind
from fees.tariff import (
    FIXED,
    HOST,
    MIN_WAGE,
    NEW,
    NO_PENSION,
    PARTY_FROM_AGE,
    PERCENT,
    RETIREMENT,
    Rule,
    base_month,
    base_words,
    dong,
    half_up,
    months_old,
    retired,
)
from members.states import FeeCategoryKind as Category
from regulations.lookup import Answer, NotConfigured


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a member on the first day of a fee month. What is not known is empty or None."""

    month: datetime.date
    category: str = ""
    base: int | None = None  # declared income of that category, đồng a month
    declared_as: str = ""  # category of the newest accepted declaration, where it is another one
    birth_date: datetime.date | None = None
    sex: str = ""
    admitted_on: datetime.date | None = None
    waivers: tuple[Waived, ...] = ()
    pays_at: str = ""  # the place of temporary activities, when the member pays there
    counted_at: str = ""  # the other cell whose book already counts the member for this month

    @property
    def base_month(self) -> datetime.date:
        """The month whose income counts."""
        return base_month(self.category, self.month)


@dataclass(frozen=True, slots=True)
class Result:
    """``raw`` is exact (before rounding), ``amount`` whole đồng; ``problem`` says what is missing, else empty."""

    kind: str
    category: str = ""
    base: int | None = None
    rate: str = ""
    raw: Decimal = Decimal(0)
    amount: int = 0
    formula: str = ""
    rules: tuple[dict, ...] = ()
    problem: str = ""
    waiver_id: int | None = None


class Missing(Exception):
    """A fact that the calculation needs is not known."""

    def __init__(self, kind, problem):
        super().__init__(problem)
        self.kind, self.problem = kind, problem


def fee_due(facts: Facts, rule: Rule) -> Result:
    """The due of one member for ``facts.month``. ``rule(key, on)`` answers what holds in the cell on a day.

    Never raises for what is unknown: the result then is UNDECLARED, INCOMPLETE or UNCONFIGURED with one sentence.
    """
    count = _Count(facts, rule)
    try:
        return count.result()
    except Missing as missing:
        return count.unknown(missing.kind, missing.problem)
    except NotConfigured as unknown:
        return count.unknown(DueKind.UNCONFIGURED, unknown.message)


def _as_dict(answer: Answer) -> dict:
    return {name: getattr(answer, name) for name in ("key", "title", "value", "unit", "source", "verified")}


@dataclass
class _Count:
    """One calculation under way; ``used`` gathers the rules that led to its result."""

    facts: Facts
    rule: Rule
    used: list = field(default_factory=list)
    category: str = ""

    def ask(self, key: str, on=None) -> Answer:
        """A rule, noted as one that the result rests on."""
        answer = self.rule(key, on or self.facts.month)
        self.note(_as_dict(answer))
        return answer

    def note(self, said: dict):
        if said not in self.used:
            self.used.append(said)

    def unknown(self, kind, problem) -> Result:
        return Result(kind, self.category or self.facts.category, rules=tuple(self.used), problem=problem)

    def result(self) -> Result:
        """In the order of DOMAIN §3.6: place, exemptions, category and its fee, reduction, rounding."""
        facts = self.facts
        if free := self.elsewhere() or self.old_in_party() or self.exempted():
            return free
        self.check_party_age()
        if not facts.category:
            raise Missing(
                DueKind.INCOMPLETE,
                f"Chưa ghi đối tượng đóng đảng phí vào ngày {date_text(facts.month)}. Ghi ở trang của đồng chí này.",
            )
        base, rate, full, formula = self.full()
        raw, formula, waiver = self.reduced(full, formula)
        step = max(1, self.ask("fee.rounding").integer)
        amount = half_up(raw, step)
        if amount != raw:
            formula += f"; làm tròn {money(amount)}"
        return Result(
            DueKind.PAYABLE, self.category, base, rate, raw.quantize(Decimal("0.0001"), ROUND_HALF_UP), amount,
            formula, tuple(self.used), waiver_id=waiver,
        )  # fmt: skip

    # ── who pays nothing here

    def free(self, kind, formula, waiver=None) -> Result:
        return Result(kind, self.facts.category, formula=formula, rules=tuple(self.used), waiver_id=waiver)

    def elsewhere(self):
        """The host collects from who is there for a time (DOMAIN §3.2); nobody is counted in two books."""
        facts = self.facts
        if facts.pays_at:
            self.note(HOST)
            return self.free(DueKind.ELSEWHERE, f"Sinh hoạt tạm thời tại {facts.pays_at}: đóng đảng phí ở nơi đó.")
        if facts.counted_at:
            return self.free(DueKind.ELSEWHERE, f"Tháng {facts.month:%m/%Y} đã tính trong sổ của {facts.counted_at}.")
        return None

    def old_in_party(self):
        """50 years of party age are exempt without a decision, from the month after (DOMAIN §3.2, §11 item 12)."""
        facts, years = self.facts, self.rule("fee.exempt_party_years", self.facts.month)
        if facts.admitted_on is None or not years.configured:  # 342-QĐ/TW knew no such exemption
            return None
        later = self.rule("fee.exempt_from_next_month", facts.month)
        if months_between(facts.admitted_on, facts.month) < years.integer * 12 + later.yes:
            return None
        self.ask("fee.exempt_party_years")
        self.ask("fee.exempt_from_next_month")
        return self.free(
            DueKind.EXEMPT,
            f"Miễn: vào Đảng ngày {date_text(facts.admitted_on)}, đủ {years.integer} năm tuổi đảng "
            f"tháng {facts.admitted_on.month:02d}/{facts.admitted_on.year + years.integer}.",
        )

    def exempted(self):
        """Exempt by decision."""
        for waiver in decisions(self.facts.waivers, WaiverKind.EXEMPT, self.facts.month, self.rule):
            self.note(waiver.as_rule)
            if waiver.limited:
                self.ask_limit()
            return self.free(DueKind.EXEMPT, f"Miễn: {WaiverGround(waiver.ground).label} ({waiver.named}).", waiver.id)
        return None

    def check_party_age(self):
        """Without the day of admission it is open whether the member is exempt, unless too young for that."""
        facts, years = self.facts, self.rule("fee.exempt_party_years", self.facts.month)
        if facts.admitted_on is not None or not years.configured:
            return
        least = (PARTY_FROM_AGE + years.integer) * 12
        if facts.birth_date is None or months_old(facts.birth_date, facts.month) >= least:
            raise Missing(
                DueKind.INCOMPLETE,
                f"Chưa ghi ngày vào Đảng nên chưa xét được miễn theo {years.integer} năm tuổi đảng. "
                "Ghi ở trang của đồng chí này.",
            )

    def reduced(self, full: Decimal, formula: str):
        """(what is left, formula, id of the waiver) after a reduction of 30, 50 or 70 %."""
        for waiver in decisions(self.facts.waivers, WaiverKind.REDUCE, self.facts.month, self.rule):
            self.note(waiver.as_rule)
            self.ask_limit()
            left = full * (100 - waiver.percent) / 100
            return left, f"{formula}; giảm {waiver.percent} % ({waiver.named}) còn {dong(left)}", waiver.id
        return full, formula, None

    def ask_limit(self):
        """Notes how long such a decision holds at most, where a rule says so."""
        if self.rule("fee.waiver_max_months", self.facts.month).configured:
            self.ask("fee.waiver_max_months")

    # ── the full fee of the category: (base, rate in words, exact đồng, formula)

    def full(self):
        self.category = category = Category(self.facts.category)
        if category in PERCENT:
            return self.of_income(category)
        if category in FIXED:
            amount = self.ask(FIXED[category]).integer
            return None, money(amount), Decimal(amount), f"{money(amount)} ({category.label})"
        return self.of_min_wage() if self.facts.month >= NEW else self.of_older_decision()

    def of_income(self, category):
        facts = self.facts
        rate = self.ask(PERCENT[category]).decimal
        if not facts.base:
            raise Missing(DueKind.UNDECLARED, self.what_to_declare(category))
        full = facts.base * rate / 100
        return facts.base, f"{number(rate)} %", full, f"{number(rate)} % × {money(facts.base)} = {dong(full)}"

    def what_to_declare(self, category) -> str:
        month = self.facts.month
        if self.facts.declared_as:
            other = Category(self.facts.declared_as).label
            return (
                f"Kê khai đang có là của đối tượng “{other}”, tháng {month:%m/%Y} là “{category.label}”: "
                f"cần kê khai {base_words(category, month)}."
            )
        return f"Chưa có kê khai được tiếp nhận: cần kê khai {base_words(category, month)}."

    def of_min_wage(self):
        """No pension: a share of the regional minimum wage where the cell meets, less from the retirement age on."""
        key = NO_PENSION[self.by_age()]
        rate = self.ask(key).decimal
        region = self.region()
        wage = self.ask(MIN_WAGE[region]).integer
        full = wage * rate / 100
        formula = f"{number(rate)} % × {money(wage)} (lương tối thiểu vùng {region}) = {dong(full)}"
        return wage, f"{number(rate)} % × vùng {region}", full, formula

    def of_older_decision(self):
        """342-QĐ/TW: an amount that the cell lays down, half of it outside the working age (DOMAIN §3.3)."""
        outside = self.by_age() == Category.MIN_WAGE_RETIRED
        amount = self.ask("fee.amount.other").integer
        if not outside:
            return amount, money(amount), Decimal(amount), money(amount)
        share = self.ask("fee.share.outside_working_age").decimal
        full = amount * share / 100
        rate = f"{number(share)} % × {money(amount)}"
        return amount, rate, full, f"{rate} (ngoài tuổi lao động) = {dong(full)}"

    def by_age(self) -> Category:
        """The two no-pension categories are one; the age in the month says which, whatever is entered."""
        birth, sex = self.facts.birth_date, self.facts.sex
        if birth is None or sex not in RETIREMENT:
            lacking = " và ".join(["ngày sinh"] * (birth is None) + ["giới tính"] * (sex not in RETIREMENT))
            raise Missing(
                DueKind.INCOMPLETE, f"Chưa ghi {lacking} nên chưa biết tuổi nghỉ hưu. Ghi ở trang của đồng chí này."
            )
        past, row = retired(birth, sex, self.facts.month, self.rule)
        self.note(_as_dict(row))
        self.category = Category.MIN_WAGE_RETIRED if past else Category.MIN_WAGE_WORKING
        return self.category

    def region(self) -> str:
        said = self.ask("fee.region").value
        region = said.strip().upper().removeprefix("VÙNG").strip()
        if region in MIN_WAGE:
            return region
        raise Missing(
            DueKind.INCOMPLETE,
            f"Vùng lương tối thiểu ghi là “{said[:20]}”: sửa thành I, II, III hoặc IV ở trang Quy định."
            if region
            else "Chưa ghi vùng lương tối thiểu nơi chi bộ sinh hoạt. Ghi ở trang Quy định.",
        )
