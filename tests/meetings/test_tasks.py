"""Tasks out of a conclusion."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment
from core.errors import Refused
from meetings.models import ItemAssignment
from meetings.services import tasks
from meetings.states import Body, State
from members.models import Activity
from tests.meetings.hall import held
from tests.meetings.test_attendance import papers_at

pytestmark = pytest.mark.django_db

SOON = datetime.timedelta(days=14)


@pytest.fixture
def item(cell, secretary, clerk):
    return held(cell, chair=secretary, clerk=clerk).items.all()[1]


def give(item, member, by, **changes):
    values = {"owner": member.member, "title": "Dọn tuyến mương", "due_on": timezone.localdate() + SOON}
    return tasks.give_from_item(item, by=by, **(values | changes))


def test_task_says_where_it_comes_from(item, member, secretary):
    task = give(item, member, secretary, audience="committee")
    day = timezone.localdate()
    assert task.source_label == f"Kết luận B2, sinh hoạt thường kỳ tháng {day:%m/%Y}"
    assert task.source_url == item.meeting.get_absolute_url()
    assert (task.owner, task.given_by, task.audience) == (member.member, secretary, "committee")
    assert ItemAssignment.objects.get().item == item
    assert list(Activity.objects.order_by("seq").values_list("verb", flat=True)) == ["assignment.given", "task.given"]


@pytest.mark.parametrize(("body", "audience"), [(Body.CELL, "cell"), (Body.COMMITTEE, "committee")])
def test_task_is_seen_by_the_body_that_met(cell, secretary, clerk, committee, as_user, body, audience):
    """What the chi ủy gives is its own, unless it says otherwise; the form proposes that too."""
    item = held(cell, chair=secretary, clerk=clerk, body=body).items.all()[1]
    assert give(item, secretary, secretary).audience == audience
    page = as_user(secretary).get(reverse("meetings:task_new", args=[item.meeting_id, item.pk]))
    assert page.context["form"]["audience"].value() == audience


@pytest.mark.parametrize(
    ("changes", "field"), [({"title": "  "}, "title"), ({"due_on": datetime.date(2020, 1, 1)}, "due_on")]
)
def test_task_refused_leaves_nothing(item, member, secretary, changes, field):
    with pytest.raises(Refused) as refused:
        give(item, member, secretary, **changes)
    assert (refused.value.field, Assignment.objects.count(), ItemAssignment.objects.count()) == (field, 0, 0)


def test_task_for_a_stranger_is_refused(item, outsider, secretary):
    with pytest.raises(Refused) as refused:
        give(item, outsider, secretary)
    assert refused.value.field == "owner"


def test_task_after_closing_and_not_after_sealing(cell, secretary, clerk, member):
    item = held(cell, chair=secretary, clerk=clerk, state=State.CLOSED).items.first()
    give(item, member, secretary)
    papers_at(item.meeting, "sealed")
    with pytest.raises(Refused) as refused:
        give(item, member, secretary)
    assert refused.value.message == "Biên bản đã khóa, không sửa được nữa."
