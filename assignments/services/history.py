"""The history of a task: one line per act, with its evidence."""

from django.core.files.base import ContentFile
from django.utils import timezone

from assignments.models import Evidence, Report
from core.sniffing import inspect_upload


def write(assignment, kind, by, text="", *, member=None, files=(), until=None) -> Report:
    """One line of a task's history; ``member`` is who acts when there is no account. Raises Refused for a bad file."""
    row = Report.objects.create(
        assignment=assignment, kind=kind, by=by, member=by.member if by else member, text=text, until=until,
        at=timezone.now(),
    )  # fmt: skip
    for file in files:
        checked = inspect_upload(file, "files", one_of_many=True)
        piece = Evidence(report=row, filename=checked.name, mime=checked.mime)
        piece.file.save(checked.name, ContentFile(checked.data))
    return row
