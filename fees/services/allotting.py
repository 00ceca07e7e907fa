"""Which months a payment pays for: the oldest unpaid first, or those that were chosen; never more than is owed."""

import datetime

from core.errors import Refused
from core.months import months_later
from core.vietnamese import money
from fees.standing import FREE, WAITS, Standing
from fees.states import DueKind

AHEAD = 12  # months that may be paid in advance


def allot(member, amount: int, chosen, standing, paid_on: datetime.date) -> list:
    """[(first day of month, đồng)] for ``amount`` đồng; pure.

    ``chosen``: first days, sorted, empty for "oldest unpaid first"; ``standing``: {(member id, month): Owing} of all
    months of the member. Raises Refused when more came in than these months take, or less than the last one needs to
    get anything.
    """
    if not amount:
        if chosen:
            raise Refused("Cả số tiền là tự nguyện đóng thêm: bỏ chọn các tháng.", field="months")
        return []
    rows = [row for (who, _), row in standing.items() if who == member.pk]
    rooms = _chosen_rooms(rows, chosen, paid_on) if chosen else [(row.month, row.left) for row in rows if row.left]
    total = sum(room for _, room in rooms)
    if amount > total:
        raise Refused(_too_much(member, amount, total, chosen, waiting(rows)), field="amount")
    parts, rest = [], amount
    for month, room in sorted(rooms):
        if rest:
            parts.append((month, min(rest, room)))
            rest -= parts[-1][1]
        elif chosen:
            raise Refused(
                f"Số tiền chỉ đủ đến tháng {parts[-1][0]:%m/%Y}. Bỏ chọn tháng {month:%m/%Y} hoặc sửa số tiền.",
                field="months",
            )
    return parts


def advance_rate(rows) -> int:
    """What a month that is not opened yet is taken to cost: the newest due of the member with an amount (đồng)."""
    newest = max((row for row in rows if row.kind == DueKind.PAYABLE), key=lambda row: row.month, default=None)
    return newest.owes if newest else 0


def _chosen_rooms(rows, chosen, paid_on):
    """(month, what it still takes) of each chosen month."""
    known = {row.month: row for row in rows}
    latest = months_later(paid_on.replace(day=1), AHEAD)
    rate, found = advance_rate(rows), []
    for month in chosen:
        row = known.get(month)
        if row is not None and row.due_id is not None:
            found.append((month, _room(row)))
            continue
        if month > latest:
            raise Refused(f"Đóng trước nhiều nhất {AHEAD} tháng, đến tháng {latest:%m/%Y}.", field="months")
        if month < paid_on.replace(day=1):
            raise Refused(f"Tháng {month:%m/%Y} không có trong sổ của đồng chí này.", field="months")
        room = rate - (row.paid if row else 0)
        if room <= 0:
            raise Refused(_no_advance(month, rate), field="months")
        found.append((month, room))
    return found


def _room(row) -> int:
    if row.left:
        return row.left
    if row.standing in WAITS:
        word = row.standing.label.lower()
        raise Refused(f"Tháng {row.month:%m/%Y} chưa tính được mức đóng ({word}). Bỏ chọn tháng này.", field="months")
    if row.standing in FREE:
        what = "được miễn" if row.standing == Standing.EXEMPT else "đóng ở nơi sinh hoạt tạm thời"
        raise Refused(f"Tháng {row.month:%m/%Y} đồng chí này {what}. Bỏ chọn tháng này.", field="months")
    raise Refused(f"Tháng {row.month:%m/%Y} đã đóng đủ. Bỏ chọn tháng này.", field="months")


def _no_advance(month, rate) -> str:
    if rate:
        return f"Tháng {month:%m/%Y} đã được đóng trước đủ. Bỏ chọn tháng này."
    return f"Chưa có mức đóng để đóng trước tháng {month:%m/%Y}. Bỏ chọn tháng này hoặc ghi là tự nguyện."


def waiting(rows):
    """The newest month whose due is not counted yet, with the word for why; None if all are."""
    return max((row for row in rows if row.standing in WAITS), key=lambda row: row.month, default=None)


def _too_much(member, amount, total, chosen, uncounted) -> str:
    if uncounted is not None and not chosen:
        return (
            f"Tháng {uncounted.month:%m/%Y} chưa tính được mức đóng của đồng chí {member.full_name} "
            f"({uncounted.standing.label.lower()}). Ghi kê khai hoặc bổ sung thông tin trước, rồi thu."
        )
    if not total:
        return (
            f"Đồng chí {member.full_name} không còn nợ đảng phí. Chọn tháng đóng trước hoặc ghi số tiền là tự nguyện."
        )
    what = "các tháng đã chọn" if chosen else "số còn phải đóng"
    return (
        f"Số tiền nhiều hơn {what} ({money(total)}) là {money(amount - total)}. "
        "Sửa số tiền, chọn thêm tháng đóng trước, hoặc ghi phần dư là tự nguyện."
    )
