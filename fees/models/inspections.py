"""Audits of collecting, remitting, keeping and spending the fee; one under way opens the book to its inspectors."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from documents.models import Paper
from fees.states import AUDIT_MOVES, AUDIT_UI, INSPECTING, AuditKind, AuditState
from members.models import Member, Organisation, User
from members.states import PostTitle


def collected(user) -> frozenset:
    """Ids of the cells whose fees the person collects today."""
    return frozenset(organisation for organisation, title in user.posts if title == PostTitle.FEE_COLLECTOR)


class AuditQuerySet(models.QuerySet):
    def inspected_by(self, member):
        """Audits under way of which the member (or id) is an inspector, until the day on which that right ends."""
        return self.filter(state__in=INSPECTING, inspectors__member=member, ends_on__gte=timezone.localdate())

    def of_month(self, month):
        """Audits whose period has a month: its first day, or a reference to it."""
        return self.filter(from_month__lte=month, to_month__gte=month)

    def visible_to(self, user):
        """Its inspectors, the collector, the chi ủy, and the superior who follows the cell."""
        mine = Inspector.objects.filter(member=user.member_id).values("audit")
        cells = user.committee_ids | user.overseen_ids | collected(user)
        return self.filter(Q(cell__in=cells) | Q(pk__in=mine) | Q(collector=user.member_id))


class Audit(models.Model):
    """One audit of a cell's fee book over a period (DOMAIN §3.5)."""

    MOVES = AUDIT_MOVES
    STATE_UI = AUDIT_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="fee_audits", verbose_name="chi bộ")
    kind = models.CharField("loại", max_length=10, choices=AuditKind)
    decision = models.CharField("số kế hoạch, quyết định", max_length=60)
    decided_on = models.DateField("ngày kế hoạch, quyết định")
    from_month = models.DateField("kỳ kiểm tra từ tháng")
    to_month = models.DateField("đến hết tháng")
    planned_on = models.DateField("ngày kiểm tra")
    ends_on = models.DateField("kiểm tra đến hết ngày")  # afterwards the book is closed to the inspectors
    collector = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người thu, giữ đảng phí")
    state = models.CharField("tình trạng", max_length=10, choices=AuditState, default=AuditState.PLANNED)
    answer_by = models.DateField("hạn giải trình", null=True)
    conclusion = models.TextField("kết luận", max_length=5000, blank=True)
    concluded_on = models.DateField("ngày kết luận", null=True)
    cancel_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="fee_audit", verbose_name="biên bản")
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    planned_at = models.DateTimeField("lập lúc", default=timezone.now)
    checked_at = models.DateTimeField("rà lúc", null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc kiểm tra đảng phí"
        verbose_name_plural = "các cuộc kiểm tra đảng phí"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AuditState.values), name="audit_state_known"),
            models.CheckConstraint(
                condition=Q(from_month__day=1, to_month__day=1, to_month__gte=F("from_month")),
                name="audit_months_in_order",
                violation_error_message="Kỳ kiểm tra: tháng cuối phải từ tháng đầu trở đi.",
            ),
        ]
        indexes = [models.Index(fields=["cell", "state"])]

    def __str__(self):
        return f"Kiểm tra đảng phí {self.from_month:%m/%Y} – {self.to_month:%m/%Y}"

    def get_absolute_url(self):
        return reverse("fees:audit", args=[self.pk])


class AuditPartQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(audit__in=Audit.objects.visible_to(user).values("pk"))


class Inspector(models.Model):
    """Who audits; never the collector."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="inspectors", verbose_name="cuộc kiểm tra")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người kiểm tra")
    is_head = models.BooleanField("tổ trưởng", default=False)

    objects = AuditPartQuerySet.as_manager()

    class Meta:
        verbose_name = "người kiểm tra"
        verbose_name_plural = "những người kiểm tra"
        ordering = ["-is_head", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "member"], name="inspector_once"),
            models.UniqueConstraint(fields=["audit"], condition=Q(is_head=True), name="inspector_one_head"),
        ]

    def __str__(self):
        return f"{self.member_id}"

    @property
    def cell_id(self):
        return self.audit.cell_id
