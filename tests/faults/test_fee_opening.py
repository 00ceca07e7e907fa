"""The opening of a month is killed in the middle and taken up again: no book is left out, none is opened twice."""

import os
import signal
import subprocess
import sys
import time

import pytest

from chibo import embedded
from tests.faults.conftest import ROOT, servers_folder, wait_until
from tests.faults.test_embedded import execute

CELLS, MEMBERS = 200, 3
SECONDS_ALLOWED = 30

# as `make bench` fills its database, but with the month before open and the one rule written to the diary
FILL = f"""
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from chibo import fee_bench
from fees.models import FeeMonth
from members.activity import record
from members.models import Organisation, Setting
Organisation.objects.create(kind="superior", name="Đảng ủy thử", short_name="Thử", slug="thu")
fee_bench.CELLS, fee_bench.MEMBERS = {CELLS}, {MEMBERS}
fee_bench.fill(timezone.localdate())
FeeMonth.objects.update(state="open", closed_at=None, due_total=None, collected_total=None)
for row in Setting.objects.all():
    record(row, "setting.laid", by=None, organisation=row.organisation_id)
"""
AGAIN = """
from django.core.management import call_command
call_command("open_fee_months")
call_command("verify_chain")
"""
THIS_MONTH = "m.month = date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')"


class Books:
    """A server of its own with books of many cells, and the command that opens their months."""

    def __init__(self, var):
        self.var = var
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = kept | {"CHIBO_VAR": str(var), "DEMO": "0"}

    def run(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        made = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert (made.stderr, made.returncode) == ("", 0)
        return made.stdout

    def begin(self):
        """The command in a process group of its own, as the clock's worker or a person starts it."""
        command = [sys.executable, "manage.py", "open_fee_months"]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def opened(self):
        """How many cells have this month's book, as others see it."""
        return self.ask(f"SELECT count(*) FROM fees_feemonth m WHERE {THIS_MONTH}")[0][0]

    def ask(self, sql):
        return execute(self.var, sql)


@pytest.fixture
def books():
    with servers_folder("fee-opening") as var:
        servers = embedded.start(var, forgetful=True, redis=False)
        books = Books(var)
        books.run("shell", "-v0", "-c", FILL)
        try:
            yield books
        finally:
            servers.stop()


def test_killed_in_the_middle_and_run_again_every_book_is_opened_once(books, capsys):
    """SIGKILL after the first cells and before the last; the second run does what is left (issue 4: resumable)."""
    began = time.monotonic()
    child = books.begin()
    try:
        wait_until(lambda: books.opened() >= 20)
        os.killpg(child.pid, signal.SIGKILL)
    finally:
        child.kill()
        child.wait(10)
    done = books.opened()
    assert 20 <= done < CELLS
    assert whole(books) == {MEMBERS: done}  # no cell is left with a part of its dues
    said = books.run("open_fee_months")
    assert said.splitlines()[-1] == f"Đã mở {CELLS - done} tháng."
    assert books.opened() == CELLS
    assert whole(books) == {MEMBERS: CELLS}
    twice = "SELECT member_id FROM fees_due d JOIN fees_feemonth m ON m.id = fee_month_id WHERE {} GROUP BY 1 {}"
    assert books.ask(twice.format(THIS_MONTH, "HAVING count(*) > 1")) == []
    lines = "SELECT count(*), count(DISTINCT object_id) FROM members_activity WHERE verb = 'fee.month_opened'"
    assert books.ask(lines) == [(CELLS, CELLS)]
    said = books.run("shell", "-v0", "-c", AGAIN).splitlines()
    assert (said[0], said[-1]) == ("Đã mở 0 tháng.", "Không phát hiện sửa đổi nào.")
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{CELLS} books: killed after {done}, whole after {took:.1f} s")
    assert took < SECONDS_ALLOWED


def whole(books):
    """{number of dues: cells with so many} of this month's open books."""
    per_cell = f"""
        SELECT m.cell_id, count(d.id) AS dues FROM fees_feemonth m LEFT JOIN fees_due d ON d.fee_month_id = m.id
         WHERE {THIS_MONTH} AND m.state = 'open' GROUP BY m.cell_id, m.id"""
    return dict(books.ask(f"SELECT dues, count(*) FROM ({per_cell}) x GROUP BY dues"))
