"""A meeting of a cell or of its committee."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import vietnamese
from meetings.states import HIDDEN, MOVES, STATE_UI, Body, Grade, Kind, Mode, State
from members.models import Member, Organisation, User


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The committee sees all of its cell; members what was notified; chair and clerk their own meeting."""
        committee = Q(cell__in=user.committee_ids)
        told = Q(cell__in=user.cell_ids, body=Body.CELL, notified_at__isnull=False) & ~Q(state__in=HIDDEN)
        own = Q(chair=user.member_id) | Q(clerk=user.member_id)
        return self.filter(committee | told | (own & Q(cell__in=user.cell_ids)))

    def upcoming(self):
        """Not over: notified or being prepared, and in session."""
        return self.filter(state__in=[State.DRAFT, State.AGREED, State.NOTIFIED, State.IN_SESSION])


class Meeting(models.Model):
    MOVES = MOVES
    STATE_UI = STATE_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="meetings", verbose_name="chi bộ")
    body = models.CharField("cuộc họp của", max_length=10, choices=Body, default=Body.CELL)
    kind = models.CharField("loại", max_length=15, choices=Kind, default=Kind.REGULAR)
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.DRAFT)
    theme = models.CharField("chuyên đề", max_length=200, blank=True)
    starts_at = models.DateTimeField("ngày, giờ họp")
    place = models.CharField("địa điểm", max_length=150)
    mode = models.CharField("hình thức", max_length=10, choices=Mode, default=Mode.IN_PERSON)
    online_link = models.CharField("đường dẫn họp trực tuyến", max_length=300, blank=True)
    approval = models.CharField("văn bản cho phép họp trực tuyến", max_length=100, blank=True)
    chair = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="chủ trì")
    clerk = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thư ký")
    notifier = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chi ủy viên được giao thông báo"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="prepared", verbose_name="họp chi ủy chuẩn bị"
    )
    needs_agreement = models.BooleanField("chi ủy phải thống nhất trước", default=True)
    current_item = models.ForeignKey(
        "meetings.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="đang bàn"
    )
    sequence = models.PositiveIntegerField("lần sửa lịch", default=0)
    put_off = models.JSONField("đề nghị để buổi sau", default=list, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField("chi ủy thống nhất lúc", null=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    notified_at = models.DateTimeField("thông báo lúc", null=True)
    notified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("khai mạc lúc", null=True)
    closed_at = models.DateTimeField("bế mạc lúc", null=True)
    cancelled_at = models.DateTimeField("hủy lúc", null=True)
    cancel_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    quality_score = models.PositiveSmallIntegerField("điểm chất lượng", null=True, blank=True)
    quality_grade = models.CharField("xếp loại buổi sinh hoạt", max_length=12, choices=Grade, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc họp"
        verbose_name_plural = "cuộc họp"
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["cell", "-starts_at"]), models.Index(fields=["state", "starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="meeting_known_state"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gt=models.F("opened_at")),
                name="meeting_ends_after_start",
                violation_error_message="Giờ bế mạc phải sau giờ khai mạc.",
            ),
            models.CheckConstraint(
                condition=Q(quality_score__isnull=True) | Q(quality_score__lte=100), name="meeting_score_to_100"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.pk])

    @property
    def title(self) -> str:
        """ "Sinh hoạt thường kỳ tháng 01/2027"; committee and extraordinary meetings by their day."""
        if self.kind in (Kind.COMMITTEE, Kind.EXTRAORDINARY):
            return f"{self.get_kind_display()} ngày {vietnamese.date_text(self.day)}"
        return f"{self.get_kind_display()} tháng {timezone.localtime(self.starts_at):%m/%Y}"

    @property
    def day(self):
        """The local date of the opening, before it that of the planned start: what every dated question asks for."""
        return timezone.localtime(self.opened_at or self.starts_at).date()

    @property
    def is_hidden(self) -> bool:
        return self.state in HIDDEN

    @property
    def is_past_notice(self) -> bool:
        """Members have been told at some time (also of a meeting cancelled since)."""
        return self.notified_at is not None
