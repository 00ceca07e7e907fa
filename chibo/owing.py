"""What a person owes and when: tasks, papers to prepare, an answer, a signature. One list, the nearest first."""

import datetime
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from assignments import queries as assignments
from assignments.states import OPEN
from core.states import Look
from core.vietnamese import lower_first
from documents.models import Paper
from documents.states import PaperState, SigningWay
from meetings import reviewing
from meetings.models import AgendaItem, Minutes, Resolution
from meetings.states import HIDDEN, Section


@dataclass(frozen=True)
class Owed:
    """One thing to do; ``due`` a date or None for at once; ``step`` the address and words of its button."""

    title: str
    url: str
    due: datetime.date | None
    words: str
    look: Look
    step: tuple[str, str] | None = None


def owed(user, limit=None) -> list[Owed]:
    """Everything the person owes: signatures first, then by date. Three queries."""
    found = [*_signatures(user), *_papers(user), *_tasks(user)]
    found.sort(key=lambda row: (row.due is not None, row.due or datetime.date.min))
    return found[:limit]


def _tasks(user):
    for task in assignments.owed(user.member_id):
        waiting = task.state not in OPEN
        step = None if waiting else (f"{task.get_absolute_url()}do/report/", "Báo cáo kết quả")
        words = task.source_label or "Nhiệm vụ được giao"
        if task.owner_id != user.member_id:
            words = f"Phối hợp với đ/c {task.owner.full_name}"
        yield Owed(task.title, task.get_absolute_url(), task.due_on, words, task.look, step)


def _papers(user):
    """Content items given to the person at meetings that are being prepared, without text and paper."""
    rows = AgendaItem.objects.filter(
        presenter=user.member_id, section=Section.CONTENT, meeting__state__in=HIDDEN, meeting__cell__in=user.cell_ids,
        draft_text="", papers__isnull=True,
    )  # fmt: skip
    rows = rows.exclude(decide="").exclude(origin=reviewing.ORIGIN).select_related("meeting")
    for item in rows.order_by("meeting__starts_at", "position")[:20]:
        url = reverse("meetings:item", args=[item.meeting_id, item.pk])
        day = item.meeting.day
        left = (day - timezone.localdate()).days
        look = Look(f"Còn {left} ngày" if left > 0 else "Họp hôm nay", "warn" if left <= 3 else "", "clock")
        words = f"Chuẩn bị cho {lower_first(item.meeting.title)}"
        yield Owed(item.title, url, day, words, look, (url, "Ghi dự thảo, tải tài liệu"))


def _signatures(user):
    """Sealed papers that wait for the signature of this person, but for those signed by hand."""
    rows = Paper.objects.filter(
        state=PaperState.SEALED, signers__member=user.member_id, signers__signed_at=None,
        organisation__in=user.cell_ids,
    ).exclude(way=SigningWay.INK)  # fmt: skip
    rows = rows.annotate(
        meeting=Subquery(Minutes.objects.filter(paper=OuterRef("pk")).values("meeting")[:1]),
        resolution=Subquery(Resolution.objects.filter(paper=OuterRef("pk")).values("pk")[:1]),
    )
    for paper in rows.order_by("sealed_at")[:10]:
        if paper.meeting:
            yield _to_sign(paper, reverse("meetings:sign", args=[paper.meeting]))
        elif paper.resolution:
            yield _to_sign(paper, reverse("resolutions:sign", args=[paper.resolution]))


def _to_sign(paper, url):
    words = f"Khóa ngày {timezone.localtime(paper.sealed_at):%d/%m/%Y}"
    title = f"Ký {paper.get_type_display().lower()} {paper.subject}"
    return Owed(title, url, None, words, Look("Chờ ký", "warn", "pen"), (url, "Đến trang ký"))
