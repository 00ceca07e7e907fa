"""What people answer from their mail without logging in: whether they come to a meeting (notices/actions.py)."""

from django.utils import timezone

from core.errors import Refused
from core.vietnamese import date_text, lower_first
from meetings.forms.preparation import ReplyForm
from meetings.models import Meeting, Reply
from meetings.queries.people import invited
from meetings.services import preparation
from meetings.services.announcing import moment_text
from meetings.states import Answer, Excuse, State
from members.models import User
from notices.actions import Action, Page

OVER = {
    State.CANCELLED: "Buổi họp đã hủy, đồng chí không cần trả lời nữa.",
    State.IN_SESSION: "Buổi họp đã khai mạc, không nhận trả lời nữa. Đồng chí liên hệ trực tiếp với bí thư.",
    State.CLOSED: "Buổi họp đã xong, không nhận trả lời nữa.",
}
STRANGER = "Đồng chí không còn trong danh sách mời của buổi họp này. Nếu chưa đúng, đồng chí báo bí thư."


def _meeting(target, member) -> Meeting:
    """The meeting, while it takes answers from this person; raises Refused else."""
    meeting = Meeting.objects.select_related("cell").get(pk=target)
    if meeting.state != State.NOTIFIED:
        raise Refused(OVER.get(State(meeting.state), preparation.TOO_LATE))
    if not any(each.pk == member.pk for each in invited(meeting)):
        raise Refused(STRANGER)
    return meeting


def describe(target, member) -> Page:
    """Title, when, where and what was answered before; never the reason of an absence: a mail may be forwarded."""
    meeting = _meeting(target, member)
    facts = [moment_text(meeting.starts_at), meeting.place]
    if before := Reply.objects.filter(meeting=meeting, member=member).first():
        facts.append(f"Đồng chí đã trả lời ngày {date_text(timezone.localtime(before.replied_at))}: {_said(before)}")
    return Page(title=meeting.title, facts=facts)


def _said(reply) -> str:
    """ "Tôi sẽ dự" or "Xin vắng mặt (chờ bí thư quyết định)"."""
    if reply.answer == Answer.ATTENDS:
        return reply.get_answer_display()
    decision = reply.get_decision_display() if reply.decision != Excuse.ASKED else "Chờ bí thư quyết định"
    return f"{reply.get_answer_display()} ({lower_first(decision)})"


def act(target, member, *, answer, reason="", **_) -> str:
    """Store the answer under the person's account, if there is one; returns the sentence shown after."""
    meeting = _meeting(target, member)
    by = User.objects.filter(member=member, is_active=True).first()
    preparation.reply(meeting, answer=answer, reason=reason, by=by, member=member)
    if answer == Answer.ATTENDS:
        return f"Đã ghi: đồng chí sẽ dự họp {moment_text(meeting.starts_at)}, tại {meeting.place}."
    return "Đã gửi đề nghị xin vắng mặt tới bí thư. Có quyết định, đồng chí sẽ được báo."


REPLY = Action("Trả lời dự họp", ReplyForm, describe, act, template="meetings/_mail_reply.html")
