"""Tasks of the scene: of dangvien, given by bithu, in each state and for each audience."""

from django.core.files.base import ContentFile

from assignments.models import Evidence, Report
from assignments.services import extending, giving, progress
from tests.matrix.evenings import DUE, SECRET

LATER = DUE.replace(day=28)
NAMES = ("given", "doing", "reported", "done", "withdrawn", "committee", "owner", "asked", "helped")


def tasks(cell, who):
    """``task_<name>`` with its part, a report and, of "asked", the request for more time; ``report_<name>`` its file.

    "helped" is for owner, giver and trinhbay, who helps.
    """
    found = {}
    for name in NAMES:
        task = _give(cell, who, name)
        _advance(task, name, who)
        report = Report.objects.create(assignment=task, by=who["dangvien"], text=f"{SECRET} báo cáo")
        piece = Evidence(report=report, filename="a.pdf", mime="application/pdf")
        piece.file.save("a.pdf", ContentFile(b"%PDF-1.7 a"))
        found[f"task_{name}"] = {"pk": task.pk, "part": task.parts.get().pk, "report": report.pk}
        found[f"report_{name}"] = {"pk": piece.pk}
        if asked := task.extensions.first():
            found[f"task_{name}"]["extension"] = asked.pk
    return found


def _give(cell, who, name):
    audience = {"committee": "committee", "owner": "owner", "helped": "owner"}.get(name, "cell")
    helpers = [who["trinhbay"].member] if name == "helped" else []
    return giving.give(
        cell=cell, owner=who["dangvien"].member, title=f"{SECRET} nhiệm vụ {name}", due_on=DUE, by=who["bithu"],
        audience=audience, helpers=helpers, parts=[f"{SECRET} phần việc"],
    )  # fmt: skip


def _advance(task, state, who):
    owner, giver = who["dangvien"], who["bithu"]
    if state in ("doing", "reported", "done"):
        progress.report(task, text="Đã đến 2 hộ.", by=owner)
    if state in ("reported", "done"):
        progress.finish(task, text="Đủ 6 hộ.", by=owner)
    if state == "done":
        progress.confirm(task, by=giver)
    if state == "withdrawn":
        progress.cancel(task, reason="Không còn cần.", by=giver)
    if state in ("asked", "helped"):
        extending.ask(task, until=LATER, reason=f"{SECRET} lý do", by=owner)
