"""When: the life of a year's pledge and of its assessments, and how they are shown."""

from django.db import models

from core.states import STAYS, Look, Move


class PledgeState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ chi ủy xác nhận"
    RETURNED = "returned", "Chi ủy đề nghị sửa"
    REGISTERED = "registered", "Đã đăng ký"


class Area(models.TextChoices):
    """What of Hồ Chí Minh's example a deed follows (Chỉ thị 05-CT/TW: tư tưởng, đạo đức, phong cách)."""

    IDEOLOGY = "ideology", "Tư tưởng"
    MORALITY = "morality", "Đạo đức"
    STYLE = "style", "Phong cách"
    WORK = "work", "Công việc được giao"
    EXAMPLE = "example", "Nêu gương"


class Period(models.TextChoices):
    HALF = "half", "Sáu tháng đầu năm"
    YEAR = "year", "Cả năm"


class Level(models.TextChoices):
    GOOD = "good", "Tốt"
    REACHED = "reached", "Đạt"
    NOT_REACHED = "not_reached", "Chưa đạt"


class Outcome(models.TextChoices):
    """How far one deed came in a period."""

    REACHED = "reached", "Đạt mục tiêu"
    PARTLY = "partly", "Đạt một phần"
    NOT_REACHED = "not_reached", "Chưa đạt"


class AssessmentState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ xếp mức"
    RETURNED = "returned", "Chi ủy đề nghị sửa"
    LEVELLED = "levelled", "Đã xếp mức"


STATE_UI = {
    PledgeState.DRAFT: Look("Đang soạn", "line", "pencil"),
    PledgeState.SUBMITTED: Look("Chờ xác nhận", "warn", "hourglass-split"),
    PledgeState.RETURNED: Look("Cần sửa", "danger", "arrow-return-left"),
    PledgeState.REGISTERED: Look("Đã đăng ký", "ok", "check-lg"),
}
ASSESSMENT_UI = {
    AssessmentState.DRAFT: Look("Đang soạn", "line", "pencil"),
    AssessmentState.SUBMITTED: Look("Chờ xếp mức", "warn", "hourglass-split"),
    AssessmentState.RETURNED: Look("Cần sửa", "danger", "arrow-return-left"),
    AssessmentState.LEVELLED: Look("Đã xếp mức", "ok", "check-lg"),
}
LEVEL_UI = {
    Level.GOOD: Look("Tốt", "ok", "check-lg"),
    Level.REACHED: Look("Đạt", "info", "check-lg"),
    Level.NOT_REACHED: Look("Chưa đạt", "danger", "exclamation-triangle"),
}
OUTCOME_UI = {
    Outcome.REACHED: Look("Đạt mục tiêu", "ok", "check-lg"),
    Outcome.PARTLY: Look("Đạt một phần", "warn", "hourglass-split"),
    Outcome.NOT_REACHED: Look("Chưa đạt", "danger", "exclamation-triangle"),
}

WRITABLE = (PledgeState.DRAFT, PledgeState.RETURNED)  # the author's turn
SHOWN = (PledgeState.SUBMITTED, PledgeState.RETURNED, PledgeState.REGISTERED)  # no longer the author's alone
ASSESSMENT_WRITABLE = (AssessmentState.DRAFT, AssessmentState.RETURNED)
ASSESSMENT_SHOWN = (AssessmentState.SUBMITTED, AssessmentState.RETURNED, AssessmentState.LEVELLED)

MOVES = {
    "submit": Move(
        "Gửi chi ủy",
        WRITABLE,
        PledgeState.SUBMITTED,
        question="Gửi bản đăng ký cho chi ủy?",
        effect="Chi ủy đọc bản đăng ký và bản cam kết, xác nhận hoặc đề nghị sửa.",
    ),
    "take_back": Move(
        "Rút về sửa",
        (PledgeState.SUBMITTED,),
        PledgeState.DRAFT,
        when=lambda pledge: pledge.answered_at is None,  # what the chi ủy has answered stays before it
        question="Rút bản đăng ký về để sửa?",
        effect="Chi ủy không còn thấy bản này cho đến khi đồng chí gửi lại.",
    ),
    "register": Move(
        "Xác nhận đăng ký",
        (PledgeState.SUBMITTED,),
        PledgeState.REGISTERED,
        question="Xác nhận bản đăng ký?",
        effect="Bản đăng ký được ghi vào sổ của năm; việc thực hiện được theo dõi đến cuối năm.",
    ),
    "return": Move(
        "Đề nghị sửa",
        (PledgeState.SUBMITTED,),
        PledgeState.RETURNED,
        question="Đề nghị sửa bản đăng ký?",
        effect="Người đăng ký đọc góp ý, sửa và gửi lại.",
    ),
    "reopen": Move(
        "Mở lại để bổ sung",
        (PledgeState.REGISTERED,),
        PledgeState.RETURNED,
        when=lambda pledge: not pledge.has_assessment,
        question="Mở lại bản đăng ký?",
        effect="Người đăng ký bổ sung, sửa đổi rồi gửi lại chi ủy xác nhận. Tiến độ đã ghi vẫn còn.",
    ),
}

ASSESSMENT_MOVES = {
    "submit": Move(
        "Gửi bản tự đánh giá",
        ASSESSMENT_WRITABLE,
        AssessmentState.SUBMITTED,
        question="Gửi bản tự đánh giá?",
        effect="Chi ủy đọc và ghi mức theo ý kiến của chi bộ.",
    ),
    "return": Move(
        "Đề nghị sửa",
        (AssessmentState.SUBMITTED,),
        AssessmentState.RETURNED,
        question="Đề nghị sửa bản tự đánh giá?",
        effect="Người tự đánh giá đọc góp ý, sửa và gửi lại.",
    ),
    "level": Move(
        "Ghi mức chi bộ xếp",
        (AssessmentState.SUBMITTED,),
        AssessmentState.LEVELLED,
        question="Ghi mức chi bộ xếp?",
        effect="Người tự đánh giá được báo; mức này đi vào tổng hợp của chi bộ.",
    ),
    "correct": Move(
        "Sửa mức đã ghi",
        (AssessmentState.LEVELLED,),
        STAYS,
        question="Sửa mức đã ghi?",
        effect="Mức cũ còn trong nhật ký; người tự đánh giá được báo.",
    ),
}
