"""The month of the fee book and what each member owes in it. Closing freezes both."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.vietnamese import money
from fees.models.people import Waiver
from fees.models.readers import books, sums
from fees.states import MONTH_MOVES, MONTH_UI, NOT_COMPUTED, DueKind, MonthState
from members.models import Member, Organisation, User
from members.states import FeeCategoryKind


class FeeMonthQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sums of the month lie open to the whole cell (finances are disclosed inside each body, DOMAIN §3.5)."""
        return self.filter(sums(user) | Q(cell__in=user.overseen_ids))


class FeeMonth(models.Model):
    """One month of a cell's book. What comes in while it is open belongs to it, whatever months it pays for."""

    MOVES = MONTH_MOVES
    STATE_UI = MONTH_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_months", verbose_name="chi bộ")
    month = models.DateField("tháng")  # its first day
    state = models.CharField("tình trạng", max_length=10, choices=MonthState, default=MonthState.OPEN)
    opened_at = models.DateTimeField("mở lúc", default=timezone.now)
    closed_at = models.DateTimeField("khóa lúc", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người khóa")
    # frozen by the close; the share only once it is configured and the month is split
    due_total = models.BigIntegerField("phải thu", null=True)
    collected_total = models.BigIntegerField("đã thu", null=True)
    retained_percent = models.DecimalField("tỷ lệ để lại (%)", max_digits=5, decimal_places=2, null=True)
    retained_total = models.BigIntegerField("để lại", null=True)
    payable_total = models.BigIntegerField("phải nộp", null=True)

    objects = FeeMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "tháng của sổ đảng phí"
        verbose_name_plural = "tháng của sổ đảng phí"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["cell", "month"], name="feemonth_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="feemonth_first_of_month"),
            models.CheckConstraint(
                condition=Q(state=MonthState.OPEN, closed_at__isnull=True)
                | Q(state=MonthState.CLOSED, closed_at__isnull=False, collected_total__isnull=False),
                name="feemonth_closed_is_frozen",
            ),
        ]

    def __str__(self):
        return f"Đảng phí tháng {self.month:%m/%Y}"

    def get_absolute_url(self):
        return reverse("fees:month", args=[self.month.year, self.month.month])

    @property
    def is_open(self) -> bool:
        return self.state == MonthState.OPEN


class DueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(member=user.member_id) | books(user, month="month"))


class Due(models.Model):
    """What one member owes for one month, with the formula and the rules it was counted by (đồng)."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    fee_month = models.ForeignKey(FeeMonth, models.PROTECT, related_name="dues", verbose_name="tháng của sổ")
    month = models.DateField("tháng")  # of fee_month; stands here for the constraint and the grid
    member = models.ForeignKey(Member, models.PROTECT, related_name="fee_dues", verbose_name="đảng viên")
    kind = models.CharField("kết quả", max_length=12, choices=DueKind)
    category = models.CharField("đối tượng", max_length=20, choices=FeeCategoryKind, blank=True)
    base = models.BigIntegerField("căn cứ đóng (đồng)", null=True)
    rate = models.CharField("mức", max_length=40, blank=True)  # "1 %", "0,3 % × vùng I"
    raw = models.DecimalField("trước khi làm tròn", max_digits=16, decimal_places=4, default=0)
    amount = models.BigIntegerField("phải đóng (đồng)", default=0)
    formula = models.CharField("cách tính", max_length=300, blank=True)
    rules = models.JSONField("quy định đã áp dụng", default=list)  # [{key, title, value, unit, source, verified}]
    problem = models.CharField("chưa tính được vì", max_length=300, blank=True)
    waiver = models.ForeignKey(Waiver, models.PROTECT, null=True, related_name="dues", verbose_name="miễn, giảm")

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = "mức đóng của tháng"
        verbose_name_plural = "mức đóng của tháng"
        ordering = ["fee_month", "member__sort_key", "member_id"]
        constraints = [
            models.UniqueConstraint(fields=["fee_month", "member"], name="due_once"),
            models.UniqueConstraint(
                fields=["member", "month"], condition=Q(kind=DueKind.PAYABLE), name="due_in_one_cell"
            ),
            models.CheckConstraint(condition=Q(kind__in=DueKind.values), name="due_kind_known"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(kind=DueKind.PAYABLE) | Q(amount=0)), name="due_amount"
            ),
        ]
        indexes = [models.Index(fields=["member", "-month"]), models.Index(fields=["cell", "month"])]

    def __str__(self):
        return f"{self.month:%m/%Y}: {money(self.amount)}"

    @property
    def computed(self) -> bool:
        return self.kind not in NOT_COMPUTED

    @property
    def verified(self) -> bool:
        """Whether every rule behind the amount is a confirmed one."""
        return all(rule["verified"] for rule in self.rules)


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(due__member=user.member_id) | books(user, month="due__month"))


class Correction(models.Model):
    """Changes what is owed for a closed month; booked in an open one, never edited (append-only)."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="chi bộ")
    due = models.ForeignKey(Due, models.PROTECT, related_name="corrections", verbose_name="mức đóng")
    fee_month = models.ForeignKey(FeeMonth, models.PROTECT, related_name="corrections", verbose_name="ghi vào tháng")
    amount = models.BigIntegerField("tăng (giảm) đồng")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "điều chỉnh mức đóng"
        verbose_name_plural = "điều chỉnh mức đóng"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="correction_not_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
        ]

    def __str__(self):
        return f"{money(self.amount)}"
