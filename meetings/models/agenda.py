"""The agenda and what members do with it before the meeting."""

from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assignments.models import Assignment
from core import uploads
from core.folding import folded, folded_indexes, folded_words
from meetings.models.meeting import Meeting
from meetings.offers import place_of
from meetings.states import Answer, Excuse, ItemStatus, Section
from members.models import Member, User


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the meeting, and the presenter of the item, also while it is a draft."""
        meetings = Meeting.objects.visible_to(user).values("pk")
        return self.filter(Q(meeting__in=meetings) | Q(presenter=user.member_id, meeting__cell__in=user.cell_ids))


class OfMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))


class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name="cuộc họp")
    section = models.CharField("phần", max_length=1, choices=Section, default=Section.CONTENT)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    title = models.CharField("nội dung", max_length=250)
    decide = models.CharField("việc cần quyết định", max_length=300, blank=True)
    presenter = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trình bày"
    )
    minutes = models.PositiveSmallIntegerField("số phút dự kiến", default=10)
    draft_text = models.TextField("dự thảo", blank=True)
    origin = models.CharField("nguồn đề nghị", max_length=60, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to", verbose_name="chuyển từ"
    )
    status = models.CharField("tình trạng", max_length=10, choices=ItemStatus, default=ItemStatus.PENDING)
    started_at = models.DateTimeField("bắt đầu bàn lúc", null=True)
    ended_at = models.DateTimeField("bàn xong lúc", null=True)
    narrative = models.TextField("nội dung trình bày, ghi vào biên bản", blank=True)
    narrative_version = models.PositiveIntegerField(default=0)
    conclusion = models.TextField("kết luận của chủ trì", blank=True)
    conclusion_version = models.PositiveIntegerField(default=0)
    record_folded = folded("narrative", "conclusion")  # apart: members read the record only once it is sealed
    record_words = folded_words("narrative", "conclusion")
    folded_words = folded_words("title", "decide")
    folded = folded("title", "decide")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung"
        verbose_name_plural = "nội dung"
        ordering = ["section", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240),
                name="item_minutes",
                violation_error_message="Số phút từ 1 đến 240.",
            ),
            models.UniqueConstraint(fields=["meeting", "origin"], condition=~Q(origin=""), name="item_proposed_once"),
        ]
        indexes = [*folded_indexes("item"), *folded_indexes("item_record", "record_folded", "record_words")]

    def __str__(self):
        return self.title

    @property
    def place(self):
        """(URL name, words) of the page that another app keeps for this item, or None."""
        return place_of(self.origin)

    @property
    def cell_id(self):
        return self.meeting.cell_id


class ItemAssignment(models.Model):
    """A task that came out of an item's conclusion."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="given", verbose_name="nội dung")
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="+", verbose_name="nhiệm vụ")

    class Meta:
        verbose_name = "nhiệm vụ từ kết luận"
        verbose_name_plural = "nhiệm vụ từ kết luận"

    def __str__(self):
        return f"{self.item_id} → {self.assignment_id}"


class Classification(models.TextChoices):
    """Only these may be held here; anything secret is refused (DOMAIN §2.5)."""

    NORMAL = "normal", "Thường"
    INTERNAL = "internal", "Lưu hành nội bộ"


class SecretClass(models.TextChoices):
    """Classes offered by the form only to say why such a paper cannot be taken."""

    SECRET = "secret", "Mật"
    TOP_SECRET = "top_secret", "Tối mật"
    ULTRA_SECRET = "ultra_secret", "Tuyệt mật"


def random_name(instance, filename):
    """A random name, the ending kept: nothing about the paper can be guessed from the disk."""
    return uploads.random_name("papers", filename)


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the meeting, and the presenter of the item it belongs to, also while it is a draft."""
        meetings = Meeting.objects.visible_to(user).values("pk")
        return self.filter(Q(meeting__in=meetings) | Q(item__presenter=user.member_id, meeting__cell__in=user.cell_ids))


class MeetingPaper(models.Model):
    """A paper of the meeting (tài liệu họp), checked by content before it is stored."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers", verbose_name="cuộc họp")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="papers", verbose_name="cho nội dung"
    )
    title = models.CharField("tên tài liệu", max_length=200)
    classification = models.CharField("độ mật", max_length=10, choices=Classification, default=Classification.NORMAL)
    file = models.FileField("tệp", upload_to=random_name)
    filename = models.CharField("tên tệp", max_length=200)
    mime = models.CharField("loại tệp", max_length=100)
    size = models.PositiveIntegerField("dung lượng")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField("số trang", null=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc", default=timezone.now)
    folded_words = folded_words("title")
    folded = folded("title")

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu họp"
        verbose_name_plural = "tài liệu họp"
        ordering = ["item__section", "item__position", "uploaded_at"]
        indexes = folded_indexes("meeting_paper")

    def __str__(self):
        return self.title

    @property
    def cell_id(self):
        return self.meeting.cell_id

    @property
    def kind_words(self) -> str:
        """ "PDF, 4 trang" or "DOCX, 310 KB"."""
        ending = PurePath(self.file.name).suffix.lstrip(".").upper()
        if self.pages:
            return f"{ending}, {self.pages} trang"
        if self.size < 1048576:
            return f"{ending}, {self.size // 1024 + 1} KB"
        return f"{ending}, {self.size / 1048576:.1f} MB".replace(".", ",")


class PaperRead(models.Model):
    """A member marked a paper as read."""

    paper = models.ForeignKey(MeetingPaper, models.CASCADE, related_name="reads")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "đã đọc"
        verbose_name_plural = "đã đọc"
        constraints = [models.UniqueConstraint(fields=["paper", "member"], name="paper_read_once")]

    def __str__(self):
        return f"{self.member_id} đọc {self.paper_id}"


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The author, and the committee who answers."""
        return self.filter(Q(member=user.member_id) | Q(meeting__cell__in=user.committee_ids))


class Question(models.Model):
    """A question or opinion sent before the meeting, and its answer (ý kiến, kiến nghị trước họp)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions", verbose_name="cuộc họp")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name="về nội dung"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="người gửi")
    text = models.TextField("ý kiến, câu hỏi", max_length=3000)
    sent_at = models.DateTimeField("gửi lúc", default=timezone.now)
    answer = models.TextField("trả lời", blank=True, max_length=3000)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến trước họp"
        verbose_name_plural = "ý kiến trước họp"
        ordering = ["sent_at"]

    def __str__(self):
        return f"Ý kiến {self.pk}"

    @property
    def cell_id(self):
        return self.meeting.cell_id


class Reply(models.Model):
    """Whether a member will come; an asked absence is decided by the secretary."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies", verbose_name="cuộc họp")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="đảng viên")
    answer = models.CharField("trả lời", max_length=12, choices=Answer)
    reason = models.CharField("lý do", max_length=300, blank=True)
    replied_at = models.DateTimeField("trả lời lúc", default=timezone.now)
    decision = models.CharField("quyết định", max_length=10, choices=Excuse, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("quyết định lúc", null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "trả lời dự họp"
        verbose_name_plural = "trả lời dự họp"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="reply_once"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.ASKS_EXCUSE) | ~Q(reason=""),
                name="reply_excuse_has_reason",
                violation_error_message="Ghi lý do xin vắng mặt.",
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.get_answer_display()}"

    @property
    def cell_id(self):
        return self.meeting.cell_id
