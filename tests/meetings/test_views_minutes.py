"""Pages of the minutes and of the resolution: who may, what is kept, how many queries."""

import re

import pytest
import time_machine
from django.urls import reverse

from documents.models import Paper
from meetings.models import AgendaItem, Clause, Meeting, Minutes, Resolution, Vote
from meetings.queries.record import record_of
from meetings.services import attendance, clauses, minutes, resolution
from meetings.services.attendance import ADOPTED, SEALED
from members.models import Activity
from tests.documents.reading import text
from tests.meetings import story

AUTOSAVE = {"HTTP_X_AUTOSAVE": "1"}


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.BASE_URL = "https://chibo.example.vn"
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


@pytest.fixture
def draft(meeting, secretary, member):
    found = resolution.start_resolution(meeting, by=secretary)
    clause = Clause(text="Dọn mương", owner=member.member, due_on=story.moment(0).date().replace(day=20))
    clauses.add_clause(found, clause=clause, by=secretary)
    return found


def adopt(meeting, by):
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=by)
    return meeting


def seal(meeting, by):
    minutes.seal_minutes(adopt(meeting, by), way="p12", by=by)
    return meeting


def url(name, meeting, *args):
    return reverse(f"meetings:{name}", args=[meeting.pk, *args])


def page_text(response):
    """Words of the page without tags, runs of space as one."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&nbsp;", " ")
    return " ".join(words.replace("\u00a0", " ").split())


def statuses(client, meeting):
    """Of the page and of the PDF; a served file is read to its end, which closes it."""
    found = [client.get(url(name, meeting)) for name in ("minutes", "minutes_pdf")]
    for response in found:
        if response.streaming:
            b"".join(response.streaming_content)
    return [response.status_code for response in found]


# Reading


def test_minutes_page_locks_what_is_computed_and_opens_the_prose(meeting, clerk, as_user):
    response = as_user(clerk).get(url("minutes", meeting))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("data-autosave-url") == 2 + meeting.items.count()
    assert "Tự tính" in html
    assert "Có mặt: 07/07 đồng chí" in page_text(response)


def test_get_changes_nothing(meeting, secretary, as_user):
    Minutes.objects.all().delete()
    lines = Activity.objects.count()
    for name in ("minutes", "minutes_adopt", "minutes_times", "minutes_seal", "resolution"):
        assert as_user(secretary).get(url(name, meeting)).status_code == 200
    assert (Minutes.objects.count(), Resolution.objects.count(), Activity.objects.count()) == (0, 0, lines)


def test_minutes_page_before_the_opening(cell, secretary, as_user):
    meeting = Meeting.objects.create(cell=cell, starts_at=story.moment(14), place="Nhà văn hóa", state="notified")
    assert "Buổi họp chưa khai mạc." in page_text(as_user(secretary).get(url("minutes", meeting)))


@pytest.mark.parametrize(
    ("who", "draft_status", "sealed_status"),
    [
        ("secretary", 200, 200),
        ("clerk", 200, 200),
        ("deputy", 200, 200),
        ("committee", 200, 200),
        ("member", 403, 200),
        ("probationary", 403, 200),
        ("visitor", 403, 200),
        ("outsider", 404, 404),
        ("superior", 404, 404),
        ("sysadmin", 404, 404),
    ],
)
def test_who_reads_drafts_and_sealed_minutes(meeting, secretary, as_user, request, who, draft_status, sealed_status):
    """DESIGN §2: members read signed minutes of their own cell; a superior never the content."""
    user = request.getfixturevalue(who)
    assert statuses(as_user(user), meeting) == [draft_status, draft_status]
    attendance.start_sheet(meeting)
    meeting.sheet.filter(presence="").update(presence="present")
    seal(meeting, secretary)
    assert statuses(as_user(user), meeting) == [sealed_status, sealed_status]


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 302), ("clerk", 302), ("deputy", 302), ("committee", 403), ("member", 403), ("outsider", 404)],
)
def test_who_adopts(meeting, as_user, request, who, status):
    client = as_user(request.getfixturevalue(who))
    assert client.post(url("minutes_adopt", meeting), {"adopted_at": "15:38"}).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 302), ("secretary", 302), ("deputy", 403), ("committee", 403), ("member", 403)]
)
def test_who_writes_the_prose(meeting, as_user, request, who, status):
    client = as_user(request.getfixturevalue(who))
    data = {"text": "Lời văn.", "version": 0}
    assert client.post(url("minutes_text", meeting, "opening"), data).status_code == status


def test_draft_pdf_has_watermark_and_a_name(meeting, clerk, as_user):
    response = as_user(clerk).get(url("minutes_pdf", meeting))
    assert response["Content-Disposition"] == 'attachment; filename="bien-ban-2026-12-05-du-thao.pdf"'
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "DỰ THẢO" in text(response.content)


def test_sealed_pdf_is_the_stored_file(meeting, secretary, member, as_user):
    seal(meeting, secretary)
    response = as_user(member).get(url("minutes_pdf", meeting))
    stored = Paper.objects.get().files.get()
    with stored.file.open("rb") as source:
        assert b"".join(response.streaming_content) == source.read()
    assert response["Content-Disposition"] == 'attachment; filename="bien-ban-01-bb-cb.pdf"'


# Writing


def test_autosave_answers_json(meeting, clerk, as_user):
    client = as_user(clerk)
    here = url("minutes_text", meeting, "opening")
    saved = client.post(here, {"text": "Một.", "version": 0}, **AUTOSAVE)
    assert (saved.status_code, saved.json()) == (200, {"saved_at": "20:00:00", "version": 1})
    stale = client.post(here, {"text": "Hai.", "version": 0}, **AUTOSAVE)
    assert (stale.status_code, stale.json()["version"]) == (409, 1)
    assert ("Một." in stale.json()["html"], "Hai." in stale.json()["html"]) == (True, True)
    adopt(meeting, clerk)
    closed = client.post(here, {"text": "Ba.", "version": 1}, **AUTOSAVE)
    assert (closed.status_code, closed.json()) == (422, {"error": ADOPTED})


def test_narrative_autosave(meeting, clerk, as_user):
    item = meeting.items.all()[1]
    saved = as_user(clerk).post(url("minutes_narrative", meeting, item.pk), {"text": "Nêu.", "version": 0}, **AUTOSAVE)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert AgendaItem.objects.get(pk=item.pk).narrative == "Nêu."


def test_stale_save_without_script_keeps_what_was_typed(meeting, clerk, as_user):
    """A stale page: the page comes back with both versions, what was typed stays in the field."""
    client, here = as_user(clerk), url("minutes_text", meeting, "closing")
    client.post(here, {"text": "Bản đã lưu.", "version": 0})
    response = client.post(here, {"text": "Bản đang viết.", "version": 0})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="version" value="1"' in html
    assert re.search(r"<textarea[^>]*id=\"text-closing\"[^>]*>\s*Bản đang viết\.</textarea>", html)
    assert "Bản đã lưu." in page_text(response)
    assert client.post(here, {"text": "Bản đang viết.", "version": 1}).status_code == 302


def test_unknown_text_is_not_found(meeting, clerk, as_user):
    assert as_user(clerk).post(url("minutes_text", meeting, "chair"), {"text": "x", "version": 0}).status_code == 404


def test_adopt_refusal_stays_at_the_field(meeting, secretary, as_user):
    response = as_user(secretary).post(url("minutes_adopt", meeting), {"adopted_at": "13:00"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"adopted_at": ["Giờ thông qua phải từ giờ khai mạc 14 giờ 00 trở đi."]}
    assert 'value="13:00"' in response.content.decode()


def test_adopting_twice_by_double_click_acts_once(meeting, secretary, as_user):
    data = {"adopted_at": "15:38", "submission": "11111111-2222-4333-8444-555555555555"}
    client = as_user(secretary)
    found = [client.post(url("minutes_adopt", meeting), data).status_code for _ in range(2)]
    assert (found, Paper.objects.count()) == ([302, 302], 1)


def test_contradiction_is_listed_with_its_link_and_explained(meeting, clerk, member, as_user):
    attendance.mark(meeting.sheet.get(member=member.member), presence="absent_unexcused", by=clerk)
    client = as_user(clerk)
    page = client.get(url("minutes", meeting))
    assert "Đồng chí Ngô Xuân Trường có phát biểu ở nội dung B1 nhưng không được ghi có mặt." in page_text(page)
    assert f'href="{url("attendance", meeting)}"' in page.content.decode()
    key = f"speaker_absent:{member.member_id}"
    empty = client.post(url("minutes_explain", meeting), {"key": key, "text": " "})
    assert (empty.status_code, "Ghi lời giải trình." in page_text(empty)) == (422, True)
    done = client.post(url("minutes_explain", meeting), {"key": key, "text": "Gửi ý kiến bằng văn bản."})
    assert done.status_code == 302
    assert "Giải trình: Gửi ý kiến bằng văn bản." in page_text(client.get(url("minutes", meeting)))


def test_times_form_corrects_and_refuses(meeting, secretary, as_user):
    client, here = as_user(secretary), url("minutes_times", meeting)
    wrong = client.post(here, {"closed_at": "13:00"})
    assert (wrong.status_code, wrong.context["form"].errors) == (
        422, {"closed_at": ["Giờ bế mạc phải sau giờ khai mạc 14 giờ 00."]},
    )  # fmt: skip
    assert client.post(here, {"closed_at": "15:45"}).status_code == 302
    assert record_of(meeting).closed_at == story.moment(15, 45)


def test_seal_page_warns_about_a_loopback_address(meeting, secretary, settings, as_user):
    adopt(meeting, secretary)
    settings.BASE_URL = "http://127.0.0.1:8000"
    page = as_user(secretary).get(url("minutes_seal", meeting))
    assert "Địa chỉ kiểm tra in trên văn bản đang là địa chỉ của riêng máy này" in page_text(page)
    assert as_user(secretary).post(url("minutes_seal", meeting), {"way": "ink"}).status_code == 302
    assert Paper.objects.get().way == "ink"


def test_seal_page_lists_what_is_left(meeting, secretary, clerk, as_user):
    adopt(meeting, secretary)
    attendance.mark(meeting.sheet.get(member=clerk.member), presence="absent_excused", reason="ốm", by=secretary)
    response = as_user(secretary).post(url("minutes_seal", meeting), {"way": "p12"})
    assert response.status_code == 422
    assert "Còn 2 điều chưa khớp, phải sửa hoặc giải trình trước:" in page_text(response)


def test_withdraw_asks_a_reason(meeting, secretary, as_user):
    seal(meeting, secretary)
    client = as_user(secretary)
    assert client.get(url("minutes_withdraw", meeting)).status_code == 200
    assert client.post(url("minutes_withdraw", meeting), {"reason": ""}).status_code == 422
    assert client.post(url("minutes_withdraw", meeting), {"reason": "Sai giờ"}).status_code == 302
    assert Paper.objects.get().state == "withdrawn"
    assert client.get(url("minutes", meeting)).status_code == 200


def test_no_post_changes_anything_after_sealing(meeting, secretary, clerk, member, as_user):
    """After sealing, no path changes anything: rows and sealed bytes are the same after every form was posted."""
    seal(meeting, secretary)
    item, row, vote = meeting.items.all()[1], meeting.sheet.get(member=member.member), Vote.objects.get()
    posts = [
        (url("minutes_text", meeting, "opening"), {"text": "x", "version": 0}),
        (url("minutes_narrative", meeting, item.pk), {"text": "x", "version": 0}),
        (url("minutes_explain", meeting), {"key": "chair_absent", "text": "x"}),
        (url("minutes_adopt", meeting), {"adopted_at": "15:39"}),
        (url("minutes_times", meeting), {"closed_at": "15:59"}),
        (url("minutes_seal", meeting), {"way": "ink"}),
        (url("attendance_mark", meeting, row.pk), {"presence": "absent_unexcused"}),
        (url("all_present", meeting), {}),
        (url("guest_add", meeting), {"name": "Khách"}),
        (url("officers", meeting), {"chair": clerk.member_id, "clerk": member.member_id}),
        (url("speech_add", meeting, item.pk), {"speaker": f"member-{member.member_id}", "text": "x"}),
        (url("conclusion", meeting, item.pk), {"text": "x", "version": 1}),
        (url("item_go", meeting, item.pk), {}),
        (url("item_postpone", meeting, item.pk), {}),
        (url("vote_do", meeting, vote.pk, "close"), {"agree": 0, "disagree": 7, "other": 0}),
        (url("vote_do", meeting, vote.pk, "reset"), {}),
        (url("move", meeting, "close"), {"closed_at": "15:59"}),
        (url("move", meeting, "cancel"), {"cancel_reason": "x"}),
    ]
    before, files = record_of(meeting), list(Paper.objects.get().files.values_list("sha256", flat=True))
    for user in (secretary, clerk):
        for address, data in posts:
            as_user(user).post(address, data)
    assert record_of(Meeting.objects.get(pk=meeting.pk)) == before
    paper = Paper.objects.get()
    assert (paper.state, list(paper.files.values_list("sha256", flat=True))) == ("sealed", files)


def test_refusal_after_sealing_is_said_on_the_page(meeting, secretary, clerk, as_user):
    seal(meeting, secretary)
    response = as_user(clerk).post(url("minutes_text", meeting, "opening"), {"text": "x", "version": 0}, **AUTOSAVE)
    assert response.json() == {"error": SEALED}


# Resolution


def test_resolution_is_written_on_its_page(meeting, secretary, member, as_user):
    client = as_user(secretary)
    assert "chưa có dự thảo nghị quyết" in page_text(client.get(url("resolution", meeting)))
    assert client.post(url("resolution_start", meeting)).status_code == 302
    assert client.post(url("resolution_subject", meeting), {"subject": "về nhiệm vụ tháng 01"}).status_code == 302
    saved = client.post(url("resolution_text", meeting, "assessment"), {"text": "Tốt.", "version": 0}, **AUTOSAVE)
    assert saved.json()["version"] == 1
    data = {"text": "Dọn mương", "owner": member.member_id, "due_on": "20/01/2027"}
    assert client.post(url("clause_new", meeting), data).status_code == 302
    assert client.post(url("clause_new", meeting), data | {"text": "Thăm hộ khó khăn"}).status_code == 302
    first, second = Clause.objects.all()
    assert client.post(url("clause_move", meeting, second.pk), {"direction": "up"}).status_code == 302
    assert client.post(url("clause_edit", meeting, first.pk), data | {"text": "Dọn sạch"}).status_code == 302
    assert client.get(url("clause_delete", meeting, second.pk)).status_code == 200
    assert client.post(url("clause_delete", meeting, second.pk), {"submission": ""}).status_code == 302
    found = Resolution.objects.get()
    assert (found.subject, found.assessment) == ("về nhiệm vụ tháng 01", "Tốt.")
    assert list(found.clauses.values_list("position", "text")) == [(1, "Dọn sạch")]
    assert client.get(url("resolution", meeting)).status_code == 200


def test_clause_form_keeps_what_was_typed(meeting, draft, secretary, as_user):
    response = as_user(secretary).post(url("clause_new", meeting), {"text": "Việc mới", "due_on": "01/12/2026"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"due_on": ["Chọn hạn từ ngày họp 05/12/2026 trở đi."]}
    assert "Việc mới" in response.content.decode()
    empty = as_user(secretary).post(url("clause_new", meeting), {"text": ""})
    assert empty.context["form"].errors == {"text": ["Ghi nội dung của mục này."]}


def test_resolution_adopted_sealed_withdrawn_on_its_pages(meeting, draft, secretary, member, as_user):
    client = as_user(secretary)
    missing = client.post(url("resolution_adopt", meeting), {"submission": ""})
    assert missing.context["form"].errors == {"vote": ["Chọn biểu quyết đã thông qua nghị quyết này."]}
    assert client.post(url("resolution_adopt", meeting), {"vote": Vote.objects.get().pk}).status_code == 302
    assert client.get(url("resolution", meeting)).status_code == 302
    detail = page_text(client.get(draft.get_absolute_url()))
    assert ("01-NQ/CB" in detail, "Chưa bắt đầu" in detail) == (True, True)
    assert client.post(reverse("resolutions:seal", args=[draft.pk]), {"way": "p12"}).status_code == 302
    pdf = as_user(member).get(url("resolution_pdf", meeting))
    b"".join(pdf.streaming_content)
    assert pdf["Content-Disposition"] == 'attachment; filename="nghi-quyet-01-nq-cb.pdf"'
    client = as_user(secretary)
    assert client.post(reverse("resolutions:withdraw", args=[draft.pk]), {"reason": "Sai"}).status_code == 302
    assert client.get(url("resolution", meeting)).status_code == 200


@pytest.mark.parametrize(
    ("who", "listed", "detail", "edit"),
    [
        ("secretary", 1, 200, 200),
        ("committee", 1, 200, 200),
        ("clerk", 1, 200, 200),
        ("member", 0, 404, 403),
        ("outsider", 0, 404, 404),
        ("superior", 0, 404, 404),
    ],
)
def test_who_sees_a_draft_resolution(meeting, draft, as_user, request, who, listed, detail, edit):
    client = as_user(request.getfixturevalue(who))
    assert client.get(reverse("resolutions:list")).context["page"].paginator.count == listed
    assert client.get(draft.get_absolute_url()).status_code == detail
    assert client.get(url("resolution", meeting)).status_code == edit


def test_members_see_it_from_adoption_on(meeting, draft, secretary, member, as_user):
    resolution.adopt_resolution(draft, vote=Vote.objects.get(), by=secretary)
    client = as_user(member)
    assert "0/1 mục đã xong" in page_text(client.get(reverse("resolutions:list")))
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert "DỰ THẢO" in text(client.get(url("resolution_pdf", meeting)).content)


# Queries


def more_resolutions(cell, secretary, clerk, count):
    for day in range(1, count + 1):
        meeting = story.begun(cell, secretary, clerk, starts_at=story.moment(9, day=day))
        found = resolution.start_resolution(meeting, by=secretary)
        for number in range(day):
            clauses.add_clause(found, clause=Clause(text=f"Việc {number}"), by=secretary)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_resolutions_takes_the_same_queries(cell, secretary, clerk, rows, as_user, django_assert_num_queries):
    """Every list page with 1 and 3 rows under one literal query count ≤ 12."""
    more_resolutions(cell, secretary, clerk, rows)
    client = as_user(secretary)
    with django_assert_num_queries(7):
        client.get(reverse("resolutions:list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_minutes_page_takes_the_same_queries(meeting, clerk, rows, as_user, django_assert_num_queries):
    for number in range(rows * 3):
        AgendaItem.objects.create(meeting=meeting, section="B", position=9 + number, title=f"Việc {number}")
    client = as_user(clerk)
    with django_assert_num_queries(12):
        client.get(url("minutes", meeting))


@pytest.mark.parametrize("rows", [1, 3])
def test_resolution_pages_take_the_same_queries(meeting, draft, secretary, rows, as_user, django_assert_num_queries):
    for number in range(rows):
        clauses.add_clause(draft, clause=Clause(text=f"Việc {number}"), by=secretary)
    client = as_user(secretary)
    with django_assert_num_queries(7):
        client.get(url("resolution", meeting))
    with django_assert_num_queries(8):
        client.get(draft.get_absolute_url())


def test_meeting_page_links_only_what_the_person_may_open(meeting, draft, secretary, member, as_user):
    """No link leads to a refusal: members get the minutes once sealed, the resolution once adopted."""
    resolution_page, minutes_page = draft.get_absolute_url(), url("minutes", meeting)

    def links(user):
        html = as_user(user).get(meeting.get_absolute_url()).content.decode()
        return minutes_page in html, resolution_page in html, url("resolution", meeting) in html

    assert links(member) == (False, False, False)
    assert links(secretary) == (True, False, True)
    seal(meeting, secretary)
    resolution.adopt_resolution(draft, vote=Vote.objects.get(), by=secretary)
    assert links(member) == (True, True, False)
