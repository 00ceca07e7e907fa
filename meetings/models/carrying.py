"""What a meeting takes over from earlier ones: items left undone for good, the review of what was agreed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assignments.models import Assignment
from meetings.models.agenda import AgendaItem, OfMeetingQuerySet
from meetings.models.clauses import Clause
from meetings.models.meeting import Meeting
from meetings.states import Finding
from members.models import User


class DroppedItem(models.Model):
    """An undiscussed item that the committee decided not to bring up again; it is carried no further."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="dropped", verbose_name="nội dung")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "nội dung không bàn nữa"
        verbose_name_plural = "nội dung không bàn nữa"

    def __str__(self):
        return f"{self.item_id}: {self.reason}"


class PutOff(models.Model):
    """An item was left to a later meeting, and why: by the meeting itself, or by the committee off a draft.

    Off a draft the row stands with the item that was carried, so that it stays when that one moves on.
    """

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="put_offs", verbose_name="nội dung")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name="rời buổi họp")
    reason = models.CharField("lý do", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "lần để buổi sau"
        verbose_name_plural = "lần để buổi sau"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.item_id}: {self.reason}"


class ReviewLine(models.Model):
    """One open thing in the review of a meeting: a clause, or a task that no clause stands behind.

    While the meeting is prepared and held the row carries only what was typed (``why``); its facts are read from the
    clause or task. Closing freezes them (``finding``, ``title``, ``owner_name``, ``due_on``), for minutes and history.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="review_lines", verbose_name="cuộc họp")
    clause = models.ForeignKey(
        Clause, models.CASCADE, null=True, related_name="review_lines", verbose_name="mục nghị quyết"
    )
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, related_name="review_lines", verbose_name="nhiệm vụ"
    )
    why = models.CharField("nguyên nhân, hướng xử lý", max_length=500, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    finding = models.CharField("kết quả", max_length=10, choices=Finding, blank=True)
    title = models.CharField("nội dung", max_length=300, blank=True)
    owner_name = models.CharField("người thực hiện", max_length=100, blank=True)
    due_on = models.DateField("hạn", null=True)
    source = models.CharField("giao từ", max_length=200, blank=True)
    frozen_at = models.DateTimeField("chốt lúc", null=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng kiểm điểm"
        verbose_name_plural = "dòng kiểm điểm"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(clause__isnull=True) ^ Q(assignment__isnull=True), name="review_line_of_one_thing"
            ),
            models.UniqueConstraint(fields=["meeting", "clause"], name="review_clause_once"),
            models.UniqueConstraint(fields=["meeting", "assignment"], name="review_assignment_once"),
        ]

    def __str__(self):
        return self.title or f"Dòng {self.pk}"

    @property
    def cell_id(self):
        return self.meeting.cell_id
