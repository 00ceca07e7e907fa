"""All notices about one meeting on one page: for the committee, whom to call first."""

import pytest
from django.utils import timezone

from meetings.services import lifecycle
from notices.models import Notice
from notices.services import planning
from tests.factories import at
from tests.meetings import prep

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast, cell, secretary):
    draft = lifecycle.agree_meeting(prep.new_meeting(cell, secretary), by=secretary)
    return lifecycle.notify_meeting(draft, by=secretary)


def page_of(client, meeting, chosen=""):
    return client.get(f"/meetings/{meeting.pk}/notices/{chosen}")


def groups_of(response):
    return [(group["label"], group["number"], len(group["rows"])) for group in response.context["groups"]]


def test_page_counts_outcomes_and_shows_whom_to_call_first(meeting, member, clerk, secretary, as_user):
    Notice.objects.update(outcome="sent", done_at=timezone.now())
    told = Notice.objects.filter(key=f"meeting:{meeting.pk}:notified:0")
    total = Notice.objects.count()
    told.filter(recipient=member.member).update(outcome="no_address")
    told.filter(recipient=clerk.member).update(outcome="refused", error="550 No such user")
    member.member.phone = "0912 345 678"
    member.member.save()
    response = page_of(as_user(secretary), meeting)
    assert groups_of(response) == [("Chưa báo được", 2, 2), ("Đã báo", total - 2, total - 2)]
    rows = list(response.context["page"])
    assert [row.recipient_id for row in rows[:2]] == [member.member_id, clerk.member_id]
    text = response.content.decode()
    assert ('href="tel:0912345678"' in text, "550 No such user" in text, "chưa có số điện thoại" in text) == (
        True, True, True,
    )  # fmt: skip


def test_page_groups_people_and_can_show_one_group(meeting, member, clerk, committee, secretary, as_user):
    told = Notice.objects.filter(key=f"meeting:{meeting.pk}:notified:0")
    Notice.objects.exclude(pk__in=told).delete()
    for user, outcome in ((member, "in_app"), (clerk, "no_address"), (committee, "sent")):
        told.filter(recipient=user.member).update(outcome=outcome, done_at=timezone.now())
    planning.withdraw(f"meeting:{meeting.pk}", recipients=[secretary.member], reason="Buổi họp đã hủy.")
    waits, client = told.filter(outcome="").count(), as_user(secretary)
    everything = page_of(client, meeting)
    assert groups_of(everything) == [
        ("Chưa báo được", 1, 1), ("Chờ gửi", waits, waits), ("Đã báo", 2, 2), ("Đã thôi không gửi", 1, 1),
    ]  # fmt: skip
    assert "Buổi họp đã hủy." in everything.content.decode()
    assert [(chip["label"], chip["count"]) for chip in everything.context["chips"]] == [
        ("Tất cả", waits + 4), ("Chưa báo được", 1), ("Chờ gửi", waits), ("Đã báo", 2), ("Đã thôi không gửi", 1),
    ]  # fmt: skip
    one = page_of(client, meeting, "?ket-qua=da-bao")
    assert (groups_of(one), [chip["current"] for chip in one.context["chips"]]) == (
        [("Đã báo", 2, 2)], [False, False, False, True, False],
    )  # fmt: skip
    told.filter(outcome="no_address").delete()
    assert (
        "Không có thông báo nào theo điều kiện đã chọn."
        in page_of(client, meeting, "?ket-qua=chua-bao").content.decode()
    )


def test_withdrawn_notices_say_why(meeting, secretary):
    later = lifecycle.reschedule_meeting(meeting, starts_at=at(days=20), place="Hội trường", by=secretary)
    lifecycle.cancel_meeting(later, cancel_reason="Bão", by=secretary)
    rows = Notice.objects.filter(
        outcome="withdrawn", kind__in=["meeting.notified", "meeting.changed", "meeting.tomorrow"]
    )
    assert set(rows.values_list("kind", "key", "withdrawn_because")) == {
        ("meeting.notified", f"meeting:{meeting.pk}:notified:0", "Lịch họp đã đổi."),
        ("meeting.tomorrow", f"meeting:{meeting.pk}:tomorrow:0", "Lịch họp đã đổi."),
        ("meeting.changed", f"meeting:{meeting.pk}:changed:1", "Buổi họp đã hủy."),
        ("meeting.tomorrow", f"meeting:{meeting.pk}:tomorrow:1", "Buổi họp đã hủy."),
    }


def test_after_notifying_the_message_says_how_many_wait_and_links_to_their_outcomes(cell, secretary, as_user):
    meeting = lifecycle.agree_meeting(prep.new_meeting(cell, secretary), by=secretary)
    page = as_user(secretary).post(f"/meetings/{meeting.pk}/do/notify/", follow=True)
    number = Notice.objects.filter(kind="meeting.notified", outcome="").count()
    (said,) = [str(message) for message in page.context["messages"]]
    assert number > 0
    assert said == (
        f"Đã thông báo họp. Đã xếp {number} thông báo để gửi. "
        f'<a href="/meetings/{meeting.pk}/notices/">Xem kết quả gửi</a>'
    )
    assert said in page.content.decode()


def test_after_dropping_a_draft_the_message_names_no_notices(cell, secretary, as_user):
    meeting = prep.new_meeting(cell, secretary)
    page = as_user(secretary).post(f"/meetings/{meeting.pk}/do/cancel/", {"cancel_reason": "Bão"}, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Đã hủy buổi họp."]


def test_page_holds_this_meeting_and_the_progress_asked_for_it(meeting, cell, member, secretary, as_user):
    Notice.objects.all().delete()
    keys = (
        f"meeting:{meeting.pk}:notified:0", f"assignment:4:progress:{meeting.pk}", f"meeting:{meeting.pk}1:notified:0",
        f"assignment:4:progress:1{meeting.pk}", f"resolution:{meeting.pk}:published",
    )  # fmt: skip
    for key in keys:
        planning.plan(member.member, "assignment.given", key, cell=cell, subject="Thử", context={})
    planning.plan(
        member.member, "assignment.given", f"meeting:{meeting.pk}:rieng", cell=cell, subject="Riêng", context={},
        private=True,
    )  # fmt: skip
    assert sorted(row.key for row in page_of(as_user(secretary), meeting).context["page"]) == sorted(keys[:2])


def test_page_is_for_the_committee(meeting, secretary, committee, clerk, member, outsider, superior, as_user):
    people = (secretary, committee, clerk, member, outsider, superior)
    assert [page_of(as_user(user), meeting).status_code for user in people] == [200, 200, 403, 403, 404, 404]


def test_page_before_anybody_is_told_says_so(cast, cell, secretary, as_user):
    draft = prep.new_meeting(cell, secretary)
    Notice.objects.all().delete()
    assert "Chưa gửi thông báo nào" in page_of(as_user(secretary), draft).content.decode()


def test_page_is_linked_from_the_meeting_for_the_committee_only(meeting, secretary, member, as_user):
    link = f'href="/meetings/{meeting.pk}/notices/"'
    pages = [as_user(user).get(meeting.get_absolute_url()).content.decode() for user in (secretary, member)]
    assert [link in page for page in pages] == [True, False]
