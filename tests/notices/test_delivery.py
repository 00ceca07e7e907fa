"""Delivery against a real server: each row has one outcome, whoever claims it and whatever the server says."""

import contextlib
import datetime
import socket
import threading
import time
import uuid

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from notices import tasks
from notices.models import Channel, Notice, Preference
from notices.services import delivery, mail, planning
from tests.factories import MemberFactory, UserFactory, at
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
    assert "Đồng chí được giao nhiệm vụ: Họp <b>A & B</b>\n" in message.get_body(("plain",)).get_content()
    assert "<strong>Họp &lt;b&gt;A &amp; B&lt;/b&gt;</strong>" in message.get_body(("html",)).get_content()


def test_deliver_joins_what_is_due_for_one_person(cell, tell, postbox):
    person = MemberFactory(cell=cell)
    tell(person, key="a", subject="Việc A")
    tell(person, key="b", subject="Việc B")
    tell(person, key="c", subject="Việc C", due_at=at(days=1))
    assert delivery.deliver_due() == 1
    assert postbox.subjects == ["Việc A (và 1 thông báo khác)"]
    assert outcomes() == [("a", "sent"), ("b", "sent"), ("c", "")]


def test_a_mail_about_two_cells_says_which_part_is_whose(cell, other_cell, tell, postbox):
    person = MemberFactory(cell=cell)
    tell(person, key="a", subject="Việc A")
    tell(person, key="b", subject="Việc B", cell=other_cell)
    delivery.deliver_due()
    (message,) = postbox.messages
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert f"{cell.name}\nViệc A" in text
    assert f"{other_cell.name}\nViệc B" in text
    assert f"{cell.name} · {other_cell.name}" in text
    assert (html.count(f">{cell.name}</p>"), html.count(f">{other_cell.name}</p>")) == (1, 1)


def test_deliver_sends_each_person_their_own_mail(cell, tell, postbox):
    people = [MemberFactory(cell=cell) for _ in range(3)]
    for person in people:
        tell(person)
    assert delivery.deliver_due(limit=2) == 2
    assert delivery.deliver_due() == 1
    assert sorted(postbox.receivers) == sorted(person.email for person in people)


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
    rows = Notice.objects.order_by("error").values_list("outcome", "attempts", "claim", "error")
    refused = "[Errno 111] Connection refused"
    assert list(rows) == [("", 0, None, ""), ("", 0, None, ""), ("", 0, None, refused)]
    settings.EMAIL_PORT = postbox.port
    assert delivery.deliver_due() == 3
    assert set(Notice.objects.values_list("outcome", "attempts", "maybe_twice", "error")) == {("sent", 1, False, "")}


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
    assert outcomes() == [("x", ""), ("assignment:1:given", "sent")]
    broken = Notice.objects.get(key="x")
    assert (broken.error, broken.attempts, broken.maybe_twice, broken.claim) == (
        "Không dựng được nội dung thư: email/no.such.txt", 1, False, None,
    )  # fmt: skip
    assert postbox.subjects == ["Nhiệm vụ mới, hạn 05/12/2026: Vận động 6 hộ"]


def test_rows_beside_a_broken_one_leave_in_one_mail_within_their_lease(cell, tell, postbox, settings, caplog):
    """A row is sent only under a lease that still runs: one slow mail for the sound rows, not one for each."""
    settings.NOTICE_LEASE_SECONDS, postbox.delay = 2, 0.8
    person = MemberFactory(cell=cell)
    tell(person, key="hong", subject="Hỏng", context={}, attachments=[{"method": "REQUEST"}], due_at=at(days=-2))
    for key in "abc":
        tell(person, key=key, subject=f"Việc {key}")
    assert delivery.deliver_due() == 1
    assert outcomes() == [("hong", ""), ("a", "sent"), ("b", "sent"), ("c", "sent")]
    assert postbox.subjects == ["Việc a (và 2 thông báo khác)"]
    late = [
        row.key for row in Notice.objects.filter(outcome="sent") if (row.done_at - row.claimed_at).total_seconds() > 2
    ]
    assert late == []


def test_rows_that_cannot_be_rendered_are_tried_again_and_refused_in_the_end(cell, tell, postbox, caplog):
    """A broken release loses nobody's notices: they leave when it is mended, and are refused after eight attempts."""
    person = MemberFactory(cell=cell)
    for key in "ab":
        tell(person, key=key, attachments=[{"method": "REQUEST"}])
    assert delivery.deliver_due() == 1
    assert (outcomes(), postbox.messages) == ([("a", ""), ("b", "")], [])
    Notice.objects.filter(key="a").update(attachments=[], due_at=at(days=-1))
    Notice.objects.filter(key="b").update(attempts=7, due_at=at(days=-1))
    delivery.deliver_due()
    assert (outcomes(), len(postbox.messages)) == ([("a", "sent"), ("b", "refused")], 1)


def test_task_runs_in_so_many_processes_of_a_machine(cell, tell, postbox):
    """While one waits for a slow server the next goes on; a slow server does not fill every worker."""
    tell(MemberFactory(cell=cell))
    with tasks.slot("delivery", 2) as first, tasks.slot("delivery", 2) as second:
        assert (first, second) == (True, True)
        assert tasks.deliver_due_notices() is None
    assert tasks.deliver_due_notices() == 1


def test_attempts_are_counted_for_each_row_of_a_mail(cell, tell, postbox):
    person = MemberFactory(cell=cell)
    tell(person, key="a")
    tell(person, key="b")
    Notice.objects.filter(key="a").update(attempts=3)
    delivery.deliver_due()
    assert list(Notice.objects.order_by("key").values_list("key", "attempts")) == [("a", 4), ("b", 1)]


def test_each_row_of_a_mail_waits_by_its_own_attempts(cell, tell, postbox):
    person = MemberFactory(cell=cell, email="ban@example.com")
    tell(person, key="a")
    tell(person, key="b")
    Notice.objects.filter(key="a").update(attempts=7)
    postbox.answers["ban@example.com"] = "451 busy"
    delivery.deliver_due()
    assert list(Notice.objects.order_by("key").values_list("outcome", "attempts")) == [("refused", 8), ("", 1)]


@pytest.mark.parametrize(
    ("email", "outcome"), [("co@example.com", "in_app"), ("", "in_app")], ids=["with address", "without"]
)
def test_deliver_sends_no_mail_to_who_wants_to_be_told_in_the_app(cell, tell, postbox, email, outcome):
    person = UserFactory(member=MemberFactory(cell=cell, email=email)).member
    Preference.objects.create(member=person, channel=Channel.IN_APP)
    tell(person)
    delivery.deliver_due()
    notice = Notice.objects.get()
    assert (notice.outcome, notice.address, notice.error, notice.done_at is not None) == (outcome, "", "", True)
    assert postbox.messages == []


@pytest.mark.parametrize("account", ["none", "closed"])
def test_who_can_open_no_app_gets_mail_whatever_they_chose(cell, tell, postbox, account):
    person = MemberFactory(cell=cell, email="co@example.com")
    if account == "closed":
        UserFactory(member=person, is_active=False)
    Preference.objects.create(member=person, channel=Channel.IN_APP)
    tell(person)
    delivery.deliver_due()
    assert (postbox.receivers, Notice.objects.get().outcome) == (["co@example.com"], "sent")


def test_deliver_sends_mail_to_who_chose_mail(cell, tell, postbox):
    person = MemberFactory(cell=cell)
    Preference.objects.create(member=person, channel=Channel.MAIL)
    tell(person)
    delivery.deliver_due()
    assert postbox.receivers == [person.email]


def local(hour, minute=0):
    return timezone.make_aware(datetime.datetime(2026, 11, 24, hour, minute))


@pytest.mark.parametrize(
    ("moment", "sent"),
    [((21, 29), ["gap", "thuong"]), ((21, 30), ["gap"]), ((5, 59), ["gap"]), ((6, 0), ["gap", "thuong"])],
)
def test_only_what_is_urgent_leaves_in_the_quiet_hours(cell, tell, postbox, settings, moment, sent):
    """NOTICE_QUIET_HOURS: not claimed within them, whatever the delay; the rest goes in the morning."""
    settings.NOTICE_QUIET_HOURS = "21:30-06:00"
    person = MemberFactory(cell=cell)
    with time_machine.travel(local(*moment), tick=False):
        for key, urgent in (("gap", True), ("thuong", False)):
            tell(person, key=key, urgent=urgent, due_at=local(4))
        Notice.objects.update(due_at=timezone.now())
        delivery.deliver_due()
    assert [key for key, outcome in outcomes() if outcome == "sent"] == sent


def test_what_failed_is_not_tried_again_in_the_quiet_hours(cell, tell, postbox, settings):
    settings.NOTICE_QUIET_HOURS = "21:30-06:00"
    tell(MemberFactory(cell=cell))
    Notice.objects.update(attempts=2, due_at=local(21))
    with time_machine.travel(local(23), tick=False):
        assert delivery.deliver_due() == 0
    with time_machine.travel(local(23) + datetime.timedelta(hours=7), tick=False):
        assert delivery.deliver_due() == 1


def test_who_never_failed_goes_before_who_did(cell, tell, postbox):
    """A heap of bad addresses must not delay a fresh notice, however old their rows are."""
    tell(MemberFactory(cell=cell, email="cu@example.com"), due_at=at(days=-9))
    Notice.objects.update(attempts=1)
    tell(MemberFactory(cell=cell, email="moi@example.com"))
    delivery.deliver_due()
    assert postbox.receivers == ["moi@example.com", "cu@example.com"]


def test_refused_sender_burns_nobody(cell, tell, postbox):
    """The server takes nothing from this site: a wrong DEFAULT_FROM_EMAIL is mended, the rows wait."""
    for _ in range(2):
        tell(MemberFactory(cell=cell))
    postbox.sender_answer = "550 5.1.8 Sender rejected"
    assert delivery.deliver_due() == 1
    assert set(Notice.objects.values_list("outcome", "attempts", "claim")) == {("", 0, None)}
    assert sorted(Notice.objects.values_list("error", flat=True)) == ["", "550 5.1.8 Sender rejected"]


def test_a_mail_too_big_is_refused_alone(cell, tell, postbox):
    tell(MemberFactory(cell=cell))
    postbox.sender_answer = "552 5.3.4 Message too big"
    delivery.deliver_due()
    assert list(Notice.objects.values_list("outcome", "error")) == [("refused", "552 5.3.4 Message too big")]


def test_a_line_the_server_closes_after_some_mails_is_opened_again(cell, tell, postbox):
    """Many servers take so many mails over one line and no more; nobody waits for that, nobody is marked."""
    people = [MemberFactory(cell=cell) for _ in range(5)]
    for person in people:
        tell(person)
    postbox.mails_per_line = 2
    assert delivery.deliver_due() == 5
    assert sorted(postbox.receivers) == sorted(person.email for person in people)
    assert set(Notice.objects.values_list("outcome", "attempts", "maybe_twice")) == {("sent", 1, False)}


def test_silence_before_the_text_is_no_double(cell, tell, postbox, settings):
    """The server hangs at the address: the mail cannot have arrived. The next one goes on at once."""
    settings.EMAIL_TIMEOUT = 0.5
    postbox.hangs.add("treo@example.com")
    tell(MemberFactory(cell=cell, email="treo@example.com"))
    tell(MemberFactory(cell=cell, email="moi@example.com"))
    assert delivery.deliver_due() == 2
    rows = Notice.objects.order_by("pk").values_list("outcome", "attempts", "maybe_twice", "error")
    assert list(rows) == [("", 1, False, "Máy chủ thư không trả lời kịp"), ("sent", 1, False, "")]


def test_a_server_that_drips_is_cut_off(cell, tell, settings):
    """EMAIL_TIMEOUT is for each word; a server that says one word a second would hold a line for hours."""
    settings.EMAIL_TIMEOUT = 0.6
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = door.getsockname()
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        thread = threading.Thread(target=drip, args=(door,))
        thread.start()
        tell(MemberFactory(cell=cell))
        began = time.monotonic()
        delivery.deliver_due()
        seconds = time.monotonic() - began
        thread.join()
    assert 1.5 < seconds < 4
    assert list(Notice.objects.values_list("outcome", "attempts", "error", "maybe_twice")) == [
        ("", 1, "Máy chủ thư không trả lời kịp", False)
    ]


def drip(door):
    """An SMTP server that greets, then answers MAIL FROM with an endless reply, a line every 0.2 seconds."""
    line, _ = door.accept()
    with line, contextlib.suppress(OSError):
        line.sendall(b"220 ready\r\n")
        line.recv(1000)
        line.sendall(b"250 hello\r\n")
        line.recv(1000)
        while True:
            line.sendall(b"250-wait\r\n")
            time.sleep(0.2)


def test_words_of_the_server_that_no_database_takes(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="la@example.com"))
    postbox.answers["la@example.com"] = "550 no\0such"
    delivery.deliver_due()
    assert list(Notice.objects.values_list("outcome", "error")) == [("refused", "550 no such")]


def test_rows_of_a_dead_worker_are_sent_again_as_they_were(cell, tell, postbox, settings):
    """The same rows, so the same Message-ID: what became due meanwhile goes in a mail of its own."""
    person = MemberFactory(cell=cell)
    tell(person, key="a")
    tell(person, key="b")
    held = delivery.claim_next()
    tell(person, key="c")
    Notice.objects.filter(claim=held[0].claim).update(claimed_at=at(days=-1))
    assert delivery.deliver_due() == 2
    assert [message["Message-ID"] for message in postbox.messages if "và 1" in message["Subject"]] == [
        mail.message_id([notice.pk for notice in held])
    ]
    assert list(Notice.objects.order_by("key").values_list("outcome", "maybe_twice")) == [
        ("sent", True), ("sent", True), ("sent", False),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_outcome_waits_for_the_database(cell, tell, postbox):
    """The mail has left when the line to PostgreSQL breaks: the outcome is written all the same."""
    tell(MemberFactory(cell=cell))
    notices = delivery.claim_next()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    threading.Thread(target=lambda: (end_session(pid), connections.close_all())).start()
    time.sleep(0.5)
    delivery.finish(notices, "sent")
    assert outcomes() == [("assignment:1:given", "sent")]


def end_session(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.mark.django_db(transaction=True)
def test_deliver_together_does_not_wait_for_a_slow_one(cell, tell, postbox, settings):
    """Several lines: those behind a slow one are sent while it hangs."""
    settings.EMAIL_TIMEOUT, settings.NOTICE_LINES = 1.5, 3
    postbox.hangs.add("treo@example.com")
    tell(MemberFactory(cell=cell, email="treo@example.com"), due_at=at(days=-2))
    for _ in range(10):
        tell(MemberFactory(cell=cell))
    began = timezone.now()
    assert delivery.deliver_together() == 11
    done = [moment - began for moment in Notice.objects.filter(outcome="sent").values_list("done_at", flat=True)]
    assert len(done) == 10
    assert max(done) < datetime.timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_two_hands_make_one_mail_for_one_person(cell, tell, postbox):
    """All that is due for one person goes in one mail, however many look at the same moment."""
    people = [MemberFactory(cell=cell) for _ in range(6)]
    for person in people:
        for key in "abcd":
            tell(person, key=key)
    delivery.deliver_together()
    assert sorted(postbox.receivers) == sorted(person.email for person in people)
    assert Notice.objects.filter(outcome="sent").count() == 24


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
def test_a_row_that_another_points_to_is_claimed_planned_and_withdrawn_all_the_same(cell, tell, postbox):
    """A foreign key to a notice holds its key only; neither delivery nor planning changes that."""
    person = MemberFactory(cell=cell)
    tell(person)
    results = []

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        try:
            results.append(delivery.deliver_due())
            tell(person, subject="Lần nữa")
            results.append(planning.withdraw("assignment:1"))
        finally:
            connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM notices_notice FOR KEY SHARE")
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(15)
        cursor.execute("ROLLBACK")
    assert results == [1, {person.pk}]


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
