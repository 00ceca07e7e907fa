"""What a member says once and then only when it changes, and what the cell decides about exemption and reduction."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.uploads import random_name
from fees.incomes import words_of
from fees.models.inspections import Audit, collected
from fees.models.readers import answerable, books
from fees.states import (
    DECLARATION_MOVES,
    DECLARATION_UI,
    WAIVER_MOVES,
    WAIVER_UI,
    DeclarationState,
    WaiverGround,
    WaiverKind,
    WaiverState,
)
from members.models import Member, Organisation, User
from members.queries import rule_for
from members.states import FeeCategoryKind


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The member and the collector (DOMAIN §10), inspectors of an audit where it counts in the audited months,
        and of a declaration of the collector the head who answers it."""
        own = Q(member=user.member_id) | Q(cell__in=collected(user))
        return self.filter(own | Q(audited_by(user)) | answerable(user))

    def in_force(self):
        return self.filter(state=DeclarationState.ACCEPTED)


def audited_by(user):
    """Condition: declarations that count in the months which the person audits, not those replaced before them."""
    replaced = Declaration.objects.filter(
        member=OuterRef(OuterRef("member")), state=DeclarationState.ACCEPTED,
        from_month__gt=OuterRef(OuterRef("from_month")), from_month__lte=OuterRef("from_month"),
    )  # fmt: skip
    audits = Audit.objects.inspected_by(user.member_id).filter(
        cell=OuterRef("cell"), to_month__gte=OuterRef("from_month")
    )
    return Exists(audits.filter(~Exists(replaced)))


class Declaration(models.Model):
    """Income on which the fee is counted, from a month on until the next accepted one (QĐ 01-QĐ/TW, 3/2/2026)."""

    MOVES = DECLARATION_MOVES
    STATE_UI = DECLARATION_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="declarations", verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, related_name="declarations", verbose_name="đảng viên")
    category = models.CharField("đối tượng đóng đảng phí", max_length=20, choices=FeeCategoryKind)
    from_month = models.DateField("từ tháng")  # first day of the fee month that it holds from
    amount = models.PositiveBigIntegerField("thu nhập tính đóng (đồng/tháng)", default=0)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=DeclarationState, default=DeclarationState.DECLARED)
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người kê khai")
    declared_at = models.DateTimeField("kê khai lúc", default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tiếp nhận")
    answered_at = models.DateTimeField("tiếp nhận lúc", null=True)
    answer = models.CharField("lý do trả lại", max_length=300, blank=True)
    # of the cell or its superior: where nobody but the member could accept it
    decision = models.CharField("số nghị quyết, quyết định", max_length=60, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "kê khai thu nhập"
        verbose_name_plural = "kê khai thu nhập"
        ordering = ["-from_month", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeclarationState.values), name="declaration_state_known"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="declaration_first_of_month"),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state=DeclarationState.DECLARED),
                name="declaration_one_waiting",
                violation_error_message="Đồng chí đã có một kê khai chờ tiếp nhận.",
            ),
        ]
        indexes = [models.Index(fields=["cell", "state"]), models.Index(fields=["member", "-from_month"])]

    def __str__(self):
        return f"Kê khai từ {self.from_month:%m/%Y}"

    def get_absolute_url(self):
        return reverse("fees:declaration", args=[self.pk])

    @property
    def category_words(self) -> str:
        """The category as the form of a declaration names it."""
        return words_of(self.category)


def waiver_name(instance, filename):
    return random_name("waivers", filename)


class WaiverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The member, the collector, the secretary and deputy who bring it to the cell, the inspectors."""
        return self.filter(Q(member=user.member_id) | Q(cell__in=user.headed_ids) | books(user))

    def in_force(self, month):
        """Decided ones that hold for a fee month (its first day)."""
        return self.filter(state=WaiverState.DECIDED, from_month__lte=month).filter(
            Q(to_month__isnull=True) | Q(to_month__gte=month)
        )


class Waiver(models.Model):
    """Exemption or reduction on the member's application, by decision and for a time (QĐ 01-QĐ/TW; DOMAIN §3.2)."""

    MOVES = WAIVER_MOVES
    STATE_UI = WAIVER_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="waivers", verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, related_name="waivers", verbose_name="đảng viên")
    kind = models.CharField("xin", max_length=10, choices=WaiverKind)
    percent = models.PositiveSmallIntegerField("mức giảm (%)", default=100)  # 100: exempt
    asked_percent = models.PositiveSmallIntegerField("mức đã xin (%)", null=True, editable=False)  # once decided
    ground = models.CharField("lý do", max_length=20, choices=WaiverGround)
    reason = models.CharField("trình bày", max_length=500, blank=True)
    from_month = models.DateField("từ tháng")
    to_month = models.DateField("đến hết tháng", null=True, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=WaiverState, default=WaiverState.ASKED)
    decision = models.CharField("số nghị quyết, quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decided_by = models.CharField("nơi quyết định", max_length=150, blank=True)
    answer = models.CharField("ý kiến trả lời", max_length=300, blank=True)
    paper = models.FileField("giấy tờ kèm theo", upload_to=waiver_name, blank=True)
    paper_name = models.CharField("tên tệp", max_length=200, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    asked_at = models.DateTimeField("lập lúc", default=timezone.now)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = "miễn, giảm đảng phí"
        verbose_name_plural = "miễn, giảm đảng phí"
        ordering = ["-from_month", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WaiverState.values), name="waiver_state_known"),
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=100), name="waiver_percent"),
            models.CheckConstraint(
                condition=Q(kind=WaiverKind.REDUCE, percent__lt=100) | Q(kind=WaiverKind.EXEMPT, percent=100),
                name="waiver_kind_percent",
            ),
            models.CheckConstraint(
                condition=Q(from_month__day=1) & (Q(to_month__isnull=True) | Q(to_month__gte=F("from_month"))),
                name="waiver_months_in_order",
                violation_error_message="Tháng kết thúc phải từ tháng bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(state=WaiverState.DECIDED) | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="waiver_decided_has_decision",
                violation_error_message="Ghi số và ngày của quyết định miễn, giảm.",
            ),
        ]
        indexes = [models.Index(fields=["cell", "state"]), models.Index(fields=["member", "from_month"])]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.from_month:%m/%Y}"

    def get_absolute_url(self):
        return reverse("fees:waiver", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether its last month has passed."""
        return self.to_month is not None and self.to_month < timezone.localdate().replace(day=1)

    @property
    def cell_decides(self) -> bool:
        """Whether the cell decides itself (chi bộ cơ sở) or reports to its superior (chi bộ trực thuộc)."""
        return self.cell.parent_id is None or rule_for(self.cell, "fee.waiver_decided_by_cell").yes

    @property
    def gives_more(self) -> bool:
        """Whether more was decided than was asked for."""
        return self.asked_percent is not None and self.percent > self.asked_percent

    @property
    def span(self) -> str:
        """ "từ 01/2026 đến hết 12/2026"."""
        until = f" đến hết {self.to_month:%m/%Y}" if self.to_month else ", chưa định ngày kết thúc"
        return f"từ {self.from_month:%m/%Y}{until}"

    @property
    def words(self) -> str:
        """ "Miễn đảng phí", "Giảm 30 %"."""
        return self.get_kind_display() if self.kind == WaiverKind.EXEMPT else f"Giảm {self.percent} %"
