"""A cell in which there is ``rows`` of everything that a page lists: for counting queries."""

import datetime

from django.conf import settings
from django.utils import timezone

from assignments.services import extending, giving, parts, progress
from meetings.models import AgendaItem, Clause, Meeting, Question, Reply, Vote
from meetings.services import clauses, lifecycle, preparation, speeches, voting
from members.models import Exemption, Placement, Setting
from notices.services import planning
from tests.factories import CellFactory, person
from tests.matrix import (
    evenings,
    fees_audit,
    fees_book,
    fees_cash,
    fees_members,
    fees_statements,
    lineage,
    pledges,
    reviews,
    scene,
    years,
)
from tests.matrix.evenings import DUE
from tests.meetings import story

DAY = datetime.timedelta(days=1)


def build(rows):
    """People under "who", arguments of the addresses of what the pages show under "args"."""
    who, cell, _, above = scene.people()
    others = [person(cell, name=f"Trần Văn Thử {number}") for number in range(rows)]
    args = {"cell": [cell.slug], "above": [above.slug], "member": [others[0].member.pk]}
    closed = []
    for number in range(rows):
        CellFactory(parent=above)
        written = evenings.written(cell, who, "adopted")
        closed.append(written["adopted"]["pk"])
        args["task"] = [_task(cell, who, rows)]
        _notice(cell, who, number)
        _dated(cell, others[0].member, number)
        (settings.MAIL_DIR / f"{number}.eml").write_text("Subject: Thư\n\nNội dung")
    args["written"], args["resolution"] = [written["adopted"]["pk"]], [written["resolution_adopted"]["pk"]]
    args["clause"] = [_clauses(*args["resolution"], who, rows)]
    args["draft"], args["notified"] = [evenings.planned(cell, who)["pk"]], [_notified(cell, who, others)]
    args["vote"] = _session(cell, who, rows)
    args["session"] = args["vote"][:1]
    args["topic"], args["old"] = lineage.crowd(cell, who, closed, rows)
    args["declaration"], args["waiver"] = fees_members.crowd(cell, who, others, rows)
    args["year"] = years.some(cell, above, who, rows)
    args |= fees_cash.some(cell, who, rows)
    args |= fees_book.some(cell, who, rows)
    args |= fees_statements.some(cell, who, rows)
    args |= fees_audit.some(cell, who, rows)
    args |= pledges.some(cell, who, others, rows)
    args |= reviews.some(cell, who, others, rows)
    return {"who": who, "args": args}


def _task(cell, who, rows):
    helpers = [user.member for user in (who["thuky"], who["thuquy"], who["dubi"])[:rows]]
    task = giving.give(
        cell=cell, owner=who["dangvien"].member, title="Dọn mương", due_on=DUE, by=who["bithu"], helpers=helpers,
        parts=["Dọn đoạn mương"] * rows,
    )  # fmt: skip
    for part in task.parts.all():
        parts.tick(part, done=True, by=who["dangvien"])
    extending.ask(task, until=DUE.replace(day=28), reason="Mưa", by=who["dangvien"])
    for _ in range(rows):
        progress.report(task, text="Đã đến 2 hộ.", by=who["dangvien"])
    return task.pk


def _notice(cell, who, number):
    key = f"crowd:{number}"
    row = planning.plan(who["dangvien"].member, "assignment.given", key, cell=cell, subject="Việc", context={})
    row.outcome, row.done_at = "no_address", timezone.now()
    row.save()


def _dated(cell, member, number):
    """Rows of the past on the page of one person, and a rule laid again and again."""
    day = timezone.localdate() - (2 * number + 1) * DAY
    span = {"member": member, "starts_on": day, "ends_on": day}
    Placement.objects.create(kind="temp_elsewhere", cell=cell, place="Chi bộ khác", **span)
    Exemption.objects.create(kind="exempt", **span)
    Setting.objects.create(organisation=cell, key=scene.LOCAL, value="2", source="NQ", starts_on=day, ends_on=day)


def _clauses(resolution, who, rows):
    """More clauses, and tasks with reports for the first one; its pk."""
    for position in range(2, rows + 1):
        Clause.objects.create(
            resolution_id=resolution, position=position, text="Dọn mương", owner=who["dangvien"].member, due_on=DUE
        )
    clause = Clause.objects.get(resolution=resolution, position=1)
    clause.item = clause.resolution.meeting.items.first()
    clause.save()
    for _ in range(rows):
        task = clauses.give_more(clause, owner=who["thuky"].member, title="Dọn mương", due_on=DUE, by=who["bithu"])
        progress.report(task, text="Được một nửa.", by=who["thuky"])
    return clause.pk


def _notified(cell, who, others):
    meeting = Meeting.objects.get(pk=evenings.planned(cell, who)["pk"])
    for place, other in enumerate(others):
        item = AgendaItem.objects.create(meeting=meeting, section="B", position=90 + place, title="Việc khác")
        evenings.paper(meeting, item)
        one = {"meeting": meeting, "member": other.member}
        Question.objects.create(text="Ý kiến", item=item, **one)
        Reply.objects.create(answer="asks_excuse", reason="Ốm", **one)
    lifecycle.notify_meeting(lifecycle.agree_meeting(meeting, by=who["bithu"]), by=who["bithu"])
    for paper in meeting.papers.all()[1:]:
        preparation.mark_read(paper, by=who["dangvien"])
    return meeting.pk


def _session(cell, who, rows):
    """[meeting, open vote]: in session on an item with speeches, votes and tasks."""
    meeting = story.told(cell, who["bithu"], who["thuky"], who["dangvien"], closed=False)
    item = meeting.items.get(title="Nhiệm vụ tháng 01/2027")
    speeches.go_to(item, by=who["thuky"])
    for _ in range(rows):
        meeting.guests.create(name="Khách mời")
        speeches.add_speech(item, member=who["dangvien"].member, text="Nhất trí.", by=who["thuky"])
        story.vote_on(item, who["thuky"])
    vote = voting.propose_vote(item, vote=Vote(matter="Mua loa"), by=who["thuky"])
    return [meeting.pk, voting.open_vote(vote, by=who["thuky"]).pk]
