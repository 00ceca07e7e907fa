"""Checks about single members: what was counted, what was paid, what was decided. Each gives rows out of the Sheets."""

from zlib import crc32

from core.months import months_between
from core.vietnamese import date_text, lower_first, money
from fees.checks.sheets import Found, grouped, spans, waived
from fees.incomes import needs_amount, same_category
from fees.states import DueKind, WaiverState
from fees.tariff import months_old
from members.states import FeeCategoryKind as Category


def arrears(sheets):
    """Must collect, collected, difference, by member; months of the period alone."""
    for member, name in sheets.names.items():
        rows = [row for row in sheets.owing[member] if row.month >= sheets.first and row.due_id is not None]
        owes, paid = sum(row.owes for row in rows), sum(row.paid for row in rows)
        behind = [row for row in rows if row.left]
        over = [row for row in rows if row.paid > row.owes]
        said = f"{name}: phải đóng {money(owes)}, đã đóng {money(paid)}"
        if behind:
            left, months = sum(row.left for row in behind), [row.month for row in behind]
            yield Found(f"{member}", f"{said}, còn nợ {money(left)} ({spans(months)}).", member, months[0], left)
        if over:
            much, months = sum(row.paid - row.owes for row in over), [row.month for row in over]
            yield Found(f"{member}:over", f"{said}, thừa {money(much)} ({spans(months)}).", member, months[0], much)


def three_months(sheets):
    """Unpaid months of a calendar year, closed ones alone; the limit is fee.unpaid_months_limit."""
    limit = sheets.rule("fee.unpaid_months_limit", sheets.last).integer
    for member, name in sheets.names.items():
        behind = [row.month for row in sheets.owing[member] if row.left]
        for year, months in grouped(behind, lambda month: month.year).items():
            if len(months) >= limit:
                text = (
                    f"{name}: năm {year} còn {len(months)} tháng chưa đóng đủ ({spans(months)}); chi bộ xem xét lý do."
                )
                yield Found(f"{member}:{year}", text, member, months[0])


def undeclared(sheets):
    """Months that stayed uncounted for want of a declaration or facts, or were counted without a declaration."""
    lacking = []
    for due in sheets.dues:
        if due.kind == DueKind.UNDECLARED:
            lacking.append((due, "chưa có kê khai thu nhập được tiếp nhận"))
        elif due.kind == DueKind.INCOMPLETE:
            lacking.append((due, "thiếu thông tin nên chưa tính được mức đóng"))
        elif due.kind == DueKind.PAYABLE and needs_amount(due.category) and sheets.declared(due) is None:
            lacking.append((due, f"tính theo căn cứ {money(due.base or 0)} mà không có kê khai"))
    yield from _by_member(lacking)


def category(sheets):
    """Another category than the records say, or another amount than declaration and rules give.

    What a check of its own names (party age, pension, expired decision) is left to that one.
    """
    wrong = []
    for due in sheets.dues:
        kind = sheets.kind(due)
        if due.kind != DueKind.PAYABLE or not kind or old_in_party(sheets, due) or _is_pensioner(due, kind):
            continue
        right = sheets.counted(due, kind, due.waiver)
        if _is_right(due, right):
            continue
        difference = right.amount - _owes(due) if right.kind == DueKind.PAYABLE else None
        if not same_category(kind, due.category):
            said = f"tính theo “{_label(due.category)}”, hồ sơ là “{_label(kind)}”"
        elif difference is None:
            continue  # nothing to compare with: the check of declarations says so
        else:
            counted = "đã điều chỉnh còn" if _owes(due) < due.amount else "đã tính"
            said = f"{counted} {money(_owes(due))}, theo kê khai và quy định là {money(right.amount)}"
        wrong.append((due, said, difference))
    yield from _by_member(wrong)


def undecided(sheets):
    """Exempt without a decision and without fifty years in the Party, or by a paper that decides no such thing."""
    wrong = []
    for due in sheets.dues:
        waiver = due.waiver
        if waiver is not None and (waiver.state != WaiverState.DECIDED or waiver.member_id != due.member_id):
            wrong.append((due, "miễn, giảm theo đơn chưa có quyết định"))
        elif due.kind == DueKind.EXEMPT and waiver is None and not old_in_party(sheets, due, charged=False):
            wrong.append((due, "được miễn mà không có quyết định"))
    yield from _by_member(wrong)


def expired(sheets):
    """A decision applied outside its months, or longer than fee.waiver_max_months."""
    wrong = []
    for due in sheets.dues:
        if due.waiver is None or waived(due.waiver).holds(due.month, sheets.rule):
            continue
        full = sheets.counted(due, sheets.kind(due))
        if _is_right(due, full):
            continue
        lost = full.amount - due.amount if full.kind == DueKind.PAYABLE else None
        words = lower_first(due.waiver.words)
        wrong.append((due, f"vẫn {words} theo {due.waiver.decision}, chỉ có hiệu lực {due.waiver.span}", lost))
    yield from _by_member(wrong)


def party_age(sheets):
    """Fifty years in the Party and still charged."""
    wrong = [
        (due, f"vẫn phải đóng, vào Đảng ngày {date_text(due.member.admitted_on)}", -_owes(due))
        for due in sheets.dues
        if old_in_party(sheets, due)
    ]
    yield from _by_member(wrong)


def pensioner(sheets):
    """A pensioner charged as one who pays insurance."""
    wrong = []
    for due in sheets.dues:
        kind = sheets.kind(due)
        if due.kind != DueKind.PAYABLE or not _is_pensioner(due, kind) or old_in_party(sheets, due):
            continue
        right = sheets.counted(due, kind, due.waiver)
        if not _is_right(due, right):
            much = right.amount - due.amount if right.kind == DueKind.PAYABLE else None
            wrong.append((due, f"hưởng lương hưu mà tính theo “{_label(due.category)}” ({due.rate})", much))
    yield from _by_member(wrong)


def student(sheets):
    """Charged as a student beyond the usual age (fee.student_max_age)."""
    old = []
    for due in sheets.dues:
        limit, birth = sheets.rule("fee.student_max_age", due.month), due.member.birth_date
        if due.kind != DueKind.PAYABLE or due.category != Category.STUDENT or birth is None or not limit.configured:
            continue
        if months_old(birth, due.month) // 12 > limit.integer:
            old.append((due, f"đóng theo mức học sinh, sinh viên khi đã quá {limit.integer} tuổi"))
    yield from _by_member(old)


def stale_base(sheets):
    """The same insured salary for longer than fee.base_review_months: a grade may have risen meanwhile."""
    limit = sheets.rule("fee.base_review_months", sheets.last).integer
    for member, rows in grouped(sheets.long_dues, lambda row: row[0]).items():
        same = []
        for _, month, kind, base in reversed(rows):
            if kind != Category.SI_SALARY or base is None or (same and base != same[-1][1]):
                break
            same.append((month, base))
        if len(same) > limit and same[0][0] >= sheets.first:
            months, base = [month for month, _ in same], same[0][1]
            text = (
                f"{sheets.names[member]}: căn cứ {money(base)} không đổi {len(same)} tháng ({spans(months)}); hỏi lại."
            )
            yield Found(f"{member}", text, member, months[0])


# ── words and conditions


def old_in_party(sheets, due, *, charged=True) -> bool:
    """Exempt by party age in that month; ``charged``: and something is owed for it all the same."""
    years, admitted = sheets.rule("fee.exempt_party_years", due.month), due.member.admitted_on
    if admitted is None or not years.configured:
        return False
    later = sheets.rule("fee.exempt_from_next_month", due.month)
    reached = months_between(admitted, due.month) >= years.integer * 12 + (later.configured and later.yes)
    return reached and (not charged or _owes(due) > 0)


def _owes(due) -> int:
    return due.amount + sum(row.amount for row in due.corrections.all())


def _is_right(due, right) -> bool:
    """The amount as counted under the same category, or mended by corrections since; these give their reason.

    Corrected away from what was right, it is not: a sum lowered to nothing would be an exemption without decision.
    """
    if right.kind != DueKind.PAYABLE:
        return False
    if due.corrections.all():
        return _owes(due) == right.amount
    return due.amount == right.amount and same_category(due.category, right.category)


def _is_pensioner(due, kind) -> bool:
    return due.category == Category.SI_SALARY and kind == Category.PENSION


def _label(kind) -> str:
    return lower_first(Category(kind).label) if kind else "chưa ghi"


def _by_member(rows):
    """One row per member and thing said, with its months; (due, words) or (due, words, đồng)."""
    for (member, said), same in grouped(rows, lambda row: (row[0].member_id, row[1])).items():
        months = [row[0].month for row in same]
        amounts = [row[2] for row in same if len(row) == 3 and row[2] is not None]
        name = same[0][0].member.full_name
        yield Found(
            f"{member}:{months[0]:%Y-%m}:{_short(said)}", f"{name}: {spans(months)} {said}.", member, months[0],
            sum(amounts) if amounts else None,
        )  # fmt: skip


def _short(said) -> int:
    """Tells two things said of one member and month apart."""
    return crc32(said.encode())
