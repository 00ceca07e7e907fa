"""Turns of self-criticism in the meetings, what is said there, and what is to be mended.

Every prose is encrypted at rest (core.encryption) and in no search. Nothing about a person is shown to others than
those who were there, and the secretary and deputy who prepare the follow-up.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.encryption import EncryptedTextField
from core.states import Look
from meetings.models import Attendance, Meeting
from meetings.states import Presence
from members.models import Member, Organisation, User
from reviews.turn_states import (
    SHORTCOMING_MOVES,
    SHORTCOMING_UI,
    TURN_MOVES,
    TURN_UI,
    ShortcomingState,
    TurnState,
)


class TurnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That it is somebody's turn: the person, the chi ủy that plans, who leads the meeting, and once it is shown
        those who were there. The agenda tells the others."""
        if user.member_id is None:
            return self.none()
        there = Attendance.objects.filter(member=user.member_id, presence=Presence.PRESENT).values("meeting")
        leads = Q(meeting__chair=user.member_id) | Q(meeting__clerk=user.member_id)
        heard = Q(shown_at__isnull=False, meeting__in=there)
        return self.filter(Q(member=user.member_id) | Q(cell__in=user.committee_ids) | leads | heard)


class Turn(models.Model):
    """A member's turn to review the own pledge and themselves in a meeting (tự phê bình và phê bình)."""

    MOVES = TURN_MOVES
    STATE_UI = TURN_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="turns", verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, related_name="turns", verbose_name="đảng viên")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="turns", verbose_name="cuộc họp")
    state = models.CharField("tình trạng", max_length=10, choices=TurnState, default=TurnState.PLANNED)
    reason = models.CharField("vì sao đến lượt", max_length=200, blank=True)  # of the rota, nothing about the person
    pinned = models.BooleanField("chi ủy xếp", default=False)
    answer = EncryptedTextField("lý do", blank=True, max_length=300)  # of putting off, of a turn missed
    created_at = models.DateTimeField("xếp lúc", default=timezone.now)
    shown_at = models.DateTimeField("trình bày lúc", null=True)
    concluded_at = models.DateTimeField("kết luận lúc", null=True)
    concluded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người kết luận")

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt tự phê bình"
        verbose_name_plural = "lượt tự phê bình"
        ordering = ["-meeting__starts_at", "member__sort_key"]
        indexes = [models.Index(fields=["member", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TurnState.values), name="turn_state_known"),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="turn_once_a_meeting",
                violation_error_message="Đồng chí này đã có lượt trong buổi họp này.",
            ),
        ]

    def __str__(self):
        return "Lượt tự phê bình"

    def get_absolute_url(self):
        return reverse("reviews:turn", args=[self.pk])

    @property
    def look(self) -> Look:
        return TURN_UI[TurnState(self.state)]


class SelfReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The author always; once shown, those who were there, and the secretary and deputy of the cell."""
        there = Attendance.objects.filter(member=user.member_id, presence=Presence.PRESENT).values("meeting")
        shown = Q(turn__shown_at__isnull=False)
        return self.filter(
            Q(turn__member=user.member_id) | shown & (Q(turn__meeting__in=there) | Q(turn__cell__in=user.headed_ids))
        )


class SelfReview(models.Model):
    """What the member says of themselves; a draft, private to the author, until it is shown in the meeting."""

    turn = models.OneToOneField(Turn, models.CASCADE, related_name="review", verbose_name="lượt")
    text = EncryptedTextField("tự phê bình", blank=True, max_length=6000)
    # gist written down by who leads the meeting; then the draft stays the author's alone
    spoken = EncryptedTextField("tóm tắt lời trình bày", blank=True, max_length=3000)
    answer = EncryptedTextField("tiếp thu, giải trình", blank=True, max_length=3000)
    conclusion = EncryptedTextField("kết luận của chủ trì", blank=True, max_length=3000)
    carried = EncryptedTextField("ghi vào biên bản", blank=True, max_length=1500)  # what the cell decided to carry
    reply = EncryptedTextField("ý kiến thêm", blank=True, max_length=3000)  # of the member, afterwards
    version = models.PositiveIntegerField("lần sửa", default=0)

    objects = SelfReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "bản tự phê bình"
        verbose_name_plural = "bản tự phê bình"

    def __str__(self):
        return "Bản tự phê bình"

    @property
    def cell_id(self):
        return self.turn.cell_id

    @property
    def member_id(self):
        """Whose it is."""
        return self.turn.member_id


class OfReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(review__in=SelfReview.objects.visible_to(user).values("pk"))


class Remark(models.Model):
    """What somebody present said about the member, by name (phê bình)."""

    review = models.ForeignKey(SelfReview, models.CASCADE, related_name="remarks", verbose_name="bản tự phê bình")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người góp ý")
    text = EncryptedTextField("ý kiến góp ý", max_length=3000)
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = OfReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến góp ý"
        verbose_name_plural = "ý kiến góp ý"
        ordering = ["at", "pk"]

    def __str__(self):
        return "Ý kiến góp ý"

    @property
    def cell_id(self):
        return self.review.turn.cell_id


class ReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The author of what was read, and the reader."""
        return self.filter(Q(review__turn__member=user.member_id) | Q(by=user))


class Reading(models.Model):
    """Somebody else than the author opened a self-review; once a day and person."""

    review = models.ForeignKey(SelfReview, models.CASCADE, related_name="readings", verbose_name="bản tự phê bình")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đọc")
    on = models.DateField("ngày đọc")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lần đọc"
        verbose_name_plural = "lần đọc"
        ordering = ["-on", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "by", "on"], name="reading_once_a_day")]

    def __str__(self):
        return f"Đọc ngày {self.on:%d/%m/%Y}"

    @property
    def cell_id(self):
        return self.review.turn.cell_id


class ShortcomingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whose it is, who mends it, secretary and deputy; the cell's own lie open to its members."""
        own = Q(member__isnull=False, member=user.member_id) | Q(owner=user.member_id)
        cells = Q(member__isnull=True, cell__in=user.cell_ids | user.committee_ids)
        return self.filter(own | Q(cell__in=user.headed_ids) | cells)

    def open(self):
        return self.filter(state=ShortcomingState.OPEN)


class Shortcoming(models.Model):
    """A shortcoming (hạn chế, khuyết điểm) of a member, or of the cell, followed until it is mended."""

    MOVES = SHORTCOMING_MOVES
    STATE_UI = SHORTCOMING_UI

    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="shortcomings", verbose_name="chi bộ")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="shortcomings", verbose_name="của đồng chí"
    )
    turn = models.ForeignKey(Turn, models.PROTECT, null=True, related_name="shortcomings", verbose_name="từ lượt")
    text = EncryptedTextField("hạn chế, khuyết điểm", max_length=1000)
    remedy = EncryptedTextField("biện pháp khắc phục", blank=True, max_length=1000)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người khắc phục")
    due_on = models.DateField("hạn khắc phục")
    source = models.CharField("từ đâu", max_length=150)
    state = models.CharField("tình trạng", max_length=10, choices=ShortcomingState, default=ShortcomingState.OPEN)
    created_at = models.DateTimeField("ghi lúc", default=timezone.now)
    mended_on = models.DateField("ngày xác nhận khắc phục", null=True)

    objects = ShortcomingQuerySet.as_manager()

    class Meta:
        verbose_name = "hạn chế, khuyết điểm"
        verbose_name_plural = "hạn chế, khuyết điểm"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["cell", "state", "due_on"])]
        constraints = [models.CheckConstraint(condition=Q(state__in=ShortcomingState.values), name="shortcoming_known")]

    def __str__(self):
        return f"Hạn chế cần khắc phục trước {self.due_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("reviews:shortcoming", args=[self.pk])

    @property
    def look(self) -> Look:
        """Late goes before the stored state."""
        left = (self.due_on - timezone.localdate()).days
        if self.state == ShortcomingState.OPEN and left < 0:
            return Look(f"Quá {-left} ngày", "danger", "exclamation-triangle")
        return SHORTCOMING_UI[ShortcomingState(self.state)]


class OfShortcomingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(shortcoming__in=Shortcoming.objects.visible_to(user).values("pk"))


class Followup(models.Model):
    """One line of how a shortcoming is being mended."""

    shortcoming = models.ForeignKey(Shortcoming, models.CASCADE, related_name="followups", verbose_name="hạn chế")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    text = EncryptedTextField("kết quả khắc phục", max_length=1500)
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = OfShortcomingQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả khắc phục"
        verbose_name_plural = "kết quả khắc phục"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"Kết quả ngày {timezone.localtime(self.at):%d/%m/%Y}"

    @property
    def cell_id(self):
        return self.shortcoming.cell_id
