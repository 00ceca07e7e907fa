"""Members and everything about them that has a date."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import vietnamese
from members.models.dated import Dated, dates_in_order, never_two
from members.models.organisations import Organisation
from members.states import (
    ON_ROLL,
    ONE_HOLDER,
    ExemptionKind,
    FeeCategoryKind,
    PlacementKind,
    PostTitle,
    StatusKind,
)


class Sex(models.TextChoices):
    MALE = "nam", "Nam"
    FEMALE = "nữ", "Nữ"


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People who are or were in the cells one may see, and visitors there; a sysadmin sees all names."""
        if user.is_sysadmin:
            return self
        cells = user.cell_ids | user.overseen_ids | {organisation for organisation, _ in user.posts}
        mine = Q(pk=user.member_id)
        there = Q(pk__in=Membership.objects.filter(cell__in=cells).values("member"))
        here = Q(pk__in=Placement.objects.filter(cell__in=cells).values("member"))
        return self.filter(mine | there | here)

    def with_standing(self, on=None, cell=None):
        """Adds ``status_kind``, ``exemption_kind``, ``placement_kind`` as they are on that day.

        With ``cell`` only placements in the book of that cell count: a visitor is "temporarily here" for the host
        and "temporarily elsewhere" at home.
        """
        on = on or timezone.localdate()

        def newest(model, **where):
            rows = model.objects.on(on).filter(member=OuterRef("pk"), **where).order_by("-starts_on")
            return Subquery(rows.values("kind")[:1])

        return self.annotate(
            status_kind=newest(Status),
            exemption_kind=newest(Exemption),
            placement_kind=newest(Placement, **({"cell": cell} if cell else {})),
        )

    def on_roll(self, cell, on):
        """The roll of a cell on a day: members with a membership there and a status that counts."""
        return self.filter(
            pk__in=Membership.objects.on(on).filter(cell=cell).values("member"),
        ).filter(pk__in=Status.objects.on(on).filter(kind__in=ON_ROLL).values("member"))

    def visiting(self, cell, on):
        """Members of other cells in temporary activities here (sinh hoạt tạm thời tại đây)."""
        return self.filter(
            pk__in=Placement.objects.on(on).filter(cell=cell, kind=PlacementKind.TEMP_HERE).values("member")
        )

    def search(self, words):
        """Names that contain every word, marks ignored."""
        found = self
        for word in vietnamese.fold(words).split():
            found = found.filter(folded_name__contains=word)
        return found

    def in_book(self, cell, on):
        """Everybody who stands or once stood in a cell's book, with standing there and ``at_home`` on the day."""
        ever = Membership.objects.filter(cell=cell).values("member")
        placed = Placement.objects.filter(cell=cell).values("member")
        home = Membership.objects.on(on).filter(cell=cell, member=OuterRef("pk"))
        return self.filter(Q(pk__in=ever) | Q(pk__in=placed)).with_standing(on, cell).annotate(at_home=Exists(home))


class Member(models.Model):
    """A person. Only what a cell may hold outside the secret dossier (DOMAIN §6.1)."""

    full_name = models.CharField("họ và tên", max_length=100)
    sort_key = models.CharField(max_length=700, editable=False)
    folded_name = models.CharField(max_length=200, editable=False)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    sex = models.CharField("giới tính", max_length=3, choices=Sex, blank=True)
    card_no = models.CharField("số thẻ đảng viên", max_length=20, blank=True)
    dossier_no = models.CharField("số lý lịch", max_length=12, blank=True)
    admitted_on = models.DateField("ngày vào Đảng", null=True, blank=True)
    official_on = models.DateField("ngày chính thức", null=True, blank=True)
    occupation = models.CharField("nghề nghiệp, chức vụ công tác", max_length=150, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "đảng viên"
        verbose_name_plural = "đảng viên"
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key"])]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        """Keeps the stored sort key and folded name in step with the name."""
        self.full_name = " ".join(vietnamese.nfc(self.full_name).split())
        self.sort_key = vietnamese.name_key(self.full_name)[:700]
        self.folded_name = vietnamese.fold(self.full_name)
        if (fields := kwargs.get("update_fields")) is not None and "full_name" in fields:
            kwargs["update_fields"] = {*fields, "sort_key", "folded_name"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("members:detail", args=[self.pk])

    @cached_property
    def cell_id(self):
        """The cell the member belongs to today, else the last one, else the host of a visitor; None for nobody's."""
        today = timezone.localdate()
        rows = sorted(self.membership_rows.all(), key=lambda row: (row.holds(today), row.starts_on), reverse=True)
        rows = rows or sorted(self.placement_rows.all(), key=lambda row: row.starts_on, reverse=True)
        return rows[0].cell_id if rows else None

    def matches(self, words) -> bool:
        """The same as ``search`` for one loaded person."""
        return all(word in self.folded_name for word in vietnamese.fold(words).split())

    @property
    def standing(self):
        """The state that matters in a meeting: a placement, else an exemption, else the status (annotated rows)."""
        if self.status_kind not in ON_ROLL and self.placement_kind != PlacementKind.TEMP_HERE:
            return self.status_kind or ""
        return self.placement_kind or self.exemption_kind or self.status_kind or ""


class MemberRow(Dated):
    """A dated row about one member."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="%(class)s_rows", verbose_name="đảng viên")

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """What the row says, without its dates."""
        return self.get_kind_display()


class Membership(MemberRow):
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name="chi bộ")

    class Meta:
        verbose_name = "nơi sinh hoạt đảng"
        verbose_name_plural = "nơi sinh hoạt đảng"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("membership_dates_in_order"),
            never_two("membership_one_per_day", "member", message="Đảng viên đã ở một chi bộ trong thời gian này."),
        ]

    def __str__(self):
        return f"{self.member_id} ở {self.cell_id} từ {self.starts_on}"

    @property
    def label(self) -> str:
        return self.cell.name


class Status(MemberRow):
    kind = models.CharField("tình trạng", max_length=20, choices=StatusKind)
    decision = models.CharField("số quyết định", max_length=60, blank=True)

    class Meta:
        verbose_name = "tình trạng đảng viên"
        verbose_name_plural = "tình trạng đảng viên"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("status_dates_in_order"),
            never_two("status_one_per_day", "member", message="Mỗi ngày một đảng viên chỉ có một tình trạng."),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.starts_on}"


class Exemption(MemberRow):
    kind = models.CharField("hình thức miễn", max_length=20, choices=ExemptionKind)
    decision = models.CharField("số nghị quyết, quyết định", max_length=60, blank=True)
    reason = models.CharField("lý do", max_length=200, blank=True)

    class Meta:
        verbose_name = "miễn sinh hoạt"
        verbose_name_plural = "miễn sinh hoạt"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("exemption_dates_in_order"),
            never_two("exemption_one_per_day", "member", message="Đã có quyết định miễn trong thời gian này."),
            models.CheckConstraint(
                condition=~Q(kind=ExemptionKind.EXEMPT_TEMPORARY) | Q(ends_on__isnull=False),
                name="exemption_temporary_ends",
                violation_error_message="Tạm miễn phải có ngày kết thúc.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.starts_on}"


class Placement(MemberRow):
    """Temporary activities. ``cell`` is the cell whose book the row stands in: host for temp_here, home else."""

    kind = models.CharField("loại", max_length=20, choices=PlacementKind)
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="placements", verbose_name="chi bộ")
    place = models.CharField("nơi đi, nơi đến", max_length=150)

    class Meta:
        verbose_name = "sinh hoạt tạm thời"
        verbose_name_plural = "sinh hoạt tạm thời"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("placement_dates_in_order"),
            never_two("placement_one_per_day", "member", "cell", message="Đã có giấy tạm thời trong thời gian này."),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return f"{self.get_kind_display()}: {self.place}"


class Post(MemberRow):
    """A post by term. Rights follow from it on its days only."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name="tổ chức")
    title = models.CharField("chức vụ", max_length=20, choices=PostTitle)
    term = models.CharField("nhiệm kỳ", max_length=20, blank=True)

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("post_dates_in_order"),
            never_two(
                "post_one_secretary",
                "organisation",
                "title",
                condition=Q(title__in=ONE_HOLDER),
                message="Chi bộ đã có bí thư trong thời gian này. Ghi ngày kết thúc của bí thư trước rồi thêm.",
            ),
            never_two(
                "post_once_per_person", "organisation", "member", "title", message="Đồng chí đã giữ chức vụ này."
            ),
        ]

    def __str__(self):
        return f"{self.get_title_display()} từ {self.starts_on}"

    @property
    def label(self) -> str:
        return self.get_title_display()

    @property
    def cell_id(self):
        return self.organisation_id


class FeeCategory(MemberRow):
    """Under which rule a member pays the party fee; the amounts belong to the fee book."""

    kind = models.CharField("đối tượng đóng đảng phí", max_length=20, choices=FeeCategoryKind)

    class Meta:
        verbose_name = "đối tượng đóng đảng phí"
        verbose_name_plural = "đối tượng đóng đảng phí"
        ordering = ["-starts_on"]
        constraints = [
            dates_in_order("feecategory_dates_in_order"),
            never_two("feecategory_one_per_day", "member", message="Mỗi thời gian chỉ thuộc một đối tượng đóng."),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.starts_on}"
