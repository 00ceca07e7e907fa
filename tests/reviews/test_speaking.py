"""What is said in a turn: the private draft, the showing, remarks by name, the answer, the conclusion, a later word
(issue 5, 3 and 6)."""

import json

import pytest
from django.db import connection

from core.errors import Refused, StaleText
from core.states import WrongState
from meetings.models import Meeting
from meetings.states import State
from members.models import Activity
from notices.models import Notice
from reviews import contributions
from reviews.models import Reading, Remark, SelfReview, Shortcoming
from reviews.services import speaking
from reviews.turn_states import TurnState
from tests.meetings import story
from tests.reviews.conftest import LATER, fresh

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.message, refusal.value.field


def review(turn):
    return SelfReview.objects.get(turn=turn)


# ---------------------------------------------------------------- the draft


def test_a_draft_is_kept_with_its_version_and_the_diary_tells_nothing(turn, member):
    before = Activity.objects.count()
    first = speaking.write(turn, text=" Tôi còn nóng tính. ", version=0, by=member)
    second = speaking.write(turn, text="Tôi còn nóng tính, sẽ sửa.", version=1, by=member, autosave=True)
    assert (first.text, first.version, second.version) == ("Tôi còn nóng tính.", 1, 2)
    assert Activity.objects.count() == before


def test_a_draft_written_elsewhere_meanwhile_gives_both_texts_to_its_author(written, member):
    with pytest.raises(StaleText) as stale:
        speaking.write(written, text="Bản khác", version=0, by=member)
    assert (stale.value.current, stale.value.typed, stale.value.version) == ("Tôi còn nóng tính.", "Bản khác", 1)
    assert stale.value.message == speaking.STALE
    assert review(written).text == "Tôi còn nóng tính."


def test_what_was_shown_is_not_written_anew(shown, member):
    assert refused(speaking.write, shown, text="Sửa lại", version=1, by=member) == (
        "Lượt này đã trình bày hoặc đã dời, bản tự phê bình không sửa được nữa.",
        None,
    )


# ---------------------------------------------------------------- shown


def test_shown_only_in_a_meeting_in_session(written, member):
    assert refused(speaking.show, written, by=member) == ("Chỉ trình bày khi buổi họp đang diễn ra.", None)
    assert fresh(written).shown_at is None


def test_nothing_written_is_not_shown(session, turn, member):
    assert refused(speaking.show, turn, by=member) == (
        "Chưa có nội dung tự phê bình. Đồng chí ghi vài dòng trước khi trình bày.",
        None,
    )
    assert not SelfReview.objects.exists()


def test_shown_by_its_author(shown):
    assert (shown.state, shown.shown_at) == (TurnState.SHOWN, story.moment(14, 30))
    assert (review(shown).spoken or review(shown).text) == "Tôi còn nóng tính."


def test_shown_twice_is_said_to_be_shown(shown, member):
    with pytest.raises(WrongState):
        speaking.show(shown, by=member)


def test_of_who_only_spoke_the_clerk_writes_the_gist_and_the_draft_stays_private(session, written, clerk):
    assert refused(speaking.show, written, by=clerk) == ("Đồng chí ghi tóm tắt lời trình bày.", "spoken")
    turn = speaking.show(written, by=clerk, spoken="Nhận khuyết điểm về giờ giấc.")
    assert (turn.state, review(turn).spoken or review(turn).text) == (TurnState.SHOWN, "Nhận khuyết điểm về giờ giấc.")
    assert review(turn).text == "Tôi còn nóng tính."


# ---------------------------------------------------------------- remarks, answer


def test_remarks_stand_by_name_in_order(shown, deputy, clerk):
    speaking.remark(shown, text="Cần lắng nghe hơn.", by=deputy)
    speaking.remark(shown, text="Đồng ý.", by=clerk)
    assert [(row.member, row.text) for row in Remark.objects.all()] == [
        (deputy.member, "Cần lắng nghe hơn."),
        (clerk.member, "Đồng ý."),
    ]


def test_an_empty_remark_is_refused(shown, deputy):
    assert refused(speaking.remark, shown, text="  ", by=deputy) == ("Đồng chí ghi ý kiến góp ý.", "text")


def test_nothing_is_remarked_before_the_showing(session, written, deputy):
    assert refused(speaking.remark, written, text="Ý kiến", by=deputy) == ("Phần góp ý đã khép lại.", None)


def test_the_answer_is_asked_for_between_showing_and_conclusion(session, written, member, secretary):
    sentence = "Chỉ ghi tiếp thu, giải trình trong phần góp ý của buổi họp."
    assert refused(speaking.answer, written, text="Xin tiếp thu.", by=member) == (sentence, None)
    turn = speaking.show(written, by=member)
    assert refused(speaking.answer, turn, text="", by=member) == ("Đồng chí ghi ý kiến tiếp thu, giải trình.", "text")
    speaking.answer(turn, text="Xin tiếp thu.", by=member)
    speaking.conclude(turn, conclusion="Đồng chí cầu thị.", by=secretary)
    assert refused(speaking.answer, turn, text="Thêm", by=member) == (sentence, None)
    assert review(turn).answer == "Xin tiếp thu."


# ---------------------------------------------------------------- the conclusion


@pytest.fixture
def concluded(shown, secretary):
    return speaking.conclude(
        shown, conclusion="Đồng chí cầu thị, cần kiềm chế.", carried="Đ/c Trường cần kiềm chế khi thảo luận.",
        shortcomings=[{"text": "Nóng tính", "remedy": "Lắng nghe", "due_on": LATER}], by=secretary,
    )  # fmt: skip


def test_the_conclusion_closes_the_remarks_and_names_what_is_to_be_mended(concluded, member, secretary, deputy):
    assert (concluded.state, concluded.concluded_by) == (TurnState.CONCLUDED, secretary)
    assert refused(speaking.remark, concluded, text="Còn nữa", by=deputy) == ("Phần góp ý đã khép lại.", None)
    row = Shortcoming.objects.get()
    assert (row.member, row.owner, row.turn, row.text, row.remedy, row.due_on, row.source) == (
        member.member, member.member, concluded, "Nóng tính", "Lắng nghe", LATER, "Sinh hoạt thường kỳ tháng 12/2026",
    )  # fmt: skip


def test_the_member_is_told_that_there_is_a_conclusion_and_nothing_of_it(concluded, member):
    row = Notice.objects.get(key=f"turn:{concluded.pk}:concluded")
    assert (row.recipient, row.subject, row.private) == (
        member.member, "Đã có kết luận về phần tự phê bình của đồng chí", True,
    )  # fmt: skip
    assert row.context == {"meeting": "Sinh hoạt thường kỳ tháng 12/2026", "day": "05/12/2026"}


def test_a_conclusion_needs_words_and_a_showing(session, written, shown, secretary):
    assert refused(speaking.conclude, shown, conclusion=" ", by=secretary) == (
        "Đồng chí ghi kết luận của chủ trì.",
        "conclusion",
    )
    assert fresh(shown).state == TurnState.SHOWN


def test_a_turn_not_shown_is_not_concluded(session, written, secretary):
    with pytest.raises(WrongState):
        speaking.conclude(written, conclusion="Tốt", by=secretary)


def test_minutes_carry_only_what_the_cell_decided(concluded, cell):
    section = contributions.minutes(cell, concluded.meeting.day, None)[0]
    assert (section.heading, section.lines) == (
        "Tự phê bình và phê bình",
        ("Đ/c Ngô Xuân Trường: Đ/c Trường cần kiềm chế khi thảo luận.",),
    )


def test_minutes_say_only_that_it_took_place_where_nothing_is_carried(shown, cell, secretary):
    speaking.conclude(shown, conclusion="Đồng chí cầu thị.", by=secretary)
    section = contributions.minutes(cell, shown.meeting.day, None)[0]
    assert section.lines == ("Đ/c Ngô Xuân Trường đã tự phê bình, chi bộ đã góp ý.",)


def test_a_reply_stands_beside_the_conclusion(shown, member, secretary):
    assert refused(speaking.reply, shown, text="Thêm", by=member) == ("Chủ trì chưa kết luận.", None)
    turn = speaking.conclude(shown, conclusion="Đồng chí cầu thị.", by=secretary)
    Meeting.objects.filter(pk=turn.meeting_id).update(state=State.CLOSED)
    assert refused(speaking.reply, turn, text=" ", by=member) == ("Đồng chí ghi ý kiến thêm.", "text")
    speaking.reply(turn, text="Xin nói rõ thêm.", by=member)
    assert (review(turn).conclusion, review(turn).reply) == ("Đồng chí cầu thị.", "Xin nói rõ thêm.")


# ---------------------------------------------------------------- reading


def test_reading_is_noted_once_a_day_and_person(shown, deputy, clerk, november):
    for by in (deputy, deputy, clerk):
        speaking.open_(review(shown), by=by)
    november.move_to(story.moment(8, day=6))
    speaking.open_(review(shown), by=deputy)
    found = sorted((row.by.username, f"{row.on:%d/%m}") for row in Reading.objects.all())
    assert found == [("phobithu", "05/12"), ("phobithu", "06/12"), ("thuky", "05/12")]
    assert Activity.objects.filter(verb="turn.read").count() == 3


def test_the_diary_knows_of_remarks_and_readings_by_number_only(shown, deputy):
    remark = speaking.remark(shown, text="Cần lắng nghe hơn.", by=deputy)
    line = Activity.objects.filter(verb="turn.remarked").get()
    said = json.loads(line.text)
    assert (said["obj"], said["data"]) == (f"reviews.turn:{shown.pk}", {"remark": str(remark.pk)})


def test_what_is_written_stands_encrypted_in_the_database(concluded, member, deputy):
    speaking.reply(concluded, text="Xin nói rõ thêm.", by=member)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, conclusion, carried, reply FROM reviews_selfreview")
        row = cursor.fetchone()
        cursor.execute("SELECT text, remedy FROM reviews_shortcoming")
        row += cursor.fetchone()
    assert [text[:6] for text in row] == ["gAAAAA"] * 6  # Fernet
