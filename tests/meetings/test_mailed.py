"""What members answer from their mail: the page behind the button, who may, what is stored."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from meetings import mailed
from meetings.models import Reply
from meetings.services import lifecycle, preparation
from meetings.states import Answer, Excuse
from members.models import Activity, User
from members.states import StatusKind
from notices import actions
from notices.models import Notice
from notices.services import links
from tests.factories import MemberFactory, at
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def notified(cast, cell):
    meeting = new_meeting(cell, cast["bithu"], starts_at=at(days=10, hour=19, minute=30))
    lifecycle.agree_meeting(meeting, by=cast["bithu"])
    return lifecycle.notify_meeting(meeting, by=cast["bithu"])


def test_the_button_of_an_invitation_is_wired():
    action = actions.find("meeting.reply")
    assert (action.label, action.act) == ("Trả lời dự họp", mailed.act)


class TestDescribe:
    def test_title_when_and_where(self, notified, cast):
        page = mailed.describe(notified.pk, cast["dangvien"].member)
        local = page.facts[0]
        assert (page.title, page.facts) == (notified.title, [local, "Nhà văn hóa"])
        assert local.endswith(f"{at(days=10):%d/%m/%Y}, 19:30")

    @pytest.mark.parametrize(("decision", "said"), [
        ("", "Xin vắng mặt (chờ bí thư quyết định)"),
        (Excuse.ACCEPTED, "Xin vắng mặt (có lý do)"),
        (Excuse.REFUSED, "Xin vắng mặt (không lý do)"),
    ])  # fmt: skip
    def test_the_earlier_answer_is_shown_without_its_reason(self, notified, cast, decision, said):
        # DESIGN §8: the page shows title, date and a short name; whoever was forwarded the mail reads no reason
        row = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Nằm viện", by=cast["dangvien"])
        if decision:
            preparation.decide(row, decision=decision, by=cast["bithu"])
        page = mailed.describe(notified.pk, cast["dangvien"].member)
        assert page.facts[2] == f"Đồng chí đã trả lời ngày {timezone.localdate():%d/%m/%Y}: {said}"

    def test_refused_after_the_opening_the_end_and_the_cancelling(self, notified, cast, cell):
        member = cast["dangvien"].member
        open_ = lifecycle.open_meeting(notified, by=cast["bithu"], opened_at=at(days=-1))
        with pytest.raises(Refused, match="đã khai mạc, không nhận trả lời"):
            mailed.describe(open_.pk, member)
        lifecycle.close_meeting(open_, closed_at=at(days=-1, hour=15), by=cast["bithu"])
        with pytest.raises(Refused, match="đã xong, không nhận trả lời"):
            mailed.describe(open_.pk, member)
        other = new_meeting(cell, cast["bithu"])
        with pytest.raises(Refused, match="không nhận trước họp"):
            mailed.describe(other.pk, member)
        lifecycle.cancel_meeting(other, cancel_reason="Bão", by=cast["bithu"])
        with pytest.raises(Refused, match="đã hủy, đồng chí không cần trả lời"):
            mailed.describe(other.pk, member)

    def test_who_is_no_longer_invited_is_refused(self, notified, cast):
        with pytest.raises(Refused, match="không còn trong danh sách mời"):
            mailed.describe(notified.pk, cast["chibokhac"].member)
        member = cast["dangvien"].member
        member.status_rows.update(kind=StatusKind.SUSPENDED)
        with pytest.raises(Refused, match="không còn trong danh sách mời"):
            mailed.act(notified.pk, member, answer=Answer.ATTENDS)
        assert not Reply.objects.exists()


class TestAct:
    def test_who_will_come(self, notified, cast):
        said = mailed.act(notified.pk, cast["dangvien"].member, answer=Answer.ATTENDS, reason="")
        when = mailed.describe(notified.pk, cast["dangvien"].member).facts[0]
        assert said == f"Đã ghi: đồng chí sẽ dự họp {when}, tại Nhà văn hóa."
        row = Reply.objects.get()
        assert (row.member, row.answer, row.reason) == (cast["dangvien"].member, Answer.ATTENDS, "")
        assert Activity.objects.filter(verb="reply.sent").latest("seq").actor_id == cast["dangvien"].pk

    def test_somebody_without_account_is_written_down_as_nobody_logged_in(self, notified, cell):
        member = MemberFactory(cell=cell, full_name="Trần Thị Không Tài Khoản")
        said = mailed.act(notified.pk, member, answer=Answer.ASKS_EXCUSE, reason="Nằm viện")
        assert said == "Đã gửi đề nghị xin vắng mặt tới bí thư. Có quyết định, đồng chí sẽ được báo."
        assert not User.objects.filter(member=member).exists()
        row = Reply.objects.get()
        assert (row.member, row.reason, row.decision) == (member, "Nằm viện", Excuse.ASKED)
        assert Activity.objects.filter(verb="reply.sent").latest("seq").actor_id is None

    def test_an_absence_wants_its_reason(self, notified, cast):
        with pytest.raises(Refused) as refusal:
            mailed.act(notified.pk, cast["dangvien"].member, answer=Answer.ASKS_EXCUSE, reason=" ")
        assert (refusal.value.field, refusal.value.message) == ("reason", "Ghi lý do xin vắng mặt.")


class TestLink:
    """The whole way: a token out of a mail, the page, the answer."""

    @pytest.fixture
    def address(self, notified, cast):
        notice = Notice.objects.get(kind="meeting.notified", recipient=cast["dangvien"].member)
        return reverse("notices:act", args=[links.issue(notice)])

    def test_a_get_shows_both_choices_and_changes_nothing(self, client, address, notified):
        html = client.get(address).content.decode()
        assert not Reply.objects.exists()
        assert notified.title in html
        buttons = re.findall(r'<button type="submit" name="answer" value="(\w+)"', html)
        assert (buttons, html.count("<button"), html.count('type="radio"')) == (["attends", "asks_excuse"], 2, 0)
        # the reason stands behind "Xin vắng", which opens it without a script
        inside = html.partition("<details>")[2].partition("</details>")[0]
        assert [words in inside for words in (">Xin vắng</summary>", "Lý do xin vắng mặt", "<textarea")] == [True] * 3
        assert "Tôi sẽ dự" in html.partition("<details>")[0]

    def test_without_a_reason_the_page_comes_back_and_the_link_stays(self, client, address):
        answer = client.post(address, {"answer": "asks_excuse", "reason": ""})
        assert answer.status_code == 422
        html = answer.content.decode()
        assert html.count("Ghi lý do xin vắng mặt.") == 2  # on top and at the field, which stands open
        assert html.count("<details open>") == 1
        answer = client.post(address, {"answer": "asks_excuse", "reason": "Nằm viện"})
        assert (answer.status_code, Reply.objects.get().reason) == (200, "Nằm viện")
        assert client.post(address, {"answer": "attends"}).status_code == 410
        assert Reply.objects.get().answer == Answer.ASKS_EXCUSE

    def test_a_cancelled_meeting_says_so(self, client, address, notified, cast):
        lifecycle.cancel_meeting(notified, cancel_reason="Bão", by=cast["bithu"])
        answer = client.post(address, {"answer": "attends"})
        assert (answer.status_code, Reply.objects.count()) == (410, 0)
        assert "Buổi họp đã hủy" in answer.content.decode()
