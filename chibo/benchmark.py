"""The measuring behind ``make bench``: queries in process, times and memory through gunicorn, ratios to the floor."""

import http.client
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chibo import fee_bench
from chibo.mailcatcher import free_port
from chibo.search import measuring
from documents import queries as documents
from documents import rendering
from meetings.models import AgendaItem, Meeting
from meetings.queries import official
from meetings.queries.record import for_record, record_of
from meetings.states import State
from members.models import User

FLOOR = "Trang nền"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def last_held(cell):
    """The last meeting of the cell that is over, with what its papers need."""
    rows = for_record(Meeting.objects.filter(cell=cell, body="cell", state=State.CLOSED))
    return rows.order_by("-starts_at").first()


def pages():
    """Label -> address of what is measured, on the demo data; the agenda is filled up to 20 items."""
    cell = User.objects.get(username="bithu").home_cell
    upcoming = Meeting.objects.filter(cell=cell, body="cell").upcoming().order_by("starts_at").first()
    for number in range(upcoming.items.count(), 20):
        AgendaItem.objects.create(meeting=upcoming, title=f"Nội dung đo tốc độ {number + 1}", position=number)
    held = last_held(cell)
    return {
        FLOOR: reverse("floor"),
        "Trang chính": reverse("home"),
        "Cuộc họp, 20 nội dung": reverse("meetings:detail", args=[upcoming.pk]),
        "Soạn chương trình": reverse("meetings:agenda", args=[upcoming.pk]),
        "Điều hành buổi họp": reverse("meetings:session", args=[held.pk]),
        "Biên bản": reverse("meetings:minutes", args=[held.pk]),
        "Danh sách đảng viên": reverse("members:list"),
        "Nhiệm vụ": reverse("assignments:list"),
        "Tìm “nghị quyết”": f"{reverse('search')}?q=nghi+quyet",
        "Biên bản PDF (bản đã ký)": reverse("meetings:minutes_pdf", args=[held.pk]),
    }


def session_cookie(user):
    """A logged-in session of the user, made in the database."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def count_queries(user, address):
    client = Client(SERVER_NAME="127.0.0.1")  # a host that production settings answer to
    client.force_login(user, backend=BACKEND)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return len(captured)


def fetch(port, address, cookie):
    """Milliseconds of one request over a new connection."""
    link = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    link.request("GET", address, headers={"Cookie": cookie, "Host": "127.0.0.1"})
    answer = link.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return took


def worker_memory(master):
    """Resident memory of the largest gunicorn worker in MiB."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    sizes = [
        line for pid in children for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line
    ]
    return max(int(line.split()[1]) for line in sizes) / 1024


def draft_times(meeting, rounds):
    """(draft minutes as their page makes them, WeasyPrint alone on the same HTML) in ms, medians."""
    paper = meeting.minutes.paper
    context = documents.paper_context(paper, official.minutes_context(record_of(meeting))) | {"draft": True}
    html = render_to_string(official.MINUTES, context)
    ours, alone = [], []
    for turn in range(rounds + 1):
        began = time.perf_counter()
        official.draft_minutes(meeting)
        middle = time.perf_counter()
        rendering.plain_pdf(html)
        if turn:  # the first round loads the library
            ours.append((middle - began) * 1000)
            alone.append((time.perf_counter() - middle) * 1000)
    return statistics.median(ours), statistics.median(alone)


@contextmanager
def web():
    """Gunicorn with two workers on this database: (port, process id of its master)."""
    port = free_port("127.0.0.1", 8765)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "chibo.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def _wait_for(port):
    deadline = time.monotonic() + 60
    while True:
        try:
            fetch(port, "/healthz", "")
            return
        except (ConnectionError, RuntimeError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def run(rounds):
    """The table of the pages as text."""
    user = User.objects.get(username="bithu")
    held = last_held(user.home_cell)
    wanted, cookie = pages(), session_cookie(user)
    queries = {label: count_queries(user, address) for label, address in wanted.items()}
    with web() as (port, master):
        times = _measure(port, wanted, cookie, rounds)
        memory = worker_memory(master)
    return _table(wanted, queries, times, memory) + _paper_lines(*draft_times(held, max(5, rounds // 4)))


def run_fees(rounds, say):
    """Months of 2,000 cells opened, then the pages of a book of 60 members; ``say(text)`` gets the lines as they come.

    Raises fee_bench.TooSlowError; writes rows that nobody takes out again.
    """
    fee_bench.run(say)
    user, wanted = fee_bench.big_cell()
    wanted = {FLOOR: reverse("floor"), **wanted}
    queries = {label: count_queries(user, address) for label, address in wanted.items()}
    with web() as (port, master):
        times = _measure(port, wanted, session_cookie(user), rounds)
        say(_table(wanted, queries, times, worker_memory(master)))


def run_search(rounds):
    """The table of the search as text; writes 200,000 rows that nobody takes out again."""
    with web() as (port, _):
        return measuring.run(rounds, lambda user, address: fetch(port, address, cookie_of(user)))


@cache
def cookie_of(user):
    return session_cookie(user)


def _measure(port, wanted, cookie, rounds):
    """Alternating rounds, so that whatever else the machine does hits every page alike."""
    times = {label: [] for label in wanted}
    for turn in range(rounds + 3):
        for label, address in wanted.items():
            took = fetch(port, address, cookie)
            if turn >= 3:
                times[label].append(took)
    return times


def _table(wanted, queries, times, memory):
    floor = statistics.median(times[FLOOR])
    lines = [f"{'Trang':<28}{'truy vấn':>10}{'trung vị ms':>14}{'p95 ms':>10}{'so trang nền':>14}"]
    for label in wanted:
        ordered = sorted(times[label])
        median, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        lines.append(f"{label:<28}{queries[label]:>10}{median:>14.1f}{late:>10.1f}{median / floor:>14.2f}")
    lines.append(f"Bộ nhớ của tiến trình web lớn nhất: {memory:.0f} MiB")
    return "\n".join(lines)


def _paper_lines(ours, alone):
    return (
        f"\nBiên bản PDF, bản dự thảo: {ours:.0f} ms; riêng WeasyPrint với cùng nội dung: {alone:.0f} ms; "
        f"tỷ số {ours / alone:.2f}"
    )
