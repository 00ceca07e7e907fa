"""Own tasks in the private calendar: the due day, what changes it, what takes it out."""

import datetime

import pytest
from django.utils import timezone

from assignments.diary_entries import entries
from assignments.services import extending, progress
from notices import calendar

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def of(user, since=None):
    return list(entries(user, since or timezone.now() - 90 * DAY))


def test_a_task_is_a_whole_day_on_its_due_day(give, member, due):
    task = give(source_label="Nghị quyết 10-NQ/CB")
    assert of(member) == [
        calendar.Entry(
            uid=f"assignment-{task.pk}@chibo", sequence=0, title="Hạn: Vận động 6 hộ ngõ 12", starts=due,
            ends=due + DAY, description="Giao từ: Nghị quyết 10-NQ/CB", url=f"/assignments/{task.pk}/",
            alarms=calendar.TASK_ALARMS,
        )
    ]  # fmt: skip


def test_only_ones_own(give, helper, secretary):
    give(helpers=[helper.member])
    assert of(helper) + of(secretary) == []


def test_an_extension_moves_it_under_the_same_uid(task, member, secretary, due):
    extending.ask(task, until=due + DAY, reason="Mưa.", by=member)
    extending.grant(task, by=secretary)
    assert [(row.uid, row.sequence, row.starts) for row in of(member)] == [
        (f"assignment-{task.pk}@chibo", 1, due + DAY)
    ]


@pytest.mark.parametrize("end", ["finish", "cancel"])
def test_what_ends_is_gone(task, member, secretary, end):
    values = {"text": "Xong."} if end == "finish" else {"reason": "Không cần."}
    progress.STEPS[end](task, by=member if end == "finish" else secretary, **values)
    assert of(member) == []


def test_what_was_due_before_is_left_out(task, member, due):
    noon = timezone.make_aware(datetime.datetime.combine(due, datetime.time(12)))
    assert len(of(member, noon)) == 1
    assert of(member, noon + DAY) == []


def test_wiring_offers_them(task, member):
    found = calendar.entries(member, timezone.now() - 90 * DAY)
    assert [row.uid for row in found] == [f"assignment-{task.pk}@chibo"]
