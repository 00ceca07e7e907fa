"""Clauses of resolutions, what carries them out and what ended them; the yearly assignment of work."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment
from core.folding import folded, folded_indexes, folded_words
from documents.states import IN_FORCE
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.minutes import Resolution
from meetings.states import CLAUSE_UI, ClauseState, Ending
from members.models import Member, Organisation, User


class ClauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(resolution__in=Resolution.objects.visible_to(user).values("pk"))


class Clause(models.Model):
    """One task of a resolution; its state is read from its assignments and from what ended it."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="clauses", verbose_name="nghị quyết")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="clauses", verbose_name="từ nội dung"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    text = models.TextField("nội dung")
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="phụ trách")
    due_on = models.DateField("hạn", null=True, blank=True)
    folded_words = folded_words("text")
    folded = folded("text")

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = "mục nghị quyết"
        verbose_name_plural = "mục nghị quyết"
        ordering = ["position", "pk"]
        indexes = folded_indexes("clause")

    def __str__(self):
        return f"Mục {self.position}"

    def get_absolute_url(self):
        return reverse("resolutions:clause", args=[self.pk])

    @property
    def cell_id(self):
        return self.resolution.meeting.cell_id

    @property
    def look(self):
        """The badge of a row of ``queries.clauses.with_state``, which reads the state."""
        return CLAUSE_UI[ClauseState(self.state_key)]


class ClauseAssignment(models.Model):
    """A task that carries out a clause."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="given", verbose_name="mục nghị quyết")
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="of_clause", verbose_name="nhiệm vụ")

    class Meta:
        verbose_name = "nhiệm vụ của mục nghị quyết"
        verbose_name_plural = "nhiệm vụ của mục nghị quyết"

    def __str__(self):
        return f"{self.clause_id} → {self.assignment_id}"


class ClauseDecision(models.Model):
    """A recorded decision that ends a clause otherwise than by its tasks being done."""

    clause = models.OneToOneField(Clause, models.CASCADE, related_name="decision", verbose_name="mục nghị quyết")
    ending = models.CharField("kết thúc", max_length=10, choices=Ending)
    replaced_by = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="thay bằng mục"
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quyết định tại buổi họp"
    )
    text = models.CharField("nội dung quyết định", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc", default=timezone.now)

    class Meta:
        verbose_name = "quyết định về mục nghị quyết"
        verbose_name_plural = "quyết định về mục nghị quyết"
        constraints = [
            models.CheckConstraint(
                condition=Q(ending=Ending.REPLACED, replaced_by__isnull=False)
                | ~Q(ending=Ending.REPLACED) & Q(replaced_by__isnull=True),
                name="clause_replaced_by_one",
                violation_error_message="Chọn mục thay thế.",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=models.F("clause")),
                name="clause_not_replaced_by_itself",
                violation_error_message="Một mục không thể thay bằng chính nó.",
            ),
        ]

    def __str__(self):
        return self.get_ending_display()

    @property
    def cell_id(self):
        return self.clause.cell_id


class DutyPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The committee drafts too; the cell what a resolution has put in force."""
        adopted = Q(resolution__paper__state__in=IN_FORCE)
        return self.filter(Q(cell__in=user.committee_ids) | Q(cell__in=user.cell_ids) & adopted)


class DutyPlan(models.Model):
    """The yearly assignment of work to every member (phân công công tác, 06-HD/TW 2.3), in force by a resolution.

    ``number`` 1 is the plan of the year, later ones its adjustments; the last one adopted holds.
    """

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="duty_plans", verbose_name="chi bộ")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("lần")
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="duty_plans", verbose_name="nghị quyết"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = DutyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "bản phân công công tác"
        verbose_name_plural = "bản phân công công tác"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["cell", "year", "number"], name="duty_plan_once")]

    def __str__(self):
        return f"Phân công công tác năm {self.year}"

    def get_absolute_url(self):
        return reverse("duties:plan", args=[self.pk])


class Duty(models.Model):
    """What one member does in the year, and who of the committee follows it."""

    plan = models.ForeignKey(DutyPlan, models.CASCADE, related_name="duties", verbose_name="bản phân công")
    member = models.ForeignKey(Member, models.PROTECT, related_name="duties", verbose_name="đảng viên")
    text = models.TextField("nhiệm vụ trong năm", max_length=1500, blank=True)
    follower = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chi ủy viên theo dõi"
    )

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [models.UniqueConstraint(fields=["plan", "member"], name="duty_once")]

    def __str__(self):
        return f"{self.member_id} năm {self.plan.year}"

    @property
    def cell_id(self):
        return self.plan.cell_id
