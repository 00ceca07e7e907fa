"""What mails about meetings say, and the calendar files they carry, read back by two parsers."""

import datetime

import ics
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from icalendar import Calendar

from assignments.models import Assignment
from core.errors import Refused
from core.vietnamese import date_text
from meetings.diary_entries import entries
from meetings.models import AgendaItem, Question, Reply
from meetings.services import agenda, lifecycle, preparation
from meetings.states import Answer, Excuse, Kind, Mode
from members.models import User
from notices import calendar
from notices.models import Notice, Outcome
from notices.services import mail
from tests.factories import at
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member, starts_at=at(days=10, hour=19, minute=30))


@pytest.fixture
def notified(draft, cast):
    lifecycle.agree_meeting(draft, by=cast["bithu"])
    return lifecycle.notify_meeting(draft, by=cast["bithu"])


def latest(kind, user):
    return Notice.objects.filter(kind=kind, recipient=user.member).latest("pk")


def moved(meeting, by):
    return lifecycle.reschedule_meeting(meeting, starts_at=at(days=12, hour=20), place="Hội trường", by=by)


class TestCalendarFiles:
    """RFC 5546: one UID for the life of a meeting, SEQUENCE grows, CANCEL takes it away."""

    def invitation(self, kind, user):
        message = mail.compose([mail.part(latest(kind, user))], user.member.email)
        (content,) = [part for part in message.attachments if part.mimetype.startswith("text/calendar")]
        return content.content

    def read(self, text):
        """What both parsers see: (method, uid, sequence, status, start)."""
        found = Calendar.from_ical(text)
        (event,) = found.walk("VEVENT")
        (other,) = ics.Calendar(text).events
        start = event.decoded("DTSTART")
        assert (other.uid, other.begin.datetime, other.name) == (str(event["UID"]), start, str(event["SUMMARY"]))
        assert ics.Calendar(text).method == str(found["METHOD"])
        return str(found["METHOD"]), str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]), start

    @pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::SyntaxWarning")
    def test_notified_moved_and_cancelled(self, notified, cast):
        by, user = cast["bithu"], cast["dangvien"]
        uid = f"meeting-{notified.pk}@chibo"
        found = [self.read(self.invitation("meeting.notified", user))]
        meeting = moved(notified, by)
        found.append(self.read(self.invitation("meeting.changed", user)))
        entry = self.read_feed(user)
        lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=by)
        found.append(self.read(self.invitation("meeting.cancelled", user)))
        first, second = at(days=10, hour=19, minute=30), at(days=12, hour=20)
        assert found == [
            ("REQUEST", uid, 0, "CONFIRMED", first),
            ("REQUEST", uid, 1, "CONFIRMED", second),
            ("CANCEL", uid, 2, "CANCELLED", second),
        ]
        assert entry == ("PUBLISH", uid, 1, "CONFIRMED", second)
        assert self.feed(user).walk("VEVENT") == []

    def test_superiors_are_told_and_not_invited(self, notified, cast):
        """They get no question to reply to, neither by the mail nor by its calendar file."""
        by, above, found = cast["bithu"], cast["captren"], []
        meeting = moved(notified, by)
        lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=by)
        for kind in ("meeting.notified", "meeting.changed", "meeting.cancelled"):
            file = self.invitation(kind, above)
            (event,) = Calendar.from_ical(file).walk("VEVENT")
            found.append((self.read(file)[0], event["SEQUENCE"], "ATTENDEE" in event, "RSVP" in file))
        assert found == [("PUBLISH", 0, False, False), ("PUBLISH", 1, False, False), ("CANCEL", 2, False, False)]

    def text(self, user):
        rows = entries(User.objects.get(pk=user.pk), timezone.now())
        return calendar.calendar_file(rows, now=timezone.now(), base_url="https://chibo.example").decode()

    def feed(self, user):
        return Calendar.from_ical(self.text(user))

    def read_feed(self, user):
        return self.read(self.text(user))

    def test_a_notified_meeting_cannot_be_moved_unseen(self, notified, cast):
        notified.starts_at = at(days=20)
        with pytest.raises(Refused, match="đổi lịch họp"):
            lifecycle.update_meeting(meeting=notified, by=cast["bithu"])
        notified.refresh_from_db()
        assert (notified.starts_at, notified.sequence) == (at(days=10, hour=19, minute=30), 0)

    def test_sequence_grows_with_every_change(self, notified, cast):
        meeting = moved(notified, cast["bithu"])
        meeting = lifecycle.reschedule_meeting(meeting, starts_at=at(days=13), place="Nhà dân", by=cast["bithu"])
        assert meeting.sequence == 2
        assert lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=cast["bithu"]).sequence == 3


class TestWhoAnswers:
    def test_members_answer_from_the_mail_and_superiors_do_not(self, notified, cast):
        member, above = (latest("meeting.notified", cast[name]) for name in ("dangvien", "captren"))
        assert (member.action, member.target) == ("meeting.reply", notified.pk)
        assert (above.action, above.target) == ("", None)

    def test_a_moved_meeting_asks_again_and_keeps_what_was_answered(self, notified, cast):
        preparation.reply(notified, answer=Answer.ATTENDS, by=cast["dangvien"])
        moved(notified, cast["bithu"])
        notice = latest("meeting.changed", cast["dangvien"])
        assert (notice.action, Reply.objects.get().answer) == ("meeting.reply", Answer.ATTENDS)
        assert "Câu trả lời đồng chí đã gửi (nếu có) vẫn được giữ." in mail.part(notice).text

    def test_a_cancelled_meeting_asks_nothing(self, notified, cast):
        lifecycle.cancel_meeting(notified, cancel_reason="Bão", by=cast["bithu"])
        assert latest("meeting.cancelled", cast["dangvien"]).action == ""


class TestAnswersTold:
    @pytest.fixture
    def asked(self, notified, cast):
        return preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Ốm", by=cast["dangvien"])

    def test_a_new_reply_withdraws_what_was_decided_about_the_old(self, asked, notified, cast):
        preparation.decide(asked, decision=Excuse.REFUSED, by=cast["bithu"])
        preparation.reply(notified, answer=Answer.ATTENDS, by=cast["dangvien"])
        assert latest("excuse.decided", cast["dangvien"]).outcome == Outcome.WITHDRAWN

    def test_a_refused_excuse_may_be_answered_an_accepted_one_not(self, asked, cast):
        preparation.decide(asked, decision=Excuse.REFUSED, by=cast["bithu"])
        refused = latest("excuse.decided", cast["dangvien"])
        assert (refused.action, refused.subject.partition(":")[0]) == (
            "meeting.reply",
            "Chưa đồng ý cho vắng, mời đồng chí dự họp",
        )
        Notice.objects.all().delete()
        preparation.decide(asked, decision=Excuse.ACCEPTED, by=cast["bithu"])
        accepted = latest("excuse.decided", cast["dangvien"])
        assert (accepted.action, accepted.subject.partition(":")[0]) == ("", "Đã đồng ý cho đồng chí vắng họp")

    def test_what_waits_takes_the_new_time_of_a_moved_meeting(self, asked, notified, cast):
        preparation.decide(asked, decision=Excuse.ACCEPTED, by=cast["bithu"])
        question = preparation.ask(notified, question=Question(text="?"), by=cast["dubi"])
        preparation.answer(question, answer="Vì thế.", by=cast["bithu"])
        moved(notified, cast["bithu"])
        for kind, name in (("excuse.decided", "dangvien"), ("question.answered", "dubi")):
            (notice,) = Notice.objects.filter(kind=kind)
            assert (notice.recipient, notice.outcome) == (cast[name].member, Outcome.WAITING)
            assert notice.context["when"].endswith("20:00")

    def test_what_was_told_is_not_told_again(self, asked, notified, cast):
        preparation.decide(asked, decision=Excuse.ACCEPTED, by=cast["bithu"])
        Notice.objects.update(outcome=Outcome.SENT)
        moved(notified, cast["bithu"])
        assert list(Notice.objects.filter(kind="excuse.decided").values_list("outcome", flat=True)) == ["sent"]

    def test_a_later_answer_takes_the_place_of_one_not_yet_told(self, notified, cast):
        question = preparation.ask(notified, question=Question(text="?"), by=cast["dubi"])
        with time_machine.travel(at(hour=10), tick=False) as clock:
            preparation.answer(question, answer="Vì thế.", by=cast["bithu"])
            clock.shift(60)
            preparation.answer(question, answer="Vì lẽ khác.", by=cast["bithu"])
        found = Notice.objects.filter(kind="question.answered").order_by("pk")
        assert [notice.outcome for notice in found] == [Outcome.WITHDRAWN, Outcome.WAITING]


def every_kind(cell, cast):
    """Every mail that this part sends, planned by the services: kind -> notice."""
    by, user = cast["bithu"], cast["dangvien"]
    due_on = timezone.localdate() + datetime.timedelta(days=5)
    Assignment.objects.create(
        cell=cell, owner=user.member, title="Vận động 6 hộ hiến đất làm đường", due_on=due_on,
        source_label="Mục 2, Nghị quyết 05-NQ/CB",
    )  # fmt: skip
    meeting = new_meeting(
        cell, by, clerk=cast["thuky"].member, starts_at=at(days=10, hour=19, minute=30), mode=Mode.HYBRID,
        online_link="https://hop.example.vn/abc", approval="12-CV/ĐU",
    )  # fmt: skip
    item = AgendaItem(title="Sửa nhà văn hóa", decide="Mức đóng góp", presenter=user.member)
    agenda.add_item(meeting, agendaitem=item, by=by)
    found = {"meeting.papers_wanted (đang soạn)": latest("meeting.papers_wanted", user)}
    lifecycle.agree_meeting(meeting, by=by)
    meeting = lifecycle.notify_meeting(meeting, by=by)
    for kind in ("notified", "tomorrow", "papers_wanted", "progress_asked"):
        found[f"meeting.{kind}"] = latest(f"meeting.{kind}", user)
    found["meeting.notified (cấp trên)"] = latest("meeting.notified", cast["captren"])
    question = preparation.ask(meeting, question=Question(text="?"), by=user)
    preparation.answer(question, answer="!", by=by)
    found["question.answered"] = latest("question.answered", user)
    row = preparation.reply(meeting, answer=Answer.ASKS_EXCUSE, reason="Ốm", by=user)
    for decision in (Excuse.ACCEPTED, Excuse.REFUSED):
        preparation.decide(row, decision=decision, by=by)
        found[f"excuse.decided ({decision})"] = latest("excuse.decided", user)
    meeting = moved(meeting, by)
    for name in ("dangvien", "captren"):
        found[f"meeting.changed ({name})"] = latest("meeting.changed", cast[name])
    other = new_meeting(cell, by, kind=Kind.COMMITTEE)
    lifecycle.cancel_meeting(lifecycle.notify_meeting(other, by=by), cancel_reason="Bão số 9", by=by)
    found["meeting.cancelled"] = latest("meeting.cancelled", cast["chiuy"])
    meeting = lifecycle.open_meeting(meeting, by=by, opened_at=timezone.now() - 2 * HOUR)
    lifecycle.close_meeting(meeting, closed_at=timezone.now() - HOUR, by=by)
    found["minutes.read_back"] = latest("minutes.read_back", cast["thuky"])
    return found


def test_every_mail_renders_with_one_button_and_says_what_to_do(cell, cast):
    buttons = {}
    for name, notice in every_kind(cell, cast).items():
        rendered = mail.part(notice)
        for said in (rendered.text, rendered.html):
            assert notice.context["title"] in said, name
            assert "{{" not in said and "{%" not in said and "None" not in said, name
        assert "\n\n\n\n" not in rendered.text, name
        pressed = [line for line in rendered.html.split("<a ")[1:] if "background" in line or "display" in line]
        buttons[name] = [line.partition(">")[2].partition("</a>")[0] for line in pressed]
    assert buttons == {
        "meeting.papers_wanted (đang soạn)": ["Viết dự thảo, gửi tài liệu"],
        "meeting.notified": ["Trả lời dự họp"],
        "meeting.tomorrow": ["Trả lời dự họp"],
        "meeting.papers_wanted": ["Xem nội dung"],
        "meeting.progress_asked": ["Báo cáo tiến độ"],
        "meeting.notified (cấp trên)": [],
        "question.answered": ["Đọc trả lời"],
        "excuse.decided (accepted)": ["Xem cuộc họp"],
        "excuse.decided (refused)": ["Trả lời dự họp"],
        "meeting.changed (dangvien)": ["Trả lời dự họp"],
        "meeting.changed (captren)": [],
        "meeting.cancelled": ["Xem cuộc họp"],
        "minutes.read_back": ["Đọc lại biên bản"],
    }


def test_subjects_say_the_thing_to_do(cell, cast):
    first, second = date_text(at(days=10)), date_text(at(days=12))
    found = every_kind(cell, cast)
    title, later = (found[name].context["title"] for name in ("meeting.notified", "meeting.changed (dangvien)"))
    said = {name: notice.subject for name, notice in found.items()}
    assert said == {
        "meeting.papers_wanted (đang soạn)": said["meeting.papers_wanted"],
        "meeting.papers_wanted": f"Gửi dự thảo hoặc tài liệu chậm nhất ngày {date_text(at(days=7))}: Sửa nhà văn hóa",
        "meeting.notified": f"Mời họp: {title}, 19:30 ngày {first}",
        "meeting.notified (cấp trên)": f"Lịch họp của Chi bộ Một: {title}, 19:30 ngày {first}",
        "meeting.tomorrow": f"Nhắc dự họp: {title}, 19:30 ngày {first}",
        "meeting.progress_asked": f"Báo cáo tiến độ trước buổi họp {first}: Vận động 6 hộ hiến đất làm đường",
        "question.answered": f"Đọc trả lời ý kiến trước họp: {title}",
        "excuse.decided (accepted)": f"Đã đồng ý cho đồng chí vắng họp: {title}",
        "excuse.decided (refused)": f"Chưa đồng ý cho vắng, mời đồng chí dự họp: {title}",
        "meeting.changed (dangvien)": f"Đổi lịch họp: {later}, 20:00 ngày {second}",
        "meeting.changed (captren)": f"Đổi lịch họp của Chi bộ Một: {later}, 20:00 ngày {second}",
        "meeting.cancelled": f"Hủy họp: Họp chi ủy ngày {first}, 14:00",
        "minutes.read_back": f"Đọc lại và thông qua biên bản: {said['minutes.read_back'].partition(': ')[2]}",
    }


def test_no_words_of_anybody_stand_in_a_mail(cell, cast):
    # DESIGN §8: mails carry titles only
    for notice in every_kind(cell, cast).values():
        assert "Ốm" not in str(notice.context) + notice.subject
    assert settings.BASE_URL in mail.part(latest("meeting.notified", cast["dangvien"])).text
