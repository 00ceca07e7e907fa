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
    WITHDRAWN = "withdrawn", "Đã thôi không gửi"


OUTCOME_UI = {
    Outcome.WAITING: Look("Chờ gửi", "", "clock"),
    Outcome.SENT: Look("Đã gửi", "ok", "check-lg"),
    Outcome.REFUSED: Look("Máy chủ thư từ chối", "danger", "exclamation-triangle"),
    Outcome.NO_ADDRESS: Look("Không có địa chỉ thư", "warn", "phone"),
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
    created_at = models.DateTimeField("lập lúc", default=timezone.now)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome, blank=True)
    maybe_twice = models.BooleanField("có thể đã gửi hai lần", default=False)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    error = models.CharField("lỗi", max_length=300, blank=True)
    done_at = models.DateTimeField("xong lúc", null=True)
    address = models.CharField("địa chỉ đã gửi", max_length=254, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome=""), name="notice_due"),
            models.Index(fields=["cell", "-due_at"]),
        ]

    def __str__(self):
        return f"{self.kind} → {self.recipient_id}"

    def get_absolute_url(self):
        return reverse("notices:detail", args=[self.pk])

    @property
    def look(self):
        return OUTCOME_UI[Outcome(self.outcome)]
