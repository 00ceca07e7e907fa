"""The deeds of a pledge, what was done for them, and the files that show it."""

from django.db import models
from django.utils import timezone

from core.encryption import EncryptedTextField
from core.uploads import random_name
from members.models import User
from pledges.models.registrations import Pledge
from pledges.states import (
    Area,
)


class OfPledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pledge__in=Pledge.objects.visible_to(user).values("pk"))


class Deed(models.Model):
    """One thing undertaken (việc đăng ký): what, how it is measured, by when. Complete only once handed in."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="deeds", verbose_name="bản đăng ký")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    title = EncryptedTextField("việc làm theo Bác", max_length=300)
    area = models.CharField("lĩnh vực", max_length=10, choices=Area, blank=True)
    measure = EncryptedTextField("cách đo kết quả", blank=True, max_length=300)
    target = EncryptedTextField("mục tiêu", blank=True, max_length=300)
    due_on = models.DateField("hạn hoàn thành", null=True, blank=True)
    evidence = EncryptedTextField("minh chứng dự kiến", blank=True, max_length=300)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to", verbose_name="chuyển từ năm trước"
    )

    objects = OfPledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "việc đăng ký"
        verbose_name_plural = "việc đăng ký"
        ordering = ["position", "pk"]

    def __str__(self):
        return f"Việc {self.position}"

    @property
    def is_reached(self) -> bool:
        """Whether a note of its progress says that the target is met."""
        return any(note.reached for note in self.progress.all())

    @property
    def cell_id(self):
        return self.pledge.cell_id


class OfDeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(deed__pledge__in=Pledge.objects.visible_to(user).values("pk"))


class Progress(models.Model):
    """What was done for a deed, as its author tells it; ``reached``: the target is met with this."""

    deed = models.ForeignKey(Deed, models.CASCADE, related_name="progress", verbose_name="việc đăng ký")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    text = EncryptedTextField("kết quả đã làm", max_length=2000)
    reached = models.BooleanField("đã đạt mục tiêu", default=False)
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = OfDeedQuerySet.as_manager()

    class Meta:
        verbose_name = "tiến độ việc đăng ký"
        verbose_name_plural = "tiến độ việc đăng ký"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"Tiến độ ngày {timezone.localtime(self.at):%d/%m/%Y}"

    @property
    def cell_id(self):
        return self.deed.pledge.cell_id


def proof_name(instance, filename):
    return random_name("pledges", filename)


class ProofQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(progress__deed__pledge__in=Pledge.objects.visible_to(user).values("pk"))


class Proof(models.Model):
    """A photo or file that shows what was done, judged by its content before it is stored."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="files", verbose_name="tiến độ")
    file = models.FileField("tệp minh chứng", upload_to=proof_name)
    filename = EncryptedTextField("tên tệp", max_length=200)
    mime = models.CharField("loại tệp", max_length=100)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng việc đăng ký"
        verbose_name_plural = "minh chứng việc đăng ký"

    def __str__(self):
        return f"Tệp {self.pk}"

    @property
    def cell_id(self):
        return self.progress.deed.pledge.cell_id
