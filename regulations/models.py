"""Dated rules: every number that the code asks for, with its source and the days it holds."""

from django.db import models
from django.db.models import F, Q


class Kind(models.TextChoices):
    """Which kind of organisation a rule speaks of."""

    ANY = "any", "Mọi tổ chức"
    CELL = "cell", "Chi bộ"
    SUPERIOR = "superior", "Cấp trên"


class Rule(models.Model):
    """A national row. It comes from the data file and is never edited in the app."""

    key = models.CharField("khóa", max_length=80)
    title = models.CharField("nội dung", max_length=200)
    value = models.CharField("giá trị", max_length=200, blank=True)  # empty: "chưa cấu hình"
    unit = models.CharField("đơn vị", max_length=40, blank=True)
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("đến hết", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=300)
    verified = models.BooleanField("đã kiểm chứng")
    locally_settable = models.BooleanField("chi bộ được tự đặt", default=False)
    kind = models.CharField("loại tổ chức", max_length=10, choices=Kind, default=Kind.ANY)
    shape = models.CharField("dạng giá trị", max_length=10, blank=True)  # for a value not known yet, else seen from it

    class Meta:
        verbose_name = "quy định"
        verbose_name_plural = "quy định"
        ordering = ["key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="rule_once_per_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="rule_dates_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.title}: {self.value or 'chưa cấu hình'} {self.unit}".strip()


class DayKind(models.TextChoices):
    """What an official day means for a calendar of meetings."""

    OFF = "off", "Nghỉ lễ, Tết"
    WORK = "work", "Làm bù"


class OfficialDay(models.Model):
    """A public holiday, a day off in lieu or a working Saturday; national, first filled from the library ``holidays``.

    ``decreed`` is False ("dự kiến") for years whose days off no decree had fixed when the library was made.
    """

    date = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=150)
    kind = models.CharField("loại", max_length=5, choices=DayKind, default=DayKind.OFF)
    decreed = models.BooleanField("đã có văn bản", default=False)
    source = models.CharField("căn cứ", max_length=300)

    class Meta:
        verbose_name = "ngày nghỉ chính thức"
        verbose_name_plural = "ngày nghỉ chính thức"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%d/%m/%Y} {self.name}"
