"""When: the life of a task given to somebody. Late is computed, never stored."""

from django.db import models

from core.states import Look, Move


class State(models.TextChoices):
    GIVEN = "given", "Chưa bắt đầu"
    DOING = "doing", "Đang làm"
    REPORTED = "reported", "Chờ duyệt"
    DONE = "done", "Hoàn thành"
    CANCELLED = "cancelled", "Đã rút"


class Audience(models.TextChoices):
    """Who may see a task besides its owner and whoever gave it."""

    OWNER = "owner", "Người nhận và người giao"
    COMMITTEE = "committee", "Chi ủy"
    CELL = "cell", "Cả chi bộ"


STATE_UI = {
    State.GIVEN: Look("Chưa bắt đầu", "", "circle"),
    State.DOING: Look("Đang làm", "info", "arrow-repeat"),
    State.REPORTED: Look("Chờ duyệt", "warn", "hourglass-split"),
    State.DONE: Look("Hoàn thành", "ok", "check-lg"),
    State.CANCELLED: Look("Đã rút", "line", "x-lg"),
}

OPEN = (State.GIVEN, State.DOING)  # the owner has to act
UNFINISHED = (*OPEN, State.REPORTED)

MOVES = {
    "report": Move(
        "Báo cáo tiến độ",
        (State.GIVEN, State.DOING),
        State.DOING,
        question="Báo cáo tiến độ",
        effect="Người giao việc thấy báo cáo này.",
    ),
    "finish": Move(
        "Báo cáo hoàn thành",
        (State.GIVEN, State.DOING),
        State.REPORTED,
        question="Báo cáo hoàn thành",
        effect="Người giao việc xem và xác nhận.",
    ),
    "confirm": Move("Xác nhận hoàn thành", (State.REPORTED,), State.DONE, question="Xác nhận việc đã hoàn thành?"),
    "return": Move(
        "Trả lại, nêu lý do",
        (State.REPORTED,),
        State.DOING,
        question="Trả lại báo cáo?",
        effect="Người nhận việc thấy lý do và làm tiếp.",
    ),
    "cancel": Move(
        "Rút nhiệm vụ",
        UNFINISHED,
        State.CANCELLED,
        question="Rút nhiệm vụ này?",
        effect="Nhiệm vụ không còn phải làm; lý do được ghi lại.",
        risk=True,
    ),
}
