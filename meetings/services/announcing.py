"""Telling people about a meeting: who is told, what the notice holds, what happens to notices not yet sent."""

import datetime

from django.urls import reverse
from django.utils import timezone

from core.vietnamese import date_text, weekday
from meetings.queries import agenda
from meetings.queries.people import invited
from meetings.states import Body, Excuse, Mode
from members.queries import superiors_following
from notices.services.planning import plan, withdraw

NEAR = datetime.timedelta(days=2)
VERBS = {"notified": "Mời họp", "changed": "Đổi lịch họp", "cancelled": "Hủy họp"}
ABOVE = {"notified": "Lịch họp của", "changed": "Đổi lịch họp của", "cancelled": "Hủy buổi họp của"}
ANSWER = "meeting.reply"  # what the button of an invitation does: meetings/mailed.py


def key_of(meeting) -> str:
    return f"meeting:{meeting.pk}"


def moment_text(moment) -> str:
    """ "Thứ Bảy, 05/12/2026, 19:30", in local time."""
    local = timezone.localtime(moment)
    return f"{weekday(local)}, {date_text(local)}, {local:%H:%M}"


def title_and_time(meeting) -> str:
    """ "Sinh hoạt thường kỳ tháng 12/2026, 19:30 ngày 05/12/2026"; a day that the title names is not said again."""
    local = timezone.localtime(meeting.starts_at)
    day = date_text(local)
    return f"{meeting.title}, {local:%H:%M}" + ("" if day in meeting.title else f" ngày {day}")


def is_near(meeting) -> bool:
    """Whether a notice about the meeting may not wait for the morning: it is today, tomorrow or the day after."""
    return meeting.starts_at - timezone.now() < NEAR


def announce(meeting, what, *, before=None, reason=""):
    """Plan one notice for everybody invited and for the superiors who follow the cell (42-HD/BTCTW).

    ``what`` is notified, changed or cancelled; ``before`` the former (moment, place) of a changed meeting. First goes
    what is still waiting: of a cancelled meeting everything, of a changed one the invitation to the old time.
    """
    if what == "cancelled":
        withdraw(key_of(meeting), reason="Buổi họp đã hủy.")
    if what == "changed":
        withdraw(f"{key_of(meeting)}:notified", reason="Lịch họp đã đổi.")
        withdraw(f"{key_of(meeting)}:changed", reason="Lịch họp lại đổi.")
        _say_answers_again(meeting)
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
    above = context["for_superior"]
    words = f"{ABOVE[what]} {meeting.cell.name}" if above else VERBS[what]
    answers = {} if above or what == "cancelled" else {"action": ANSWER, "target": meeting.pk}
    for member in members:
        plan(
            member,
            f"meeting.{what}",
            key,
            cell=meeting.cell,
            subject=f"{words}: {title_and_time(meeting)}",
            context=context,
            url=url,
            attachments=[_calendar(meeting, what, rows, invited=not above)],
            due_at=timezone.now(),
            urgent=is_near(meeting),
            **answers,
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


def _calendar(meeting, what, rows, *, invited) -> dict:
    """The calendar file's facts; superiors are told of the meeting, not invited to it."""
    return {
        "kind": "calendar",
        "method": "CANCEL" if what == "cancelled" else "REQUEST" if invited else "PUBLISH",
        "invited": invited,
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


def _tell_back(member, kind, key, meeting, subject, url, *, action="", **words):
    plan(
        member,
        kind,
        key,
        cell=meeting.cell,
        subject=f"{subject}: {meeting.title}",
        context={"title": meeting.title, "when": moment_text(meeting.starts_at), **words},
        url=url,
        action=action,
        target=meeting.pk if action else None,
    )


def tell_answer(question):
    """The author is told that an answer is there; the answer itself stays behind the login."""
    topic = f"{key_of(question.meeting)}:question:{question.pk}"
    withdraw(topic, reason="Câu trả lời đã viết lại.")
    url = reverse("meetings:opinions", args=[question.meeting_id])
    key = f"{topic}:{question.answered_at:%Y%m%d%H%M%S}"
    _tell_back(question.member, "question.answered", key, question.meeting, "Đọc trả lời ý kiến trước họp", url)


def tell_decision(reply):
    """Whoever asked to be excused is told the decision; who is not excused may still say that they come."""
    forget_decision(reply)
    accepted = reply.decision == Excuse.ACCEPTED
    subject = "Đã đồng ý cho đồng chí vắng họp" if accepted else "Chưa đồng ý cho vắng, mời đồng chí dự họp"
    _tell_back(
        reply.member,
        "excuse.decided",
        f"{key_of(reply.meeting)}:excuse:{reply.pk}:{reply.decided_at:%Y%m%d%H%M%S}",
        reply.meeting,
        subject,
        reply.meeting.get_absolute_url(),
        decision=reply.get_decision_display(),
        accepted=accepted,
        action="" if accepted else ANSWER,
    )


def forget_decision(reply):
    """The person has answered anew: what was decided about the old answer is not told any more."""
    withdraw(f"{key_of(reply.meeting)}:excuse:{reply.pk}", reason="Trả lời dự họp hoặc quyết định đã thay đổi.")


def _say_answers_again(meeting):
    """Answers that wait to be told name the time of the meeting: they take the new one."""
    for question in meeting.questions.filter(answered_at__isnull=False).select_related("member"):
        question.meeting = meeting
        tell_answer(question)
    for reply in meeting.replies.filter(decided_at__isnull=False).select_related("member"):
        reply.meeting = meeting
        tell_decision(reply)
