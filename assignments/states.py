"""When: the life of a task given to somebody. Late is computed, never stored."""

from django.db import models

from core.states import STAYS, Look, Move


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
    "receive": Move(
        "Báo đã nhận",
        OPEN,
        STAYS,
        question="Báo đã nhận nhiệm vụ?",
        effect="Người giao việc thấy đồng chí đã nhận. Tình trạng và hạn của nhiệm vụ không đổi.",
    ),
    "report": Move(
        "Báo cáo tiến độ",
        OPEN,
        State.DOING,
        question="Báo cáo tiến độ",
        effect="Người giao việc thấy báo cáo này.",
    ),
    "finish": Move(
        "Báo cáo hoàn thành",
        OPEN,
        State.REPORTED,
        question="Báo cáo hoàn thành",
        effect="Người giao việc xem và xác nhận.",
    ),
    "extend": Move(
        "Xin gia hạn",
        OPEN,
        STAYS,
        when=lambda task: task.asked_extension is None,
        question="Xin gia hạn",
        effect="Người có quyền xác nhận nhiệm vụ sẽ trả lời; trước đó hạn cũ vẫn còn hiệu lực.",
    ),
    "grant": Move(
        "Đồng ý gia hạn",
        OPEN,
        STAYS,
        when=lambda task: task.asked_extension is not None,
        question="Đồng ý gia hạn?",
        effect="Hạn của nhiệm vụ đổi sang ngày xin; đồng chí thực hiện được báo.",
    ),
    "refuse": Move(
        "Không gia hạn",
        OPEN,
        STAYS,
        when=lambda task: task.asked_extension is not None,
        question="Không gia hạn?",
        effect="Hạn cũ giữ nguyên; đồng chí thực hiện được báo và đọc lý do.",
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
