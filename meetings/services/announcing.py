"""Telling people about a meeting: who is told, what the notice holds, what happens to notices not yet sent."""

from django.urls import reverse
from django.utils import timezone

from core.vietnamese import date_text, weekday
from meetings.queries import agenda
from meetings.queries.people import invited
from meetings.states import Body, Mode
from members.queries import superiors_following
from notices.services.planning import plan, withdraw

VERBS = {"notified": "Mời họp", "changed": "Đổi lịch họp", "cancelled": "Hủy họp"}


def key_of(meeting) -> str:
    return f"meeting:{meeting.pk}"


def moment_text(moment) -> str:
    """ "Thứ Bảy, 05/12/2026, 19:30", in local time."""
    local = timezone.localtime(moment)
    return f"{weekday(local)}, {date_text(local)}, {local:%H:%M}"


def announce(meeting, what, *, before=None, reason=""):
    """Plan one notice for everybody invited and for the superiors who follow the cell (42-HD/BTCTW).

    ``what`` is notified, changed or cancelled; ``before`` the former (moment, place) of a changed meeting. What is
    still waiting under an earlier sequence is withdrawn first.
    """
    if what != "notified":
        withdraw(key_of(meeting))
    rows = agenda.items(meeting)
    context = _context(meeting, rows, before, reason)
    members = list(invited(meeting))
    _tell(meeting, what, members, context, url=meeting.get_absolute_url(), rows=rows, link=meeting.online_link)
    if meeting.body == Body.CELL:
        known = {member.pk for member in members}
        above = [officer for officer in superiors_following(meeting.cell, meeting.day) if officer.pk not in known]
        _tell(meeting, what, above, {**context, "for_superior": True}, url="", rows=rows, link="")


def _tell(meeting, what, members, context, *, url, rows, link):
    key = f"{key_of(meeting)}:{what}:{meeting.sequence}"
    context = {**context, "online_link": link}
    for member in members:
        plan(
            member,
            f"meeting.{what}",
            key,
            cell=meeting.cell,
            subject=f"{VERBS[what]}: {meeting.title}",
            context=context,
            url=url,
            attachments=[_calendar(meeting, what, rows)],
            urgent=True,
        )


def _context(meeting, rows, before, reason) -> dict:
    return {
        "title": meeting.title,
        "cell": meeting.cell.name,
        "when": moment_text(meeting.starts_at),
        "ends": f"{agenda.ends_at(meeting, rows):%H:%M}",
        "place": meeting.place,
        "mode": meeting.get_mode_display() if meeting.mode != Mode.IN_PERSON else "",
        "chair": meeting.chair.full_name if meeting.chair else "",
        "agenda": [f"{row.number}. {row.item.title}" for part in agenda.parts(meeting, rows) for row in part.rows],
        "papers": meeting.papers.count(),
        "reason": reason,
        "old_when": moment_text(before[0]) if before else "",
        "old_place": before[1] if before and before[1] != meeting.place else "",
        "for_superior": False,
    }


def _calendar(meeting, what, rows) -> dict:
    return {
        "kind": "calendar",
        "method": "CANCEL" if what == "cancelled" else "REQUEST",
        "uid": f"meeting-{meeting.pk}@chibo",
        "sequence": meeting.sequence,
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "minutes": max(agenda.total(rows), 60),
        "place": meeting.place,
        "description": "\n".join(
            f"{row.number}. {row.item.title}" for part in agenda.parts(meeting, rows) for row in part.rows
        ),
    }


def _tell_back(member, kind, key, meeting, subject, url, **words):
    plan(
        member,
        kind,
        key,
        cell=meeting.cell,
        subject=f"{subject}: {meeting.title}",
        context={"title": meeting.title, "when": moment_text(meeting.starts_at), **words},
        url=url,
    )


def tell_answer(question):
    """The author is told that an answer is there; the answer itself stays behind the login."""
    key = f"question:{question.pk}:{question.answered_at:%Y%m%d%H%M%S}"
    url = reverse("meetings:opinions", args=[question.meeting_id])
    _tell_back(question.member, "question.answered", key, question.meeting, "Ý kiến đã được trả lời", url)


def tell_decision(reply):
    """Whoever asked to be excused is told what the secretary decided."""
    key = f"excuse:{reply.pk}:{reply.decided_at:%Y%m%d%H%M%S}"
    withdraw(f"excuse:{reply.pk}")
    words = {"decision": reply.get_decision_display()}
    url = reply.meeting.get_absolute_url()
    _tell_back(reply.member, "excuse.decided", key, reply.meeting, "Đơn xin vắng", url, **words)
