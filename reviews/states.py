"""The words of the year's review: grades, forms, who takes part how (DOMAIN §4.1, §4.2)."""

from django.db import models

from core.states import Look


class Grade(models.TextChoices):
    """Quy định 366-QĐ/TW (30/8/2025): four levels, level 1 the highest."""

    EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "good", "Hoàn thành tốt nhiệm vụ"
    COMPLETED = "completed", "Hoàn thành nhiệm vụ"
    NOT_COMPLETED = "not_completed", "Không hoàn thành nhiệm vụ"


class FormKind(models.TextChoices):
    """Personal forms of Hướng dẫn 43-HD/BTCTW (31/10/2025)."""

    PLAIN = "2A", "Mẫu 2A: không giữ chức vụ lãnh đạo, quản lý"
    LEADER = "2B", "Mẫu 2B: giữ chức vụ lãnh đạo, quản lý"
    OUTSIDE = "2C", "Mẫu 2C: không công tác trong hệ thống chính trị"


class Part(models.TextChoices):
    """How somebody takes part in the year's review of this cell."""

    GRADED = "graded", "Kiểm điểm và xếp loại"
    UNGRADED = "ungraded", "Kiểm điểm, không xếp loại"
    OPINION = "opinion", "Chi bộ cho ý kiến nhận xét, nơi khác xếp loại"
    NOT_REVIEWED = "not_reviewed", "Không kiểm điểm"
    UNKNOWN = "unknown", "Chưa đủ dữ liệu"


GRADE_UI = {
    Grade.EXCELLENT: Look("Xuất sắc", "ok", "check-lg"),
    Grade.GOOD: Look("Tốt", "info", "check-lg"),
    Grade.COMPLETED: Look("Hoàn thành", "line", "check-lg"),
    Grade.NOT_COMPLETED: Look("Không hoàn thành", "danger", "exclamation-triangle"),
}
