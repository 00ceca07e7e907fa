"""What is recorded while the meeting is held."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.folding import folded, folded_indexes, folded_words
from meetings.models.agenda import AgendaItem, OfMeetingQuerySet
from meetings.models.meeting import Meeting
from meetings.states import VOTE_MOVES, VOTE_UI, Ballot, Decision, Presence, VoteState
from members.models import Member
from members.states import ExemptionKind, PlacementKind, StatusKind


class Attendance(models.Model):
    """One line of the sheet. Status, exemption and placement are those of the day, kept as they were."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sheet", verbose_name="cuộc họp")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances", verbose_name="đảng viên")
    presence = models.CharField("điểm danh", max_length=20, choices=Presence, blank=True)
    reason = models.CharField("lý do vắng", max_length=300, blank=True)
    arrived_at = models.DateTimeField("đến lúc", null=True, blank=True)
    left_at = models.DateTimeField("về lúc", null=True, blank=True)
    status_kind = models.CharField("tình trạng", max_length=20, choices=StatusKind, blank=True)
    exemption_kind = models.CharField("miễn", max_length=20, choices=ExemptionKind, blank=True)
    placement_kind = models.CharField("sinh hoạt tạm thời", max_length=20, choices=PlacementKind, blank=True)
    was_official = models.BooleanField("đã là chính thức", default=False)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng điểm danh"
        verbose_name_plural = "điểm danh"
        ordering = ["member__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=~Q(presence=Presence.ABSENT_EXCUSED) | ~Q(reason=""),
                name="attendance_excused_has_reason",
                violation_error_message="Ghi lý do vắng mặt.",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(arrived_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="attendance_times_in_order",
                violation_error_message="Giờ về phải sau giờ đến.",
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.get_presence_display()}"

    @property
    def cell_id(self):
        return self.meeting.cell_id

    @property
    def is_visitor(self) -> bool:
        return self.placement_kind == PlacementKind.TEMP_HERE


class Guest(models.Model):
    """Somebody who is in no denominator: a guest, the superior committee's officer."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests", verbose_name="cuộc họp")
    name = models.CharField("họ và tên", max_length=100)
    post = models.CharField("chức vụ, đơn vị", max_length=150, blank=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "khách mời"
        verbose_name_plural = "khách mời"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def cell_id(self):
        return self.meeting.cell_id


class OfItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(item__meeting__in=Meeting.objects.visible_to(user).values("pk"))


class Speech(models.Model):
    """What somebody said on an item: a member or a guest, exactly one of them."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="speeches", verbose_name="nội dung")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đảng viên"
    )
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="khách")
    text = models.TextField("nội dung phát biểu", blank=True)
    version = models.PositiveIntegerField(default=0)
    spoken_at = models.DateTimeField("lúc", default=timezone.now)
    folded_words = folded_words("text")
    folded = folded("text")

    objects = OfItemQuerySet.as_manager()

    class Meta:
        verbose_name = "phát biểu"
        verbose_name_plural = "phát biểu"
        ordering = ["spoken_at", "pk"]
        indexes = folded_indexes("speech")
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, guest__isnull=True) | Q(member__isnull=True, guest__isnull=False),
                name="speech_one_speaker",
                violation_error_message="Chọn một người phát biểu.",
            )
        ]

    def __str__(self):
        return f"Phát biểu {self.pk}"

    @property
    def cell_id(self):
        return self.item.meeting.cell_id

    @property
    def speaker(self):
        return self.member or self.guest


class Vote(models.Model):
    """A matter put to the vote. The denominator is frozen when it opens, the counts when it closes."""

    MOVES = VOTE_MOVES
    STATE_UI = VOTE_UI

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes", verbose_name="nội dung")
    matter = models.CharField("vấn đề biểu quyết", max_length=400)
    decision = models.CharField("loại quyết định", max_length=15, choices=Decision, default=Decision.RESOLUTION)
    ballot = models.CharField("hình thức", max_length=15, choices=Ballot, default=Ballot.CARD)
    state = models.CharField("trạng thái", max_length=10, choices=VoteState, default=VoteState.DRAFT)
    # frozen when it opens (QĐ 294-QĐ/TW, mục 9.3)
    official = models.PositiveSmallIntegerField("đảng viên chính thức", null=True)
    exempt_absent = models.PositiveSmallIntegerField("miễn sinh hoạt, không dự", null=True)
    elsewhere_absent = models.PositiveSmallIntegerField("tạm thời nơi khác, không dự", null=True)
    suspended = models.PositiveSmallIntegerField("đình chỉ sinh hoạt", null=True)
    excused = models.PositiveSmallIntegerField("vắng cả buổi có lý do", null=True)
    denominator = models.PositiveSmallIntegerField("số tính tỷ lệ", null=True)
    voters = models.PositiveSmallIntegerField("có mặt, được biểu quyết", null=True)
    need = models.PositiveSmallIntegerField("số phiếu cần", null=True)
    opened_at = models.DateTimeField("mở lúc", null=True)
    # frozen when it closes
    agree = models.PositiveSmallIntegerField("tán thành", null=True)
    disagree = models.PositiveSmallIntegerField("không tán thành", null=True)
    other = models.PositiveSmallIntegerField("ý kiến khác", null=True)
    issued = models.PositiveSmallIntegerField("phiếu phát ra", null=True)
    returned = models.PositiveSmallIntegerField("phiếu thu về", null=True)
    invalid = models.PositiveSmallIntegerField("phiếu không hợp lệ", null=True)
    teller_1 = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="người kiểm phiếu")
    teller_2 = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="người kiểm phiếu")
    passed = models.BooleanField("được thông qua", null=True)
    closed_at = models.DateTimeField("chốt lúc", null=True)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu quyết"
        verbose_name_plural = "biểu quyết"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=VoteState.CLOSED)
                | Q(agree__isnull=False, denominator__isnull=False, passed__isnull=False),
                name="vote_closed_has_counts",
            ),
            models.CheckConstraint(
                condition=Q(agree__isnull=True) | Q(voters__gte=F("agree") + F("disagree") + F("other")),
                name="vote_not_more_than_voters",
                violation_error_message="Tổng số ý kiến nhiều hơn số người được biểu quyết có mặt.",
            ),
        ]

    def __str__(self):
        return self.matter

    @property
    def cell_id(self):
        return self.item.meeting.cell_id

    def get_absolute_url(self):
        return reverse("meetings:vote", args=[self.item.meeting_id, self.pk])

    @property
    def is_secret(self) -> bool:
        return self.ballot == Ballot.SECRET_PAPER

    @property
    def valid(self):
        """Valid ballots of a secret vote; None for open votes."""
        return self.returned - self.invalid if self.returned is not None else None

    @property
    def not_voting(self):
        """Present voters whose hand or ballot was not counted."""
        return self.voters - self.agree - self.disagree - self.other if self.agree is not None else None
