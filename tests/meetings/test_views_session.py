"""Pages of the meeting in session: who sees them, what comes back with an error, how many queries they take."""

import uuid

import pytest
from django.urls import reverse

from meetings.models import Attendance, Guest, Speech, Vote
from meetings.services import speeches
from meetings.states import Ballot, Decision, Presence, State
from tests.factories import MemberFactory
from tests.meetings.hall import everybody_present, held, opened, proposed, row_of
from tests.meetings.test_attendance import papers_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return held(cell, chair=secretary, clerk=clerk)


@pytest.fixture
def item(meeting):
    return meeting.items.first()


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


PAGES = ("session", "attendance")


@pytest.mark.parametrize("page", [*PAGES, "officers"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bithu", 200), ("thuky", 200), ("phobithu", 403), ("chiuy", 403), ("dangvien", 403), ("dubi", 403),
        ("tamthoi", 403), ("chibokhac", 404), ("captren", 404), ("quantri", 404),
    ],
)  # fmt: skip
def test_page_shows_to_the_desk_only(cast, as_user, meeting, page, who, status):
    assert as_user(cast[who]).get(url(page, meeting.pk)).status_code == status


def test_deputy_keeps_the_record_while_chairing(cell, deputy, clerk, as_user):
    meeting = held(cell, chair=deputy, clerk=clerk)
    assert as_user(deputy).get(url("session", meeting.pk)).status_code == 200


def test_vote_page_shows_to_the_desk_only(cast, as_user, item):
    vote = proposed(item)
    everybody_present(item.meeting)
    seen = {who: as_user(cast[who]).get(vote.get_absolute_url()).status_code for who in ("bithu", "thuky", "dangvien")}
    assert seen == {"bithu": 200, "thuky": 200, "dangvien": 403}


@pytest.mark.parametrize("state", [State.NOTIFIED, State.CLOSED])
@pytest.mark.parametrize("page", PAGES)
def test_page_shows_before_and_after_the_session(cell, secretary, clerk, as_user, page, state):
    fields = {"opened_at": None} if state == State.NOTIFIED else {}
    meeting = held(cell, chair=secretary, clerk=clerk, state=state, **fields)
    assert as_user(secretary).get(url(page, meeting.pk)).status_code == 200


def test_console_of_a_meeting_without_items(cell, secretary, as_user, meeting):
    meeting.items.all().delete()
    assert as_user(secretary).get(url("session", meeting.pk)).status_code == 200


@pytest.mark.parametrize("asked", ["9999999999", "x", "-1"])
def test_console_survives_a_wrong_item(secretary, as_user, meeting, asked):
    assert as_user(secretary).get(url("session", meeting.pk) + f"?item={asked}&sua={asked}").status_code == 200


# Queries


def test_console_takes_as_many_queries_for_many_speeches(secretary, cell, as_user, item, django_assert_max_num_queries):
    client = as_user(secretary)
    opened_vote_and(item, cell, 1)
    with django_assert_max_num_queries(MOST_CONSOLE) as few:
        client.get(url("session", item.meeting_id))
    opened_vote_and(item, cell, 30)
    with django_assert_max_num_queries(MOST_CONSOLE) as many:
        client.get(url("session", item.meeting_id))
    assert len(few) == len(many)


MOST_CONSOLE = 12


def opened_vote_and(item, cell, count):
    """That many more members of the sheet, each with a speech and a vote proposed."""
    for _ in range(count):
        member = MemberFactory(cell=cell)
        Attendance.objects.create(meeting=item.meeting, member=member, status_kind="official", was_official=True)
        speeches.add_speech(item, member=member, text="Nhất trí", by=None)
        proposed(item)


def test_sheet_takes_as_many_queries_for_many_members(secretary, cell, as_user, item, django_assert_max_num_queries):
    client = as_user(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(url("attendance", item.meeting_id))
    for _ in range(30):
        Attendance.objects.create(meeting=item.meeting, member=MemberFactory(cell=cell))
        Guest.objects.create(meeting=item.meeting, name="Khách")
    with django_assert_max_num_queries(12) as many:
        client.get(url("attendance", item.meeting_id))
    assert len(few) == len(many)


def test_vote_page_takes_few_queries(secretary, as_user, item, django_assert_max_num_queries):
    everybody_present(item.meeting)
    vote = opened(item, ballot=Ballot.SECRET_PAPER)
    client = as_user(secretary)
    with django_assert_max_num_queries(12):
        client.get(vote.get_absolute_url())


# Attendance


def test_mark_without_script_returns_to_the_row(secretary, member, as_user, meeting):
    row = row_of(meeting, member)
    answer = as_user(secretary).post(url("attendance_mark", meeting.pk, row.pk), {"presence": "present"})
    assert (answer.status_code, answer.url) == (302, f"{url('attendance', meeting.pk)}#att-{row.pk}")
    row.refresh_from_db()
    assert row.presence == Presence.PRESENT


def test_mark_by_htmx_gives_the_row_and_the_counts(secretary, member, as_user, meeting):
    row = row_of(meeting, member)
    address = url("attendance_mark", meeting.pk, row.pk)
    answer = as_user(secretary).post(address, {"presence": "present"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert (text.count(f'id="att-{row.pk}"'), text.count('id="att-counts" hx-swap-oob="true"')) == (1, 1)
    assert text.count("<html") == 0


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_refused_mark_keeps_what_was_typed(secretary, member, as_user, meeting, headers):
    row = row_of(meeting, member)
    data = {"presence": "present", "arrived": "23:59", "left": "23:58"}
    row.meeting.__class__.objects.filter(pk=meeting.pk).update(opened_at=meeting.opened_at)
    answer = as_user(secretary).post(url("attendance_mark", meeting.pk, row.pk), data, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="23:59"' in text
    row.refresh_from_db()
    assert row.presence == ""


def test_excused_without_reason_is_told_at_the_row(secretary, member, as_user, meeting):
    row = row_of(meeting, member)
    answer = as_user(secretary).post(url("attendance_mark", meeting.pk, row.pk), {"presence": "absent_excused"})
    assert answer.status_code == 422
    assert answer.context["forms"][0].errors == {"reason": ["Ghi lý do vắng mặt."]}


def test_all_present_is_one_click(secretary, as_user, meeting):
    as_user(secretary).post(url("all_present", meeting.pk))
    assert set(meeting.sheet.values_list("presence", flat=True)) == {Presence.PRESENT}


@pytest.mark.parametrize("name", ["all_present", "guest_add"])
def test_get_changes_nothing(secretary, as_user, meeting, name):
    assert as_user(secretary).get(url(name, meeting.pk)).status_code == 405


def test_guest_comes_and_goes(secretary, as_user, meeting):
    client = as_user(secretary)
    client.post(url("guest_add", meeting.pk), {"name": "Lê Văn Khách", "post": "Phó Bí thư Đảng ủy"})
    guest = meeting.guests.get()
    assert (guest.name, guest.post) == ("Lê Văn Khách", "Phó Bí thư Đảng ủy")
    client.post(url("guest_remove", meeting.pk, guest.pk))
    assert meeting.guests.count() == 0


def test_guest_without_a_name_comes_back(secretary, as_user, meeting):
    answer = as_user(secretary).post(url("guest_add", meeting.pk), {"post": "Phó Bí thư Đảng ủy"})
    assert answer.status_code == 422
    assert 'value="Phó Bí thư Đảng ủy"' in answer.content.decode()


def test_officers_suggest_the_deputy_when_the_secretary_is_away(cell, secretary, deputy, clerk, as_user, meeting):
    meeting.sheet.filter(member=secretary.member).update(presence=Presence.ABSENT_EXCUSED, reason="Đi công tác")
    answer = as_user(clerk).get(url("officers", meeting.pk))
    assert answer.context["intro"] == f"Đề nghị đồng chí {deputy.member.full_name} chủ trì."


def test_officers_are_stored(secretary, deputy, member, as_user, meeting):
    as_user(secretary).post(url("officers", meeting.pk), {"chair": deputy.member_id, "clerk": member.member_id})
    meeting.refresh_from_db()
    assert (meeting.chair_id, meeting.clerk_id) == (deputy.member_id, member.member_id)


# Speeches and conclusions


def test_speech_is_written_down(secretary, member, as_user, item):
    data = {"speaker": f"m{member.member_id}", "text": "Nhất trí với dự thảo."}
    answer = as_user(secretary).post(url("speech_add", item.meeting_id, item.pk), data)
    assert answer.url == f"{url('session', item.meeting_id)}?item={item.pk}#hi"
    assert Speech.objects.get().text == "Nhất trí với dự thảo."


def test_double_click_writes_one_speech(secretary, member, as_user, item):
    data = {"speaker": f"m{member.member_id}", "text": "Nhất trí.", "submission": str(uuid.uuid4())}
    client = as_user(secretary)
    for _ in range(2):
        assert client.post(url("speech_add", item.meeting_id, item.pk), data).status_code == 302
    assert Speech.objects.count() == 1


def test_speech_without_speaker_comes_back_with_its_text(secretary, as_user, item):
    answer = as_user(secretary).post(url("speech_add", item.meeting_id, item.pk), {"text": "Ý kiến dài"})
    assert answer.status_code == 422
    assert "Ý kiến dài" in answer.content.decode()
    assert answer.context["speech_form"].errors == {"speaker": ["Chọn người phát biểu."]}


def test_those_who_have_not_spoken_are_offered_first(secretary, member, as_user, item):
    everybody_present(item.meeting)
    speeches.add_speech(item, member=member.member, text="x", by=None)
    page = as_user(secretary).get(url("session", item.meeting_id))
    groups = page.context["speech_form"].fields["speaker"].choices
    assert [group[0] for group in groups] == ["", "Chưa phát biểu hôm nay", "Đã phát biểu"]
    assert groups[2][1] == [(f"m{member.member_id}", f"Đ/c\u00a0{member.member.full_name}")]


def test_autosave_answers_with_the_next_version(secretary, member, as_user, item):
    speech = speeches.add_speech(item, member=member.member, text="Đầu", by=None)
    answer = as_user(secretary).post(
        url("speech", item.meeting_id, speech.pk), {"text": "Đầu tiên", "version": 0}, headers={"X-Autosave": "1"}
    )
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    speech.refresh_from_db()
    assert speech.text == "Đầu tiên"


def test_autosave_of_the_same_form_is_no_double_click(secretary, as_user, item):
    """A form carries one submission; autosaves must not use it up, or the button would do nothing."""
    client, address = as_user(secretary), url("conclusion", item.meeting_id, item.pk)
    data = {"text": "Thống nhất", "version": 0, "submission": str(uuid.uuid4())}
    client.post(address, data, headers={"X-Autosave": "1"})
    client.post(address, data | {"text": "Thống nhất 4 việc", "version": 1})
    item.refresh_from_db()
    assert (item.conclusion, item.conclusion_version) == ("Thống nhất 4 việc", 2)


def test_stale_autosave_shows_both_texts(secretary, as_user, item):
    client, address = as_user(secretary), url("conclusion", item.meeting_id, item.pk)
    client.post(address, {"text": "Bản một", "version": 0})
    answer = client.post(address, {"text": "Bản hai", "version": 0}, headers={"X-Autosave": "1"})
    told = answer.json()
    assert (answer.status_code, told["version"]) == (409, 1)
    assert ("Bản một" in told["html"], "Bản hai" in told["html"]) == (True, True)


def test_stale_save_by_button_keeps_the_text_and_offers_both(secretary, as_user, item):
    client, address = as_user(secretary), url("conclusion", item.meeting_id, item.pk)
    client.post(address, {"text": "Bản một", "version": 0})
    answer = client.post(address, {"text": "Bản hai", "version": 0})
    form = answer.context["conclusion_form"]
    assert (answer.status_code, form["version"].value(), form["text"].value()) == (422, "1", "Bản hai")
    client.post(address, {"text": form["text"].value(), "version": form["version"].value()})
    item.refresh_from_db()
    assert item.conclusion == "Bản hai"


def test_autosave_after_the_login_ended_is_sent_away(client, item):
    answer = client.post(url("conclusion", item.meeting_id, item.pk), {"text": "x"}, headers={"X-Autosave": "1"})
    assert answer.status_code in (302, 401)


def test_long_text_is_refused_with_a_sentence(secretary, as_user, item):
    answer = as_user(secretary).post(
        url("conclusion", item.meeting_id, item.pk), {"text": "x" * 20001, "version": 0}, headers={"X-Autosave": "1"}
    )
    assert (answer.status_code, list(answer.json())) == (422, ["error"])


def test_speech_is_deleted_after_the_question(secretary, member, as_user, item):
    speech = speeches.add_speech(item, member=member.member, text="x", by=None)
    client, address = as_user(secretary), url("speech_delete", item.meeting_id, speech.pk)
    assert client.get(address).status_code == 200
    client.post(address)
    assert Speech.objects.count() == 0


def test_go_and_postpone_buttons(secretary, as_user, meeting):
    first, second, third = meeting.items.all()
    client = as_user(secretary)
    client.post(url("item_go", meeting.pk, first.pk))
    client.post(url("item_go", meeting.pk, second.pk))
    client.post(url("item_postpone", meeting.pk, third.pk))
    assert list(meeting.items.values_list("status", flat=True)) == ["discussed", "pending", "postponed"]
    page = client.get(url("session", meeting.pk)).context["page"]
    assert page.stop.item == second


def test_second_browser_reads_that_a_colleague_was_faster(secretary, as_user, item):
    client = as_user(secretary)
    client.post(url("item_go", item.meeting_id, item.pk))
    answer = client.post(url("item_go", item.meeting_id, item.pk), follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["Buổi họp đã ở nội dung này. Trang đã được tải lại với tình trạng mới nhất."]


def test_item_of_another_meeting_is_not_found(secretary, as_user, cell, item):
    other = held(cell, chair=secretary)
    assert as_user(secretary).post(url("item_go", other.pk, item.pk)).status_code == 404


def test_task_form_comes_back_with_what_was_typed(secretary, as_user, item):
    answer = as_user(secretary).post(url("task_new", item.meeting_id, item.pk), {"title": "Rà soát hộ nghèo"})
    assert answer.status_code == 422
    assert 'value="Rà soát hộ nghèo"' in answer.content.decode()
    assert answer.context["form"].errors["owner"] == ["Chọn người thực hiện."]
    assert answer.context["form"].errors["due_on"] == ["Ghi hạn hoàn thành."]


# Votes


def test_vote_runs_from_matter_to_result(secretary, as_user, item):
    everybody_present(item.meeting)
    client = as_user(secretary)
    data = {"matter": "Thông qua nghị quyết", "decision": "resolution", "ballot": "card"}
    client.post(url("vote_new", item.meeting_id, item.pk), data)
    vote = Vote.objects.get()
    assert client.get(vote.get_absolute_url()).status_code == 200
    client.post(url("vote_do", item.meeting_id, vote.pk, "open"))
    vote.refresh_from_db()
    counted = {"agree": vote.voters, "disagree": 0, "other": 0}
    client.post(url("vote_do", item.meeting_id, vote.pk, "close"), counted)
    vote.refresh_from_db()
    assert (vote.state, vote.passed) == ("closed", True)
    page = client.get(vote.get_absolute_url()).content.decode()
    assert f"Được thông qua: {vote.voters}/{vote.denominator} (100%)" in page


def test_two_thirds_by_hands_is_refused_at_its_field(secretary, as_user, item):
    data = {"matter": "Kết nạp", "decision": Decision.ADMISSION, "ballot": Ballot.HAND}
    answer = as_user(secretary).post(url("vote_new", item.meeting_id, item.pk), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["ballot"]


def test_more_hands_than_voters_come_back_as_typed(secretary, as_user, item):
    everybody_present(item.meeting)
    vote = opened(item)
    address = url("vote_do", item.meeting_id, vote.pk, "close")
    answer = as_user(secretary).post(address, {"agree": vote.voters + 3, "disagree": 1, "other": 0})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["agree"]
    assert f'value="{vote.voters + 3}"' in answer.content.decode()
    vote.refresh_from_db()
    assert (vote.state, vote.agree) == ("open", None)


@pytest.mark.parametrize("typed", ["", "-1", "mười", "99999"])
def test_a_count_that_is_no_count_comes_back(secretary, as_user, item, typed):
    everybody_present(item.meeting)
    vote = opened(item)
    data = {"agree": typed, "disagree": 0, "other": 0}
    answer = as_user(secretary).post(url("vote_do", item.meeting_id, vote.pk, "close"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["agree"])


def test_closing_twice_tells_the_second(secretary, as_user, item):
    everybody_present(item.meeting)
    vote = opened(item)
    client, address = as_user(secretary), url("vote_do", item.meeting_id, vote.pk, "close")
    data = {"agree": vote.voters, "disagree": 0, "other": 0}
    client.post(address, data)
    answer = client.post(address, data)
    told = "Không thực hiện được “Chốt kết quả”: hiện ở trạng thái “Đã chốt”."
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_secret_ballot_asks_for_two_tellers(secretary, as_user, item):
    everybody_present(item.meeting)
    vote = opened(item, ballot=Ballot.SECRET_PAPER)
    n = vote.voters
    data = {"agree": n, "disagree": 0, "other": 0, "issued": n, "returned": n, "invalid": 0}
    address = url("vote_do", item.meeting_id, vote.pk, "close")
    answer = as_user(secretary).post(address, data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["teller_1", "teller_2"])


def test_questions_of_the_moves_are_shown(secretary, as_user, item):
    everybody_present(item.meeting)
    vote = opened(item)
    client = as_user(secretary)
    pages = [url("vote_do", item.meeting_id, vote.pk, action) for action in ("open", "reset", "close")]
    pages.append(url("vote_delete", item.meeting_id, vote.pk))
    assert [client.get(page).status_code for page in pages] == [200] * 4


def test_unknown_move_is_forbidden(secretary, as_user, item):
    vote = proposed(item)
    assert as_user(secretary).post(url("vote_do", item.meeting_id, vote.pk, "sell")).status_code == 403


def test_reset_gives_the_vote_back(secretary, as_user, item):
    everybody_present(item.meeting)
    vote = opened(item)
    as_user(secretary).post(url("vote_do", item.meeting_id, vote.pk, "reset"))
    vote.refresh_from_db()
    assert (vote.state, vote.denominator) == ("draft", None)


def test_member_may_not_write_into_the_record(member, as_user, item, meeting):
    everybody_present(meeting)
    vote, client = opened(item), as_user(member)
    names = ("item_go", "speech_add", "conclusion", "task_new", "vote_new")
    on_item = [url(name, meeting.pk, item.pk) for name in names]
    on_meeting = [url(name, meeting.pk) for name in ("all_present", "guest_add", "officers")]
    on_rows = [
        url("vote_do", meeting.pk, vote.pk, "close"),
        url("attendance_mark", meeting.pk, meeting.sheet.first().pk),
    ]
    addresses = on_item + on_meeting + on_rows
    assert {client.post(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize(("state", "writable"), [("draft", 3), ("adopted", 0), ("sealed", 0)])
def test_closed_record_offers_no_forms_for_prose(secretary, as_user, item, state, writable):
    papers_at(item.meeting, state)
    page = as_user(secretary).get(url("session", item.meeting_id)).content.decode()
    addresses = ("speech_add", "conclusion", "item_postpone")
    assert sum(f'action="{url(name, item.meeting_id, item.pk)}"' in page for name in addresses) == writable


def test_whole_sheet_works_without_script(secretary, as_user, meeting):
    page = as_user(secretary).get(url("attendance", meeting.pk)).content.decode()
    assert page.count("<noscript><button") == meeting.sheet.count()
