"""Reminders around a meeting, planned in the transaction that causes them; delivery asks no condition.

Keys: ``meeting:<pk>:tomorrow:<sequence>``, ``meeting:<pk>:papers:<item>``, ``meeting:<pk>:read_back``,
``assignment:<task>:progress:<meeting>``.
"""

import datetime

from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment
from core.vietnamese import date_text
from meetings.models import Meeting, Minutes, Reply
from meetings.queries import agenda, deadlines
from meetings.queries.people import invited
from meetings.services.announcing import ANSWER, key_of, moment_text, title_and_time
from meetings.states import OPEN_ENDED, Answer, Excuse, Mode, State
from members.queries import attenders, holder
from members.states import PostTitle
from notices.models import Notice, Outcome
from notices.services.planning import gather_until, plan, withdraw

DAY_BEFORE = datetime.timedelta(days=1)
PROGRESS_BEFORE = datetime.timedelta(days=2)
PAPERS_BEFORE = datetime.timedelta(days=2)  # before the day on which papers should be there
MORNING = datetime.time(7)
PROGRESS = "meeting.progress_asked"
KINDS = (PROGRESS, "meeting.tomorrow", "meeting.papers_wanted")  # they end with the membership


def plan_reminders(meeting):
    """After notify and reschedule: the day before to everybody, progress asked of the owners of open tasks."""
    _remind_everybody(meeting)
    _ask_progress(meeting)
    papers_wanted(meeting)


def withdraw_reminders(meeting):
    """After cancel and opening: whatever asks for something before this meeting and is not sent."""
    reason = "Buổi họp đã hủy." if meeting.state == State.CANCELLED else "Buổi họp đã khai mạc."
    for topic in ("notified", "changed", "tomorrow", "papers"):
        withdraw(f"{key_of(meeting)}:{topic}", reason=reason)
    for notice in _progress_waiting(meeting):
        withdraw(notice.key, reason=reason)


# The day before


def _remind_everybody(meeting):
    withdraw(f"{key_of(meeting)}:tomorrow", reason="Lịch họp đã đổi.")
    accepted = Reply.objects.filter(meeting=meeting, answer=Answer.ASKS_EXCUSE, decision=Excuse.ACCEPTED)
    excused = set(accepted.values_list("member_id", flat=True))
    _remind(meeting, [member for member in invited(meeting) if member.pk not in excused])


def expect(meeting, member, *, excused):
    """A reply or a decision about one person: who is excused is not reminded the day before, anybody else is."""
    if excused:
        withdraw(f"{key_of(meeting)}:tomorrow", recipients=[member], reason="Đã đồng ý cho vắng mặt.")
    elif any(each.pk == member.pk for each in invited(meeting)):
        _remind(meeting, [member])


def _remind(meeting, members):
    """Plan the day before, unless the meeting is nearer than that."""
    due_at = meeting.starts_at - DAY_BEFORE
    if due_at <= timezone.now():
        return
    rows = [row for part in agenda.parts(meeting) for row in part.rows]
    for member in members:
        plan(
            member,
            "meeting.tomorrow",
            f"{key_of(meeting)}:tomorrow:{meeting.sequence}",
            cell=meeting.cell,
            subject=f"Nhắc dự họp: {title_and_time(meeting)}",
            context={
                "title": meeting.title,
                "when": moment_text(meeting.starts_at),
                "place": meeting.place,
                "mode": meeting.get_mode_display() if meeting.mode != Mode.IN_PERSON else "",
                "online_link": meeting.online_link,
                "presents": [f"{row.number}. {row.item.title}" for row in rows if row.item.presenter_id == member.pk],
            },
            url=meeting.get_absolute_url(),
            due_at=due_at,
            action=ANSWER,
            target=meeting.pk,
        )


# Progress of the tasks that the meeting looks back on


def ask_about(task):
    """A task (locked by the caller) has another due day or came back to its owner: hold what is asked against it."""
    told = Meeting.objects.filter(cell=task.cell_id, state=State.NOTIFIED, starts_at__gt=timezone.now())
    for meeting in told.order_by("pk"):
        key, due_at = _progress_key(task, meeting), _progress_at(meeting)
        wanted = deadlines.tasks_reviewed(meeting).filter(pk=task.pk) if due_at < meeting.starts_at else []
        _hold_progress(meeting, wanted, _progress_waiting(meeting).filter(key=key), due_at)


def _progress_key(task, meeting):
    return f"assignment:{task.pk}:progress:{meeting.pk}"


def _progress_at(meeting):
    """Two days ahead, at once if the meeting is nearer."""
    return max(meeting.starts_at - PROGRESS_BEFORE, gather_until())


def _progress_waiting(meeting):
    rows = Notice.objects.filter(cell=meeting.cell_id, kind=PROGRESS, outcome=Outcome.WAITING)
    return rows.filter(key__endswith=f":progress:{meeting.pk}")


def _ask_progress(meeting):
    """Of the owners of all tasks looked back on, as they stand once they are locked; never after it has begun."""
    due_at, wanted = _progress_at(meeting), []
    if due_at < meeting.starts_at:
        rows = deadlines.tasks_reviewed(meeting)
        found = list(rows.values_list("pk", flat=True))
        locked = Assignment.objects.filter(pk__in=found).order_by("pk").select_for_update(no_key=True)
        wanted = rows.filter(pk__in=list(locked.values_list("pk", flat=True)))
    _hold_progress(meeting, wanted, _progress_waiting(meeting), due_at)


def _hold_progress(meeting, tasks, waiting, due_at):
    """Ask the owners of the tasks who are still in the cell when the mail goes; withdraw what else waits."""
    here = {member.pk for member in attenders(meeting.cell, timezone.localdate(due_at))} if tasks else set()
    keys = {_progress_key(task, meeting): task for task in tasks if task.owner_id in here}
    for notice in waiting:
        if notice.key not in keys:
            withdraw(notice.key, reason="Nhiệm vụ không còn kiểm điểm ở buổi họp này.")
    for key, task in keys.items():
        plan(
            task.owner,
            PROGRESS,
            key,
            cell=meeting.cell,
            subject=f"Báo cáo tiến độ trước buổi họp {date_text(meeting.day)}: {task.title}",
            context={
                "task": task.title,
                "due_on": date_text(task.due_on),
                "source": task.source_label,
                "title": meeting.title,
                "when": moment_text(meeting.starts_at),
            },
            url=task.get_absolute_url(),
            due_at=due_at,
            action="assignment.report",
            target=task.pk,
        )


# Papers and drafts


def papers_wanted(meeting):
    """Hold the reminders to whoever still owes a paper or draft of an item against the items as they stand."""
    prefix = f"{key_of(meeting)}:papers"
    prepared = meeting.state in OPEN_ENDED and meeting.starts_at > timezone.now()
    wanted = deadlines.papers_wanted(meeting) if prepared else []
    here = {member.pk for member in attenders(meeting.cell)} if wanted else set()
    items = {f"{prefix}:{item.pk}": item for item in wanted if item.presenter_id in here}
    rows = Notice.objects.filter(key__startswith=f"{prefix}:", outcome=Outcome.WAITING)
    waiting = {(notice.key, notice.recipient_id): notice for notice in rows}
    for key, recipient in waiting.keys() - {(key, item.presenter_id) for key, item in items.items()}:
        withdraw(key, recipients=[recipient], reason="Không còn chờ tài liệu của nội dung này.")
    for key, item in items.items():
        _want_paper(meeting, item, key, waiting.get((key, item.presenter_id)))


def _want_paper(meeting, item, key, before):
    """Two days before papers should be there, at seven in the morning; when that is past, as soon as things gather."""
    day = deadlines.paper_day(meeting)
    due_at = timezone.make_aware(datetime.datetime.combine(day - PAPERS_BEFORE, MORNING))
    if due_at < (soon := gather_until()):
        due_at = min(before.due_at, soon) if before else soon  # edits do not put it off again and again
    in_time = timezone.localtime(due_at).date() <= day
    until = f"chậm nhất ngày {date_text(day)}" if in_time else "trước buổi họp"
    plan(
        item.presenter,
        "meeting.papers_wanted",
        key,
        cell=meeting.cell,
        subject=f"Gửi dự thảo hoặc tài liệu {until}: {item.title}",
        context={
            "item": item.title,
            "decide": item.decide,
            "until": until,
            "title": meeting.title,
            "when": moment_text(meeting.starts_at),
            "locked": meeting.state != State.DRAFT,
        },
        url=reverse("meetings:item", args=[meeting.pk, item.pk]),
        due_at=due_at,
    )


# After the close


def tell_read_back(meeting, *, by):
    """The minutes of a closed meeting wait to be read back and adopted: chair, clerk and secretary are told.

    Nothing when they are adopted already; whoever acts (``by``) knows.
    """
    if meeting.state != State.CLOSED or Minutes.objects.filter(meeting=meeting, adopted_at__isnull=False).exists():
        return
    found = (meeting.chair, meeting.clerk, holder(meeting.cell, PostTitle.SECRETARY, meeting.day))
    people = {member.pk: member for member in found if member}
    people.pop(by.member_id if by else None, None)
    for member in people.values():
        plan(
            member,
            "minutes.read_back",
            f"{key_of(meeting)}:read_back",
            cell=meeting.cell,
            subject=f"Đọc lại và thông qua biên bản: {meeting.title}",
            context={"title": meeting.title, "when": moment_text(meeting.starts_at)},
            url=reverse("meetings:minutes", args=[meeting.pk]),
        )


def read_back(meeting):
    """The minutes are adopted: nobody is asked any more."""
    withdraw(f"{key_of(meeting)}:read_back", reason="Biên bản đã được thông qua.")
