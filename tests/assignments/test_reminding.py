"""Reminders: three days before, weekly when late, to the deputy after the second; never twice, never of what ended."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from assignments.models import Assignment
from assignments.services import extending, progress, reminding
from assignments.tasks import plan_late_notices
from members.models import Membership, Post
from notices.models import Notice
from notices.services.mail import text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def seven(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(7)))


def noon(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def waiting(kind="late"):
    """(recipient's username, end of the key) of what waits."""
    rows = Notice.objects.filter(kind=f"assignment.{kind}", outcome="").order_by("pk")
    return [(row.recipient.user.username, row.key.partition(":")[2].partition(":")[2]) for row in rows]


def test_due_soon_is_planned_for_the_morning_three_days_before(task, member, due):
    notice = Notice.objects.get(kind="assignment.due_soon")
    assert (notice.recipient, notice.due_at) == (member.member, seven(due - 3 * DAY))
    assert (notice.action, notice.target) == ("assignment.report", task.pk)
    assert notice.subject == "Còn 3 ngày đến hạn: Vận động 6 hộ ngõ 12"


def test_no_reminder_of_a_day_that_is_near_already(give):
    give(due_on=timezone.localdate() + 2 * DAY)
    assert Notice.objects.filter(kind="assignment.due_soon").count() == 0


@pytest.mark.parametrize(
    ("days", "week"), [(-5, 0), (0, 0), (1, 1), (7, 1), (8, 2), (14, 2), (15, 3), (21, 3), (22, 4)]
)
def test_weeks_late(days, week):
    today = datetime.date(2026, 12, 15)
    assert reminding.weeks_late(Assignment(due_on=today - days * DAY), today) == week


def test_late_is_planned_once_a_week(task, deputy, due):
    """Every hour the same: one notice of the week, at seven of the first morning."""
    midnight = timezone.make_aware(datetime.datetime.combine(due + DAY, datetime.time()))
    for hour in range(24):
        assert reminding.plan_late(midnight + datetime.timedelta(hours=hour)) == (hour == 0)
    assert waiting() == [("dangvien", "late:1")]
    notice = Notice.objects.get(kind="assignment.late")
    assert (notice.due_at, notice.action) == (seven(due + DAY), "assignment.report")
    assert notice.subject == "Quá hạn 1 ngày: Vận động 6 hộ ngõ 12"


def test_late_waits_for_the_day_to_be_over(task, due):
    assert reminding.plan_late(noon(due)) == 0


def test_late_tells_the_deputy_from_the_third_week(task, secretary, deputy, due):
    for week in range(1, 5):
        Notice.objects.filter(outcome="").update(outcome="sent")
        reminding.plan_late(noon(due + 7 * week * DAY))
        assert waiting("late_deputy") == ([("phobithu", f"late_deputy:{week}")] if week >= 3 else [])
    assert text_of(Notice.objects.filter(kind="assignment.late_deputy").order_by("pk").last()).splitlines()[2] == (
        "Nhiệm vụ của đồng chí Ngô Xuân Trường đã quá hạn 28 ngày: Vận động 6 hộ ngõ 12"
    )


def test_late_tells_the_secretary_where_there_is_no_deputy(task, due):
    reminding.plan_late(noon(due + 16 * DAY))
    assert waiting("late_deputy") == [("bithu", "late_deputy:3")]


def test_late_tells_nobody_about_oneself(give, secretary, due):
    give(owner=secretary.member)
    reminding.plan_late(noon(due + 16 * DAY))
    assert waiting("late_deputy") == []
    assert waiting() == [("bithu", "late:3")]


def test_late_of_two_people_stays_between_them(give, secretary, deputy, due):
    """A task for owner and giver only: private, and to the deputy only when the deputy gave it (issue 3.5)."""
    between = give(audience="owner", by=secretary, title="bí thư giao")
    own = give(audience="owner", by=deputy, title="phó bí thư giao")
    reminding.plan_late(noon(due + 16 * DAY))
    late = Notice.objects.filter(kind__startswith="assignment.late")
    assert set(late.values_list("private", flat=True)) == {True}
    assert [row.target or row.key.split(":")[1] for row in late.filter(recipient=deputy.member)] == [str(own.pk)]
    assert late.filter(key__startswith=f"assignment:{between.pk}:late_deputy").count() == 0


def test_after_a_pause_only_the_present_week_is_told(task, due):
    """The clock stood still for four weeks; and what never went out before is withdrawn."""
    reminding.plan_late(noon(due + DAY))
    reminding.plan_late(noon(due + 30 * DAY))
    assert waiting() == [("dangvien", "late:5")]
    assert waiting("due_soon") == []


def test_a_week_sent_is_not_told_again(task, due):
    reminding.plan_late(noon(due + DAY))
    Notice.objects.update(outcome="sent")
    assert reminding.plan_late(noon(due + 5 * DAY)) == 0
    assert waiting() == []


def test_an_extension_begins_to_count_anew(task, member, secretary, due):
    reminding.plan_late(noon(due + DAY))
    Notice.objects.filter(kind="assignment.late").update(outcome="sent")
    reminding.plan_late(noon(due + 8 * DAY))
    extending.ask(task, until=due + 20 * DAY, reason="Mưa.", by=member)
    extending.grant(task, by=secretary)
    assert waiting() == []
    reminding.plan_late(noon(due + 21 * DAY))
    assert waiting() == [("dangvien", "late:1:1")]


def test_a_report_that_came_back_is_reminded_of_again(task, member, secretary, due):
    reminding.plan_late(noon(due + DAY))
    progress.finish(task, text="Xong.", by=member)
    assert (waiting(), waiting("due_soon")) == ([], [])
    progress.return_(task, reason="Thiếu.", by=secretary)
    assert waiting("due_soon") == [("dangvien", "due_soon:0")]
    reminding.plan_late(noon(due + 2 * DAY))
    assert waiting() == [("dangvien", "late:1")]


def test_who_left_the_cell_is_not_reminded(task, member, deputy, other_cell, due):
    Membership.objects.filter(member=member.member).update(cell=other_cell)
    reminding.plan_late(noon(due + 16 * DAY))
    assert waiting() == []
    assert waiting("late_deputy") == [("phobithu", "late_deputy:3")]


def test_who_leaves_before_the_morning_is_not_reminded_of_it(give, member, due):
    """A membership that ends before the reminder would go: none is planned."""
    Membership.objects.filter(member=member.member).update(ends_on=due - 4 * DAY)
    give()
    assert waiting("due_soon") == []


def test_where_nobody_heads_the_cell_nobody_is_told_of_others(task, secretary, due):
    Post.objects.filter(member=secretary.member).delete()
    assert reminding.plan_late(noon(due + 16 * DAY)) == 1
    assert waiting("late_deputy") == []


def test_the_clock_runs_it_for_today(task, due):
    Assignment.objects.update(due_on=timezone.localdate() - DAY)
    assert plan_late_notices() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_whom_nobody_can_tell_costs_no_lock(give, member, other_cell, due, django_assert_num_queries, rows):
    """Owner gone, nobody heads the cell: one read an hour, however many such tasks there are."""
    for number in range(rows):
        give(title=f"việc {number}", by=None)
    Membership.objects.filter(member=member.member).update(cell=other_cell)
    Post.objects.all().delete()
    with django_assert_num_queries(1) as asked:
        assert reminding.plan_late(noon(due + 16 * DAY)) == 0
    assert [query["sql"] for query in asked if "FOR NO KEY" in query["sql"]] == []


def test_one_task_that_cannot_be_told_holds_up_no_other(give, due, caplog):
    """It is logged, the others are told, and the run fails in sight."""
    first, second, third = (give(title=f"việc {number}") for number in range(3))
    with connection.cursor() as cursor:  # the database will not have this one notice
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE notices_notice ADD CHECK (key <> 'assignment:{second.pk}:late:1')")
    with pytest.raises(RuntimeError, match=r"^1 late tasks could not be told, 2 notices were planned$"):
        reminding.plan_late(noon(due + DAY))
    late = Notice.objects.filter(kind="assignment.late").order_by("pk")
    assert [row.key for row in late] == [f"assignment:{task.pk}:late:1" for task in (first, third)]
    assert [record.getMessage() for record in caplog.records] == [f"late notices of assignment {second.pk}"]


@pytest.mark.parametrize(("rows", "queries"), [(1, 2), (3, 2)])
def test_an_hour_with_nothing_new_costs_two_queries(give, due, django_assert_num_queries, rows, queries):
    for number in range(rows):
        give(title=f"việc {number}")
    reminding.plan_late(noon(due + DAY))
    with django_assert_num_queries(queries):
        assert reminding.plan_late(noon(due + DAY)) == 0
