"""Exports of a bank or of the portal that are read in: how their columns lie, which file, what became of each line."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fees.models.inspections import collected
from fees.models.payments import Payment
from fees.states import STATEMENT_MOVES, STATEMENT_UI, LineState, Method, Rest, StatementState
from members.models import Member, Organisation, User


class CollectorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Bank lines name payers and amounts: the collector's alone."""
        return self.filter(cell__in=collected(user))


class Source(models.Model):
    """Where exports come from (a bank, the portal) and how their columns are read; kept so that it is set up once."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_sources", verbose_name="chi bộ")
    name = models.CharField("tên nguồn", max_length=80)
    method = models.CharField("hình thức", max_length=10, choices=Method, default=Method.TRANSFER)
    mapping = models.JSONField(
        "cột", default=dict
    )  # {"date": "Ngày GD", "amount": "Ghi có", "text": …, "reference": …}

    objects = CollectorQuerySet.as_manager()

    class Meta:
        verbose_name = "nguồn sao kê"
        verbose_name_plural = "nguồn sao kê"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["cell", "name"], name="source_name_once")]

    def __str__(self):
        return self.name


class Statement(models.Model):
    """One file that was read: first a dry run, then booked line by line."""

    MOVES = STATEMENT_MOVES
    STATE_UI = STATEMENT_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_statements", verbose_name="chi bộ")
    source = models.ForeignKey(Source, models.PROTECT, related_name="statements", verbose_name="nguồn")
    filename = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    state = models.CharField("tình trạng", max_length=10, choices=StatementState, default=StatementState.READ)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đọc")
    read_at = models.DateTimeField("đọc lúc", default=timezone.now)
    said_total = models.BigIntegerField("tổng ghi trong tệp", null=True)  # when the file has a total line

    objects = CollectorQuerySet.as_manager()

    class Meta:
        verbose_name = "sao kê"
        verbose_name_plural = "sao kê"
        ordering = ["-read_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "sha256"],
                condition=~Q(state=StatementState.DROPPED),
                name="statement_once",
                violation_error_message="Tệp này đã được đọc.",
            )
        ]

    def __str__(self):
        return self.filename


class StatementLine(models.Model):
    """One payment in the file."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines", verbose_name="sao kê")
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    row = models.PositiveIntegerField("dòng")
    paid_on = models.DateField("ngày")
    amount = models.PositiveBigIntegerField("số tiền (đồng)")
    text = models.CharField("nội dung", max_length=300, blank=True)
    reference = models.CharField("số giao dịch", max_length=60, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=LineState, default=LineState.UNSURE)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="người đóng")
    problem = models.CharField("vướng", max_length=200, blank=True)
    rest = models.CharField("phần nhiều hơn số còn phải đóng", max_length=10, choices=Rest, blank=True)
    into_open = models.BooleanField("ghi vào tháng đang mở", default=False)  # its own month is closed
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, related_name="statement_line", verbose_name="biên lai"
    )

    objects = CollectorQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng sao kê"
        verbose_name_plural = "dòng sao kê"
        ordering = ["statement", "row"]
        constraints = [models.UniqueConstraint(fields=["statement", "row"], name="statementline_once")]

    def __str__(self):
        return f"{self.row}: {self.amount}"
