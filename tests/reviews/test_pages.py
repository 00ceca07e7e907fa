"""Pages of turns and shortcomings: what to do now, writing, showing, saying, reading that is noted."""

import re

import pytest

from fees.services import months
from meetings.models import Meeting
from meetings.states import State
from reviews.models import Reading, Remark, SelfReview, Shortcoming, Turn
from reviews.services import mending, speaking, turning
from reviews.turn_states import TurnState
from tests.meetings import story
from tests.reviews.conftest import DAY, LATER, fresh

pytestmark = pytest.mark.django_db
YEAR = "/reviews/turns/2026/"
PRIVATE = "Chỉ riêng đồng chí xem được cho đến khi trình bày."


def text(response):
    """The page with plain spaces."""
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def url(turn, more=""):
    return f"/reviews/turn/{turn.pk}/{more}"


def said(response):
    return [str(message) for message in response.context["messages"]]


def review(turn):
    return SelfReview.objects.get(turn=turn)


# ---------------------------------------------------------------- the year


def test_home_leads_to_this_year(november, member, as_user):
    assert as_user(member).get("/reviews/turns/").url == YEAR


def test_menu_has_the_place_beside_pledges(november, member, as_user):
    assert text(as_user(member).get("/all/")).count("Tự phê bình") >= 1


def test_who_has_no_turn_is_told_so(meeting, member, as_user):
    page = text(as_user(member).get(YEAR))
    assert "Chưa đến lượt đồng chí. Khi đến lượt, đồng chí được báo trước hai tuần." in page
    assert page.count("btn-primary") == 0


def test_whose_turn_comes_is_led_to_the_draft(turn, member, as_user):
    response = as_user(member).get(YEAR)
    assert response.context["step"] == (
        "Đồng chí tự phê bình ở buổi họp ngày 05/12/2026. Đồng chí soạn trước.",
        url(turn, "write/"),
        "Soạn bản tự phê bình",
    )
    assert text(response).count("btn-primary") == 1


def test_the_chi_uy_sees_whose_is_next_and_why_and_who_is_left(meeting, cell, secretary, as_user):
    planned = turning.plan(meeting)
    response = as_user(secretary).get(YEAR)
    assert [turn.pk for turn in response.context["coming"]] == [turn.pk for turn in sorted(planned, key=_by_name)]
    page = text(response)
    assert page.count("Đến lượt vì chưa có lượt trong năm 2026") == len(planned)
    assert "Chưa có lượt trong năm 2026" in page
    assert len(response.context["left"]) == 6  # four of the cast's cell, the secretary and the clerk
    assert sum(member.given for member in response.context["left"]) == len(planned)


def _by_name(turn):
    return turn.member.sort_key


def test_a_member_is_not_told_of_the_plan(meeting, member, as_user):
    turning.plan(meeting)
    response = as_user(member).get(YEAR)
    assert "left" not in response.context
    assert [turn.member for turn in response.context["page"]] in ([], [member.member])


def test_somebody_is_put_in_by_the_form(meeting, member, secretary, as_user):
    client = as_user(secretary)
    answer = client.post(f"/reviews/turns/new/{meeting.pk}/", {"member": member.member.pk, "reason": "Theo yêu cầu"})
    assert answer.url == YEAR
    assert Turn.objects.get().pinned is True
    again = client.post(f"/reviews/turns/new/{meeting.pk}/", {"member": member.member.pk, "reason": "Lần nữa"})
    assert (again.status_code, again.context["form"].errors) == (
        422, {"member": ["Đồng chí này đã có lượt trong buổi họp này."]},
    )  # fmt: skip


# ---------------------------------------------------------------- the draft


def test_the_draft_is_one_calm_page_that_keeps_nothing_on_the_device(turn, member, as_user):
    response = as_user(member).get(url(turn, "write/"))
    page = text(response)
    assert (page.count("<textarea"), PRIVATE in page) == (1, True)
    assert 'data-draft-local="off"' in page
    assert "data-draft-key" not in page
    assert response["Cache-Control"] == "private, no-store"


def test_the_draft_is_saved_by_the_button(turn, member, as_user):
    answer = as_user(member).post(url(turn, "write/"), {"text": "Tôi còn nóng tính.", "version": 0}, follow=True)
    assert said(answer) == ["Đã lưu. Chỉ riêng đồng chí xem được cho đến khi trình bày."]
    assert (review(turn).text, "Tôi còn nóng tính." in text(answer)) == ("Tôi còn nóng tính.", True)


def test_the_draft_saves_itself(turn, member, as_user):
    answer = as_user(member).post(
        url(turn, "write/"), {"text": "Tôi còn nóng tính.", "version": 0}, headers={"X-Autosave": "1"}
    )
    assert (answer.json()["version"], answer["Cache-Control"]) == (1, "private, no-store")
    late = as_user(member).post(url(turn, "write/"), {"text": "Khác", "version": 0}, headers={"X-Autosave": "1"})
    assert (late.status_code, late.json()["version"], "Tôi còn nóng tính." in late.json()["html"]) == (409, 1, True)


def test_a_stale_page_gives_both_texts_and_the_next_save_counts(written, member, as_user):
    client = as_user(member)
    answer = client.post(url(written, "write/"), {"text": "Bản khác", "version": 0})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [speaking.STALE])
    assert ("Bản khác" in text(answer), "Tôi còn nóng tính." in text(answer)) == (True, True)
    version = answer.context["form"]["version"].value()
    client.post(url(written, "write/"), {"text": "Bản khác", "version": version})
    assert review(written).text == "Bản khác"


def test_after_the_showing_the_draft_is_only_read(shown, member, as_user):
    assert as_user(member).get(url(shown, "write/")).url == url(shown)
    answer = as_user(member).post(url(shown, "write/"), {"text": "Sửa", "version": 1})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [speaking.CLOSED])


@pytest.mark.parametrize("who", ["secretary", "clerk"])
def test_the_cover_tells_others_nothing_of_the_draft(meeting, turn, member, who, as_user, request):
    """Not even whether one was begun."""
    user = request.getfixturevalue(who)
    before = text(as_user(user).get(url(turn)))
    speaking.write(turn, text="Tôi còn nóng tính.", version=0, by=member)
    assert _plain(text(as_user(user).get(url(turn)))) == _plain(before)


def _plain(page):
    """Without the secrets and submissions, which differ each time."""
    return re.sub(r"[0-9a-f-]{36}|[A-Za-z0-9]{64}", "", page)


# ---------------------------------------------------------------- in the meeting


def test_the_author_shows_by_one_question(session, written, member, as_user):
    client = as_user(member)
    assert [name for name, _ in client.get(url(written)).context["actions"]] == ["show"]
    answer = client.post(url(written, "do/show/"), follow=True)
    assert said(answer) == ["Đã trình bày. Các đồng chí có mặt đọc được và góp ý."]
    assert fresh(written).state == TurnState.SHOWN


def test_the_clerk_writes_the_gist_of_what_was_spoken(session, written, clerk, as_user):
    client = as_user(clerk)
    answer = client.post(url(written, "do/show/"))
    assert (answer.status_code, answer.context["form"].errors) == (
        422, {"spoken": ["Đồng chí ghi tóm tắt lời trình bày."]},
    )  # fmt: skip
    client.post(url(written, "do/show/"), {"spoken": "Nhận khuyết điểm."})
    assert review(written).spoken == "Nhận khuyết điểm."
    client.post(url(written, "open/"))
    page = text(client.get(url(written)))
    assert ("Nhận khuyết điểm." in page, "Tôi còn nóng tính." in page) == (True, False)


def test_before_the_meeting_it_may_be_put_off_and_not_shown(turn, member, secretary, as_user):
    assert [name for name, _ in as_user(secretary).get(url(turn)).context["actions"]] == ["put_off"]
    assert as_user(member).get(url(turn)).context["actions"] == []


def test_reading_is_asked_for_noted_and_told_to_the_author(shown, deputy, member, as_user):
    client = as_user(deputy)
    page = text(client.get(url(shown)))
    assert ("Mở đọc (việc đọc được ghi nhật ký)" in page, "Tôi còn nóng tính." in page) == (True, False)
    assert client.post(url(shown, "open/")).url == url(shown)
    response = client.get(url(shown))
    assert ("Tôi còn nóng tính." in text(response), response["Cache-Control"]) == (True, "private, no-store")
    readings = as_user(member).get(url(shown)).context["readings"]
    assert [(row.by, f"{row.on:%d/%m/%Y}") for row in readings] == [(deputy, "05/12/2026")]


def test_what_was_opened_yesterday_is_opened_anew(shown, deputy, november, as_user):
    as_user(deputy).post(url(shown, "open/"))
    november.move_to(story.moment(8, day=6))
    assert "Tôi còn nóng tính." not in text(as_user(deputy).get(url(shown)))
    assert Reading.objects.count() == 1  # a page that is looked at notes nothing


def test_who_was_not_there_sees_the_cover_or_nothing(shown, committee, collector, as_user):
    page = text(as_user(committee).get(url(shown)))
    assert "Nội dung chỉ dành cho những đồng chí dự buổi họp, bí thư và phó bí thư." in page
    assert as_user(committee).post(url(shown, "open/")).status_code == 404
    assert as_user(collector).get(url(shown)).status_code == 404


def test_remark_answer_conclusion_reply_by_their_forms(shown, deputy, member, secretary, as_user):
    assert as_user(deputy).post(url(shown, "remark/"), {"text": "Cần lắng nghe."}).url == url(shown)
    assert as_user(member).post(url(shown, "answer/"), {"text": "Xin tiếp thu."}).url == url(shown)
    conclusion = {"conclusion": "Cầu thị.", "carried": "", "text_0": "Nóng tính", "due_on_0": "20/01/2027"}
    assert as_user(secretary).post(url(shown, "do/conclude/"), conclusion).url == url(shown)
    assert as_user(member).post(url(shown, "reply/"), {"text": "Xin nói thêm."}).url == url(shown)
    page = text(as_user(member).get(url(shown)))
    words = ("Cần lắng nghe.", "Xin tiếp thu.", "Cầu thị.", "Nóng tính", "Xin nói thêm.")
    assert [word for word in words if word not in page] == []


def test_an_empty_remark_comes_back_on_the_page(shown, deputy, as_user):
    answer = as_user(deputy).post(url(shown, "remark/"), {"text": ""})
    assert (answer.status_code, dict(answer.context["forms"])["remark"].errors) == (
        422, {"text": ["Đồng chí ghi ý kiến góp ý."]},
    )  # fmt: skip
    assert not Remark.objects.exists()


def test_a_thing_to_be_mended_needs_words_and_a_day_to_come(shown, secretary, as_user):
    fields = {"conclusion": "Cầu thị.", "text_0": "Nóng tính", "remedy_1": "Lắng nghe", "due_on_1": "01/12/2026"}
    answer = as_user(secretary).post(url(shown, "do/conclude/"), fields)
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {
            "due_on_0": ["Đồng chí ghi hạn khắc phục."],
            "text_1": ["Đồng chí ghi hạn chế, khuyết điểm."],
            "due_on_1": ["Hạn khắc phục phải sau hôm nay."],
        },
    )
    assert not Shortcoming.objects.exists()


def test_nobody_concludes_on_themselves(session, meeting, secretary, deputy, as_user):
    turn = Turn.objects.create(cell=meeting.cell, meeting=meeting, member=secretary.member)
    speaking.write(turn, text="Tôi nhận khuyết điểm.", version=0, by=secretary)
    speaking.show(turn, by=secretary)
    assert as_user(secretary).get(url(turn, "do/conclude/")).status_code == 403
    assert as_user(deputy).post(url(turn, "do/conclude/"), {"conclusion": "Tốt."}).url == url(turn)


def test_a_link_to_the_meeting_only_where_it_opens(turn, member, secretary, as_user):
    """The member is told two weeks before, while the meeting is still being prepared by the chi ủy."""
    assert turn.meeting.get_absolute_url() not in text(as_user(member).get(url(turn)))
    assert turn.meeting.get_absolute_url() in text(as_user(secretary).get(url(turn)))


def test_after_the_meeting_what_was_not_heard_may_be_called_missed(session, turn, secretary, as_user):
    Meeting.objects.filter(pk=session.pk).update(state=State.CLOSED)
    assert [name for name, _ in as_user(secretary).get(url(turn)).context["actions"]] == ["miss"]
    as_user(secretary).post(url(turn, "do/miss/"), {"reason": "Hết giờ"})
    assert fresh(turn).state == TurnState.MISSED


def test_agenda_and_minutes_carry_it_within_twelve_queries(
    meeting, turn, cell, member, secretary, november, as_user, django_assert_max_num_queries
):
    """The nearest draft, which holds the review of last month, with an open fee month of unpaid members."""
    months.open_month(cell, DAY(2026, 11, 1), by=secretary)
    client = as_user(secretary)
    url = f"/meetings/{meeting.pk}/agenda/"
    titles = [row.title for row in client.get(url).context["waiting"]]
    assert "Tự phê bình và phê bình: đ/c Ngô Xuân Trường" in titles
    with django_assert_max_num_queries(12):
        client.get(url)


# ---------------------------------------------------------------- shortcomings


@pytest.fixture
def common(november, cell, clerk, secretary):
    return mending.note(cell, text="Họp muộn giờ", due_on=LATER, owner=clerk.member, source="Kiểm tra", by=secretary)


def test_a_head_writes_one_down(november, cell, clerk, deputy, member, as_user):
    client = as_user(deputy)
    fields = {"text": "Họp muộn giờ", "owner": clerk.member.pk, "due_on": "20/01/2027", "source": "Kiểm tra"}
    assert client.post("/reviews/shortcomings/new/", fields).url == "/reviews/shortcomings/"
    row = Shortcoming.objects.get()
    assert (row.cell, row.member, row.owner) == (cell, None, clerk.member)
    late = client.post("/reviews/shortcomings/new/", fields | {"due_on": "01/11/2026", "source": "Khác"})
    assert (late.status_code, late.context["form"].errors) == (422, {"due_on": ["Hạn khắc phục phải sau hôm nay."]})
    assert as_user(member).get("/reviews/shortcomings/new/").status_code == 403


def test_the_list_is_cut_by_state(common, secretary, member, as_user):
    assert list(as_user(member).get("/reviews/shortcomings/").context["page"]) == [common]
    mending.mend(common, text="Đã đúng giờ.", by=secretary)
    assert list(as_user(member).get("/reviews/shortcomings/").context["page"]) == []
    assert list(as_user(member).get("/reviews/shortcomings/?loc=xong").context["page"]) == [common]
    assert list(as_user(member).get("/reviews/shortcomings/?loc=la").context["page"]) == []


def test_its_owner_follows_and_the_secretary_confirms(common, clerk, secretary, as_user):
    page = as_user(clerk).get(common.get_absolute_url())
    assert [name for name, _ in page.context["actions"]] == ["follow"]
    as_user(clerk).post(f"{common.get_absolute_url()}do/follow/", {"text": "Đã nhắc."})
    as_user(secretary).post(f"{common.get_absolute_url()}do/mend/", {"text": "Đã đúng giờ."})
    response = as_user(clerk).get(common.get_absolute_url())
    assert [line.text for line in response.context["followups"]] == ["Đã nhắc.", "Đã đúng giờ."]
    assert response["Cache-Control"] == "private, no-store"
