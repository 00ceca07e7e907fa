"""Exemption and reduction: asked for, reported, decided or refused (QĐ 01-QĐ/TW, DOMAIN §3.2). One function per move.

Fifty years in the Party need no application. Lines of the diary hold months and percents, never a ground.
"""

import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.months import months_between, months_later
from core.sniffing import inspect_upload
from core.states import move
from core.vietnamese import date_text, nfc
from fees.models import Waiver
from fees.queries import waivers as queries
from fees.queries.payers import payers
from fees.services import people_told
from fees.services.recounting import lock_member, lock_open_months, recount
from fees.states import WaiverGround, WaiverKind, WaiverState
from members.activity import record
from members.queries import rule_for
from regulations.models import Rule


@transaction.atomic
def ask(*, cell, member, percent, ground, from_month, to_month, by, reason="", paper=None) -> Waiver:
    """A member asks, or a head writes down what a member asked for; ``paper`` is an uploaded file.

    ``percent`` 100 asks for exemption; ``from_month`` and ``to_month`` are first days of the first and the last month,
    ``to_month`` None: until further notice. Raises Refused: another application waits, fifty years in the Party, and
    what ``check_span`` says.
    """
    lock_member(member)
    if not payers(cell).filter(pk=member.pk).exists():
        raise Refused(f"Hôm nay đồng chí {member.full_name} không đóng đảng phí ở {cell.name}.", field="member")
    if Waiver.objects.filter(member=member, state__in=queries.OPEN).exists():
        raise Refused("Đã có một đơn đang chờ giải quyết. Rút đơn đó rồi lập đơn mới, hoặc chờ trả lời.")
    _check_party_age(cell, member, from_month)
    values = {"percent": percent, "ground": ground, "from_month": from_month, "to_month": to_month}
    check_span(cell, **values)
    waiver = Waiver(
        cell=cell, member=member, kind=_kind(percent), reason=nfc(reason.strip())[:500], asked_by=by, **values
    )
    _keep_paper(waiver, paper)
    waiver.save()
    record(waiver, "waiver.asked", by=by, member=member.pk, from_month=from_month, to_month=to_month)
    return waiver


@transaction.atomic
def report(waiver, *, by) -> Waiver:
    """The cell has reported the application to its superior, who decides."""
    lock_member(waiver.member_id)
    waiver = move(waiver, "report")
    record(waiver, "waiver.reported", by=by, member=waiver.member_id)
    return waiver


@transaction.atomic
def decide(waiver, *, percent, from_month, to_month, decision, decided_on, decided_by, by, beyond=False,
           paper=None) -> Waiver:  # fmt: skip
    """Write down what was decided: open months of these months are counted anew, closed ones stay as they are.

    Raises Refused: no number, no name of who decided, a day to come, ``check_span``, another decision in one of the
    months, more than was asked for without saying so (``beyond``), and what only the superior decides: where the cell
    reports to it (chi bộ trực thuộc, DOMAIN §3.2), and the own application of a head.
    """
    open_months = lock_open_months(waiver.cell_id, waiver.member_id, from_month)
    waiver = Waiver.objects.select_for_update(of=("self",), no_key=True).get(pk=waiver.pk)
    if not waiver.MOVES["decide"].allows(waiver):
        _check_reported(waiver, waiver.cell_decides)
        move(waiver, "decide")  # says why not
    said = {"decision": nfc(decision.strip()), "decided_by": nfc(decided_by.strip()), "decided_on": decided_on}
    _check_decision(**said)
    _check_superior(waiver, said["decided_by"], by)
    values = {"percent": percent, "from_month": from_month, "to_month": to_month}
    check_span(waiver.cell, ground=waiver.ground, **values)
    _check_percent(waiver, percent, beyond)
    _check_alone(waiver, from_month, to_month)
    for name, value in {**said, **values, "kind": _kind(percent), "asked_percent": waiver.percent}.items():
        setattr(waiver, name, value)
    _keep_paper(waiver, paper)
    waiver.save()
    waiver = move(waiver, "decide")  # only now: the table keeps no decision without its number
    recount(open_months, waiver.member, by=by)
    people_told.decided(waiver)
    record(waiver, "waiver.decided", by=by, member=waiver.member_id, percent=percent, from_month=from_month,
           to_month=to_month, asked=waiver.asked_percent)  # fmt: skip
    return waiver


@transaction.atomic
def refuse(waiver, *, answer, by) -> Waiver:
    """No, with a reason that stands on the page of the application. The member is told."""
    lock_member(waiver.member_id)
    waiver = move(waiver, "refuse")
    waiver.answer = needed(nfc(answer), "Đồng chí ghi lý do không đồng ý.", "answer")[:300]
    waiver.save(update_fields=["answer"])
    people_told.refused(waiver)
    record(waiver, "waiver.refused", by=by, member=waiver.member_id)
    return waiver


@transaction.atomic
def withdraw(waiver, *, by) -> Waiver:
    """The member takes the application back while nothing was done about it."""
    lock_member(waiver.member_id)
    waiver = move(waiver, "withdraw")
    record(waiver, "waiver.withdrawn", by=by, member=waiver.member_id)
    return waiver


@transaction.atomic
def end(waiver, *, to_month, answer, by) -> Waiver:
    """A decision that holds ends with the month ``to_month``, for a reason; months that are closed stay as they are.

    Raises Refused: no earlier than now, before it begins, before a month that was closed by it.
    """
    open_months = lock_open_months(waiver.cell_id, waiver.member_id, months_later(to_month, 1))
    waiver = move(waiver, "end")
    if waiver.to_month is not None and to_month >= waiver.to_month:
        raise Refused(
            f"Quyết định đã hết vào tháng {waiver.to_month:%m/%Y}. Đồng chí chọn tháng trước đó.", field="to_month"
        )
    if to_month < waiver.from_month:
        raise Refused(
            f"Quyết định có từ tháng {waiver.from_month:%m/%Y}. Đồng chí chọn từ tháng đó trở đi.", field="to_month"
        )
    last = max(queries.used_in_closed(waiver), default=None)
    if last is not None and to_month < last:
        raise Refused(
            f"Tháng {last:%m/%Y} đã khóa sổ theo quyết định này và không đổi được. Chọn từ tháng đó trở đi.",
            field="to_month",
        )
    waiver.answer = needed(nfc(answer), "Đồng chí ghi lý do kết thúc sớm.", "answer")[:300]
    waiver.to_month = to_month
    waiver.save(update_fields=["to_month", "answer"])
    recount(open_months, waiver.member, by=by)
    people_told.ended(waiver)
    record(waiver, "waiver.ended", by=by, member=waiver.member_id, to_month=to_month)
    return waiver


@transaction.atomic
def annul(waiver, *, answer, by) -> Waiver:
    """A decision that was written down by mistake counts no more. Raises Refused when a closed month rests on it."""
    open_months = lock_open_months(waiver.cell_id, waiver.member_id, waiver.from_month)
    waiver = move(waiver, "annul")
    if used := queries.used_in_closed(waiver):
        raise Refused(
            f"Tháng {used[0]:%m/%Y} đã khóa sổ theo quyết định này nên không bỏ được. Đồng chí chọn “Kết thúc sớm”."
        )
    waiver.answer = needed(nfc(answer), "Đồng chí ghi lý do bỏ quyết định ghi nhầm.", "answer")[:300]
    waiver.save(update_fields=["answer"])
    recount(open_months, waiver.member, by=by)
    people_told.annulled(waiver)
    record(waiver, "waiver.annulled", by=by, member=waiver.member_id)
    return waiver


STEPS = {"report": report, "decide": decide, "refuse": refuse, "withdraw": withdraw, "end": end, "annul": annul}


# What is allowed


def check_span(cell, *, percent, ground, from_month, to_month):
    """Raise Refused unless the percent is one that the rule knows and the months are no more than one decision gives.

    A reduction, and an exemption for hardship, end after fee.waiver_max_months at the latest; what rests on a lasting
    ground (social pension, poor household, serious disease) may run on (DOMAIN §3.2).
    """
    reduces = _kind(percent) == WaiverKind.REDUCE
    if reduces:
        allowed = _rule(cell, "fee.reduction_percents", from_month).text.split()
        if str(percent) not in allowed:
            raise Refused(f"Mức giảm chỉ là {_listed(allowed)}, không có mức {percent} %.", field="percent")
    if to_month is not None and to_month < from_month:
        raise Refused("Tháng kết thúc phải từ tháng bắt đầu trở đi.", field="to_month")
    if not reduces and ground != WaiverGround.HARDSHIP:
        return
    most = _rule(cell, "fee.waiver_max_months", from_month).integer
    last = months_later(from_month, most - 1)
    if to_month is None:
        raise Refused(
            f"Giảm, hoặc miễn vì hoàn cảnh khó khăn, phải có tháng kết thúc, muộn nhất {last:%m/%Y}.", field="to_month"
        )
    if (number := months_between(from_month, to_month) + 1) > most:
        raise Refused(
            f"Mỗi quyết định nhiều nhất {most} tháng, ở đây là {number} tháng. Chọn tháng kết thúc muộn nhất "
            f"{last:%m/%Y}; hết hạn thì xét lại.",
            field="to_month",
        )


def _kind(percent):
    return WaiverKind.EXEMPT if percent == 100 else WaiverKind.REDUCE


def _rule(cell, key, month):
    """The rule as it holds in a month; Refused for months before there was one."""
    try:
        return rule_for(cell, key, month)
    except Rule.DoesNotExist:
        raise Refused(
            f"Miễn, giảm theo quyết định chưa có quy định cho tháng {month:%m/%Y}. Đồng chí chọn tháng sau đó.",
            field="from_month",
        ) from None


def _listed(percents) -> str:
    words = [f"{percent} %" for percent in percents]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} hoặc {words[-1]}"


def _check_party_age(cell, member, month):
    """Who has been in the Party for fifty years is exempt without asking."""
    years = _rule(cell, "fee.exempt_party_years", month)
    if member.admitted_on and years.configured:
        due = datetime.date(member.admitted_on.year + years.integer, member.admitted_on.month, 1)
        if month > due:
            raise Refused(
                f"Đủ {years.integer} năm tuổi Đảng thì được miễn đảng phí theo quy định, không cần làm đơn.",
            )


def _check_decision(*, decision, decided_on, decided_by):
    if not decision:
        raise Refused("Ghi số nghị quyết hoặc quyết định. Chưa có văn bản thì chưa ghi miễn, giảm.", field="decision")
    if decided_on is None:
        raise Refused("Ghi ngày của quyết định.", field="decided_on")
    if decided_on > timezone.localdate():
        raise Refused(f"Ngày {date_text(decided_on)} chưa đến. Ghi đúng ngày của văn bản.", field="decided_on")
    if not decided_by:
        raise Refused("Ghi nơi quyết định: chi bộ hoặc cấp ủy cấp trên.", field="decided_by")


def _check_reported(waiver, cell_decides):
    if waiver.state == WaiverState.ASKED and not cell_decides:
        raise Refused("Chi bộ trực thuộc không tự quyết định miễn, giảm. Chọn “Báo cáo cấp trên” trước.")


def _check_superior(waiver, decided_by, by):
    """What the cell does not decide is decided above it: by the superior reported to, also of a head who brings the own
    application; only where nobody stands above the cell does it decide of everybody."""
    own = by is not None and by.member_id == waiver.member_id
    if waiver.cell.parent_id is None or (waiver.cell_decides and not own):
        return
    _check_reported(waiver, cell_decides=False)
    if nfc(decided_by).casefold().startswith(("chi bộ", "chi ủy")):
        raise Refused(
            f"Việc này do cấp ủy cấp trên quyết định. Ghi tên cấp ủy, ví dụ {waiver.cell.parent.name}.",
            field="decided_by",
        )


def _check_percent(waiver, percent, beyond):
    """More than was asked for is a slip unless it is said."""
    if percent > waiver.percent and not beyond:
        raise Refused(
            f"Đơn xin {waiver.words.lower()}, ở đây ghi nhiều hơn. Kiểm tra lại mức; nếu văn bản quyết định nhiều hơn "
            "đơn thì đánh dấu ô bên dưới.",
            field="percent",
        )


def _check_alone(waiver, first, last):
    """Never two decisions in one month for one member; the member is locked by the caller."""
    other = queries.overlapping(waiver.member_id, first, last, without=waiver.pk).first()
    if other is not None:
        raise Refused(
            f"Đã có quyết định {other.decision} ({other.words.lower()}) {other.span}. "
            "Chọn tháng khác, hoặc kết thúc sớm quyết định đó trước.",
            field="from_month",
        )


def _keep_paper(waiver, upload):
    """Judge an upload by its content and keep it with the application; a paper that is there is never replaced."""
    if not upload:
        return
    if waiver.paper:
        raise Refused("Đơn này đã có giấy tờ kèm theo, không thay được.", field="paper")
    found = inspect_upload(upload, "paper")
    waiver.paper_name = found.name
    waiver.paper.save(f"giay-to.{found.extension}", ContentFile(found.data), save=False)
