"""Who takes part how in the year's review, and on which form; pure, the dated rules are handed in (DOMAIN §4.1)."""

import calendar
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from core.months import months_later
from core.vietnamese import date_text, lower_first
from members.states import ON_ROLL, ExemptionKind, PlacementKind, StatusKind
from regulations.lookup import Answer
from reviews.states import FormKind, Part

Rule = Callable[[str, datetime.date], Answer]

MEMBERS = Answer("", "Đảng viên kiểm điểm, xếp loại hằng năm", "", "", "Quy định 366-QĐ/TW, 30/8/2025", True)
FORMS = Answer("", "Mẫu bản kiểm điểm cá nhân 2A, 2B, 2C", "", "", "Hướng dẫn 43-HD/BTCTW, 31/10/2025", True)

KEPT_OUT = {  # state -> the rule that says whether such a member is reviewed all the same
    StatusKind.SUSPENDED: "review.suspended_reviewed",
    ExemptionKind.EXEMPT: "review.exempt_reviewed",
    ExemptionKind.EXEMPT_TEMPORARY: "review.exempt_temporary_reviewed",
}
GUEST_WORDS = "sinh hoạt tạm thời tại chi bộ"
AWAY_WORDS = {
    PlacementKind.TEMP_ELSEWHERE: "đang sinh hoạt tạm thời ở {host}",
    PlacementKind.OVERSEAS: "đang ở nước ngoài, sinh hoạt tại {host}",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says of somebody on the day of the review; words of members.states, empty where there is none.

    ``home``: the cell where a visitor is official; ``host``: where a member stays for the time being.
    """

    standing: str
    admitted_on: datetime.date | None
    exemption: str = ""
    placement: str = ""
    home: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``reason``: one sentence without a full stop; ``rules``: what it rests on; ``opinion_of``: who is to be heard."""

    part: Part
    reason: str
    rules: tuple[Answer, ...]
    opinion_of: str = ""

    @property
    def verified(self) -> bool:
        """Whether every rule it rests on was read; else the page says "chưa kiểm chứng"."""
        return all(rule.verified for rule in self.rules)

    @property
    def writes(self) -> bool:
        """Writes a form in this cell."""
        return self.part in (Part.GRADED, Part.UNGRADED)


def eligibility(facts: Facts, on: datetime.date, rule: Rule) -> Eligibility:
    """How a person takes part in the review of a day: graded, without grade, elsewhere, or not at all, and why."""
    if facts.standing not in ON_ROLL:
        label = lower_first(str(StatusKind(facts.standing).label))
        return Eligibility(Part.NOT_REVIEWED, f"không có trong danh sách đảng viên ({label})", (MEMBERS,))
    return _kept_out(facts, on, rule) or _placed(facts, on, rule) or _by_age(facts, on, rule)


def _kept_out(facts: Facts, on: datetime.date, rule: Rule) -> Eligibility | None:
    for state in (facts.standing, facts.exemption):
        if state not in KEPT_OUT:
            continue
        answer = rule(KEPT_OUT[state], on)  # type: ignore[index]
        if not answer.yes:
            kinds = StatusKind if state in StatusKind.values else ExemptionKind
            return Eligibility(Part.NOT_REVIEWED, f"đang {lower_first(str(kinds(state).label))}", (answer,))
    return None


def _placed(facts: Facts, on: datetime.date, rule: Rule) -> Eligibility | None:
    """Where this cell only gives its opinion: visitors, or its own members away if hosts grade (a dated rule)."""
    answer = rule("review.placed_graded_at_home", on)
    if facts.placement == PlacementKind.TEMP_HERE and answer.yes:
        home = facts.home or "nơi sinh hoạt chính thức"
        reason = f"{GUEST_WORDS}: {home} xếp loại, chi bộ cho ý kiến nhận xét"
        return Eligibility(Part.OPINION, reason, (answer,))
    if facts.placement in AWAY_WORDS and not answer.yes:
        reason = f"{_away(facts)}: nơi ấy xếp loại, chi bộ cho ý kiến nhận xét"
        return Eligibility(Part.OPINION, reason, (answer,))
    return None


def _away(facts: Facts) -> str:
    return AWAY_WORDS[PlacementKind(facts.placement)].format(host=facts.host or "nơi khác")


def _by_age(facts: Facts, on: datetime.date, rule: Rule) -> Eligibility:
    least = rule("review.min_party_months", on)
    rules, heard, opinion_of = [least], "", ""
    if facts.placement in AWAY_WORDS:
        rules.append(rule("review.placed_graded_at_home", on))
        heard, opinion_of = f", {_away(facts)}: lấy ý kiến nhận xét của nơi ấy", facts.host or "nơi khác"
    if facts.admitted_on is None:
        reason = "chưa có ngày vào Đảng: bổ sung ở hồ sơ đảng viên rồi xem lại"
        return Eligibility(Part.UNKNOWN, reason, tuple(rules), opinion_of)
    since = f"vào Đảng ngày {date_text(facts.admitted_on)}"
    if on < _reached(facts.admitted_on, least.integer):
        reason = f"{since}, đến ngày {date_text(on)} chưa đủ {least.value} tháng{heard}"
        return Eligibility(Part.UNGRADED, reason, tuple(rules), opinion_of)
    return Eligibility(Part.GRADED, f"{since}, đã đủ {least.value} tháng{heard}", tuple(rules), opinion_of)


def _reached(since: datetime.date, months: int) -> datetime.date:
    """The day on which so many months are full; where the month is too short, its last day."""
    first = months_later(since, months)
    return first.replace(day=min(since.day, calendar.monthrange(first.year, first.month)[1]))


@dataclass(frozen=True, slots=True)
class Form:
    """``kind`` None: the record does not say enough, ``reason`` says what to do."""

    kind: FormKind | None
    reason: str
    rules: tuple[Answer, ...] = (FORMS,)


def form_of(*, leading: bool, in_system: bool | None) -> Form:
    """Which personal form: 2B with a leading post, 2C for those not working in the political system, else 2A.

    ``in_system`` None: not known, which matters only without a leading post.
    """
    if leading:
        return Form(FormKind.LEADER, "giữ chức vụ lãnh đạo, quản lý")
    if in_system is None:
        return Form(None, "chưa rõ có công tác trong hệ thống chính trị hay không: ghi ở phiếu rồi chọn mẫu")
    if in_system:
        return Form(FormKind.PLAIN, "công tác trong hệ thống chính trị, không giữ chức vụ lãnh đạo, quản lý")
    return Form(FormKind.OUTSIDE, "không công tác trong hệ thống chính trị")
