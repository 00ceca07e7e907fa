"""Delivery against a real server: each row has one outcome, whoever claims it and whatever the server says."""

import datetime
import threading
import time
import uuid

import pytest
from django.db import connection, connections
from django.utils import timezone

from notices import tasks
from notices.models import Notice
from notices.services import delivery, planning
from tests.factories import MemberFactory, at
from tests.notices.conftest import outcomes

pytestmark = pytest.mark.django_db


def test_deliver_sends_one_mail_with_text_and_html(cell, tell, postbox):
    person = MemberFactory(cell=cell, full_name="Ngô Xuân Trường", email="truong@example.com")
    tell(person)
    assert delivery.deliver_due() == 1
    (message,) = postbox.messages
    assert postbox.receivers == ["truong@example.com"]
    assert postbox.subjects == ["Nhiệm vụ mới, hạn 05/12/2026: Vận động 6 hộ"]
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",)).get_content()
    assert text.startswith("Kính gửi đồng chí Ngô Xuân Trường,\n\nNhiệm vụ mới, hạn 05/12/2026: Vận động 6 hộ\n")
    assert "Xem tại: https://chibo.example/assignments/1/" in text
    html = message.get_body(("html",)).get_content()
    assert 'href="https://chibo.example/assignments/1/"' in html
    notice = Notice.objects.get()
    assert (notice.outcome, notice.address, notice.attempts, notice.maybe_twice) == (
        "sent", "truong@example.com", 1, False,
    )  # fmt: skip


def test_deliver_escapes_html_and_leaves_text_as_typed(cell, tell, postbox):
    tell(MemberFactory(cell=cell), context={"title": "Họp <b>A & B</b>", "due_on": "05/12/2026"})
    delivery.deliver_due()
    (message,) = postbox.messages
    assert "Nhiệm vụ: Họp <b>A & B</b>\n" in message.get_body(("plain",)).get_content()
    assert "<strong>Họp &lt;b&gt;A &amp; B&lt;/b&gt;</strong>" in message.get_body(("html",)).get_content()


def test_deliver_joins_what_is_due_for_one_person(cell, tell, postbox):
    person = MemberFactory(cell=cell)
    tell(person, key="a", subject="Việc A")
    tell(person, key="b", subject="Việc B")
    tell(person, key="c", subject="Việc C", due_at=at(days=1))
    assert delivery.deliver_due() == 1
    assert postbox.subjects == ["Việc A (và 1 thông báo khác)"]
    assert outcomes() == [("a", "sent"), ("b", "sent"), ("c", "")]


def test_deliver_sends_each_person_their_own_mail(cell, tell, postbox):
    people = [MemberFactory(cell=cell) for _ in range(3)]
    for person in people:
        tell(person)
    assert delivery.deliver_due(limit=2) == 2
    assert delivery.deliver_due() == 1
    assert postbox.receivers == [person.email for person in people]


def test_deliver_does_not_send_what_was_withdrawn(cell, tell, postbox):
    tell(MemberFactory(cell=cell))
    planning.withdraw("assignment:1")
    assert delivery.deliver_due() == 0
    assert postbox.messages == []


def test_deliver_marks_who_has_no_address(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email=""))
    delivery.deliver_due()
    assert outcomes() == [("assignment:1:given", "no_address")]
    assert postbox.messages == []


def test_deliver_refused_for_good_ends_the_row_with_the_servers_words(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="cu@example.com"))
    postbox.answers["cu@example.com"] = "550 5.1.1 No such user"
    delivery.deliver_due()
    notice = Notice.objects.get()
    assert (notice.outcome, notice.error, notice.address) == ("refused", "550 5.1.1 No such user", "cu@example.com")


def test_deliver_refused_data_ends_the_row(cell, tell, postbox):
    tell(MemberFactory(cell=cell))
    postbox.data_answer = "554 5.7.1 Message rejected"
    delivery.deliver_due()
    assert list(Notice.objects.values_list("outcome", "error")) == [("refused", "554 5.7.1 Message rejected")]


def test_deliver_goes_on_after_one_refused_address(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="cu@example.com"))
    tell(MemberFactory(cell=cell, email="moi@example.com"))
    postbox.answers["cu@example.com"] = "550 gone"
    assert delivery.deliver_due() == 2
    assert postbox.receivers == ["moi@example.com"]


def test_deliver_tries_again_later_after_4xx(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="ban@example.com"))
    postbox.answers["ban@example.com"] = "451 4.3.0 Try again later"
    before = timezone.now()
    delivery.deliver_due()
    notice = Notice.objects.get()
    assert (notice.outcome, notice.attempts, notice.claim, notice.error) == ("", 1, None, "451 4.3.0 Try again later")
    assert datetime.timedelta(minutes=1) <= notice.due_at - before < datetime.timedelta(minutes=2)
    assert delivery.deliver_due() == 0
    postbox.answers.clear()
    Notice.objects.update(due_at=at(days=-1))
    delivery.deliver_due()
    assert list(Notice.objects.values_list("outcome", "attempts", "maybe_twice", "error")) == [("sent", 2, False, "")]


def test_deliver_gives_up_after_eight_attempts(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="ban@example.com"))
    postbox.answers["ban@example.com"] = "451 busy"
    for _ in range(8):
        Notice.objects.update(due_at=at(days=-1))
        delivery.deliver_due()
    assert list(Notice.objects.values_list("outcome", "attempts", "error")) == [("refused", 8, "451 busy")]


def test_deliver_stops_when_no_server_answers(cell, tell, postbox, settings):
    for _ in range(3):
        tell(MemberFactory(cell=cell))
    settings.EMAIL_PORT = 1
    assert delivery.deliver_due() == 1
    assert list(Notice.objects.order_by("pk").values_list("outcome", "attempts")) == [("", 1), ("", 0), ("", 0)]


def test_deliver_slow_server_does_not_block_longer_than_the_timeout(cell, tell, postbox, settings):
    """The row comes back and says that the server may have taken the mail."""
    settings.EMAIL_TIMEOUT = 1
    postbox.delay = 4
    tell(MemberFactory(cell=cell))
    began = time.monotonic()
    delivery.deliver_due()
    assert time.monotonic() - began < 3
    notice = Notice.objects.get()
    assert (notice.outcome, notice.attempts, notice.maybe_twice) == ("", 1, True)


def test_deliver_takes_a_row_again_when_its_lease_ran_out(cell, tell, postbox, settings):
    settings.NOTICE_LEASE_SECONDS = 3
    tell(MemberFactory(cell=cell))
    Notice.objects.update(claim=uuid.uuid4(), claimed_at=timezone.now())
    assert delivery.deliver_due() == 0
    Notice.objects.update(claimed_at=timezone.now() - datetime.timedelta(seconds=4))
    assert delivery.deliver_due() == 1
    assert list(Notice.objects.values_list("outcome", "maybe_twice")) == [("sent", True)]


def test_finish_writes_only_under_its_own_claim(cell, tell):
    tell(MemberFactory(cell=cell))
    notices = delivery.claim_next()
    Notice.objects.update(claim=uuid.uuid4())
    delivery.finish(notices, "sent")
    assert outcomes() == [("assignment:1:given", "")]


def test_message_id_is_the_same_when_sent_again(cell, tell, postbox):
    tell(MemberFactory(cell=cell))
    delivery.deliver_due()
    Notice.objects.update(outcome="", claim=None)
    delivery.deliver_due()
    first, second = postbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_row_that_cannot_be_rendered_does_not_hold_up_the_others(cell, tell, postbox, caplog):
    person = MemberFactory(cell=cell)
    planning.plan(person, "no.such", "x", cell=cell, subject="Hỏng", context={}, due_at=at(days=-2))
    tell(person)
    delivery.deliver_due()
    assert outcomes() == [("x", "refused"), ("assignment:1:given", "sent")]
    assert Notice.objects.get(key="x").error == "Không dựng được nội dung thư: email/no.such.txt"
    assert postbox.subjects == ["Nhiệm vụ mới, hạn 05/12/2026: Vận động 6 hộ"]


def test_task_runs_once_per_machine(cell, tell, postbox):
    tell(MemberFactory(cell=cell))
    with tasks.alone("delivery") as mine:
        assert mine is True
        assert tasks.deliver_due_notices() is None
    assert tasks.deliver_due_notices() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_send_each_mail_once(cell, tell, postbox):
    people = [MemberFactory(cell=cell) for _ in range(12)]
    for person in people:
        tell(person)

    def run():
        try:
            delivery.deliver_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(postbox.receivers) == sorted(person.email for person in people)
    assert {row[1] for row in outcomes()} == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_claim_skips_a_row_that_another_transaction_holds(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="giu@example.com"), due_at=at(days=-2))
    tell(MemberFactory(cell=cell, email="tu.do@example.com"))
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM notices_notice ORDER BY id LIMIT 1 FOR UPDATE")
        thread = threading.Thread(target=lambda: (delivery.deliver_due(), connections.close_all()))
        thread.start()
        thread.join(15)
        cursor.execute("ROLLBACK")
    assert postbox.receivers == ["tu.do@example.com"]
