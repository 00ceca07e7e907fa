"""More time: who asks, who answers, what follows a new due day, what is refused."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assignments.models import Assignment, Extension
from assignments.services import extending, progress
from core.errors import Refused
from core.vietnamese import date_text
from members.models import Activity, User
from notices.models import Notice
from notices.services.mail import text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def asked(task, member, due):
    """The task with a request for five more days."""
    extending.ask(task, until=due + 5 * DAY, reason=" Trời mưa. ", by=member)
    return Assignment.objects.get(pk=task.pk)


def refusal(service, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.field, caught.value.message


def told(kind):
    return list(Notice.objects.filter(kind=f"assignment.{kind}", outcome="").values_list("recipient", flat=True))


def test_ask_keeps_the_due_day_and_tells_who_decides(asked, secretary, due):
    assert (asked.due_on, asked.sequence, asked.state) == (due, 0, "given")
    assert (asked.asked_extension.until, asked.asked_extension.reason) == (due + 5 * DAY, "Trời mưa.")
    assert told("extension_asked") == [secretary.member_id]
    assert list(asked.reports.values_list("kind", "text", "until")) == [("asked", "Trời mưa.", due + 5 * DAY)]
    assert Activity.objects.order_by("-seq").first().verb == "assignment.extension_asked"


def test_grant_moves_the_due_day_and_its_reminder(asked, member, deputy, due):
    task = extending.grant(asked, by=deputy, note="Đồng ý.")
    assert (task.due_on, task.sequence) == (due + 5 * DAY, 1)
    row = Extension.objects.get()
    assert (row.answer, row.note, row.answered_by) == ("granted", "Đồng ý.", deputy)
    assert task.reports.last().kind == "extended"
    assert told("extension_asked") == []
    assert told("extended") == [member.member_id]
    waiting = Notice.objects.get(kind="assignment.due_soon", outcome="")
    assert (waiting.key, waiting.due_at) == (f"assignment:{task.pk}:due_soon:1", _seven(due + 2 * DAY))


def _seven(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(7)))


def test_refuse_keeps_the_due_day_and_says_why_on_the_page(asked, member, secretary, due):
    task = extending.refuse(asked, note="Cần cho lễ.", by=secretary)
    assert (task.due_on, task.sequence) == (due, 0)
    assert told("kept") == [member.member_id]
    assert list(task.reports.values_list("kind", "text"))[-1] == ("kept", "Cần cho lễ.")
    mail = text_of(Notice.objects.get(kind="assignment.kept"))
    assert "Cần cho lễ" not in mail  # titles only
    assert f"Hạn hoàn thành vẫn là: {date_text(due)}" in mail


def test_after_an_answer_one_may_ask_again(asked, member, secretary, due):
    extending.refuse(asked, note="Cần cho lễ.", by=secretary)
    extending.ask(asked, until=due + DAY, reason="Chỉ một ngày.", by=member)
    assert list(Extension.objects.values_list("answer", flat=True)) == ["refused", ""]


def test_a_second_request_while_one_waits_is_refused(asked, member, due):
    assert refusal(extending.ask, asked, until=due + 9 * DAY, reason="Nữa.", by=member) == (
        None, "Đã có một đề nghị gia hạn đang chờ trả lời. Đồng chí chờ trả lời rồi mới xin tiếp.",
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(assignment=asked, until=due, reason="Nữa.")


def test_ask_refuses_a_day_that_is_no_later(task, member, due):
    assert refusal(extending.ask, task, until=due, reason="Mưa.", by=member) == (
        "until", f"Đồng chí chọn ngày sau hạn hiện nay {date_text(due)}.",
    )  # fmt: skip


def test_ask_refuses_a_day_gone_by(task, member):
    today = timezone.localdate()
    Assignment.objects.update(due_on=today - 9 * DAY)
    assert refusal(extending.ask, task, until=today - DAY, reason="Mưa.", by=member) == (
        "until", f"Ngày {date_text(today - DAY)} đã qua. Đồng chí chọn ngày từ hôm nay trở đi.",
    )  # fmt: skip


def test_ask_needs_a_reason_and_a_refusal_too(task, asked, member, secretary, due):
    assert refusal(extending.refuse, asked, note=" ", by=secretary) == ("note", "Đồng chí ghi lý do không gia hạn.")
    extending.refuse(asked, note="Không.", by=secretary)
    assert refusal(extending.ask, task, until=due + DAY, reason=" ", by=member) == (
        "reason", "Đồng chí ghi lý do xin gia hạn.",
    )  # fmt: skip


def test_an_answer_where_nothing_waits_is_refused(task, secretary):
    sentence = "Đề nghị gia hạn này đã được trả lời. Đồng chí xem lại trang nhiệm vụ."
    assert refusal(extending.grant, task, by=secretary) == (None, sentence)
    assert refusal(extending.refuse, task, note="Không.", by=secretary) == (None, sentence)


def test_grant_of_a_day_gone_by_is_refused(asked, secretary):
    gone = timezone.localdate() - DAY
    Extension.objects.update(until=gone)
    assert refusal(extending.grant, asked, by=secretary) == (
        None,
        f"Ngày xin gia hạn {date_text(gone)} đã qua nên không đồng ý được nữa. "
        "Đồng chí chọn “Không gia hạn” và ghi lý do; người thực hiện có thể xin lại.",
    )


@pytest.mark.parametrize("end", ["finish", "cancel"])
def test_a_request_is_dropped_when_the_task_ends(asked, member, secretary, end):
    if end == "finish":
        progress.finish(asked, text="Xong.", by=member)
    else:
        progress.cancel(asked, reason="Không cần.", by=secretary)
    assert Extension.objects.get().answer == "dropped"
    assert told("extension_asked") == []


def test_own_request_of_the_secretary_plans_nothing_to_oneself(give, secretary, due):
    task = give(owner=secretary.member)
    extending.ask(task, until=due + DAY, reason="Mưa.", by=secretary)
    extending.grant(task, by=secretary)
    assert told("extension_asked") + told("extended") == []


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_give_one_answer(asked, secretary, deputy):
    def answer(service, user, **kwargs):
        try:
            service(Assignment.objects.get(pk=asked.pk), by=User.objects.get(pk=user.pk), **kwargs)
            return "answered"
        except Refused as caught:
            return caught.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        yes = pool.submit(answer, extending.grant, secretary)
        no = pool.submit(answer, extending.refuse, deputy, note="Không.")
        said = {yes.result(), no.result()}
    assert said == {"answered", "Đề nghị gia hạn này đã được trả lời. Đồng chí xem lại trang nhiệm vụ."}
    assert Activity.objects.filter(verb__in=["assignment.extended", "assignment.kept"]).count() == 1
    task = Assignment.objects.get(pk=asked.pk)
    assert task.reports.filter(kind__in=["extended", "kept"]).count() == 1
    assert (task.sequence == 1) is (Extension.objects.get().answer == "granted")
