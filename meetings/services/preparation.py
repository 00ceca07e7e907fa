"""What members do before a meeting, and what the secretary answers."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from meetings.models import Meeting, PaperRead, Question, Reply
from meetings.services import announcing, reminding
from meetings.states import Answer, Excuse, State
from members.activity import record

TOO_LATE = "Buổi họp đã khai mạc hoặc đã hủy, không nhận trước họp nữa. Đồng chí trao đổi trực tiếp với bí thư."
OVER = "Buổi họp đã xong hoặc đã hủy nên không trả lời ở đây nữa."
DECIDED_ON_SHEET = "Buổi họp đã khai mạc. Lý do vắng mặt được ghi ngay trên bảng điểm danh."


def _notified(meeting, sentence=TOO_LATE, states=(State.NOTIFIED,)) -> Meeting:
    """The locked meeting, if something may still be said beforehand; raises Refused else."""
    fresh = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=getattr(meeting, "pk", meeting))
    if fresh.state not in states:
        raise Refused(sentence)
    return fresh


@transaction.atomic
def mark_read(paper, *, by):
    """The person says that they read a paper; saying it twice is once."""
    _, new = PaperRead.objects.get_or_create(paper=paper, member_id=by.member_id)
    if new:
        record(paper, "paper.read", by=by)


@transaction.atomic
def ask(meeting, *, question, by):
    """Send a question or opinion before the meeting opens (``question`` is a filled, unsaved row)."""
    question.meeting, question.member_id = _notified(meeting), by.member_id
    if question.item and question.item.meeting_id != question.meeting.pk:
        raise Refused("Chọn nội dung của chương trình này.", field="item")
    question.sent_at = timezone.now()
    question.save()
    record(question, "question.sent", by=by, meeting=question.meeting_id)
    return question


@transaction.atomic
def answer(question, *, answer, by):
    """Answer a question; a later answer takes the place of the first, until the meeting is over."""
    _notified(question.meeting_id, OVER, (State.NOTIFIED, State.IN_SESSION))
    rows = Question.objects.select_for_update(of=("self",), no_key=True).select_related("meeting__cell", "member")
    question = rows.get(pk=question.pk)
    question.answer, question.answered_by, question.answered_at = answer, by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    announcing.tell_answer(question)
    record(question, "question.answered", by=by, meeting=question.meeting_id)
    return question


@transaction.atomic
def reply(meeting, *, answer, by, reason="", member=None):
    """Say whether one comes; a new word takes the place of the old and of what was decided about it.

    ``member`` says so where nobody is logged in (from a mail); ``by`` is then their account, or None without one.
    """
    meeting, member = _notified(meeting), member or by.member
    if answer == Answer.ASKS_EXCUSE and not reason.strip():
        raise Refused("Ghi lý do xin vắng mặt.", field="reason")
    row, _ = Reply.objects.update_or_create(
        meeting=meeting,
        member=member,
        defaults={
            "answer": answer,
            "reason": reason if answer == Answer.ASKS_EXCUSE else "",
            "replied_at": timezone.now(),
            "decision": Excuse.ASKED,
            "decided_by": None,
            "decided_at": None,
        },
    )
    announcing.forget_decision(row)
    reminding.expect(meeting, member, excused=False)
    record(row, "reply.sent", by=by, meeting=meeting.pk, answer=answer)
    return row


@transaction.atomic
def decide(reply, *, decision, by):
    """Decide an asked absence: có lý do or không lý do; may be changed until the meeting opens."""
    _notified(reply.meeting_id, DECIDED_ON_SHEET)
    rows = Reply.objects.select_for_update(of=("self",), no_key=True).select_related("meeting__cell", "member")
    row = rows.get(pk=reply.pk)
    if row.answer != Answer.ASKS_EXCUSE:
        raise Refused("Đồng chí này vừa báo sẽ dự họp, không còn xin vắng.")
    if decision not in (Excuse.ACCEPTED, Excuse.REFUSED):
        raise Refused("Chọn “Có lý do” hoặc “Không lý do”.", field="decision")
    row.decision, row.decided_by, row.decided_at = decision, by, timezone.now()
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    announcing.tell_decision(row)
    reminding.expect(row.meeting, row.member, excused=decision == Excuse.ACCEPTED)
    record(row, "reply.decided", by=by, meeting=row.meeting_id, decision=decision)
    return row
