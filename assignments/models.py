"""Work given to people (nhiệm vụ), whoever gives it, and what they report."""

import uuid
from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assignments.states import MOVES, OPEN, STATE_UI, UNFINISHED, Audience, State
from core.states import Look
from members.models import Member, Organisation, User


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The owner always, the giver while in the cell; the committee and the cell by the audience of the task."""
        return self.filter(
            Q(owner=user.member_id)
            | Q(given_by=user, cell__in=user.cell_ids)
            | Q(audience__in=[Audience.COMMITTEE, Audience.CELL], cell__in=user.committee_ids)
            | Q(audience=Audience.CELL, cell__in=user.cell_ids)
        )

    def unfinished(self):
        return self.filter(state__in=UNFINISHED)

    def late(self, on=None):
        """Past the due day and still in the owner's hands; what waits for confirmation is not late."""
        return self.filter(state__in=OPEN, due_on__lt=on or timezone.localdate())


class Assignment(models.Model):
    MOVES = MOVES
    STATE_UI = STATE_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments", verbose_name="chi bộ")
    owner = models.ForeignKey(Member, models.PROTECT, related_name="assignments", verbose_name="người thực hiện")
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người giao")
    title = models.CharField("nhiệm vụ", max_length=250)
    detail = models.TextField("yêu cầu cụ thể", blank=True, max_length=3000)
    due_on = models.DateField("hạn hoàn thành")
    audience = models.CharField("ai được xem", max_length=10, choices=Audience, default=Audience.CELL)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.GIVEN)
    source_label = models.CharField("giao từ", max_length=200, blank=True)
    source_url = models.CharField("địa chỉ nguồn", max_length=200, blank=True)
    given_at = models.DateTimeField("giao lúc", default=timezone.now)
    finished_at = models.DateTimeField("báo cáo hoàn thành lúc", null=True)
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField("lý do rút", max_length=300, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["cell", "state", "due_on"]),
            models.Index(fields=["owner", "state", "due_on"]),
        ]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="assignment_known_state")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assignments:detail", args=[self.pk])

    def days_left(self, on=None) -> int:
        """Days until due; negative when late."""
        return (self.due_on - (on or timezone.localdate())).days

    @property
    def look(self) -> Look:
        """The badge: late and near dates go before the stored state (BRIEF §4)."""
        left = self.days_left()
        if self.state in OPEN and left < 0:
            return Look(f"Quá {-left} ngày", "danger", "exclamation-triangle")
        if self.state in OPEN and left <= 3:
            return Look("Hạn hôm nay" if left == 0 else f"Còn {left} ngày", "warn", "clock")
        return STATE_UI[State(self.state)]


def evidence_name(instance, filename):
    return f"evidence/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(assignment__in=Assignment.objects.visible_to(user).values("pk"))


class Report(models.Model):
    """A progress note by the owner, or the answer of whoever confirms or returns it."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Tiến độ"
        FINISHED = "finished", "Báo cáo hoàn thành"
        CONFIRMED = "confirmed", "Xác nhận"
        RETURNED = "returned", "Trả lại"
        CANCELLED = "cancelled", "Rút nhiệm vụ"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reports", verbose_name="nhiệm vụ")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.PROGRESS)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người viết")
    text = models.TextField("nội dung", max_length=3000, blank=True)
    file = models.FileField("tệp minh chứng", upload_to=evidence_name, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%d/%m/%Y}"

    @property
    def cell_id(self):
        return self.assignment.cell_id
