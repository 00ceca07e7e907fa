"""The prose around the records: minutes and resolution, each a numbered paper of ``documents``."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.folding import folded, folded_indexes, folded_words
from documents.models import Paper
from documents.states import IN_FORCE
from meetings.models.agenda import OfMeetingQuerySet
from meetings.models.meeting import Meeting
from meetings.states import Body
from members.models import User


class Minutes(models.Model):
    """The clerk edits this prose only; numbers, names, votes and tasks come from the records."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name="cuộc họp")
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="+", verbose_name="văn bản")
    opening = models.TextField("lời mở đầu", blank=True)
    opening_version = models.PositiveIntegerField(default=0)
    closing = models.TextField("ý kiến khác, kết thúc", blank=True)
    closing_version = models.PositiveIntegerField(default=0)
    adopted_at = models.DateTimeField("thông qua lúc", null=True)
    # what other apps said when the minutes were adopted: [{heading, lines, source}]; None before
    sections = models.JSONField("phần do sổ khác ghi", null=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "biên bản"
        verbose_name_plural = "biên bản"

    def __str__(self):
        return f"Biên bản {self.meeting_id}"

    def get_absolute_url(self):
        return reverse("meetings:minutes", args=[self.meeting_id])

    @property
    def cell_id(self):
        return self.meeting.cell_id


class Explanation(models.Model):
    """Why a contradiction that the system found stands (votes above present, an absent speaker, …)."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="explanations")
    key = models.CharField(max_length=60)
    text = models.CharField("giải trình", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "giải trình"
        verbose_name_plural = "giải trình"
        constraints = [models.UniqueConstraint(fields=["minutes", "key"], name="explanation_once")]

    def __str__(self):
        return self.key


class ResolutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The committee and the clerk (while in the cell) all; members those of the cell from the adoption on."""
        clerk = Q(meeting__clerk=user.member_id, meeting__cell__in=user.cell_ids)
        told = Q(meeting__cell__in=user.cell_ids, meeting__body=Body.CELL, paper__state__in=IN_FORCE)
        return self.filter(Q(meeting__cell__in=user.committee_ids) | clerk | told)


class Resolution(models.Model):
    """The monthly resolution: bases, assessment, tasks, carrying out (DOMAIN §2.3)."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="resolution", verbose_name="cuộc họp")
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="+", verbose_name="văn bản")
    vote = models.ForeignKey(
        "meetings.Vote", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="biểu quyết thông qua"
    )
    subject = models.CharField("trích yếu", max_length=250)
    bases = models.TextField("căn cứ, mỗi dòng một căn cứ", blank=True)
    bases_version = models.PositiveIntegerField(default=0)
    assessment = models.TextField("I. Đánh giá kết quả", blank=True)
    assessment_version = models.PositiveIntegerField(default=0)
    organisation_text = models.TextField("III. Tổ chức thực hiện", blank=True)
    organisation_text_version = models.PositiveIntegerField(default=0)
    # the whole text as lines: as laid before the meeting when it opened, and as it stood when its vote was opened
    laid = models.JSONField("dự thảo trình chi bộ", null=True)
    voted = models.JSONField("văn bản đã biểu quyết", null=True)
    folded_words = folded_words("subject", "assessment", "organisation_text")
    folded = folded("subject", "assessment", "organisation_text")

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = "nghị quyết"
        verbose_name_plural = "nghị quyết"
        indexes = folded_indexes("resolution")

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("resolutions:detail", args=[self.pk])

    @property
    def cell_id(self):
        return self.meeting.cell_id
