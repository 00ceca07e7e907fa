"""Reminders and mail as rows: planned, claimed one at a time, one outcome each."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.states import Look
from members.models import Member, Organisation


class Outcome(models.TextChoices):
    WAITING = "", "Chờ gửi"
    SENT = "sent", "Đã gửi"
    REFUSED = "refused", "Máy chủ thư từ chối"
    NO_ADDRESS = "no_address", "Không có địa chỉ thư"
    IN_APP = "in_app", "Báo trong Chibo"
    WITHDRAWN = "withdrawn", "Đã thôi không gửi"


OUTCOME_UI = {
    Outcome.WAITING: Look("Chờ gửi", "", "clock"),
    Outcome.SENT: Look("Đã gửi", "ok", "check-lg"),
    Outcome.REFUSED: Look("Máy chủ thư từ chối", "danger", "exclamation-triangle"),
    Outcome.NO_ADDRESS: Look("Không có địa chỉ thư", "warn", "phone"),
    Outcome.IN_APP: Look("Báo trong Chibo", "ok", "bell"),
    Outcome.WITHDRAWN: Look("Đã thôi không gửi", "line", "x-lg"),
}


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own notices; the committee those of its cell, but for the private ones."""
        return self.filter(Q(recipient=user.member_id) | Q(cell__in=user.committee_ids, private=False))


class Notice(models.Model):
    """One thing to be told to one person at a time, under a unique key."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="notices", verbose_name="chi bộ")
    recipient = models.ForeignKey(Member, models.PROTECT, related_name="notices", verbose_name="người nhận")
    kind = models.CharField("loại", max_length=40)
    key = models.CharField("khóa", max_length=120)
    subject = models.CharField("tiêu đề", max_length=200)
    due_at = models.DateTimeField("gửi từ lúc", default=timezone.now)
    context = models.JSONField("dữ liệu", default=dict)
    attachments = models.JSONField("đính kèm", default=list)
    url = models.CharField("trang liên quan", max_length=200, blank=True)
    private = models.BooleanField("chỉ người nhận xem", default=False)
    urgent = models.BooleanField("gửi cả trong giờ nghỉ", default=False)
    # what the one button of its mail does: a purpose of notices.actions and the id of the thing it is done to
    action = models.CharField("việc làm từ thư", max_length=40, blank=True)
    target = models.BigIntegerField(null=True)
    created_at = models.DateTimeField("lập lúc", default=timezone.now)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, blank=True)
    maybe_twice = models.BooleanField("có thể đã gửi hai lần", default=False)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    error = models.CharField("lỗi", max_length=300, blank=True)
    withdrawn_because = models.CharField("lý do thôi gửi", max_length=200, blank=True)
    done_at = models.DateTimeField("xong lúc", null=True)
    address = models.CharField("địa chỉ đã gửi", max_length=254, blank=True)
    seen_at = models.DateTimeField("người nhận xem lúc", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome=""), name="notice_due"),
            models.Index(fields=["cell", "-due_at"]),
            models.Index(fields=["recipient", "-due_at"]),
            models.Index(fields=["key"], opclasses=["varchar_pattern_ops"], name="notice_key"),
        ]

    def __str__(self):
        return f"{self.kind} → {self.recipient_id}"

    def get_absolute_url(self):
        return reverse("notices:detail", args=[self.pk])

    @property
    def look(self):
        return OUTCOME_UI[Outcome(self.outcome)]


class Channel(models.TextChoices):
    MAIL = "mail", "Gửi thư điện tử và báo trong Chibo"
    IN_APP = "in_app", "Chỉ báo trong Chibo"


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(member=user.member_id)


class Preference(models.Model):
    """How a person wants to be told; without a row by mail."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="notice_preference", verbose_name="đảng viên")
    channel = models.CharField("cách báo", max_length=10, choices=Channel, default=Channel.MAIL)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "cách nhận thông báo"
        verbose_name_plural = "cách nhận thông báo"

    def __str__(self):
        return f"{self.member_id}: {self.get_channel_display()}"


class MailLink(models.Model):
    """A one-time address in a mail, which acts without password on its POST. Only a digest of its token is kept."""

    digest = models.CharField(max_length=64, unique=True)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="links", verbose_name="thông báo")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name="đảng viên")
    address = models.CharField("địa chỉ thư mang nó", max_length=254, blank=True)
    purpose = models.CharField("việc", max_length=40)
    target = models.BigIntegerField()
    created_at = models.DateTimeField("lập lúc", default=timezone.now)
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "đường dẫn trong thư"
        verbose_name_plural = "đường dẫn trong thư"
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self):
        return f"{self.purpose} {self.target}"


class Feed(models.Model):
    """The private calendar address of a person; only a digest of its token is kept, a new one takes its place."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="calendar_feed", verbose_name="đảng viên")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("lập lúc", default=timezone.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "lịch riêng"
        verbose_name_plural = "lịch riêng"

    def __str__(self):
        return f"Lịch của {self.member_id}"
