"""Arithmetic of votes; pure. Source: Quy định 294-QĐ/TW (26/5/2025), mục 9.3; DOMAIN §1.6.

A resolution is valid when more than half of the members of the *body* approve, not of those present. Which members
count is decided when the vote opens and then frozen.
"""

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Person:
    """One line of the sheet, as far as votes are concerned.

    ``official``: official member of this cell (a visitor in temporary activities never is, a probationary member
    never is). ``present``: in the hall now. ``came``: present at some time of the session, so not "absent for the
    whole session".
    """

    official: bool
    present: bool
    came: bool = False
    exempt: bool = False
    elsewhere: bool = False
    suspended: bool = False
    excused: bool = False


@dataclass(frozen=True)
class Denominator:
    """The parts of N, in whole people; ``total`` is N and ``voters`` those present who may vote."""

    official: int
    exempt_absent: int
    elsewhere_absent: int
    suspended: int
    excused: int
    voters: int

    @property
    def total(self) -> int:
        return self.official - self.exempt_absent - self.elsewhere_absent - self.suspended - self.excused

    @property
    def words(self) -> str:
        """ "24 − 2 − 1 − 1 = 20": the deductions that are not zero."""
        parts = [self.exempt_absent, self.elsewhere_absent, self.suspended, self.excused]
        return " − ".join([str(self.official), *(str(part) for part in parts if part)]) + f" = {self.total}"


def denominator(people, *, deduct_absent=True) -> Denominator:
    """Members that count (mục 9.3): official ones minus (a) temporarily elsewhere and absent, (b) exempt and absent,
    (c) suspended, (d) absent for the whole session with an accepted reason. Nobody is deducted twice.

    With ``deduct_absent`` False only (c) is deducted: the strict reading for monthly meetings (a cell's setting).
    """
    counts = {"exempt_absent": 0, "elsewhere_absent": 0, "suspended": 0, "excused": 0}
    official = [person for person in people if person.official]
    for person in official:
        reason = _deduction(person, deduct_absent)
        if reason:
            counts[reason] += 1
    voters = sum(person.present and not person.suspended for person in official)
    return Denominator(official=len(official), voters=voters, **counts)


def _deduction(person, deduct_absent) -> str:
    if person.suspended:
        return "suspended"
    if not deduct_absent or person.present or person.came:
        return ""
    if person.elsewhere:
        return "elsewhere_absent"
    if person.exempt:
        return "exempt_absent"
    return "excused" if person.excused else ""


def needed(total: int, share: Fraction, *, more_than: bool) -> int:
    """Fewest votes in favour that pass: ``more_than`` for "quá nửa", else "ít nhất" (two thirds)."""
    exact = total * share
    return math.floor(exact) + 1 if more_than else math.ceil(exact)


def passes(agree: int, total: int, share: Fraction, *, more_than: bool) -> bool:
    """Whether the votes in favour reach the share of all members that count."""
    return total > 0 and agree >= needed(total, share, more_than=more_than)


def share_words(share: Fraction, *, more_than: bool) -> str:
    """ "quá nửa", "ít nhất 2/3": the share as the regulation says it."""
    part = "nửa" if share == Fraction(1, 2) else f"{share.numerator}/{share.denominator}"
    return f"{'quá' if more_than else 'ít nhất'} {part}"


def can_resolve(voters: int, need: int) -> bool:
    """Whether those present could pass anything at all (DOMAIN §1.6: warn when voters <= N/2)."""
    return voters >= need


def percent(part: int, total: int) -> int:
    """Whole percent, rounded half up; 0 of nothing."""
    return (200 * part + total) // (2 * total) if total else 0


def open_vote_problem(voters: int, agree: int, disagree: int, other: int) -> str:
    """The sentence for counts that cannot be; empty when they can.

    Open votes need every voter's hand in one of the three counts (BRIEF: "Tổng 18, còn thiếu 1 phiếu").
    """
    total = agree + disagree + other
    if total > voters:
        return f"Tổng {total}, thừa {total - voters} so với {voters} đảng viên có mặt được biểu quyết. Đếm lại."
    if total < voters:
        return f"Tổng {total}, còn thiếu {voters - total} so với {voters} đảng viên có mặt được biểu quyết. Đếm lại."
    return ""


def secret_vote_problem(voters: int, issued: int, returned: int, invalid: int, counted: int) -> str:
    """The sentence for ballot counts that cannot be; empty when they can. ``counted`` is the sum of the choices."""
    if issued > voters:
        return f"Phát ra {issued} phiếu, nhiều hơn {voters} đảng viên được biểu quyết có mặt."
    if returned > issued:
        return f"Thu về {returned} phiếu, nhiều hơn {issued} phiếu phát ra."
    if invalid > returned:
        return f"Có {invalid} phiếu không hợp lệ, nhiều hơn {returned} phiếu thu về."
    valid = returned - invalid
    if counted != valid:
        papers = f"{valid} phiếu hợp lệ ({returned} thu về, {invalid} không hợp lệ)"
        return f"Tổng các lựa chọn là {counted}, phải bằng {papers}."
    return ""
