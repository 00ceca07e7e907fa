"""The tree of party organisations and the dated rules they lay over the national ones."""

from django.db import models
from django.urls import reverse

from members.models.dated import Dated, DatedQuerySet, dates_in_order, never_two


class OrganisationKind(models.TextChoices):
    SUPERIOR = "superior", "Cấp ủy cấp trên"
    CELL = "cell", "Chi bộ"


class Rhythm(models.TextChoices):
    """How a cell finds the day of its regular meeting in a month."""

    DAY = "day", "Một ngày cố định trong tháng"
    WEEKDAY = "weekday", "Một thứ trong tháng"


class Week(models.IntegerChoices):
    FIRST = 1, "đầu tiên"
    SECOND = 2, "thứ hai"
    THIRD = 3, "thứ ba"
    FOURTH = 4, "thứ tư"
    LAST = 5, "cuối cùng"


class Weekday(models.IntegerChoices):
    """As ``date.weekday()``."""

    MONDAY = 0, "Thứ Hai"
    TUESDAY = 1, "Thứ Ba"
    WEDNESDAY = 2, "Thứ Tư"
    THURSDAY = 3, "Thứ Năm"
    FRIDAY = 4, "Thứ Sáu"
    SATURDAY = 5, "Thứ Bảy"
    SUNDAY = 6, "Chủ nhật"


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own cells, the organisations where one holds a post and those below; a sysadmin sees all."""
        if user.is_sysadmin:
            return self
        return self.filter(pk__in=user.cell_ids | user.overseen_ids | {organisation for organisation, _ in user.posts})

    def cells(self):
        return self.filter(kind=OrganisationKind.CELL)


class Organisation(models.Model):
    """A superior committee or a cell. What belongs to a cell points here by ``cell_id``."""

    Kind = OrganisationKind

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="trực thuộc"
    )
    kind = models.CharField("loại", max_length=10, choices=OrganisationKind)
    name = models.CharField("tên", max_length=150)
    short_name = models.CharField("tên gọn", max_length=60)
    slug = models.SlugField("tên trong địa chỉ", max_length=60, unique=True)
    document_name = models.CharField(
        "tên ghi trên văn bản", max_length=150, help_text="Viết như in ở đầu văn bản, ví dụ CHI BỘ TỔ DÂN PHỐ SỐ 5."
    )
    place = models.CharField("địa danh ghi trên văn bản", max_length=60)
    symbol = models.CharField("ký hiệu", max_length=10, default="CB", help_text="CB cho chi bộ, ĐU cho đảng ủy.")
    term = models.CharField("nhiệm kỳ", max_length=20, help_text="Ví dụ 2025-2030.")
    rhythm = models.CharField("lịch sinh hoạt theo", max_length=10, choices=Rhythm, default=Rhythm.DAY)
    regular_day = models.PositiveSmallIntegerField("ngày sinh hoạt hằng tháng", default=5)
    regular_week = models.PositiveSmallIntegerField("lần trong tháng", choices=Week, default=Week.FIRST)
    regular_weekday = models.PositiveSmallIntegerField("vào thứ", choices=Weekday, default=Weekday.MONDAY)
    meets_on_weekends = models.BooleanField("họp được vào thứ Bảy, Chủ nhật", default=False)
    regular_time = models.TimeField("giờ sinh hoạt", default="14:00")
    meeting_place = models.CharField("nơi sinh hoạt", max_length=150, blank=True)
    is_demo = models.BooleanField("dữ liệu dùng thử", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "tổ chức đảng"
        verbose_name_plural = "tổ chức đảng"
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(regular_day__gte=1, regular_day__lte=28), name="organisation_regular_day"
            ),
            models.CheckConstraint(
                condition=models.Q(regular_week__in=Week.values, regular_weekday__in=Weekday.values),
                name="organisation_regular_weekday",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:cell", args=[self.slug])

    @property
    def cell_id(self):
        return self.pk

    @property
    def is_cell(self) -> bool:
        return self.kind == OrganisationKind.CELL

    @property
    def regular_words(self) -> str:
        """ "mùng 5 hằng tháng", "ngày 15 hằng tháng", "Thứ Hai đầu tiên hằng tháng"."""
        if self.rhythm == Rhythm.DAY:
            return f"{'mùng' if self.regular_day <= 10 else 'ngày'} {self.regular_day} hằng tháng"
        week, weekday = Week(self.regular_week), Weekday(self.regular_weekday)
        which = week.label if week in (Week.FIRST, Week.LAST) else f"lần {week.label}"
        return f"{weekday.label} {which} hằng tháng"

    @property
    def superior_line(self) -> str:
        """The upper left line of a document: the direct superior body; empty at the top of the tree."""
        return self.parent.document_name if self.parent else ""


class SettingQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Setting(Dated):
    """A dated value that a superior, or a cell for the keys left to it, lays over the national rule."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="settings", verbose_name="tổ chức")
    key = models.CharField("khóa", max_length=80)
    value = models.CharField("giá trị", max_length=200)
    source = models.CharField("căn cứ", max_length=300, help_text="Số, ngày của văn bản hoặc nghị quyết.")

    objects = SettingQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of Dated

    class Meta:
        verbose_name = "quy định riêng"
        verbose_name_plural = "quy định riêng"
        ordering = ["key", "-starts_on"]
        constraints = [
            dates_in_order("setting_dates_in_order"),
            never_two(
                "setting_one_per_day",
                "organisation",
                "key",
                message="Đã có giá trị khác cho khoảng thời gian này. Kết thúc giá trị cũ trước.",
            ),
        ]

    def __str__(self):
        return f"{self.key} = {self.value}"

    @property
    def cell_id(self):
        return self.organisation_id


class LocalDay(models.Model):
    """An official day that a superior lays over the national ones: a new decree, a day off of the place."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="local_days", verbose_name="tổ chức")
    date = models.DateField("ngày")
    name = models.CharField("tên ngày", max_length=150)
    is_off = models.BooleanField("là ngày nghỉ", default=True)
    source = models.CharField("căn cứ", max_length=300, help_text="Số, ngày của văn bản.")

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = "ngày nghỉ do cấp trên ghi"
        verbose_name_plural = "ngày nghỉ do cấp trên ghi"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "date"],
                name="local_day_once",
                violation_error_message="Ngày này đã được ghi.",
            )
        ]

    def __str__(self):
        return f"{self.date:%d/%m/%Y} {self.name}"

    @property
    def cell_id(self):
        return self.organisation_id
