"""All notices about one meeting on one page: for the committee, whom to call first."""

import pytest
from django.utils import timezone

from meetings.services import lifecycle
from notices.models import Notice
from notices.services import planning
from tests.meetings import prep

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast, cell, secretary):
    draft = lifecycle.agree_meeting(prep.new_meeting(cell, secretary), by=secretary)
    return lifecycle.notify_meeting(draft, by=secretary)


def page_of(client, meeting):
    return client.get(f"/meetings/{meeting.pk}/notices/")


def test_page_counts_outcomes_and_shows_whom_to_call_first(meeting, member, clerk, secretary, as_user):
    Notice.objects.update(outcome="sent", done_at=timezone.now())
    told = Notice.objects.filter(key=f"meeting:{meeting.pk}:notified:0")
    total = Notice.objects.count()
    told.filter(recipient=member.member).update(outcome="no_address")
    told.filter(recipient=clerk.member).update(outcome="refused", error="550 No such user")
    member.member.phone = "0912 345 678"
    member.member.save()
    response = page_of(as_user(secretary), meeting)
    assert [(row["look"].label, row["number"]) for row in response.context["counts"]] == [
        ("Không có địa chỉ thư", 1), ("Máy chủ thư từ chối", 1), ("Đã gửi", total - 2),
    ]  # fmt: skip
    rows = list(response.context["page"])
    assert [row.recipient_id for row in rows[:2]] == [member.member_id, clerk.member_id]
    text = response.content.decode()
    assert ('href="tel:0912345678"' in text, "550 No such user" in text, "chưa có số điện thoại" in text) == (
        True, True, True,
    )  # fmt: skip


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
