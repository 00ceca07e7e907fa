"""What audits find and demand; cash counts; the hand-over of the book."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment
from documents.models import Paper
from fees.models.inspections import Audit, Inspector, collected
from fees.models.ledger import Voucher
from fees.models.readers import books
from fees.states import AuditState
from members.models import Member, Organisation, User


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Findings name people and amounts: inspectors, collector, and once concluded who is named, the own ones."""
        named = Q(member=user.member_id, audit__state=AuditState.CONCLUDED)
        return self.filter(sides(user) | named)


def sides(user):
    """Condition: rows of an audit which the person makes or must bear."""
    mine = Inspector.objects.filter(member=user.member_id).values("audit")
    return Q(audit__in=mine) | Q(audit__collector=user.member_id) | Q(audit__cell__in=collected(user))


class Finding(models.Model):
    """What a named check of the system, or an inspector, found; with the collector's answer."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="findings", verbose_name="cuộc kiểm tra")
    check_key = models.CharField("mục kiểm tra", max_length=40, blank=True)  # "": found by an inspector
    key = models.CharField(max_length=80, blank=True)  # stable per row found, so that a second run adds nothing
    text = models.CharField("phát hiện", max_length=500)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="đảng viên")
    month = models.DateField("tháng", null=True)
    amount = models.BigIntegerField("số tiền (đồng)", null=True)
    answer = models.CharField("giải trình", max_length=500, blank=True)
    answered_at = models.DateTimeField("giải trình lúc", null=True)
    upheld = models.BooleanField("giữ phát hiện", null=True)  # None: not judged yet
    verdict = models.CharField("nhận xét của tổ kiểm tra", max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "phát hiện"
        verbose_name_plural = "phát hiện"
        ordering = ["audit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "check_key", "key"], condition=~Q(check_key=""), name="finding_once"
            )
        ]

    def __str__(self):
        return self.text

    @property
    def cell_id(self):
        return self.audit.cell_id


class DemandQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Inspectors and collector, the chi ủy once concluded; not the superior."""
        concluded = Q(audit__cell__in=user.committee_ids, audit__state=AuditState.CONCLUDED)
        return self.filter(sides(user) | concluded)


class Demand(models.Model):
    """What must be mended by when: an assignment whose audience is owner and giver."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="demands", verbose_name="cuộc kiểm tra")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="demands", verbose_name="phát hiện")
    text = models.CharField("yêu cầu khắc phục", max_length=250)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người thực hiện")
    due_on = models.DateField("hạn")
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, related_name="fee_demand", verbose_name="nhiệm vụ"
    )  # given by the conclusion

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu khắc phục"
        verbose_name_plural = "yêu cầu khắc phục"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.text

    @property
    def cell_id(self):
        return self.audit.cell_id


class BookQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(cell__in=user.committee_ids) | books(user))


class CashCount(models.Model):
    """Cash counted against the book: notes and coins by value, the book's balance at that moment."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="cash_counts", verbose_name="chi bộ")
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, related_name="counts", verbose_name="cuộc kiểm tra")
    counted_on = models.DateField("ngày kiểm quỹ")
    pieces = models.JSONField("số tờ theo mệnh giá", default=dict)  # {"100000": 12, …}
    counted = models.PositiveBigIntegerField("tiền mặt đếm được (đồng)")
    book = models.BigIntegerField("tiền mặt theo sổ (đồng)")  # frozen at the count
    bank_statement = models.BigIntegerField("số dư ngân hàng theo sao kê (đồng)", null=True)
    bank_book = models.BigIntegerField("tiền gửi theo sổ (đồng)", default=0)
    explanation = models.CharField("giải thích chênh lệch", max_length=300, blank=True)
    voucher = models.OneToOneField(
        Voucher, models.PROTECT, null=True, related_name="cash_count", verbose_name="bút toán chênh lệch"
    )
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", default=timezone.now)

    objects = BookQuerySet.as_manager()

    class Meta:
        verbose_name = "lần kiểm quỹ"
        verbose_name_plural = "các lần kiểm quỹ"
        ordering = ["-counted_on", "-pk"]

    def __str__(self):
        return f"Kiểm quỹ {self.counted_on:%d/%m/%Y}"

    @property
    def difference(self) -> int:
        """Counted minus book (đồng): negative when cash is short."""
        return self.counted - self.book


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides, also who collects no more; the chi ủy, and who reads the book."""
        sides = Q(giver=user.member_id) | Q(receiver=user.member_id)
        return self.filter(sides | Q(cell__in=user.committee_ids) | books(user))


class Handover(models.Model):
    """The book and the money pass from one collector to the next; a numbered paper signed by both."""

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_handovers", verbose_name="chi bộ")
    giver = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="bên giao")
    receiver = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="bên nhận")
    handed_on = models.DateField("ngày bàn giao")
    count = models.OneToOneField(CashCount, models.PROTECT, related_name="handover", verbose_name="kiểm quỹ")
    balances = models.JSONField("số dư bàn giao", default=dict)  # account -> đồng, frozen
    last_receipt = models.CharField("biên lai cuối", max_length=12, blank=True)
    note = models.CharField("hồ sơ, việc còn dở", max_length=1000, blank=True)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="fee_handover", verbose_name="biên bản")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    at = models.DateTimeField("lập lúc", default=timezone.now)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "bàn giao sổ đảng phí"
        verbose_name_plural = "bàn giao sổ đảng phí"
        ordering = ["-handed_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="handover_two_people"),
        ]

    def __str__(self):
        return f"Bàn giao {self.handed_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("fees:handover", args=[self.pk])
