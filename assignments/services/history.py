"""The history of a task: one line per act, with its evidence."""

from django.core.files.base import ContentFile
from django.utils import timezone

from assignments.models import Evidence, Report
from core.errors import Refused
from core.sniffing import inspect_upload


def write(assignment, kind, by, text="", *, member=None, files=(), until=None) -> Report:
    """One line of a task's history; ``member`` is who acts when there is no account. Raises Refused for a bad file."""
    row = Report.objects.create(
        assignment=assignment, kind=kind, by=by, member=by.member if by else member, text=text, until=until,
        at=timezone.now(),
    )  # fmt: skip
    for file in files:
        checked = _judged(file)
        piece = Evidence(report=row, filename=checked.name, mime=checked.mime)
        piece.file.save(checked.name, ContentFile(checked.data))
    return row


def _judged(file):
    try:
        return inspect_upload(file)
    except Refused as refusal:
        raise Refused(f"{file.name}: {refusal.message}", field="files") from refusal
