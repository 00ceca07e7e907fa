"""Pages of preparing a meeting, as the different people see them."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Question, Reply
from meetings.queries.agenda import fingerprint
from meetings.services import agenda, lifecycle, papers
from meetings.states import Answer, Excuse, Kind, State
from tests.factories import at
from tests.meetings import files, story
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member)


@pytest.fixture
def notified(draft, cast):
    lifecycle.agree_meeting(draft, by=cast["bithu"])
    return lifecycle.notify_meeting(draft, by=cast["bithu"])


def get(client, name, *args):
    return client.get(reverse(f"meetings:{name}", args=args))


def post(client, name, *args, **data):
    return client.post(reverse(f"meetings:{name}", args=args), data)


MEETING = {
    "kind": "regular",
    "starts_at_0": "05/12/2036",
    "starts_at_1": "00:30",
    "place": "Hội trường",
    "mode": "in_person",
}


class TestNew:
    def test_page_proposes_the_cells_day_time_place_and_secretary(self, as_user, cast, cell):
        cell.meets_on_weekends = True  # else the 5th may move, see test_almanac
        cell.save()
        with time_machine.travel(story.moment(9, day=1), tick=False):
            page = get(as_user(cast["bithu"]), "new")
        instance = page.context["form"].instance
        local = timezone.localtime(instance.starts_at)
        assert (local.day, local.time(), instance.place) == (5, datetime.time(14), "Nhà văn hóa")
        assert instance.chair == cast["bithu"].member

    def test_post_makes_a_draft_with_the_standard_order(self, as_user, cast):
        data = {**MEETING, "chair": cast["bithu"].member_id, "clerk": cast["thuky"].member_id}
        answer = post(as_user(cast["bithu"]), "new", **data)
        meeting = Meeting.objects.get()
        assert answer.headers["Location"] == reverse("meetings:agenda", args=[meeting.pk])
        assert (meeting.state, meeting.needs_agreement, meeting.items.count()) == (State.DRAFT, True, 11)

    def test_a_meeting_at_half_past_midnight_keeps_its_local_day(self, as_user, cast):
        client = as_user(cast["bithu"])
        post(client, "new", **MEETING, chair=cast["bithu"].member_id)
        meeting = Meeting.objects.get()
        assert meeting.day == datetime.date(2036, 12, 5)
        assert meeting.title == "Sinh hoạt thường kỳ tháng 12/2036"
        for name in ("detail", "agenda", "edit"):
            assert "00:30" in get(client, name, meeting.pk).content.decode()

    def test_same_chair_and_clerk_is_refused_at_the_field_with_everything_typed(self, as_user, cast):
        data = {**MEETING, "chair": cast["bithu"].member_id, "clerk": cast["bithu"].member_id}
        answer = post(as_user(cast["bithu"]), "new", **data)
        assert answer.status_code == 422
        assert answer.context["form"].errors["clerk"] == ["Chủ trì và thư ký là hai đồng chí khác nhau."]
        assert "Hội trường" in answer.content.decode()

    def test_a_wrong_day_is_refused_in_words(self, as_user, cast):
        data = {**MEETING, "starts_at_0": "31/02/2036", "chair": cast["bithu"].member_id}
        answer = post(as_user(cast["bithu"]), "new", **data)
        assert answer.context["form"].errors["starts_at"] == ["Ghi ngày theo mẫu 05/12/2026."]

    def test_the_same_submission_twice_makes_one_meeting(self, as_user, cast):
        data = {**MEETING, "chair": cast["bithu"].member_id, "submission": "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"}
        client = as_user(cast["bithu"])
        post(client, "new", **data)
        assert post(client, "new", **data).status_code == 302
        assert Meeting.objects.count() == 1

    @pytest.mark.parametrize("name", ["dangvien", "thuky", "dubi", "tamthoi", "captren", "quantri"])
    def test_only_the_committee_may(self, as_user, cast, name):
        assert get(as_user(cast[name]), "new").status_code == 403


class TestList:
    def test_draft_is_seen_by_the_committee_only(self, as_user, draft, cast):
        seen = {name: list(get(as_user(user), "list").context["page"]) for name, user in cast.items()}
        # the clerk sees the meeting of which he is the clerk (DESIGN: chair and clerk their own meeting)
        assert {name for name, rows in seen.items() if rows} == {"bithu", "phobithu", "chiuy", "thuky"}

    def test_notified_is_seen_by_the_cell_and_its_visitors(self, as_user, notified, cast):
        seen = {name for name, user in cast.items() if list(get(as_user(user), "list").context["page"])}
        assert seen == set(cast) - {"chibokhac", "captren", "quantri"}

    def test_filter_by_kind_and_year(self, as_user, draft, cast):
        client = as_user(cast["bithu"])
        year = draft.day.year
        url = reverse("meetings:list")
        assert len(client.get(f"{url}?nam={year}&loai=regular").context["page"].object_list) == 1
        assert len(client.get(f"{url}?nam={year}&loai=thematic").context["page"].object_list) == 0
        assert len(client.get(f"{url}?nam=1999").context["page"].object_list) == 0
        assert [client.get(f"{url}?nam={odd}").context["year"] for odd in ("0000", "²²²²", "12")] == [year] * 3

    @pytest.mark.parametrize("count", [1, 3])
    def test_constant_queries(self, as_user, cast, cell, django_assert_num_queries, count):
        for place in range(count):
            new_meeting(cell, cast["bithu"], starts_at=at(days=20 + place))
        client = as_user(cast["bithu"])
        url = f"{reverse('meetings:list')}?nam={at(days=20).year}"
        with django_assert_num_queries(LIST_QUERIES):
            client.get(url)


LIST_QUERIES = 8


class TestDetail:
    def test_moves_on_the_page_are_those_of_state_and_person(self, as_user, draft, cast):
        def actions(name):
            return [action for action, _ in get(as_user(cast[name]), "detail", draft.pk).context["actions"]]

        assert actions("bithu") == ["agree", "cancel"]
        assert actions("chiuy") == ["agree"]
        assert actions("thuky") == []

    def test_member_replies_with_one_button(self, as_user, notified, cast):
        client = as_user(cast["dangvien"])
        assert "Tôi sẽ dự" in get(client, "detail", notified.pk).content.decode()
        answer = post(client, "reply", notified.pk, answer="attends")
        assert answer.headers["Location"] == notified.get_absolute_url()
        assert Reply.objects.get().answer == Answer.ATTENDS

    def test_stranger_does_not_learn_that_it_exists(self, as_user, notified, cast):
        assert get(as_user(cast["chibokhac"]), "detail", notified.pk).status_code == 404

    def test_page_stays_cheap(self, as_user, notified, cast, django_assert_max_num_queries):
        for place in range(20):
            AgendaItem.objects.create(
                meeting=notified,
                section="B",
                position=20 + place,
                title=f"Việc {place}",
                presenter=cast["dangvien"].member,
            )
        client = as_user(cast["bithu"])
        with django_assert_max_num_queries(12):
            get(client, "detail", notified.pk)


def edit(meeting, change, by):
    """A colleague works on the draft meanwhile."""
    if change == "item":
        agenda.add_item(meeting, agendaitem=AgendaItem(section="B", title="Việc mới"), by=by)
    elif change == "place":
        fresh = Meeting.objects.get(pk=meeting.pk)
        fresh.place = "Trường học"
        lifecycle.update_meeting(meeting=fresh, by=by)
    else:
        upload = SimpleUploadedFile("tin.pdf", files.pdf("Tin tháng 12"))
        papers.add_paper(meeting, upload=upload, title="Tin", classification="normal", by=by)


class TestMove:
    def test_get_asks_and_changes_nothing(self, as_user, draft, cast):
        page = get(as_user(cast["bithu"]), "move", draft.pk, "agree")
        assert page.status_code == 200
        assert "Chi ủy thống nhất chương trình này?" in page.content.decode()
        draft.refresh_from_db()
        assert draft.state == State.DRAFT

    @pytest.mark.parametrize("action", ["agree", "cancel"])
    def test_question_asks_at_most_twelve_queries(self, as_user, draft, cast, action, django_assert_max_num_queries):
        client = as_user(cast["bithu"])
        get(client, "move", draft.pk, action)
        with django_assert_max_num_queries(12):
            get(client, "move", draft.pk, action)

    def test_agree_then_notify_tells_that_it_is_late_and_does_it(self, as_user, cast, cell):
        # 42-HD/BTCTW: at least a day before; warned, never blocked (DOMAIN §11, 1)
        meeting = new_meeting(cell, cast["bithu"], starts_at=timezone.now() + datetime.timedelta(hours=20))
        client = as_user(cast["bithu"])
        post(client, "move", meeting.pk, "agree")
        post(client, "move", meeting.pk, "notify")
        meeting.refresh_from_db()
        assert meeting.state == State.NOTIFIED
        text = get(client, "detail", meeting.pk).content.decode()
        assert "Thông báo gửi chậm hơn thời hạn quy định." in text

    def test_stale_page_is_told_where_the_meeting_is(self, as_user, notified, cast):
        answer = post(as_user(cast["bithu"]), "move", notified.pk, "agree")
        assert answer.status_code == 422
        assert answer.context["form"].non_field_errors()[0].startswith("Không thực hiện được “Chi ủy thống nhất")

    @pytest.mark.parametrize("change", ["item", "place", "paper"])
    def test_agenda_changed_since_the_page_was_opened_is_not_agreed_unseen(
        self, as_user, draft, cast, change, settings, tmp_path
    ):
        """What the committee agrees is what it had before it; a stale page says so and comes back with the new one."""
        settings.MEDIA_ROOT = tmp_path
        client = as_user(cast["bithu"])
        for page in ("agenda", "detail"):
            assert f"do/agree/?xem={fingerprint(draft)}" in get(client, page, draft.pk).content.decode()
        seen = get(client, "move", draft.pk, "agree").context["form"].initial["seen"]
        edit(draft, change, cast["chiuy"])
        draft.refresh_from_db()
        url = f"{reverse('meetings:move', args=[draft.pk, 'agree'])}?xem={seen}"
        asked = client.get(url)
        assert (seen == fingerprint(draft), asked.context["checks"][0].text) == (
            False, "Chương trình vừa được sửa sau khi đồng chí mở xem",
        )  # fmt: skip
        answer = client.post(url, {"seen": seen})
        draft.refresh_from_db()
        assert (answer.status_code, draft.state, answer.context["form"].non_field_errors()) == (
            422, State.DRAFT, [agenda.UNSEEN],
        )  # fmt: skip
        assert f'href="{reverse("meetings:agenda", args=[draft.pk])}"' in answer.content.decode()
        answer = client.post(url, {"seen": answer.context["form"]["seen"].value()})
        draft.refresh_from_db()
        assert (answer.status_code, draft.state) == (302, State.AGREED)

    def test_reschedule_into_the_past_is_refused_at_the_field(self, as_user, notified, cast):
        answer = post(
            as_user(cast["bithu"]),
            "move",
            notified.pk,
            "reschedule",
            starts_at_0="01/01/2020",
            starts_at_1="14:00",
            place="Hội trường B",
        )
        assert answer.context["form"].errors["starts_at"] == ["Chọn ngày, giờ họp sau lúc này."]
        assert "Hội trường B" in answer.content.decode()

    def test_cancel_wants_a_reason(self, as_user, notified, cast):
        answer = post(as_user(cast["bithu"]), "move", notified.pk, "cancel", cancel_reason="")
        assert answer.context["form"].errors["cancel_reason"] == ["Ghi lý do hủy buổi họp."]

    def test_closing_before_the_start_is_refused_at_the_field(self, as_user, notified, cast):
        opened = lifecycle.open_meeting(
            notified, by=cast["bithu"], opened_at=timezone.now() - datetime.timedelta(hours=2)
        )
        local = timezone.localtime(opened.opened_at - datetime.timedelta(minutes=5))
        answer = post(
            as_user(cast["bithu"]),
            "move",
            notified.pk,
            "close",
            closed_at_0=f"{local:%d/%m/%Y}",
            closed_at_1=f"{local:%H:%M}",
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors["closed_at"][0].startswith("Giờ bế mạc phải sau giờ khai mạc")

    @pytest.mark.parametrize("action", ["explode", "view", "keep"])  # the last two are names of rights
    def test_unknown_action_is_forbidden(self, as_user, draft, cast, action):
        assert get(as_user(cast["bithu"]), "move", draft.pk, action).status_code == 403

    @pytest.mark.parametrize("name", ["dangvien", "dubi", "thuquy"])
    def test_members_may_not_move(self, as_user, notified, cast, name):
        assert post(as_user(cast[name]), "move", notified.pk, "cancel", cancel_reason="x").status_code == 403


class TestAgenda:
    def test_page_shows_sum_parts_and_checks(self, as_user, draft, cast):
        page = get(as_user(cast["chiuy"]), "agenda", draft.pk)
        assert page.context["total"] == 105
        assert [part.letter for part in page.context["parts"]] == ["A", "B", "C"]
        assert "Đủ tối thiểu 90 phút" in page.content.decode()

    def test_page_stays_cheap(self, as_user, draft, cast, django_assert_max_num_queries):
        rows = [AgendaItem(meeting=draft, section="B", position=20 + n, title=f"Việc {n}") for n in range(20)]
        AgendaItem.objects.bulk_create(rows)
        client = as_user(cast["bithu"])
        with django_assert_max_num_queries(12):
            get(client, "agenda", draft.pk)

    def test_buttons_and_drag_order_without_script(self, as_user, draft, cast):
        client = as_user(cast["bithu"])
        first, second = draft.items.filter(section="B")[:2]
        assert get(client, "order", draft.pk).status_code == 200
        post(client, "order", draft.pk, move=f"down:{first.pk}")
        assert list(draft.items.filter(section="B").values_list("pk", flat=True))[:2] == [second.pk, first.pk]
        order = list(draft.items.values_list("pk", flat=True))[::-1]
        client.post(reverse("meetings:order", args=[draft.pk]), {"order": order})
        assert [row.section for row in draft.items.all()] == sorted(row.section for row in draft.items.all())
        assert list(draft.items.filter(section="B").values_list("pk", flat=True))[-1] == second.pk

    def test_item_added_changed_removed(self, as_user, draft, cast):
        client = as_user(cast["phobithu"])
        data = {"section": "B", "title": "Sửa đường ngõ 12", "minutes": "15", "presenter": cast["dangvien"].member_id}
        post(client, "item_new", draft.pk, **data)
        item = draft.items.get(title="Sửa đường ngõ 12")
        post(client, "item_edit", draft.pk, item.pk, **{**data, "minutes": "0"})
        item.refresh_from_db()
        assert item.minutes == 15
        post(client, "item_edit", draft.pk, item.pk, **{**data, "minutes": "25"})
        item.refresh_from_db()
        assert item.minutes == 25
        assert get(client, "item_delete", draft.pk, item.pk).status_code == 200
        post(client, "item_delete", draft.pk, item.pk)
        assert not draft.items.filter(pk=item.pk).exists()

    def test_presenter_writes_the_draft_of_the_own_item_only(self, as_user, draft, cast):
        mine = AgendaItem.objects.create(meeting=draft, section="B", title="Của tôi", presenter=cast["dangvien"].member)
        other = draft.items.exclude(pk=mine.pk).first()
        client = as_user(cast["dangvien"])
        assert get(client, "item", draft.pk, mine.pk).status_code == 200
        post(client, "item", draft.pk, mine.pk, draft_text="Dự thảo của tôi")
        mine.refresh_from_db()
        assert mine.draft_text == "Dự thảo của tôi"
        assert get(client, "item", draft.pk, other.pk).status_code == 404
        assert get(client, "agenda", draft.pk).status_code == 404
        assert [row.pk for row in get(client, "list").context["given"]] == [mine.pk]

    def test_agreed_agenda_is_locked_with_a_sentence(self, as_user, draft, cast):
        lifecycle.agree_meeting(draft, by=cast["bithu"])
        answer = post(as_user(cast["bithu"]), "item_new", draft.pk, section="B", title="Muộn", minutes="5")
        assert answer.context["form"].non_field_errors() == [
            "Chương trình đã khóa. Muốn sửa, chi ủy lấy lại bản soạn trước."
        ]

    def test_printed_agenda_names_every_item(self, as_user, draft, cast):
        from io import BytesIO

        from pypdf import PdfReader

        answer = get(as_user(cast["bithu"]), "agenda_pdf", draft.pk)
        assert answer.headers["Content-Type"] == "application/pdf"
        text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
        assert "DỰ THẢO" in text
        assert all(" ".join(item.title.split()) in text for item in draft.items.filter(section="A"))


class TestOpinionsAndReplies:
    def test_question_and_answer(self, as_user, notified, cast):
        post(as_user(cast["dangvien"]), "opinions", notified.pk, text="Kinh phí lấy từ đâu?")
        question = Question.objects.get()
        assert (question.member, question.text) == (cast["dangvien"].member, "Kinh phí lấy từ đâu?")
        assert post(as_user(cast["chiuy"]), "answer", notified.pk, question.pk, answer="Quỹ tổ").status_code == 403
        post(as_user(cast["phobithu"]), "answer", notified.pk, question.pk, answer="Quỹ tổ dân phố.")
        page = get(as_user(cast["dangvien"]), "opinions", notified.pk).content.decode()
        assert "Quỹ tổ dân phố." in page

    def test_other_members_do_not_read_it(self, as_user, notified, cast):
        post(as_user(cast["dangvien"]), "opinions", notified.pk, text="Chỉ chi ủy đọc")
        assert list(get(as_user(cast["dubi"]), "opinions", notified.pk).context["page"]) == []

    def test_excuse_without_reason_is_refused_at_the_field(self, as_user, notified, cast):
        answer = post(as_user(cast["dangvien"]), "reply", notified.pk, answer="asks_excuse", reason="")
        assert answer.context["form"].errors["reason"] == ["Ghi lý do xin vắng mặt."]

    def test_secretary_decides(self, as_user, notified, cast):
        post(as_user(cast["dangvien"]), "reply", notified.pk, answer="asks_excuse", reason="Đi công tác")
        reply = Reply.objects.get()
        assert get(as_user(cast["dangvien"]), "replies", notified.pk).status_code == 403
        post(as_user(cast["bithu"]), "decide", notified.pk, reply.pk, decision="accepted")
        reply.refresh_from_db()
        assert (reply.decision, reply.decided_by) == (Excuse.ACCEPTED, cast["bithu"])
        assert "Có lý do" in get(as_user(cast["dangvien"]), "detail", notified.pk).content.decode()

    def test_committee_member_may_not_decide(self, as_user, notified, cast):
        post(as_user(cast["dangvien"]), "reply", notified.pk, answer="asks_excuse", reason="Đi công tác")
        assert (
            post(as_user(cast["chiuy"]), "decide", notified.pk, Reply.objects.get().pk, decision="accepted").status_code
            == 403
        )

    def test_committee_meeting_stays_with_the_committee(self, as_user, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE)
        lifecycle.notify_meeting(meeting, by=cast["bithu"])
        assert get(as_user(cast["chiuy"]), "detail", meeting.pk).status_code == 200
        assert get(as_user(cast["dangvien"]), "detail", meeting.pk).status_code == 404
