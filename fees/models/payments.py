"""Money received, for which months, and the numbers of the receipts. Append-only: a mistake is reversed, not edited."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Replace
from django.urls import reverse
from django.utils import timezone

from documents.models import new_code
from fees.models.months import FeeMonth
from fees.models.readers import books
from fees.states import Method, Share
from members.models import Member, Organisation, User

# the number of a transaction as it is compared: "FT 1" and "ft1" are one
REFERENCE_KEY = Lower(Replace("reference", Value(" "), Value("")))


def reference_key(reference: str) -> str:
    """``REFERENCE_KEY`` of a text: small letters, no blanks."""
    return "".join(reference.split()).lower()


class ReceiptBook(models.Model):
    """Last number of a receipt, per cell and year; locking this row orders the writers: no gap, no number twice."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    year = models.PositiveSmallIntegerField("năm")
    last = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "quyển biên lai"
        verbose_name_plural = "quyển biên lai"
        constraints = [models.UniqueConstraint(fields=["cell", "year"], name="receiptbook_once")]

    def __str__(self):
        return f"{self.year}: {self.last}"


class PaymentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(member=user.member_id) | books(user, month="fee_month__month"))


class Payment(models.Model):
    """One receipt (biên lai). A reversal is a receipt of its own, negative, that names the one it takes back."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_payments", verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, related_name="fee_payments", verbose_name="người đóng")
    fee_month = models.ForeignKey(FeeMonth, models.PROTECT, related_name="payments", verbose_name="ghi vào sổ tháng")
    year = models.PositiveSmallIntegerField("quyển biên lai năm")
    number = models.PositiveIntegerField("số biên lai")
    paid_on = models.DateField("ngày đóng")
    amount = models.BigIntegerField("số tiền (đồng)")
    method = models.CharField("hình thức", max_length=10, choices=Method)
    reference = models.CharField("số giao dịch", max_length=60, blank=True)
    # how often this reference was booked and taken back before: only then it may be booked anew
    again = models.PositiveSmallIntegerField("lần ghi lại số giao dịch", default=0, editable=False)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="hủy")
    code = models.CharField("mã kiểm tra", max_length=24, unique=True, default=new_code, editable=False)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thu")
    received_at = models.DateTimeField("ghi lúc", default=timezone.now)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "biên lai"
        verbose_name_plural = "biên lai"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cell", "year", "number"], name="payment_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="payment_number_from_one"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="payment_sign",
            ),
            models.UniqueConstraint(
                "cell",
                "method",
                REFERENCE_KEY,
                "again",
                condition=~Q(reference="") & Q(reverses__isnull=True),
                name="payment_reference_once",
                violation_error_message="Số giao dịch này đã được ghi vào sổ.",
            ),
            models.CheckConstraint(condition=~Q(reverses=F("pk")), name="payment_not_own_reversal"),
        ]
        indexes = [models.Index(fields=["member", "-paid_on"]), models.Index(fields=["fee_month", "number"])]

    def __str__(self):
        return f"Biên lai {self.number_text}"

    def get_absolute_url(self):
        return reverse("fees:receipt", args=[self.pk])

    @property
    def number_text(self) -> str:
        """ "0012/2026", as printed."""
        return f"{self.number:04d}/{self.year}"


class AllocationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(payment__in=Payment.objects.visible_to(user).values("pk"))


class Allocation(models.Model):
    """The part of a payment that pays for one month (opened or not yet), or that was given voluntarily (đồng)."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations", verbose_name="biên lai")
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người đóng")
    month = models.DateField("cho tháng")
    share = models.CharField("để", max_length=10, choices=Share, default=Share.DUE)
    amount = models.BigIntegerField("số tiền (đồng)")
    # as the receipt was written, whatever is counted later; ``ahead`` None: written before these columns were there
    formula = models.CharField("cách tính", max_length=300, blank=True)
    rules = models.TextField("quy định đã áp dụng", blank=True)  # "…; … (chưa kiểm chứng)"
    ahead = models.BooleanField("đóng trước, chưa đến tháng", null=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = "phần của biên lai"
        verbose_name_plural = "phần của biên lai"
        ordering = ["payment", "month", "share"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "month", "share"], name="allocation_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="allocation_first_of_month"),
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_not_zero"),
        ]
        indexes = [models.Index(fields=["cell", "month"]), models.Index(fields=["member", "month"])]

    def __str__(self):
        return f"{self.month:%m/%Y}: {self.amount}"
