"""How far a pledge came: the self-assessments of a year and the level the cell gave."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.encryption import EncryptedTextField
from core.states import Look
from members.models import User
from pledges.models.deeds import Deed
from pledges.models.registrations import Pledge
from pledges.states import (
    ASSESSMENT_MOVES,
    ASSESSMENT_SHOWN,
    ASSESSMENT_UI,
    ASSESSMENT_WRITABLE,
    LEVEL_UI,
    OUTCOME_UI,
    AssessmentState,
    Level,
    Outcome,
    Period,
)


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the pledge; but what is still being written, of a member, is the author's alone."""
        own = Q(pledge__member__isnull=False, pledge__member=user.member_id)
        handed_in = Q(state__in=ASSESSMENT_SHOWN) | Q(pledge__member__isnull=True)
        committee = Q(pledge__cell__in=user.committee_ids) & handed_in
        cell = Q(pledge__member__isnull=True, pledge__cell__in=user.cell_ids, state=AssessmentState.LEVELLED)
        return self.filter(own | committee | cell)


class Assessment(models.Model):
    """The self-assessment of a pledge at mid-year or at the year's end, and the level the cell gave."""

    MOVES = ASSESSMENT_MOVES
    STATE_UI = ASSESSMENT_UI

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="assessments", verbose_name="bản đăng ký")
    period = models.CharField("kỳ", max_length=4, choices=Period)
    state = models.CharField("tình trạng", max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    text = EncryptedTextField("tự đánh giá", blank=True, max_length=6000)
    self_level = models.CharField("tự nhận mức", max_length=12, choices=Level, blank=True)
    level = models.CharField("mức chi bộ xếp", max_length=12, choices=Level, blank=True)
    remark = EncryptedTextField("nhận xét", blank=True, max_length=1000)
    submitted_at = models.DateTimeField("gửi lúc", null=True)
    answered_at = models.DateTimeField("chi ủy trả lời lúc", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người trả lời")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "bản tự đánh giá việc làm theo Bác"
        verbose_name_plural = "bản tự đánh giá việc làm theo Bác"
        ordering = ["period", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "period"], name="assessment_one_a_period"),
            models.CheckConstraint(condition=Q(state__in=AssessmentState.values), name="assessment_state_known"),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.LEVELLED) | Q(level__in=Level.values), name="assessment_levelled"
            ),
        ]

    def __str__(self):
        return f"Tự đánh giá {self.get_period_display().lower()} {self.pledge.year}"

    def get_absolute_url(self):
        return reverse("pledges:assessment", args=[self.pledge.year, self.pledge_id, self.period])

    @property
    def cell_id(self):
        return self.pledge.cell_id

    @property
    def is_writable(self) -> bool:
        return self.state in ASSESSMENT_WRITABLE

    @property
    def look(self) -> Look:
        """The level once it is given, else where the paper lies."""
        return LEVEL_UI[Level(self.level)] if self.level else ASSESSMENT_UI[AssessmentState(self.state)]


class OfAssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(assessment__in=Assessment.objects.visible_to(user).values("pk"))


class DeedResult(models.Model):
    """How far one deed came in the period of an assessment."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="results", verbose_name="bản tự đánh giá")
    deed = models.ForeignKey(Deed, models.CASCADE, related_name="results", verbose_name="việc đăng ký")
    outcome = models.CharField("kết quả", max_length=12, choices=Outcome, blank=True)  # "" while it is being written
    words = EncryptedTextField("kết quả cụ thể", blank=True, max_length=1000)

    objects = OfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả việc đăng ký"
        verbose_name_plural = "kết quả việc đăng ký"
        ordering = ["deed__position", "deed"]
        constraints = [models.UniqueConstraint(fields=["assessment", "deed"], name="result_one_a_deed")]

    def __str__(self):
        return self.get_outcome_display()

    @property
    def look(self) -> Look | None:
        return OUTCOME_UI[Outcome(self.outcome)] if self.outcome else None

    @property
    def cell_id(self):
        return self.assessment.pledge.cell_id
