"""Speeches, conclusions and the way through the agenda."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleText
from core.states import WrongState
from meetings.models import Speech
from meetings.queries.console import console, for_console
from meetings.queries.session import number_of
from meetings.services import attendance, lifecycle, speeches
from meetings.states import ItemStatus, Presence, State
from members.models import Activity
from tests.meetings.hall import everybody_present, held, opened, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return held(cell, chair=secretary, clerk=clerk)


@pytest.fixture
def item(meeting):
    return meeting.items.first()


def verbs():
    return list(Activity.objects.order_by("seq").values_list("verb", flat=True))


def page_of(meeting, item_pk=None):
    return console(for_console(type(meeting).objects).get(pk=meeting.pk), item_pk)


# Speeches


def test_speech_makes_the_item_discussed(item, member, secretary):
    speeches.add_speech(item, member=member.member, text="  Nhất trí.  ", by=secretary)
    item.refresh_from_db()
    assert (item.status, Speech.objects.get().text, verbs()) == (ItemStatus.DISCUSSED, "Nhất trí.", ["speech.added"])


def test_guest_speaks(item, secretary):
    guest = attendance.add_guest(item.meeting, name="Trần Văn Khách", by=secretary)
    assert speeches.add_speech(item, guest=guest, text="x", by=secretary).speaker == guest


def test_speech_needs_exactly_one_speaker(item, member, secretary):
    guest = attendance.add_guest(item.meeting, name="Trần Văn Khách", by=secretary)
    for who in ({}, {"member": member.member, "guest": guest}):
        with pytest.raises(Refused) as refused:
            speeches.add_speech(item, text="x", by=secretary, **who)
        assert (refused.value.message, refused.value.field) == ("Chọn một người phát biểu.", "speaker")


def test_speaker_from_elsewhere_is_refused(item, outsider, secretary):
    with pytest.raises(Refused) as refused:
        speeches.add_speech(item, member=outsider.member, by=secretary)
    assert refused.value.message == "Đồng chí Tạ Minh Khang không có trong danh sách điểm danh."


def test_guest_of_another_meeting_is_refused(cell, item, secretary):
    guest = attendance.add_guest(held(cell), name="Trần Văn Khách", by=secretary)
    with pytest.raises(Refused) as refused:
        speeches.add_speech(item, guest=guest, by=secretary)
    assert refused.value.message == "Khách này không thuộc buổi họp."


def test_absent_speaker_is_refused(item, member, secretary):
    attendance.mark(row_of(item.meeting, member), presence=Presence.ABSENT_UNEXCUSED, by=secretary)
    with pytest.raises(Refused) as refused:
        speeches.add_speech(item, member=member.member, by=secretary)
    assert refused.value.message == "Đồng chí Ngô Xuân Trường đang ghi là vắng. Sửa điểm danh trước."


def test_visitor_may_speak(item, visitor, secretary):
    attendance.start_sheet(item.meeting)
    assert speeches.add_speech(item, member=visitor.member, text="x", by=secretary).speaker == visitor.member


def test_save_raises_the_version_and_writes_one_line(item, member, secretary):
    speech = speeches.add_speech(item, member=member.member, text="a", by=secretary)
    speeches.save_speech(speech, text="ab", version=0, by=secretary, autosave=True)
    saved = speeches.save_speech(speech, text="abc", version=1, by=secretary)
    assert (saved.text, saved.version, verbs()) == ("abc", 2, ["speech.added", "speech.changed"])


def test_stale_text_carries_both(item, member, secretary):
    speech = speeches.add_speech(item, member=member.member, text="a", by=secretary)
    speeches.save_speech(speech, text="của người khác", version=0, by=secretary)
    with pytest.raises(StaleText) as stale:
        speeches.save_speech(speech, text="của tôi", version=0, by=secretary)
    assert (stale.value.current, stale.value.version, stale.value.typed) == ("của người khác", 1, "của tôi")
    assert stale.value.message == "Đoạn này vừa được sửa ở nơi khác. Xem hai bản rồi ghi lại."


def test_same_words_are_never_stale(item, secretary):
    speeches.save_conclusion(item, text="Thống nhất", version=0, by=secretary)
    saved = speeches.save_conclusion(item, text="Thống nhất", version=0, by=secretary)
    assert saved.conclusion_version == 1


def test_removed_speech_is_gone_and_told(item, member, secretary):
    speeches.remove_speech(speeches.add_speech(item, member=member.member, by=secretary), by=secretary)
    assert (Speech.objects.count(), verbs()) == (0, ["speech.added", "speech.removed"])


def test_empty_conclusion_leaves_the_item_pending(item, secretary):
    speeches.save_conclusion(item, text="", version=0, by=secretary)
    item.refresh_from_db()
    assert item.status == ItemStatus.PENDING


# The way through the agenda


def test_go_to_ends_the_one_before(meeting, secretary):
    first, second, _ = meeting.items.all()
    start = timezone.now()
    speeches.go_to(first, by=secretary, at=start)
    speeches.go_to(second, by=secretary, at=start + datetime.timedelta(minutes=12))
    first.refresh_from_db()
    second.refresh_from_db()
    meeting.refresh_from_db()
    assert (first.status, first.ended_at - first.started_at) == (ItemStatus.DISCUSSED, datetime.timedelta(minutes=12))
    assert (second.status, second.ended_at, meeting.current_item) == (ItemStatus.PENDING, None, second)


def test_coming_back_keeps_the_first_time(meeting, secretary):
    first, second, _ = meeting.items.all()
    start = timezone.now()
    for minute, item in ((0, first), (10, second), (30, first), (40, second)):
        speeches.go_to(item, by=secretary, at=start + datetime.timedelta(minutes=minute))
    first.refresh_from_db()
    assert first.ended_at - first.started_at == datetime.timedelta(minutes=10)


def test_slip_of_a_few_seconds_does_not_count(meeting, secretary):
    first, second, _ = meeting.items.all()
    start = timezone.now()
    for seconds, item in ((0, first), (100, second), (110, first), (700, second)):
        speeches.go_to(item, by=secretary, at=start + datetime.timedelta(seconds=seconds))
    second.refresh_from_db()
    assert (second.started_at, second.ended_at) == (start + datetime.timedelta(seconds=700), None)


def test_go_to_the_same_item_twice_is_told(item, secretary):
    speeches.go_to(item, by=secretary)
    with pytest.raises(WrongState) as refused:
        speeches.go_to(item, by=secretary)
    assert refused.value.message == "Buổi họp đã ở nội dung này. Trang đã được tải lại với tình trạng mới nhất."


def test_go_to_needs_the_session(cell, secretary, clerk):
    meeting = held(cell, chair=secretary, clerk=clerk, state=State.CLOSED)
    with pytest.raises(Refused) as refused:
        speeches.go_to(meeting.items.first(), by=secretary)
    assert refused.value.message == "Buổi họp đang ở trạng thái “Đã bế mạc”, không ghi được việc này."


def test_postponed_item_leaves_the_floor(meeting, item, secretary):
    speeches.go_to(item, by=secretary)
    speeches.postpone_item(item, by=secretary)
    meeting.refresh_from_db()
    item.refresh_from_db()
    assert (meeting.current_item, item.status) == (None, ItemStatus.POSTPONED)
    assert verbs() == ["item.started", "item.postponed"]


def test_postponed_item_comes_back_when_the_meeting_turns_to_it(item, secretary):
    speeches.postpone_item(item, by=secretary)
    speeches.go_to(item, by=secretary)
    item.refresh_from_db()
    assert item.status == ItemStatus.PENDING


def test_postponing_twice_is_told(item, secretary):
    speeches.postpone_item(item, by=secretary)
    with pytest.raises(WrongState) as refused:
        speeches.postpone_item(item, by=secretary)
    assert refused.value.message == (
        "Nội dung này đã được chuyển sang buổi sau. Trang đã được tải lại với tình trạng mới nhất."
    )


def test_item_that_was_voted_on_is_not_postponed(item, secretary):
    everybody_present(item.meeting)
    opened(item, by=secretary)
    with pytest.raises(Refused) as refused:
        speeches.postpone_item(item, by=secretary)
    assert refused.value.message == "Nội dung này đã biểu quyết, không chuyển sang buổi sau được."


def test_items_are_numbered_in_their_section(meeting):
    assert [number_of(item) for item in meeting.items.all()] == ["B1", "B2", "B3"]


# The console


def test_console_opens_at_the_current_item_then_at_the_first_pending(meeting, secretary):
    first, second, third = meeting.items.all()
    assert page_of(meeting).stop.item == first
    speeches.go_to(second, by=secretary)
    assert page_of(meeting).stop.item == second
    assert page_of(meeting, third.pk).stop.item == third


def test_console_lists_minutes_and_delay(meeting, secretary):
    first, second, _ = meeting.items.all()
    start = timezone.now() - datetime.timedelta(minutes=20)
    speeches.go_to(first, by=secretary, at=start)
    speeches.go_to(second, by=secretary, at=start + datetime.timedelta(minutes=13))
    page = page_of(meeting)
    assert [stop.look for _, stops in page.parts for stop in stops] == ["done", "now", "todo"]
    assert (page.parts[0][1][0].minutes, page.planned, page.behind) == ("13/10", 30, "Chậm hơn kế hoạch 3 phút.")
    assert (page.following.number, page.is_current, page.over_time) == ("B3", True, False)


def test_console_names_those_who_have_not_spoken(item, member, secretary):
    everybody_present(item.meeting)
    before = len(page_of(item.meeting).silent)
    speeches.add_speech(item, member=member.member, by=secretary)
    silent = page_of(item.meeting).silent
    assert len(silent) == before - 1
    assert member.member not in [row.member for row in silent]


def test_closing_the_meeting_ends_the_item_under_discussion(meeting, item, secretary):
    speeches.go_to(item, by=secretary, at=meeting.opened_at)
    closed_at = timezone.now()
    lifecycle.close_meeting(meeting, closed_at=closed_at, by=secretary)
    item.refresh_from_db()
    assert (item.status, item.ended_at) == (ItemStatus.DISCUSSED, closed_at)


def test_speech_taken_back_meanwhile_is_said(item, secretary, member, as_user):
    """A colleague took it back: the words that are typed still come back with a sentence, and no page breaks."""
    speech = speeches.add_speech(item, member=member.member, by=secretary)
    address = reverse("meetings:speech", args=[item.meeting_id, speech.pk])
    gone = Speech.objects.select_related("item__meeting").get(pk=speech.pk)
    speeches.remove_speech(speech, by=secretary)
    for act in (
        lambda: speeches.save_speech(gone, text="ab", version=0, by=secretary),
        lambda: speeches.remove_speech(gone, by=secretary),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.message == speeches.GONE
    assert as_user(secretary).post(address, {"text": "ab", "version": 0}).status_code == 404
