"""The diary of who did what: append-only, hash-chained per organisation (trigger in the first migration)."""

from django.db import models

from members.models.accounts import User
from members.models.organisations import Organisation


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole diary of a cell for its committee; for others their own lines."""
        return self.filter(models.Q(organisation__in=user.committee_ids) | models.Q(actor=user))


class Activity(models.Model):
    """One line: ids, numbers and keyed digests; no names, no prose."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="activities", verbose_name="tổ chức")
    seq = models.BigIntegerField("số thứ tự")
    at = models.DateTimeField("lúc")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    verb = models.CharField("việc", max_length=60)
    object_label = models.CharField("đối tượng", max_length=60)
    object_id = models.BigIntegerField("mã đối tượng")
    text = models.TextField("dòng chuẩn")
    digest = models.CharField("dấu của đối tượng", max_length=64, blank=True)
    hash = models.CharField("mã băm", max_length=64)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-seq"]
        constraints = [models.UniqueConstraint(fields=["organisation", "seq"], name="activity_one_chain")]
        indexes = [
            models.Index(fields=["object_label", "object_id", "seq"]),
            models.Index(fields=["actor", "-at"]),
        ]

    def __str__(self):
        return f"{self.organisation_id}/{self.seq} {self.verb}"


class ChainHead(models.Model):
    """Last number and hash of an organisation's chain; locking this row orders the writers."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="chain_head")
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"
        verbose_name_plural = "đầu chuỗi nhật ký"

    def __str__(self):
        return f"{self.organisation_id}: {self.seq}"
