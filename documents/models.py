"""Official papers, who signs them, their files, and the sequences that give their numbers."""

import secrets
from base64 import b32encode

from django.db import models
from django.urls import reverse
from django.utils import timezone

from documents import layout
from documents.files import random_name
from documents.states import MOVES, STATE_UI, FileKind, PaperState, PaperType, SignerRole, SigningWay


def new_code() -> str:
    """Code of the check page: 120 random bits in 24 letters and digits that can be typed."""
    return b32encode(secrets.token_bytes(15)).decode().lower()


class Paper(models.Model):
    """An official paper. The thing it is a paper of (a meeting, an audit) points to it and knows who may read it."""

    MOVES = MOVES
    STATE_UI = STATE_UI

    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="papers", verbose_name="tổ chức ban hành"
    )
    type = models.CharField("loại văn bản", max_length=12, choices=PaperType)
    term = models.CharField("nhiệm kỳ", max_length=20)
    number = models.PositiveIntegerField("số", null=True)
    subject = models.CharField("trích yếu", max_length=300)
    state = models.CharField("tình trạng", max_length=10, choices=PaperState, default=PaperState.DRAFT)
    dated_on = models.DateField("ngày văn bản", null=True)
    way = models.CharField("cách ký", max_length=6, choices=SigningWay, blank=True)
    code = models.CharField("mã kiểm tra", max_length=24, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField("lập lúc", default=timezone.now)
    adopted_at = models.DateTimeField("thông qua lúc", null=True)
    sealed_at = models.DateTimeField("khóa lúc", null=True)
    signed_at = models.DateTimeField("ký xong lúc", null=True)
    withdrawn_at = models.DateTimeField("hủy lúc", null=True)
    withdraw_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    sealed_sha256 = models.CharField("mã băm của bản đã khóa", max_length=64, blank=True)
    anchor_seq = models.BigIntegerField("số dòng nhật ký", null=True)
    anchor_hash = models.CharField("mã dòng nhật ký", max_length=64, blank=True)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["-dated_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "type", "term", "number"], name="paper_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=PaperState.values), name="paper_state_known"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__gte=1), name="paper_number_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[PaperState.DRAFT, PaperState.ADOPTED]) | ~models.Q(sealed_sha256=""),
                name="paper_sealed_has_hash",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-dated_on"])]

    def __str__(self):
        return f"{self.get_type_display()} {self.subject}"

    @property
    def cell_id(self):
        return self.organisation_id

    @property
    def number_line(self) -> str:
        """ "Số 05-NQ/CB" as printed; empty for an unnumbered or not yet adopted paper."""
        return layout.number_line(self.number, self.type, self.organisation.symbol)

    @property
    def number_text(self) -> str:
        """The number as lists show it: "05-NQ/CB", with "(hủy)" behind it once withdrawn."""
        text = self.number_line.removeprefix("Số ")
        return f"{text} (hủy)" if text and self.state == PaperState.WITHDRAWN else text

    @property
    def verify_path(self) -> str:
        return reverse("documents:verify", args=[self.code])

    def missing_signers(self):
        """Signers who have not signed yet, in printed order."""
        return [signer for signer in self.signers.all() if signer.signed_at is None]

    @property
    def has_signatures(self) -> bool:
        return any(signer.signed_at for signer in self.signers.all())

    @property
    def is_complete(self) -> bool:
        return not self.missing_signers()


class PaperSigner(models.Model):
    """Who signs a paper. Name and title are frozen: they are what the signature covers."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="signers", verbose_name="văn bản")
    role = models.CharField("vai trò", max_length=10, choices=SignerRole)
    position = models.PositiveSmallIntegerField("thứ tự in")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", verbose_name="người ký")
    member_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("chức vụ", max_length=100)
    signed_at = models.DateTimeField("ký lúc", null=True)
    certificate_name = models.CharField("tên trên chứng thư", max_length=200, blank=True)
    certificate_issuer = models.CharField("nơi cấp chứng thư", max_length=200, blank=True)
    certificate_serial = models.CharField("số chứng thư", max_length=64, blank=True)
    valid_until = models.DateTimeField("chứng thư có hạn đến", null=True)
    file = models.ForeignKey(
        "PaperFile", models.PROTECT, related_name="signers", null=True, verbose_name="tệp có chữ ký"
    )

    class Meta:
        verbose_name = "người ký"
        verbose_name_plural = "người ký"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["paper", "role"], name="signer_role_once")]

    def __str__(self):
        return f"{self.get_role_display()}: {self.member_name}"

    @property
    def cell_id(self):
        return self.paper.organisation_id


class PaperFile(models.Model):
    """One stored version of a paper: written once, never changed; a signature makes a new one."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="files", verbose_name="văn bản")
    kind = models.CharField("loại", max_length=6, choices=FileKind)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveIntegerField("cỡ (byte)")
    file = models.FileField("tệp", upload_to=random_name, max_length=200)
    created_at = models.DateTimeField("ghi lúc", default=timezone.now)

    class Meta:
        verbose_name = "tệp văn bản"
        verbose_name_plural = "tệp văn bản"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "sha256"], name="paper_file_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.sha256[:8]}"

    @property
    def cell_id(self):
        return self.paper.organisation_id


class Sequence(models.Model):
    """Last number given, per organisation, type and term (36-HD/VPTW: from 01, through the whole term)."""

    organisation = models.ForeignKey("members.Organisation", models.PROTECT, related_name="+", verbose_name="tổ chức")
    type = models.CharField("loại văn bản", max_length=12, choices=PaperType)
    term = models.CharField("nhiệm kỳ", max_length=20)
    last = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "dãy số văn bản"
        verbose_name_plural = "dãy số văn bản"
        constraints = [models.UniqueConstraint(fields=["organisation", "type", "term"], name="sequence_once")]

    def __str__(self):
        return f"{self.type} {self.term}: {self.last}"

    @property
    def cell_id(self):
        return self.organisation_id
