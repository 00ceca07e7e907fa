"""What a member or the whole cell undertakes for a year after Hồ Chí Minh's example, and when that is asked for."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.encryption import EncryptedTextField
from core.states import Look
from members.models import Member, Organisation, User
from pledges.states import (
    ASSESSMENT_SHOWN,
    MOVES,
    SHOWN,
    STATE_UI,
    WRITABLE,
    Period,
    PledgeState,
)


class PledgeYearQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cell__in=user.cell_ids | user.committee_ids)


class PledgeYear(models.Model):
    """A year's registration in a cell, opened by its chi ủy: the theme, and by when what is handed in."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="pledge_years", verbose_name="chi bộ")
    year = models.PositiveSmallIntegerField("năm")
    theme = models.CharField("chủ đề của năm", max_length=250, blank=True)
    due_on = models.DateField("hạn đăng ký")
    half_due_on = models.DateField("hạn tự đánh giá sáu tháng", null=True, blank=True)  # set when it is asked for
    year_due_on = models.DateField("hạn tự đánh giá cả năm", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người mở")

    objects = PledgeYearQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt đăng ký làm theo Bác"
        verbose_name_plural = "đợt đăng ký làm theo Bác"
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["cell", "year"], name="pledge_year_once")]

    def __str__(self):
        return f"Đăng ký làm theo Bác năm {self.year}"

    def get_absolute_url(self):
        return reverse("pledges:year", args=[self.year])

    def due_of(self, period):
        """The day by which the self-assessment of a period is wanted, or None while it is not asked for."""
        return self.half_due_on if period == Period.HALF else self.year_due_on


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; the collective's once registered for the whole cell; the chi ủy what was handed in to it, and the
        collective's from the first word. Another's draft is nobody's."""
        committee = Q(cell__in=user.committee_ids)
        return self.filter(
            Q(member__isnull=False, member=user.member_id)
            | committee & (Q(state__in=SHOWN) | Q(member__isnull=True))
            | Q(member__isnull=True, state=PledgeState.REGISTERED, cell__in=user.cell_ids)
        )

    def registered(self):
        return self.filter(state=PledgeState.REGISTERED)


class Pledge(models.Model):
    """The registration (bản đăng ký) and commitment (bản cam kết) of a year; without a member those of the cell."""

    MOVES = MOVES
    STATE_UI = STATE_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="pledges", verbose_name="chi bộ")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="pledges", verbose_name="đảng viên"
    )
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("tình trạng", max_length=10, choices=PledgeState, default=PledgeState.DRAFT)
    commitment = EncryptedTextField("nội dung cam kết", blank=True, max_length=6000)
    remark = EncryptedTextField("góp ý của chi ủy", blank=True, max_length=1000)
    version = models.PositiveIntegerField("lần sửa", default=0)  # of what is written, against a stale form
    created_at = models.DateTimeField("lập lúc", default=timezone.now)
    submitted_at = models.DateTimeField("gửi lúc", null=True)
    answered_at = models.DateTimeField("chi ủy trả lời lúc", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người trả lời")

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "bản đăng ký làm theo Bác"
        verbose_name_plural = "bản đăng ký làm theo Bác"
        ordering = ["-year", "member__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PledgeState.values), name="pledge_state_known"),
            models.UniqueConstraint(
                fields=["cell", "year", "member"],
                name="pledge_one_a_year",
                nulls_distinct=False,
                violation_error_message="Năm này đã có bản đăng ký.",
            ),
        ]
        indexes = [models.Index(fields=["member", "-year"])]

    def __str__(self):
        return f"Bản đăng ký làm theo Bác năm {self.year}"

    def get_absolute_url(self):
        return reverse("pledges:pledge", args=[self.year, self.pk])

    @property
    def is_collective(self) -> bool:
        return self.member_id is None

    @property
    def is_writable(self) -> bool:
        """Still, or again, in the hands of its author."""
        return self.state in WRITABLE

    @property
    def has_assessment(self) -> bool:
        """One was handed in; of what is still being written nothing may be told, not even that it exists."""
        return any(row.state in ASSESSMENT_SHOWN for row in self.assessments.all())

    @property
    def look(self) -> Look:
        return STATE_UI[PledgeState(self.state)]
