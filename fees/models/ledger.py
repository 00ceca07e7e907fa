"""The cash book: vouchers and entries, double and append-only (triggers refuse edits, and a sum that is not zero)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.uploads import random_name
from fees.models.months import FeeMonth
from fees.models.payments import Payment
from fees.models.readers import books, sums
from fees.states import PLACES, Account, VoucherKind
from members.models import Organisation, User


class VoucherQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Vouchers that name no payer are open to the chi ủy; those of receipts only to who reads their month."""
        named = Q(kind__in=[VoucherKind.RECEIPT, VoucherKind.REVERSAL])
        open_ones = (Q(cell__in=user.committee_ids) | books(user)) & ~named
        return self.filter(open_ones | books(user, month="fee_month__month") | Q(payment__member=user.member_id))


class Voucher(models.Model):
    """One booking. Its entries sum to zero; a debit is positive."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="vouchers", verbose_name="chi bộ")
    fee_month = models.ForeignKey(FeeMonth, models.PROTECT, related_name="vouchers", verbose_name="sổ tháng")
    kind = models.CharField("loại", max_length=12, choices=VoucherKind)
    dated_on = models.DateField("ngày chứng từ")
    text = models.CharField("diễn giải", max_length=300)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="voucher", verbose_name="biên lai")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="đảo")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", default=timezone.now)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = "chứng từ"
        verbose_name_plural = "chứng từ"
        ordering = ["-dated_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=VoucherKind.values), name="voucher_kind_known"),
            models.UniqueConstraint(
                fields=["cell"],
                condition=Q(kind=VoucherKind.OPENING, reverses__isnull=True),
                name="voucher_one_opening",
            ),
        ]
        indexes = [models.Index(fields=["cell", "-dated_on"]), models.Index(fields=["fee_month", "kind"])]

    def __str__(self):
        return self.text


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(voucher__in=Voucher.objects.visible_to(user).values("pk"))


class Entry(models.Model):
    """One side of a voucher, in đồng: positive is debit."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="entries", verbose_name="chứng từ")
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    account = models.CharField("tài khoản", max_length=12, choices=Account)
    amount = models.BigIntegerField("số tiền (đồng)")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "bút toán"
        verbose_name_plural = "bút toán"
        ordering = ["voucher", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "account"], name="entry_once"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="entry_account_known"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_not_zero"),
        ]
        indexes = [models.Index(fields=["cell", "account"])]

    def __str__(self):
        return f"{self.get_account_display()}: {self.amount}"


def paper_file(instance, filename):
    return random_name("fees", filename)


class OpenBookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What goes up and what is spent is open to the whole cell; the superior sees it too."""
        return self.filter(sums(user) | Q(cell__in=user.overseen_ids))


class Remittance(models.Model):
    """Money passed up to the superior, with its paper (giấy nộp tiền, biên lai của cấp trên)."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="remittances", verbose_name="chi bộ")
    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="remittance", verbose_name="chứng từ")
    through_month = models.DateField("nộp đến hết tháng")
    amount = models.PositiveBigIntegerField("số tiền (đồng)")
    place = models.CharField("nộp từ", max_length=12, choices=[(place.value, place.label) for place in PLACES])
    paper_number = models.CharField("số chứng từ nộp", max_length=60)
    receiver = models.CharField("nơi nhận", max_length=150)
    paper = models.FileField("chứng từ", upload_to=paper_file, blank=True)
    paper_name = models.CharField("tên tệp", max_length=200, blank=True)

    objects = OpenBookQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nộp cấp trên"
        verbose_name_plural = "các lần nộp cấp trên"
        ordering = ["-voucher__dated_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="remittance_positive")]

    def __str__(self):
        return f"Nộp cấp trên {self.amount}"


class Spending(models.Model):
    """Money spent from the retained share, by decision (Quyết định 99-QĐ/TW; Hướng dẫn 21-HD/VPTW)."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="spendings", verbose_name="chi bộ")
    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="spending", verbose_name="chứng từ")
    amount = models.PositiveBigIntegerField("số tiền (đồng)")
    place = models.CharField("chi từ", max_length=12, choices=[(place.value, place.label) for place in PLACES])
    purpose = models.CharField("nội dung chi", max_length=250)
    decision = models.CharField("số nghị quyết, quyết định", max_length=60)
    decided_on = models.DateField("ngày quyết định")
    receiver = models.CharField("người nhận tiền", max_length=100, blank=True)
    paper = models.FileField("chứng từ", upload_to=paper_file, blank=True)
    paper_name = models.CharField("tên tệp", max_length=200, blank=True)

    objects = OpenBookQuerySet.as_manager()

    class Meta:
        verbose_name = "khoản chi"
        verbose_name_plural = "các khoản chi"
        ordering = ["-voucher__dated_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="spending_positive"),
            models.CheckConstraint(condition=~Q(decision=""), name="spending_has_decision"),
        ]

    def __str__(self):
        return self.purpose
