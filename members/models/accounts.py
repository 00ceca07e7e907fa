"""Accounts bound to members, and the printed slips that give them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property
from rules.permissions import has_perm as rule_allows

from members.models.organisations import Organisation
from members.models.people import Member, Membership, Placement, Post, Status
from members.states import COMMITTEE_TITLES, HEAD_TITLES, ON_ROLL, OUT_OF_PARTY, PlacementKind, PostTitle

BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM members_organisation WHERE id = ANY(%s)
    UNION SELECT o.id FROM members_organisation o JOIN below b ON o.parent_id = b.id
) SELECT id FROM below"""


def held_posts():
    """Posts held today; whoever left the Party holds none."""
    today = timezone.localdate()
    out = Exists(Status.objects.on(today).filter(member=OuterRef("member"), kind__in=OUT_OF_PARTY))
    return Post.objects.on(today).filter(~out)


def posts_today():
    """The posts of an account's member, as an expression that comes with the account in one query."""
    rows = held_posts().filter(member=OuterRef("member"))
    return ArraySubquery(rows.values(row=JSONObject(organisation="organisation_id", title="title")))


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        """A new account; without a password nobody can log in until a slip is used."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. It has no rights of its own: they follow from the member's posts on the day."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng. Chọn tên khác."},
    )
    member = models.OneToOneField(Member, models.PROTECT, related_name="user", verbose_name="đảng viên")
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_demo = models.BooleanField("tài khoản dùng thử", default=False)
    created_at = models.DateTimeField("tạo lúc", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self):
        return self.username

    def get_full_name(self):
        return self.member.full_name

    def get_short_name(self):
        return self.member.full_name.split()[-1]

    def has_perm(self, perm, obj=None):
        """Asks ``rules`` alone; no shortcut for anybody."""
        return self.is_active and rule_allows(perm, self, obj)

    @cached_property
    def posts(self) -> frozenset:
        """Posts held today as (organisation id, title). An account of a request comes with them (members.backends)."""
        carried = self.__dict__.get("held_today")
        if carried is None:
            rows = held_posts().filter(member=self.member_id)
            return frozenset(rows.values_list("organisation_id", "title"))
        return frozenset((row["organisation"], row["title"]) for row in carried)

    @property
    def committee_ids(self) -> frozenset:
        """Organisations in whose chi ủy the person serves today (secretary and deputy too)."""
        return frozenset(organisation for organisation, title in self.posts if title in COMMITTEE_TITLES)

    @property
    def headed_ids(self) -> frozenset:
        """Organisations whose secretary or deputy the person is today."""
        return frozenset(organisation for organisation, title in self.posts if title in HEAD_TITLES)

    @cached_property
    def cells(self) -> list:
        """Organisations where one is a member or a visiting member today, with their superior: one query.

        Who stands in a cell's book without being a party member (a candidate, somebody expelled) is in no cell.
        """
        today = timezone.localdate()
        party = Exists(Status.objects.on(today).filter(member=self.member_id, kind__in=ON_ROLL))
        home = Membership.objects.on(today).filter(party, member=self.member_id).values("cell")
        here = Placement.objects.on(today).filter(party, member=self.member_id, kind=PlacementKind.TEMP_HERE)
        here = here.values("cell")
        return list(Organisation.objects.filter(Q(pk__in=home) | Q(pk__in=here)).select_related("parent"))

    @property
    def cell_ids(self) -> frozenset:
        return frozenset(cell.pk for cell in self.cells)

    @cached_property
    def overseen_ids(self) -> frozenset:
        """Organisations at and below those where one serves as an officer of the superior committee."""
        tops = [organisation for organisation, title in self.posts if title == PostTitle.SUPERIOR_OFFICER]
        if not tops:
            return frozenset()
        with connection.cursor() as cursor:
            cursor.execute(BELOW, [tops])
            return frozenset(pk for (pk,) in cursor.fetchall())

    @cached_property
    def unled_ids(self) -> frozenset:
        """For a sysadmin: organisations that never had a secretary, which may still be set up by them."""
        if not self.is_sysadmin:
            return frozenset()
        led = Post.objects.filter(title=PostTitle.SECRETARY).values("organisation")
        return frozenset(Organisation.objects.exclude(pk__in=led).values_list("pk", flat=True))

    @property
    def is_sysadmin(self) -> bool:
        return any(title == PostTitle.SYSADMIN for _, title in self.posts)

    @cached_property
    def home_cell(self):
        """The cell whose pages this person opens first; None for somebody without a cell."""
        served = {where for where, _ in self.posts}
        cells = [cell for cell in self.cells if cell.is_cell]
        return min(cells, key=lambda cell: (cell.pk not in served, cell.pk), default=None)


class AccessSlip(models.Model):
    """A printed slip with a one-time address: it opens a new account, or a forgotten one. Only a digest is stored."""

    user = models.ForeignKey(User, models.PROTECT, related_name="slips", verbose_name="tài khoản")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="người cấp")
    created_at = models.DateTimeField("cấp lúc", default=timezone.now)
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "phiếu cấp tài khoản"
        verbose_name_plural = "phiếu cấp tài khoản"

    def __str__(self):
        return f"Phiếu của {self.user_id}"


class SetupAddress(models.Model):
    """The one-time address of an empty database, where the first administrator is made."""

    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "địa chỉ thiết lập"
        verbose_name_plural = "địa chỉ thiết lập"

    def __str__(self):
        return f"Địa chỉ thiết lập {self.pk}"
