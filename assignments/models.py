"""Work given to people (nhiệm vụ), whoever gives it, and what they report."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assignments.states import MOVES, OPEN, STATE_UI, UNFINISHED, Audience, State
from core.folding import folded, folded_indexes, folded_words
from core.states import Look
from core.uploads import random_name
from members.models import Member, Organisation, User


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Owner and helpers always, the giver while in the cell; the committee and the cell by the task's audience."""
        helping = Assignment.helpers.through.objects.filter(member=user.member_id).values("assignment")
        return self.filter(
            Q(owner=user.member_id)
            | Q(pk__in=helping)
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
    helpers = models.ManyToManyField(Member, related_name="helps_with", blank=True, verbose_name="người phối hợp")
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người giao")
    title = models.CharField("nhiệm vụ", max_length=250)
    detail = models.TextField("yêu cầu cụ thể", blank=True, max_length=3000)
    due_on = models.DateField("hạn hoàn thành")
    audience = models.CharField("ai được xem", max_length=10, choices=Audience, default=Audience.CELL)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.GIVEN)
    source_label = models.CharField("giao từ", max_length=200, blank=True)
    source_url = models.CharField("địa chỉ nguồn", max_length=200, blank=True)
    given_at = models.DateTimeField("giao lúc", default=timezone.now)
    received_at = models.DateTimeField("nhận lúc", null=True)
    sequence = models.PositiveIntegerField("lần đổi hạn", default=0)
    finished_at = models.DateTimeField("báo cáo hoàn thành lúc", null=True)
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField("lý do rút", max_length=300, blank=True)
    folded_words = folded_words("title", "detail")
    folded = folded("title", "detail")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["cell", "state", "due_on"]),
            models.Index(fields=["owner", "state", "due_on"]),
            *folded_indexes("assignment"),
        ]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="assignment_known_state")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assignments:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Still in the owner's hands."""
        return self.state in OPEN

    @property
    def helper_ids(self) -> set:
        """Ids of the members who help (prefetch ``helpers`` where many are asked)."""
        return {helper.pk for helper in self.helpers.all()}

    @property
    def asked_extension(self):
        """The request for more time that waits for its answer, or None."""
        return next((row for row in self.extensions.all() if row.answer == Extension.Answer.ASKED), None)

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
    return random_name("evidence", filename)


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
        RECEIVED = "received", "Đã nhận nhiệm vụ"
        ASKED = "asked", "Xin gia hạn"
        EXTENDED = "extended", "Đồng ý gia hạn"
        KEPT = "kept", "Không gia hạn"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reports", verbose_name="nhiệm vụ")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.PROGRESS)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người viết")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name="người báo cáo"
    )  # also of a report from a mailed link by somebody without an account
    text = models.TextField("nội dung", max_length=3000, blank=True)
    until = models.DateField("hạn mới", null=True)
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


class Part(models.Model):
    """A piece of a task, ticked off on its own (phần việc)."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="parts", verbose_name="nhiệm vụ")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    text = models.CharField("phần việc", max_length=250)
    done_at = models.DateTimeField("xong lúc", null=True)
    done_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="người làm")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "phần việc"
        verbose_name_plural = "phần việc"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    @property
    def cell_id(self):
        return self.assignment.cell_id


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__assignment__in=Assignment.objects.visible_to(user).values("pk"))


class Evidence(models.Model):
    """A file that shows what was done, checked by content before it is stored."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files", verbose_name="báo cáo")
    file = models.FileField("tệp minh chứng", upload_to=evidence_name)
    filename = models.CharField("tên tệp", max_length=200)
    mime = models.CharField("loại tệp", max_length=100)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"

    def __str__(self):
        return self.filename

    @property
    def cell_id(self):
        return self.report.assignment.cell_id


class Extension(models.Model):
    """The owner asks for more time; whoever may confirm the task answers (xin gia hạn)."""

    class Answer(models.TextChoices):
        ASKED = "", "Chờ trả lời"
        GRANTED = "granted", "Đồng ý"
        REFUSED = "refused", "Không đồng ý"
        DROPPED = "dropped", "Không còn cần"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions", verbose_name="nhiệm vụ")
    until = models.DateField("xin đến ngày")
    reason = models.CharField("lý do", max_length=500)
    asked_at = models.DateTimeField("xin lúc", default=timezone.now)
    answer = models.CharField("trả lời", max_length=10, choices=Answer, blank=True)
    note = models.CharField("lời trả lời", max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị gia hạn"
        verbose_name_plural = "đề nghị gia hạn"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(answer=""),
                name="extension_one_waiting",
                violation_error_message="Đã có một đề nghị gia hạn đang chờ trả lời.",
            )
        ]

    def __str__(self):
        return f"Gia hạn {self.assignment_id} đến {self.until:%d/%m/%Y}"

    @property
    def cell_id(self):
        return self.assignment.cell_id
