"""Reading, asking, replying before a meeting, and the secretary's answers."""

import pytest

from core.errors import Refused
from meetings.models import Question, Reply
from meetings.queries import lists
from meetings.services import lifecycle, preparation
from meetings.states import Answer, Excuse
from members.models import Activity
from notices.models import Notice
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def notified(cast, cell):
    meeting = new_meeting(cell, cast["bithu"])
    lifecycle.agree_meeting(meeting, by=cast["bithu"])
    return lifecycle.notify_meeting(meeting, by=cast["bithu"])


def asks(meeting, user, text="Vì sao chậm?"):
    return preparation.ask(meeting, question=Question(text=text), by=user)


def test_question_before_the_notice_is_refused(cast, cell):
    with pytest.raises(Refused, match="không nhận trước họp"):
        asks(new_meeting(cell, cast["bithu"]), cast["chiuy"])


def test_question_about_another_meetings_item_is_refused(notified, cast, cell):
    other = new_meeting(cell, cast["bithu"])
    question = Question(text="?", item=other.items.first())
    with pytest.raises(Refused) as refusal:
        preparation.ask(notified, question=question, by=cast["dangvien"])
    assert refusal.value.field == "item"


def test_answer_is_told_to_the_author_without_its_words(notified, cast):
    question = preparation.answer(asks(notified, cast["dangvien"]), answer="Do mưa bão.", by=cast["bithu"])
    assert (question.answer, question.answered_by) == ("Do mưa bão.", cast["bithu"])
    notice = Notice.objects.get(kind="question.answered")
    assert notice.recipient == cast["dangvien"].member
    assert "Do mưa bão." not in str(notice.context)


def test_reply_can_be_changed_and_resets_the_decision(notified, cast):
    by = cast["dangvien"]
    reply = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=by)
    preparation.decide(reply, decision=Excuse.REFUSED, by=cast["bithu"])
    preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Nằm viện", by=by)
    stored = Reply.objects.get()
    assert (stored.reason, stored.decision, stored.decided_by) == ("Nằm viện", Excuse.ASKED, None)


def test_who_comes_after_all_needs_no_reason(notified, cast):
    preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=cast["dangvien"])
    preparation.reply(notified, answer=Answer.ATTENDS, reason="còn lại", by=cast["dangvien"])
    stored = Reply.objects.get()
    assert (stored.answer, stored.reason) == (Answer.ATTENDS, "")
    with pytest.raises(Refused, match="vừa báo sẽ dự"):
        preparation.decide(stored, decision=Excuse.ACCEPTED, by=cast["bithu"])


@pytest.mark.parametrize("reason", ["", "   "])
def test_excuse_wants_a_reason(notified, cast, reason):
    with pytest.raises(Refused) as refusal:
        preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason=reason, by=cast["dangvien"])
    assert (refusal.value.field, refusal.value.message) == ("reason", "Ghi lý do xin vắng mặt.")


def test_decision_is_told_and_flows_into_the_sheet(notified, cast):
    # DOMAIN §1.5: an absence with accepted reason is "vắng có lý do", its reason written
    reply = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=cast["dangvien"])
    preparation.decide(reply, decision=Excuse.ACCEPTED, by=cast["bithu"])
    assert Notice.objects.get(kind="excuse.decided").context["decision"] == "Có lý do"
    meeting = lifecycle.open_meeting(notified, by=cast["bithu"], clerk=cast["thuky"].member)
    row = meeting.sheet.get(member=cast["dangvien"].member)
    assert (row.presence, row.reason) == ("absent_excused", "Đi công tác")


def test_after_opening_it_is_decided_on_the_sheet(notified, cast):
    reply = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=cast["dangvien"])
    lifecycle.open_meeting(notified, by=cast["bithu"], clerk=cast["thuky"].member)
    with pytest.raises(Refused, match="bảng điểm danh"):
        preparation.decide(reply, decision=Excuse.ACCEPTED, by=cast["bithu"])


def test_counts_add_up(notified, cast):
    preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Ốm", by=cast["dangvien"])
    preparation.reply(notified, answer=Answer.ATTENDS, by=cast["dubi"])
    counts = lists.reply_counts(notified)
    assert counts == {"attends": 1, "asks": 1, "undecided": 1, "invited": 12, "silent": 10}
    assert len(lists.silent(notified)) == 10


def test_diary_holds_no_words_of_anybody(notified, cast):
    preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Bệnh riêng", by=cast["dangvien"])
    asks(notified, cast["dangvien"], "Câu hỏi riêng")
    text = " ".join(Activity.objects.values_list("text", flat=True))
    assert "riêng" not in text
