"""Papers of a meeting: checked by content, stored under a random name, removed with their file."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from core.errors import Refused
from core.sniffing import inspect_upload
from meetings.models import MeetingPaper
from meetings.models.agenda import Classification, SecretClass
from meetings.services import reminding
from meetings.services.agenda import kept_here, lock
from meetings.states import State
from members.activity import record

OPEN = (State.DRAFT, State.AGREED, State.NOTIFIED, State.IN_SESSION)
OVER = "Buổi họp đã xong nên tài liệu được giữ nguyên như lúc họp."
NO_TEXT = (
    "Bản quét không đọc được chữ nên phần mềm không tự kiểm tra dấu độ mật. "
    "Xem lại tài liệu, đánh dấu xác nhận bên dưới rồi gửi lại."
)


def check_class(classification):
    """Raise Refused for the classes that may not be held here (secret ones) or are unknown."""
    if classification in SecretClass.values:
        raise Refused(
            f"Tài liệu độ “{SecretClass(classification).label}” không được đưa lên phần mềm này; "
            "phổ biến trực tiếp tại buổi họp theo quy định bảo vệ bí mật.",
            field="classification",
        )
    if classification not in Classification.values:
        raise Refused("Chọn độ mật của tài liệu.", field="classification")


@transaction.atomic
def add_paper(meeting, *, upload, title, classification, by, item=None, confirmed_scan=False):
    """Check and store one upload (a file object with ``name``).

    Raises Refused for a secret class, a file that is not what its name says, a marked first page, and for a scan
    without text that nobody confirmed yet (field ``confirmed_scan``).
    """
    check_class(classification)
    meeting = _open_meeting(meeting)
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused("Nội dung này thuộc cuộc họp khác.", field="item")
    found = inspect_upload(upload, "upload")
    if not found.first_page_text and not confirmed_scan:
        raise Refused(NO_TEXT, field="confirmed_scan")
    paper = MeetingPaper(
        meeting=meeting,
        item=item,
        title=title or found.name.rsplit(".", 1)[0][:200],
        classification=classification,
        filename=found.name,
        mime=found.mime,
        size=len(found.data),
        sha256=hashlib.sha256(found.data).hexdigest(),
        pages=found.pages if found.extension == "pdf" else None,
        uploaded_by=by,
    )
    paper.file.save(f"tai-lieu.{found.extension}", ContentFile(found.data), save=False)
    paper.save()
    reminding.papers_wanted(meeting)
    record(paper, "paper.added", by=by, meeting=meeting.pk, size=paper.size, sha256=paper.sha256)
    return paper


@transaction.atomic
def add_item_paper(item, *, by, **values):
    """The paper of whoever presents the item, while the meeting is prepared; afterwards the committee adds papers.

    Raises Refused as ``add_paper`` and ``kept_here`` do, and once the agenda is locked.
    """
    kept_here(item)
    return add_paper(lock(item.meeting_id), item=item, by=by, **values)


def _open_meeting(meeting):
    try:
        return lock(meeting, OPEN)
    except Refused:
        raise Refused(OVER) from None


@transaction.atomic
def remove_paper(paper, *, by):
    """Take a paper back; its file goes after the transaction has gone through."""
    meeting = _open_meeting(paper.meeting_id)
    pk, storage, name = paper.pk, paper.file.storage, paper.file.name
    if not MeetingPaper.objects.filter(pk=pk).exists():
        raise Refused("Tài liệu này vừa được đồng chí khác bỏ.")
    paper.delete()
    paper.pk, paper.meeting = pk, meeting
    reminding.papers_wanted(meeting)
    record(paper, "paper.removed", by=by, gone=True, meeting=meeting.pk)
    if not MeetingPaper.objects.filter(file=name).exists():  # laid before another meeting too, with a carried item
        transaction.on_commit(lambda: storage.delete(name))
