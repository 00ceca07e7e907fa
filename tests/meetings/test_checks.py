"""The checks of DOMAIN §11, 1 to 4: they warn and never block."""

import datetime

import pytest
from django.utils import timezone

from meetings.models import AgendaItem
from meetings.queries.checks import checks, is_late, notice_check, to_see
from meetings.queries.lists import missing_months, next_regular
from meetings.services import lifecycle
from meetings.states import Kind, Mode, State
from members.models import Setting
from tests.factories import LONG_AGO, at
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


def found(meeting, word):
    return [(check.state, check.text) for check in checks(meeting) if word in check.text]


def moment(year, month, day, hour=14):
    return timezone.make_aware(datetime.datetime(year, month, day, hour))


class TestNotice:
    @pytest.mark.parametrize(("hours", "late"), [(12, True), (23.9, True), (24.1, False), (72, False)])
    def test_one_day_before(self, cast, cell, hours, late):
        # DOMAIN §11, 1; 42-HD/BTCTW: at least a day before the meeting
        meeting = new_meeting(cell, cast["bithu"], starts_at=timezone.now() + datetime.timedelta(hours=hours))
        assert is_late(meeting) is late

    def test_what_was_sent_in_time_stays_in_time(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], starts_at=timezone.now() + datetime.timedelta(hours=1))
        meeting.notified_at = timezone.now() - datetime.timedelta(days=3)
        assert notice_check(meeting).state == "y"

    def test_advice_says_whose_it_is(self, cast, cell):
        # the recommended days are "thông lệ", no rule: nothing rests on them, so there is nothing to verify
        small = notice_check(new_meeting(cell, cast["bithu"])).small
        assert small == "Chậm nhất 1 ngày trước họp; nên gửi trước 3 ngày (Thông lệ của nhiều chi bộ)."

    def test_unverified_number_is_marked_where_a_warning_rests_on_it(self, cast, cell):
        # DESIGN §3: "chưa kiểm chứng" wherever it counts; what is fine needs no source
        rows = checks(new_meeting(cell, cast["bithu"]))
        marked = [check.state for check in rows if "chưa kiểm chứng" in check.small]
        assert (marked, {check.small for check in rows if check.state == "y"}) == (["w"], {""})

    def test_the_cells_own_value_counts(self, cast, cell):
        Setting.objects.create(
            organisation=cell, key="meeting.notice_min_days", value="5", source="NQ 01", starts_on=LONG_AGO
        )
        meeting = new_meeting(cell, cast["bithu"], starts_at=at(days=4))
        assert is_late(meeting) is True


class TestOpening:
    @pytest.mark.parametrize(("days", "count"), [(0, 0), (2, 1)])
    def test_another_day_than_told_is_said_before_opening(self, cast, cell, days, count):
        # people were told a day; the minutes bear the day of the opening
        meeting = new_meeting(cell, cast["bithu"], starts_at=timezone.now() + datetime.timedelta(days=days))
        assert [check.state for check in to_see(meeting, "open")] == ["w"] * count


class TestMinutes:
    def test_short_regular_meeting_is_told_what_is_missing(self, cast, cell):
        # DOMAIN §11, 2; 42-HD/BTCTW: 90 minutes
        meeting = new_meeting(cell, cast["bithu"])
        AgendaItem.objects.filter(origin="standard:next").update(minutes=1)  # 105 - 19 = 86
        assert found(meeting, "còn thiếu") == [("w", "Chương trình còn thiếu 4 phút so với 90 phút")]

    def test_combined_meeting_needs_120(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMBINED, theme="Nêu gương")
        assert found(meeting, "Thời lượng") == [("y", "Thời lượng từ 120 phút")]

    def test_extraordinary_and_committee_meetings_have_no_least_length(self, cast, cell):
        for kind in (Kind.EXTRAORDINARY, Kind.COMMITTEE):
            meeting = new_meeting(cell, cast["bithu"], kind=kind)
            assert found(meeting, "phút") == []


class TestCalendar:
    def test_second_regular_meeting_in_a_month(self, cast, cell):
        # DOMAIN §11, 3; Điều lệ: once a month
        new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 5))
        second = new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 20))
        assert found(second, "Tháng này đã có") == [("w", "Tháng này đã có buổi sinh hoạt thường kỳ")]

    def test_cancelled_one_does_not_count(self, cast, cell):
        first = new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 5))
        lifecycle.cancel_meeting(first, cancel_reason="Bão", by=cast["bithu"])
        assert found(new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 20)), "Tháng này đã có") == []

    def test_thematic_meeting_in_a_month_without_regular_one(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.THEMATIC, theme="x", starts_at=moment(2036, 5, 5))
        assert found(meeting, "Tháng 5 chưa có") == [("n", "Tháng 5 chưa có buổi sinh hoạt thường kỳ")]

    def test_thematic_missing_in_the_quarter(self, cast, cell):
        # DOMAIN §11, 4: amber, at least once a quarter
        meeting = new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 5))
        assert found(meeting, "chuyên đề") == [("w", "Quý II chưa có sinh hoạt chuyên đề")]
        new_meeting(cell, cast["bithu"], kind=Kind.THEMATIC, theme="x", starts_at=moment(2036, 4, 20))
        assert found(meeting, "chuyên đề") == []

    def test_half_past_midnight_of_the_first_belongs_to_its_local_month(self, cast, cell):
        first = new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 1, 0) + datetime.timedelta(minutes=30))
        assert first.day == datetime.date(2036, 5, 1)
        second = new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 20))
        assert len(found(second, "Tháng này đã có")) == 1

    def test_next_regular_is_the_first_month_without_one(self, cast, cell):
        cell.refresh_from_db()
        today = datetime.date(2036, 5, 3)
        assert next_regular(cell, today) == moment(2036, 5, 5)
        new_meeting(cell, cast["bithu"], starts_at=moment(2036, 5, 9))
        assert next_regular(cell, today) == moment(2036, 6, 5)
        assert next_regular(cell, datetime.date(2036, 12, 6)) == moment(2037, 1, 5)

    def test_missing_months_since_the_first_meeting(self, cast, cell):
        cell.refresh_from_db()
        for month in (2, 3, 5):
            new_meeting(cell, cast["bithu"], starts_at=moment(2036, month, 5))
        assert missing_months(cell, 2036, datetime.date(2036, 7, 4)) == [4, 6]
        # 05/07/2036 is a Saturday: the month's day is Monday 7
        assert missing_months(cell, 2036, datetime.date(2036, 7, 7)) == [4, 6]
        assert missing_months(cell, 2036, datetime.date(2036, 7, 8)) == [4, 6, 7]
        assert missing_months(cell, 2035, datetime.date(2036, 7, 6)) == []


class TestContent:
    def test_review_of_last_month_is_found_by_its_words_too(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"])
        meeting.items.filter(origin="standard:review").delete()
        assert found(meeting, "kiểm điểm nghị quyết")[0][0] == "w"
        AgendaItem.objects.create(meeting=meeting, section="B", title="Đánh giá nhiệm vụ tháng 11")
        assert found(meeting, "kiểm điểm nghị quyết")[0][0] == "y"

    def test_decision_without_draft_or_paper(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"])
        assert found(meeting, "cần quyết định") == [("w", "B4 cần quyết định mà chưa có dự thảo, tài liệu")]
        meeting.items.exclude(decide="").update(draft_text="Dự thảo")
        assert found(meeting, "cần quyết định")[0][0] == "y"

    def test_people(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"])
        assert found(meeting, "Chưa chọn") == [("w", "Chưa chọn thư ký")]
        assert found(meeting, "người trình bày")[0] == ("w", "A2, B1, B3 và 2 nội dung khác chưa có người trình bày")

    def test_online_needs_a_permission(self, cast, cell):
        # DOMAIN §1.1: online only under guidance, with a recorded approval
        meeting = new_meeting(cell, cast["bithu"], mode=Mode.ONLINE)
        assert found(meeting, "trực tuyến")[0][0] == "w"
        meeting.approval = "12-CV/ĐU"
        assert found(meeting, "trực tuyến") == [("y", "Họp trực tuyến theo 12-CV/ĐU")]

    def test_problems_come_first(self, cast, cell):
        states = [check.state for check in checks(new_meeting(cell, cast["bithu"], starts_at=at(days=0, hour=23)))]
        assert states == sorted(states, key="nwy".index)

    def test_nothing_blocks(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], starts_at=timezone.now() + datetime.timedelta(minutes=5))
        meeting.items.all().delete()
        lifecycle.agree_meeting(meeting, by=cast["bithu"])
        assert lifecycle.notify_meeting(meeting, by=cast["bithu"]).state == State.NOTIFIED
