"""When: the life of a turn to review oneself in a meeting, and of a shortcoming until it is mended."""

from django.db import models

from core.states import STAYS, Look, Move


class TurnState(models.TextChoices):
    PLANNED = "planned", "Sắp đến lượt"
    SHOWN = "shown", "Đang trình bày"
    CONCLUDED = "concluded", "Đã kết luận"
    MISSED = "missed", "Chưa thực hiện được"
    PUT_OFF = "put_off", "Chi ủy dời buổi khác"


class ShortcomingState(models.TextChoices):
    OPEN = "open", "Đang khắc phục"
    MENDED = "mended", "Đã khắc phục"


TURN_UI = {
    TurnState.PLANNED: Look("Sắp đến lượt", "info", "clock"),
    TurnState.SHOWN: Look("Đang trình bày", "warn", "mic"),
    TurnState.CONCLUDED: Look("Đã kết luận", "ok", "check-lg"),
    TurnState.MISSED: Look("Chưa thực hiện", "line", "x-lg"),
    TurnState.PUT_OFF: Look("Đã dời", "line", "arrow-repeat"),
}
SHORTCOMING_UI = {
    ShortcomingState.OPEN: Look("Đang khắc phục", "warn", "hourglass-split"),
    ShortcomingState.MENDED: Look("Đã khắc phục", "ok", "check-lg"),
}
NOT_HELD = (TurnState.MISSED, TurnState.PUT_OFF)
TAKEN = (TurnState.SHOWN, TurnState.CONCLUDED)  # counts as a turn had

TURN_MOVES = {
    "show": Move(
        "Trình bày trước chi bộ",
        (TurnState.PLANNED,),
        TurnState.SHOWN,
        question="Trình bày bản tự phê bình trước chi bộ?",
        effect="Các đồng chí có mặt trong buổi họp đọc được nội dung và ghi ý kiến góp ý.",
    ),
    "conclude": Move(
        "Ghi kết luận",
        (TurnState.SHOWN,),
        TurnState.CONCLUDED,
        question="Kết luận của chủ trì",
        effect="Ý kiến góp ý được khép lại; đồng chí được góp ý đọc lại toàn bộ và có thể ghi thêm ý kiến.",
    ),
    "miss": Move(
        "Ghi chưa thực hiện được",
        (TurnState.PLANNED,),
        TurnState.MISSED,
        question="Ghi lượt này chưa thực hiện được?",
        effect="Đồng chí được xếp đầu danh sách của buổi họp sau.",
    ),
    "put_off": Move(
        "Dời sang buổi khác",
        (TurnState.PLANNED,),
        TurnState.PUT_OFF,
        question="Dời lượt này sang buổi khác?",
        effect="Lượt được xếp lại ở các buổi họp sau; đồng chí được báo.",
    ),
}
SHORTCOMING_MOVES = {
    "follow": Move(
        "Ghi kết quả khắc phục",
        (ShortcomingState.OPEN,),
        STAYS,
        question="Ghi kết quả khắc phục",
        effect="Kết quả được ghi thêm vào diễn biến; việc theo dõi tiếp tục.",
    ),
    "mend": Move(
        "Xác nhận đã khắc phục",
        (ShortcomingState.OPEN,),
        ShortcomingState.MENDED,
        question="Xác nhận đã khắc phục?",
        effect="Hạn chế này không còn phải theo dõi.",
    ),
    "reopen": Move(
        "Theo dõi lại",
        (ShortcomingState.MENDED,),
        ShortcomingState.OPEN,
        question="Theo dõi lại hạn chế này?",
        effect="Hạn chế được đưa trở lại danh sách theo dõi.",
    ),
}
