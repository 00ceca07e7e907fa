"""The income on which the fee is counted: declared once and again only when it changes (QĐ 01-QĐ/TW, DOMAIN §3.1).

Lines of the diary hold the months, never an amount or a category.
"""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.states import move
from core.vietnamese import nfc
from fees.incomes import checked_amount, same_category
from fees.models import Declaration
from fees.queries import declarations as queries
from fees.queries.payers import payers
from fees.services import people_told
from fees.services.recounting import lock_member, lock_open_months, recount, set_category
from fees.states import DeclarationState
from members.activity import record

WAITS = "Đồng chí đã có một kê khai chờ tiếp nhận. Rút kê khai đó trước, rồi kê khai lại."
NUMBER = "Ghi số nghị quyết của chi bộ hoặc quyết định của cấp trên về kê khai này."
WAITS_OTHER = "Đồng chí {} có một kê khai chờ tiếp nhận. Tiếp nhận hoặc trả lại kê khai đó trước."


@transaction.atomic
def declare(*, cell, member, category, amount, from_month, by) -> Declaration:
    """Say under which category and on which income (đồng a month) the fee is counted from a fee month on.

    It waits until the collector accepts it. Raises Refused: no amount where one is needed or one where none is, the
    same as what counts already, another one waits, the member pays elsewhere.
    """
    declaration = _declare(cell, member, category, amount, from_month, by)
    record(declaration, "declaration.declared", by=by, member=member.pk, from_month=from_month)
    return declaration


@transaction.atomic
def enter(*, cell, member, category, amount, from_month, by) -> Declaration:
    """The collector writes down what a member told on paper; it counts at once and the member is told.

    The collector's own declaration waits for the secretary as everybody's waits for the collector. Raises Refused as
    ``declare`` does.
    """
    if by is not None and by.member_id == member.pk:
        return declare(cell=cell, member=member, category=category, amount=amount, from_month=from_month, by=by)
    open_months = lock_open_months(cell, member, from_month)
    declaration = _declare(cell, member, category, amount, from_month, by)
    record(declaration, "declaration.entered", by=by, member=member.pk, from_month=from_month)
    return _accept(move(declaration, "accept"), open_months, by=by)


@transaction.atomic
def accept(declaration, *, by, decision="") -> Declaration:
    """The declaration counts from its month on; open months are counted anew, closed ones stay. The member is told.

    Nobody accepts the own one but by ``decision``, the number of a resolution of the cell or a decision of its
    superior (who may: fees.rules); Refused without.
    """
    open_months = lock_open_months(declaration.cell_id, declaration.member_id, declaration.from_month)
    declaration = move(declaration, "accept")
    if by is not None and by.member_id == declaration.member_id:
        declaration.decision = needed(nfc(decision), NUMBER, "decision")[:60]
        declaration.save(update_fields=["decision"])
    return _accept(declaration, open_months, by=by)


@transaction.atomic
def return_(declaration, *, reason, by) -> Declaration:
    """Back to the member, with a reason that stands on the page of the declaration. Raises Refused without one."""
    lock_member(declaration.member_id)
    declaration = move(declaration, "return")
    reason = nfc(reason.strip())
    if not reason:
        raise Refused("Đồng chí ghi lý do trả lại.", field="reason")
    _answered(declaration, by, answer=reason[:300])
    people_told.returned(declaration, by)
    record(declaration, "declaration.returned", by=by, member=declaration.member_id)
    return declaration


@transaction.atomic
def withdraw(declaration, *, by) -> Declaration:
    """The member takes it back while nobody has answered. Raises Refused afterwards."""
    lock_member(declaration.member_id)
    declaration = move(declaration, "withdraw")
    record(declaration, "declaration.withdrawn", by=by, member=declaration.member_id)
    return declaration


@transaction.atomic
def remind(cell, *, by) -> int:
    """Ask everybody who has not declared, each once a month at most; returns how many were asked.

    Raises Refused when nobody is left to ask.
    """
    members = list(queries.not_reminded(cell))
    if not members:
        if queries.undeclared(cell).exists():
            month = timezone.localdate()
            raise Refused(f"Tháng {month:%m/%Y} đã nhắc mọi đồng chí chưa kê khai. Sang tháng sau nhắc lại được.")
        raise Refused("Mọi đồng chí cần kê khai đã kê khai, không phải nhắc ai.")
    for member in members:
        people_told.wanted(cell, member)
    record(cell, "declaration.wanted", by=by, members=len(members))
    return len(members)


STEPS = {"accept": accept, "return": return_, "withdraw": withdraw}


def _declare(cell, member, category, amount, from_month, by):
    """The new row, under the lock of the member."""
    amount = checked_amount(category, amount)
    lock_member(member)
    if not payers(cell).filter(pk=member.pk).exists():
        raise Refused(
            f"Hôm nay đồng chí {member.full_name} không đóng đảng phí ở {cell.name}, nên không kê khai ở đây.",
            field="member",
        )
    if Declaration.objects.filter(member=member, state=DeclarationState.DECLARED).exists():
        own = by is not None and by.member_id == member.pk
        raise Refused(WAITS if own else WAITS_OTHER.format(member.full_name))
    before = queries.in_force_on(member, from_month)
    if before and same_category(before.category, category) and before.amount == amount:
        raise Refused(
            f"Kê khai này giống kê khai đang dùng từ tháng {before.from_month:%m/%Y}. "
            "Không thay đổi thì không phải kê khai lại."
        )
    declaration = Declaration.objects.create(
        cell=cell, member=member, category=category, amount=amount, from_month=from_month, declared_by=by
    )
    people_told.declared(declaration)
    return declaration


def _accept(declaration, open_months, *, by):
    _answered(declaration, by)
    member, first = declaration.member, declaration.from_month
    set_category(member, declaration.category, first, cell=declaration.cell_id, by=by)
    recount(open_months, member, by=by)
    people_told.accepted(declaration, by)
    record(declaration, "declaration.accepted", by=by, member=member.pk, from_month=first)
    return declaration


def _answered(declaration, by, **said):
    declaration.answered_by, declaration.answered_at = by, timezone.now()
    for name, value in said.items():
        setattr(declaration, name, value)
    declaration.save(update_fields=["answered_by", "answered_at", *said])
