"""What meetings and papers say about what a person owes; handed to ``assignments.owing`` by chibo/wiring.py."""

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from assignments.owing import Owed
from core.states import Look
from core.vietnamese import lower_first
from documents.models import Paper
from documents.states import PaperState, SigningWay
from meetings import reviewing
from meetings.models import AgendaItem, Minutes, Resolution
from meetings.states import HIDDEN, Section


def papers_to_prepare(user):
    """Content items given to the person at meetings that are being prepared, without text and paper. One query."""
    rows = AgendaItem.objects.filter(
        presenter=user.member_id, section=Section.CONTENT, meeting__state__in=HIDDEN, meeting__cell__in=user.cell_ids,
        draft_text="", papers__isnull=True,
    )  # fmt: skip
    rows = rows.exclude(decide="").exclude(origin=reviewing.ORIGIN).select_related("meeting")
    for item in rows.order_by("meeting__starts_at", "position"):
        url = reverse("meetings:item", args=[item.meeting_id, item.pk])
        day = item.meeting.day
        left = (day - timezone.localdate()).days
        near = "Họp hôm nay" if left == 0 else f"Còn {left} ngày" if left > 0 else f"Quá {-left} ngày"
        look = Look(near, "danger" if left < 0 else "warn" if left <= 3 else "", "clock")
        words = f"Chuẩn bị cho {lower_first(item.meeting.title)}"
        yield Owed(item.title, url, day, words, look, (url, "Ghi dự thảo, tải tài liệu"))


def signatures(user):
    """Sealed papers that wait for the signature of this person, but for those signed by hand. One query."""
    rows = Paper.objects.filter(
        state=PaperState.SEALED, signers__member=user.member_id, signers__signed_at=None,
        organisation__in=user.cell_ids,
    ).exclude(way=SigningWay.INK)  # fmt: skip
    rows = rows.annotate(
        meeting=Subquery(Minutes.objects.filter(paper=OuterRef("pk")).values("meeting")[:1]),
        resolution=Subquery(Resolution.objects.filter(paper=OuterRef("pk")).values("pk")[:1]),
    )
    for paper in rows.order_by("sealed_at"):
        if paper.meeting:
            yield _to_sign(paper, reverse("meetings:sign", args=[paper.meeting]))
        elif paper.resolution:
            yield _to_sign(paper, reverse("resolutions:sign", args=[paper.resolution]))


def _to_sign(paper, url):
    words = f"Khóa ngày {timezone.localtime(paper.sealed_at):%d/%m/%Y}"
    title = f"Ký {paper.get_type_display().lower()} {paper.subject}"
    return Owed(title, url, None, words, Look("Chờ ký", "warn", "pen"), (url, "Đến trang ký"))
