"""The year's calendar: meetings foreseen, before any of them is drafted."""

from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting
from meetings.states import Kind
from members.models import Member, Organisation


class PlannedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cell__in=user.cell_ids | user.committee_ids)


class PlannedMeeting(models.Model):
    """A meeting the year's plan foresees; ``meeting`` once its draft exists. ``on`` is the local day."""

    PLANNED_KINDS = (Kind.REGULAR, Kind.COMBINED, Kind.THEMATIC)

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="planned", verbose_name="chi bộ")
    on = models.DateField("ngày họp")
    time = models.TimeField("giờ họp")
    kind = models.CharField("loại", max_length=15, choices=Kind, default=Kind.REGULAR)
    theme = models.CharField("chuyên đề", max_length=200, blank=True)
    presenter = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trình bày chuyên đề"
    )
    committee_on = models.DateField("ngày họp chi ủy", null=True, blank=True)
    committee_time = models.TimeField("giờ họp chi ủy", null=True, blank=True)
    moved_from = models.DateField("ngày theo lịch", null=True, blank=True)
    reason = models.CharField("lý do chuyển ngày", max_length=200, blank=True)
    meeting = models.OneToOneField(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="planned", verbose_name="cuộc họp"
    )

    objects = PlannedQuerySet.as_manager()

    class Meta:
        verbose_name = "buổi họp dự kiến"
        verbose_name_plural = "buổi họp dự kiến"
        ordering = ["on", "time"]
        indexes = [models.Index(fields=["cell", "on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "on", "kind"],
                name="planned_once_a_day",
                violation_error_message="Ngày này đã có một buổi cùng loại trong lịch năm.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.REGULAR, Kind.COMBINED, Kind.THEMATIC]), name="planned_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(committee_on__isnull=True) | Q(committee_on__lte=models.F("on")),
                name="planned_committee_before",
                violation_error_message="Họp chi ủy trước hoặc cùng ngày với buổi sinh hoạt.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"
