"""What a person owes: tasks, and what other apps say (papers to prepare, signatures). One list for every page."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from assignments import queries
from core.states import Look

OFFERS: list = []


@dataclass(frozen=True)
class Owed:
    """One thing to do; ``due`` a date or None for at once."""

    title: str
    url: str
    due: datetime.date | None
    words: str
    look: Look
    step: tuple[str, str] | None = None  # address and words of its button; None while somebody else has to act

    @property
    def group(self) -> str:
        """The heading it stands under where everything is listed, in the order of ``owed``."""
        if self.step is None:
            return "Chờ xác nhận"
        if self.due is None:
            return "Cần làm ngay"
        return "Quá hạn" if self.due < timezone.localdate() else "Cần làm"


def offer(owe):
    """Register ``owe(user) -> iterable of Owed`` of an app above."""
    if owe not in OFFERS:
        OFFERS.append(owe)


def owed(user) -> list[Owed]:
    """Everything the person owes: what has no day, then by day, and last what waits for somebody else's answer."""
    found = [*(row for owe in OFFERS for row in owe(user)), *_tasks(user)]
    return sorted(found, key=lambda row: (row.step is None, row.due is not None, row.due or datetime.date.min))


def _tasks(user):
    for task in queries.owed(user.member_id):
        step = (f"{task.get_absolute_url()}do/report/", "Báo cáo tiến độ") if task.is_open else None
        helps = f"Phối hợp với đ/c\u00a0{task.owner.full_name}" if task.owner_id != user.member_id else ""
        words = " · ".join(part for part in (helps, task.source_label) if part) or "Nhiệm vụ được giao"
        yield Owed(task.title, task.get_absolute_url(), task.due_on, words, task.look, step)
