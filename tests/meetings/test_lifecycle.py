"""The moves of a meeting and what each leaves behind."""

import datetime

import pytest
from django.utils import timezone

from core.errors import Refused
from core.states import WrongState
from meetings.models import AgendaItem, Meeting
from meetings.rules import WHO
from meetings.services import lifecycle
from meetings.states import MOVES, Body, Kind, Mode, State
from members.models import Activity, Placement, Status
from members.states import PlacementKind, PostTitle, StatusKind
from notices.models import Notice, Outcome
from tests.factories import LONG_AGO, PostFactory, at, person
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member)


@pytest.fixture
def notified(draft, cast):
    lifecycle.agree_meeting(draft, by=cast["bithu"])
    return lifecycle.notify_meeting(draft, by=cast["bithu"])


def verbs(cell):
    return list(Activity.objects.filter(organisation=cell).order_by("seq").values_list("verb", flat=True))


def test_every_move_has_a_service_and_somebody_who_may():
    # PATTERNS: STEPS.keys() == MOVES.keys() == WHO.keys()
    assert lifecycle.STEPS.keys() == MOVES.keys() == WHO.keys()


class TestCreate:
    def test_regular_meeting_needs_agreement_where_a_committee_stands(self, draft):
        assert (draft.body, draft.needs_agreement, draft.state) == (Body.CELL, True, State.DRAFT)

    def test_cell_without_committee_goes_straight_to_notify(self, other_cell, outsider):
        # Điều lệ, Điều 24: under nine official members there is no chi ủy
        meeting = new_meeting(other_cell, outsider)
        assert meeting.needs_agreement is False
        assert lifecycle.notify_meeting(meeting, by=outsider).state == State.NOTIFIED

    def test_committee_meeting_is_the_committees_own(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE)
        assert (meeting.body, meeting.needs_agreement) == (Body.COMMITTEE, False)
        assert meeting.items.count() == 4

    def test_in_person_forgets_link_and_approval(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], online_link="https://example.org/hop", approval="12-CV/ĐU")
        assert (meeting.mode, meeting.online_link, meeting.approval) == (Mode.IN_PERSON, "", "")

    def test_diary_ends_the_service(self, draft, cell):
        assert verbs(cell) == ["meeting.created", "agenda.proposed"]

    def test_update_of_an_agreed_meeting_is_refused(self, draft, cast):
        lifecycle.agree_meeting(draft, by=cast["bithu"])
        draft.place = "Nơi khác"
        with pytest.raises(Refused, match="không còn ở bản soạn"):
            lifecycle.update_meeting(meeting=draft, by=cast["bithu"])
        assert Meeting.objects.get().place == "Nhà văn hóa"

    def test_update_stores_and_settles(self, draft, cast):
        draft.kind, draft.place = Kind.COMMITTEE, "Phòng họp nhỏ"
        lifecycle.update_meeting(meeting=draft, by=cast["bithu"])
        stored = Meeting.objects.get()
        assert (stored.body, stored.needs_agreement, stored.place) == (Body.COMMITTEE, False, "Phòng họp nhỏ")


class TestAgree:
    def test_keeps_who_and_when(self, draft, cast):
        meeting = lifecycle.agree_meeting(draft, by=cast["chiuy"])
        assert (meeting.state, meeting.agreed_by) == (State.AGREED, cast["chiuy"])
        assert meeting.agreed_at is not None

    def test_draft_cannot_be_notified_past_the_committee(self, draft, cast):
        with pytest.raises(WrongState):
            lifecycle.notify_meeting(draft, by=cast["bithu"])

    def test_taken_back_the_agreement_falls(self, draft, cast):
        lifecycle.agree_meeting(draft, by=cast["bithu"])
        meeting = lifecycle.revise_meeting(draft, by=cast["phobithu"])
        assert (meeting.state, meeting.agreed_at, meeting.agreed_by) == (State.DRAFT, None, None)


class TestNotify:
    def test_everybody_of_the_sheet_and_the_superior_are_told(self, notified, cast, cell):
        # 42-HD/BTCTW: members and the superior committee that follows the cell
        told = {notice.recipient for notice in Notice.objects.filter(kind="meeting.notified")}
        expected = {user.member for name, user in cast.items() if name not in ("chibokhac", "quantri")}
        assert expected <= told
        assert {cast["chibokhac"].member, cast["quantri"].member}.isdisjoint(told)
        assert len(told) == Notice.objects.filter(kind="meeting.notified").count() == 13

    def test_notice_carries_titles_only_and_a_calendar_entry(self, notified, cast):
        AgendaItem.objects.filter(meeting=notified).update(draft_text="không rời máy chủ")
        notice = Notice.objects.get(kind="meeting.notified", recipient=cast["dangvien"].member)
        assert notice.context["agenda"][0] == "A1. Khai mạc, giới thiệu đại biểu, cử thư ký"
        assert "không rời máy chủ" not in str(notice.context)
        (entry,) = notice.attachments
        assert (entry["kind"], entry["method"], entry["sequence"], entry["minutes"]) == ("calendar", "REQUEST", 0, 105)
        assert datetime.datetime.fromisoformat(entry["starts_at"]) == notified.starts_at

    def test_superior_gets_no_link_to_a_page_that_is_closed_to_him(self, notified, cast):
        notice = Notice.objects.get(recipient=cast["captren"].member)
        assert (notice.url, notice.context["for_superior"]) == ("", True)

    def test_suspended_member_is_not_invited(self, cast, cell):
        suspended = person(cell, name="Đinh Văn Nghỉ", status=StatusKind.SUSPENDED)
        meeting = new_meeting(cell, cast["bithu"])
        lifecycle.agree_meeting(meeting, by=cast["bithu"])
        lifecycle.notify_meeting(meeting, by=cast["bithu"])
        assert not Notice.objects.filter(recipient=suspended.member).exists()

    def test_who_is_placed_elsewhere_may_come_and_is_told(self, cast, cell):
        away = cast["dangvien"].member
        Placement.objects.create(
            member=away, cell=cell, kind=PlacementKind.TEMP_ELSEWHERE, place="Hà Nội", starts_on=LONG_AGO
        )
        meeting = new_meeting(cell, cast["bithu"])
        lifecycle.agree_meeting(meeting, by=cast["bithu"])
        lifecycle.notify_meeting(meeting, by=cast["bithu"])
        assert Notice.objects.filter(kind="meeting.notified", recipient=away).count() == 1

    def test_committee_meeting_tells_the_committee_only(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE)
        lifecycle.notify_meeting(meeting, by=cast["bithu"])
        told = {notice.recipient for notice in Notice.objects.all()}
        assert told == {cast[name].member for name in ("bithu", "phobithu", "chiuy")}

    def test_mail_renders_from_the_row_alone(self, notified, cast):
        from notices.services.mail import part

        rendered = part(Notice.objects.get(kind="meeting.notified", recipient=cast["dangvien"].member))
        assert "Mời đồng chí dự: Sinh hoạt thường kỳ tháng" in rendered.text
        assert "B2. Kiểm điểm việc thực hiện nghị quyết" in rendered.text
        assert notified.get_absolute_url() in rendered.html


class TestReschedule:
    def test_waiting_notices_go_and_new_ones_come(self, notified, cast):
        meeting = lifecycle.reschedule_meeting(
            notified, starts_at=at(days=12), place="Hội trường", by=cast["bithu"], reason="Trùng lịch phường"
        )
        assert (meeting.state, meeting.sequence, meeting.place) == (State.NOTIFIED, 1, "Hội trường")
        old, new = Notice.objects.filter(kind="meeting.notified"), Notice.objects.filter(kind="meeting.changed")
        assert {notice.outcome for notice in old} == {Outcome.WITHDRAWN}
        assert new.count() == old.count()
        notice = new.get(recipient=cast["dangvien"].member)
        assert notice.attachments[0]["sequence"] == 1
        assert (notice.context["reason"], notice.context["old_place"]) == ("Trùng lịch phường", "Nhà văn hóa")

    def test_past_and_unchanged_are_refused(self, notified, cast):
        with pytest.raises(Refused, match="sau lúc này"):
            lifecycle.reschedule_meeting(notified, starts_at=at(days=-1), place="Hội trường", by=cast["bithu"])
        with pytest.raises(Refused, match="chưa có gì thay đổi"):
            lifecycle.reschedule_meeting(notified, starts_at=notified.starts_at, place=notified.place, by=cast["bithu"])
        assert Meeting.objects.get().sequence == 0


class TestCancel:
    def test_people_who_were_invited_are_told_why(self, notified, cast):
        lifecycle.cancel_meeting(notified, cancel_reason="Bão số 9", by=cast["bithu"])
        notice = Notice.objects.get(kind="meeting.cancelled", recipient=cast["dangvien"].member)
        assert (notice.context["reason"], notice.attachments[0]["method"]) == ("Bão số 9", "CANCEL")
        assert not Notice.objects.filter(kind="meeting.notified", outcome="").exists()

    def test_a_cancelled_draft_tells_nobody(self, draft, cast):
        lifecycle.cancel_meeting(draft, cancel_reason="Lập nhầm", by=cast["bithu"])
        assert not Notice.objects.exclude(outcome=Outcome.WITHDRAWN).exists()

    def test_mails_of_change_and_cancelling_render(self, notified, cast):
        from notices.services.mail import part

        lifecycle.reschedule_meeting(notified, starts_at=at(days=12), place="Hội trường", by=cast["bithu"])
        lifecycle.cancel_meeting(notified, cancel_reason="Bão số 9", by=cast["bithu"])
        for kind, words in (("changed", "Lịch họp đã đổi"), ("cancelled", "Bão số 9")):
            notice = Notice.objects.get(kind=f"meeting.{kind}", recipient=cast["dangvien"].member)
            assert words in part(notice).text


class TestOpenAndClose:
    def open(self, meeting, by, **values):
        return lifecycle.open_meeting(meeting, by=by, opened_at=timezone.now() - datetime.timedelta(hours=2), **values)

    def test_sheet_is_laid_out(self, notified, cast):
        meeting = self.open(notified, cast["bithu"])
        assert meeting.state == State.IN_SESSION
        assert meeting.sheet.filter(member=cast["tamthoi"].member).exists()

    def test_deputy_chairs_when_the_secretary_is_away(self, notified, cast):
        # DOMAIN §11, 19: the deputy chairs and signs
        meeting = self.open(notified, cast["phobithu"], chair=cast["phobithu"].member)
        assert meeting.chair == cast["phobithu"].member

    def test_chair_and_clerk_are_two_people(self, notified, cast):
        with pytest.raises(Refused) as refusal:
            self.open(notified, cast["bithu"], clerk=cast["bithu"].member)
        assert refusal.value.field == "clerk"
        assert Meeting.objects.get().state == State.NOTIFIED

    def test_opening_in_the_future_is_refused(self, notified, cast):
        with pytest.raises(Refused) as refusal:
            lifecycle.open_meeting(notified, by=cast["bithu"], opened_at=at(days=1))
        assert refusal.value.field == "opened_at"

    @pytest.mark.parametrize("minutes", [0, -1, -600])
    def test_an_end_before_the_start_is_refused(self, notified, cast, minutes):
        meeting = self.open(notified, cast["bithu"])
        ends = meeting.opened_at + datetime.timedelta(minutes=minutes)
        with pytest.raises(Refused) as refusal:
            lifecycle.close_meeting(meeting, closed_at=ends, by=cast["bithu"])
        assert refusal.value.field == "closed_at"
        assert Meeting.objects.get().state == State.IN_SESSION

    def test_an_end_to_come_is_refused(self, notified, cast):
        meeting = self.open(notified, cast["bithu"])
        with pytest.raises(Refused) as refusal:
            lifecycle.close_meeting(meeting, closed_at=at(days=1), by=cast["bithu"])
        assert refusal.value.field == "closed_at"

    def test_close_keeps_score_and_ends_the_running_item(self, notified, cast):
        meeting = self.open(notified, cast["bithu"])
        item = meeting.items.first()
        AgendaItem.objects.filter(pk=item.pk).update(started_at=meeting.opened_at)
        Meeting.objects.filter(pk=meeting.pk).update(current_item=item)
        ends = meeting.opened_at + datetime.timedelta(minutes=95)
        lifecycle.close_meeting(meeting, closed_at=ends, by=cast["bithu"], quality_score=92, quality_grade="tốt")
        stored = Meeting.objects.get()
        item.refresh_from_db()
        assert (stored.state, stored.quality_score, stored.current_item) == (State.CLOSED, 92, None)
        assert item.ended_at == ends

    def test_a_second_press_is_told(self, notified, cast):
        self.open(notified, cast["bithu"])
        with pytest.raises(WrongState):
            self.open(notified, cast["phobithu"])


def test_posts_of_the_day_rule_whom_a_committee_meeting_invites(cast, cell):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    late = cast["dangvien"].member
    PostFactory(member=late, organisation=cell, title=PostTitle.COMMITTEE_MEMBER, starts_on=tomorrow)
    Status.objects.filter(member=late).update(kind=StatusKind.OFFICIAL)
    meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE, starts_at=at(days=2))
    lifecycle.notify_meeting(meeting, by=cast["bithu"])
    assert Notice.objects.filter(kind="meeting.notified", recipient=late).count() == 1
