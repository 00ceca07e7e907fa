"""Where a member stands with the fee of one month, and the words for it. Pure: đồng in, a word out."""

from django.db import models

from core.states import Look
from fees.states import NOT_COMPUTED, DueKind


class Standing(models.TextChoices):
    """In the order of urgency: what asks for something first."""

    LATE = "late", "Còn nợ"  # the month is over
    PART = "part", "Đóng một phần"
    UNPAID = "unpaid", "Chưa đóng"
    UNDECLARED = "undeclared", "Chờ kê khai"
    INCOMPLETE = "incomplete", "Thiếu thông tin"
    UNCONFIGURED = "unconfigured", "Chưa cấu hình"
    OVER = "over", "Đóng thừa"
    PAID = "paid", "Đã đóng"
    ADVANCE = "advance", "Đóng trước"  # the month is not opened yet
    EXEMPT = "exempt", "Được miễn"
    ELSEWHERE = "elsewhere", "Đóng ở nơi sinh hoạt tạm thời"
    NONE = "none", "Không có trong danh sách"


OWES = (Standing.LATE, Standing.PART, Standing.UNPAID)
WAITS = (Standing.UNDECLARED, Standing.INCOMPLETE, Standing.UNCONFIGURED)
DONE = (Standing.OVER, Standing.PAID, Standing.ADVANCE)
FREE = (Standing.EXEMPT, Standing.ELSEWHERE)  # pays nothing here

STANDING_UI = {
    Standing.LATE: Look("Còn nợ", "danger", "exclamation-triangle"),
    Standing.PART: Look("Đóng một phần", "warn", "hourglass-split"),
    Standing.UNPAID: Look("Chưa đóng", "warn", "circle"),
    Standing.UNDECLARED: Look("Chờ kê khai", "warn", "pencil"),
    Standing.INCOMPLETE: Look("Thiếu thông tin", "warn", "question-circle"),
    Standing.UNCONFIGURED: Look("Chưa cấu hình", "warn", "sliders"),
    Standing.OVER: Look("Đóng thừa", "info", "plus-lg"),
    Standing.PAID: Look("Đã đóng", "ok", "check-lg"),
    Standing.ADVANCE: Look("Đóng trước", "info", "calendar3"),
    Standing.EXEMPT: Look("Được miễn", "line", "dash"),
    Standing.ELSEWHERE: Look("Đóng nơi khác", "line", "arrow-return-right"),
    Standing.NONE: Look("", "line"),
}

# in the grid: class of the cell, its word (BRIEF: a tick by default, exceptions in words), what the word means
GRID_WORDS = {
    Standing.PAID: ("paid", "", "đã đóng đủ"),
    Standing.UNPAID: ("due", "Chưa", "chưa đóng tháng này"),
    Standing.LATE: ("late", "Nợ", "quá tháng, còn nợ"),
    Standing.PART: ("due", "Thiếu", "đã đóng một phần"),
    Standing.UNDECLARED: ("due", "Khai", "chờ đảng viên kê khai thu nhập"),
    Standing.INCOMPLETE: ("due", "Hồ sơ", "thiếu thông tin để tính"),
    Standing.UNCONFIGURED: ("due", "Chờ", "quy định chưa cấu hình"),
    Standing.OVER: ("ahead", "Dư", "đã đóng nhiều hơn mức"),
    Standing.ADVANCE: ("ahead", "Trước", "đã đóng trước"),
    Standing.EXEMPT: ("mien", "Miễn", "được miễn"),
    Standing.ELSEWHERE: ("mien", "Khác", "đóng ở nơi sinh hoạt tạm thời"),
    Standing.NONE: ("none", "", "không có trong danh sách tháng"),
}

WITHOUT_DEBT = {DueKind.EXEMPT: Standing.EXEMPT, DueKind.ELSEWHERE: Standing.ELSEWHERE}


def standing_of(kind: str | None, owes: int, paid: int, *, is_over: bool) -> Standing:
    """The word for one member and one month.

    ``kind`` is a DueKind, None where the month has no row for the member; ``owes`` the due with its corrections and
    ``paid`` what came in for the month, in đồng; ``is_over``: the calendar month has ended.
    """
    if kind is None:
        return Standing.ADVANCE if paid > 0 else Standing.NONE
    if kind in NOT_COMPUTED and owes == 0:
        return Standing(kind)
    if paid > owes:
        return Standing.OVER
    if owes == 0 and kind in WITHOUT_DEBT:
        return WITHOUT_DEBT[DueKind(kind)]
    if paid == owes:
        return Standing.PAID
    if is_over:
        return Standing.LATE
    return Standing.PART if paid > 0 else Standing.UNPAID


def look_of(standing: Standing, behind) -> Look:
    """The badge of a member: late when this month is paid and something of ``behind``, earlier months, is not."""
    return STANDING_UI[Standing.LATE if behind and standing not in OWES else standing]
