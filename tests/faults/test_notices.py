"""No reminder is lost or sent twice, whatever breaks: real PostgreSQL, Valkey, SMTP server, Celery workers and beat."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from celery import Celery

from chibo import embedded, supervisor
from chibo.processes import birth
from tests.faults.conftest import ROOT, servers_folder
from tests.faults.mailserver import MailServer
from tests.faults.test_embedded import execute, pids

NOTICES = 2000
SECONDS_ALLOWED = 120
EMAIL_TIMEOUT = 2
LINES = 4
SLOTS = 2
ANSWERS = {"slow": 2, "late": 1, "gone": 3, "once": 3, "busy": 2, "fine": 30}  # slow ones are due first
AWAY = 40

# all rows of all tests, none of them due yet; the key says which test they belong to
ROWS = """
import datetime
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from members.models import Member, Organisation
from notices.models import Notice
cell = Organisation.objects.create(kind="cell", name="Chi bộ thử", short_name="Thử")
names = {names!r}
people = Member.objects.bulk_create(
    [Member(full_name="Trần Văn Thử", email=name.replace(":", "-") + "@example.com") for name in names])
context = {{"title": "Vận động 6 hộ", "due_on": "05/12/2026", "giver": "Trần Quốc Bình"}}
later = timezone.now() + datetime.timedelta(days=30)
Notice.objects.bulk_create(
    Notice(cell=cell, recipient=person, kind="assignment.given", key=name, subject="Nhiệm vụ mới: Vận động 6 hộ",
           context=context, url="/assignments/1/", due_at=later)
    for name, person in zip(names, people, strict=True))
"""


class Stage:
    """Servers, workers and beat of this module, and questions about its rows."""

    def __init__(self, var):
        self.var, self.post = var, MailServer(pause=0.02)
        self.env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "CHIBO_VAR": str(var), "DEMO": "0", "EMAIL_URL": f"smtp://127.0.0.1:{self.post.port}",
            "EMAIL_TIMEOUT": str(EMAIL_TIMEOUT), "NOTICE_LEASE_SECONDS": "15", "NOTICE_QUIET_HOURS": "",
            "NOTICE_RETRY_MINUTES": "0.02,0.02", "NOTICE_LINES": str(LINES),
        }  # fmt: skip
        self.children = {}

    def fill(self):
        names = [f"flood:{number}" for number in range(NOTICES)]
        names += [f"{word}:{number}" for word, count in ANSWERS.items() for number in range(count)]
        names += [f"away:{number}" for number in range(AWAY)]
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", ROWS.format(names=names)]
        made = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert (made.stdout, made.stderr, made.returncode) == ("", "", 0)

    def begin(self, name, kind):
        """Start a worker or the beat as `up` does, in a process group of its own."""
        command = [sys.executable, *supervisor.commands("127.0.0.1", 0, self.var)[kind]]
        (self.var / "beat").mkdir(exist_ok=True)
        with (self.var / f"{name}.log").open("ab") as log:
            if kind == "worker":
                command += ["--hostname", f"{name}@test"]
            self.children[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def restore_worker(self):
        """Two workers again, after one was killed."""
        for name in {"first", "second"} - set(self.children):
            self.begin(name, "worker")

    def kill(self, name):
        """SIGKILL to the process and its children; nothing of it runs afterwards."""
        child = self.children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)

    def delivering(self):
        """Names of the workers that hold a slot now."""
        found = [path.read_text() for path in (self.var / "run").glob("delivery-*.lock")]
        groups = [os.getpgid(int(pid)) for pid in found if pid and birth(int(pid))]
        return [name for name, child in self.children.items() if child.pid in groups]

    def due(self, *words):
        """Make the rows of these words due, one word a second before the next; the time it happened."""
        for place, word in enumerate(words):
            execute(self.var, f"UPDATE notices_notice SET due_at = now() - interval '{600 - place} seconds' "
                              f"WHERE key LIKE '{word}:%'")  # fmt: skip
        return time.time()

    def ask(self, columns, word):
        return execute(self.var, f"SELECT {columns} FROM notices_notice WHERE key LIKE '{word}:%' ORDER BY id")

    def waiting(self, *words):
        """How many rows of these words have no outcome yet."""
        return sum(outcome == "" for word in words for (outcome,) in self.ask("outcome", word))

    def held(self, word):
        """(claim, address) of the rows in somebody's hand."""
        return set(execute(self.var, f"""
            SELECT claim, email FROM notices_notice n JOIN members_member m ON m.id = recipient_id
            WHERE key LIKE '{word}:%' AND outcome = '' AND claim IS NOT NULL"""))  # fmt: skip

    def tick(self):
        """What the beat does, for tests that do not wait ten seconds for it."""
        with Celery(broker=embedded.celery_url(embedded.addresses(self.var).redis)) as clock:
            clock.send_task("notices.tasks.deliver_due_notices", expires=5)

    def wait(self, condition, seconds=60, ticking=False):
        """Poll a condition; fails with the logs when it stays false, or when a process has ended by itself."""
        deadline = time.monotonic() + seconds
        while not condition():
            ended = [name for name, child in self.children.items() if child.poll() is not None]
            assert time.monotonic() < deadline and not ended, "\n".join(
                path.read_text() for path in self.var.glob("*.log")
            )
            if ticking:
                self.tick()
            time.sleep(0.4)


@pytest.fixture(scope="module")
def stage():
    with servers_folder("notices") as var:
        stage = Stage(var)
        servers = embedded.start(var, forgetful=True)
        stage.fill()
        stage.post.start()
        stage.begin("first", "worker")
        stage.begin("second", "worker")
        try:
            yield stage
        finally:
            for name in list(stage.children):
                stage.kill(name)
            stage.post.stop()
            servers.stop()


def test_every_notice_is_sent_once_whatever_breaks(stage, capsys):
    """2,000 due notices, two workers: one killed, Redis stopped and started, PostgreSQL restarted, in the middle."""
    stage.begin("beat", "beat")
    began = stage.due("flood")
    taken = stage.post.taken
    stage.wait(lambda: len(taken) > 400 and stage.delivering())
    hand = kill_in_the_middle(stage)
    restart(stage, "valkey", pause=4)
    stage.wait(lambda: len(taken) > 1200 and stage.delivering())
    restart(stage, "postgres")
    stage.wait(lambda: stage.waiting("flood") == 0, SECONDS_ALLOWED)
    seconds = time.time() - began
    stage.kill("beat")

    rows = stage.ask("outcome, maybe_twice, address, done_at IS NOT NULL AND error = ''", "flood")
    assert Counter((outcome, done) for outcome, _, _, done in rows) == {("sent", True): NOTICES}
    maybe = {address for _, maybe, address, _ in rows if maybe}
    times = Counter(mail.receiver for mail in taken)
    twice = {address for address, count in times.items() if count > 1}
    with capsys.disabled():
        print(
            f"\n{NOTICES} notices in {seconds:.1f} s; in the killed hand {len(hand)}, of these sent twice {len(twice)}"
        )
    assert set(times) == {address for _, _, address, _ in rows}
    assert maybe == hand
    assert twice <= hand
    assert max(times.values()) <= 2
    assert 1 <= len(hand) <= SLOTS * LINES
    assert len({mail.message_id for mail in taken}) == NOTICES  # sent again, shown once
    assert seconds < SECONDS_ALLOWED


def kill_in_the_middle(stage):
    """Kill the worker that delivers; addresses of the mails in its hand: what is held long after others let go."""
    stage.kill(stage.delivering()[0])
    before = stage.held("flood")
    time.sleep(1.5)
    return {address for _, address in before & stage.held("flood")}


def restart(stage, server, pause=0.0):
    """Stop a server (PostgreSQL as `pg_ctl -m fast` does), and start it again."""
    child = embedded._children.pop(pids(stage.var)[server])
    child.send_signal(signal.SIGINT if server == "postgres" else signal.SIGTERM)
    assert child.wait(60) == 0
    time.sleep(pause)
    embedded.start(stage.var, forgetful=True, database=server == "postgres", redis=server == "valkey")


def test_refusing_slow_and_busy_servers_hold_up_nobody_else(stage, capsys):
    """5xx ends a row at once, 4xx is tried again until it is taken or given up, silence costs one line of four."""
    stage.restore_worker()
    stage.post.pause = 0
    began = stage.due(*ANSWERS)
    stage.wait(lambda: stage.waiting("fine", "gone") == 0, 10, ticking=True)
    quick = time.time() - began
    assert stage.waiting("slow", "late") == ANSWERS["slow"] + ANSWERS["late"]  # the first of them has not timed out
    stage.wait(lambda: stage.waiting(*ANSWERS) == 0, 40, ticking=True)
    with capsys.disabled():
        whole = time.time() - began
        print(f"\n{ANSWERS['fine']} taken and {ANSWERS['gone']} refused in {quick:.1f} s, all in {whole:.1f} s")

    outcome = "outcome, attempts, error, maybe_twice"
    tries = 3
    silent = "Máy chủ thư không trả lời kịp"
    found = {word: stage.ask(outcome, word) for word in ANSWERS}
    assert found == {
        "slow": [("refused", tries, silent, False)] * ANSWERS["slow"],
        "late": [("refused", tries, silent, True)] * ANSWERS["late"],
        "gone": [("refused", 1, "550 5.1.1 No such user", False)] * ANSWERS["gone"],
        "once": [("sent", 2, "", False)] * ANSWERS["once"],
        "busy": [("refused", tries, "451 4.3.0 Try again later", False)] * ANSWERS["busy"],
        "fine": [("sent", 1, "", False)] * ANSWERS["fine"],
    }
    got = Counter(mail.receiver.partition("-")[0] for mail in stage.post.taken)
    silent_or_refusing = got["slow"] + got["late"] + got["gone"] + got["busy"]
    assert (got["fine"], got["once"], silent_or_refusing) == (ANSWERS["fine"], ANSWERS["once"], 0)
    assert stage.ask(f"done_at < to_timestamp({began + 5})", "fine") == [(True,)] * ANSWERS["fine"]


def test_mail_server_away_burns_nobody(stage):
    """No server: rows wait with the reason, no attempt is counted; it comes back: all are sent, none twice."""
    stage.restore_worker()
    stage.post.stop()
    stage.due("away")
    stage.wait(lambda: any(error for (error,) in stage.ask("error", "away")), ticking=True)
    for _ in range(6):
        stage.tick()
        time.sleep(0.5)
    waiting = stage.ask("outcome, attempts, claim, maybe_twice", "away")
    errors = {error for (error,) in stage.ask("error", "away")}
    assert waiting == [("", 0, None, False)] * AWAY
    assert errors - {""} == {"[Errno 111] Connection refused"}
    stage.post.start()
    stage.wait(lambda: stage.waiting("away") == 0, 20, ticking=True)
    assert stage.ask("outcome, attempts, error, maybe_twice", "away") == [("sent", 1, "", False)] * AWAY
    got = Counter(mail.receiver for mail in stage.post.taken if mail.receiver.startswith("away"))
    assert (len(got), set(got.values())) == (AWAY, {1})
