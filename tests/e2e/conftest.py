"""The whole house in one browser: run as a process of its own (`pytest tests/e2e`), see DESIGN §6.

One database, filled once with the demo's people and cells and written for good; the tests act as people do and leave
what they wrote. The web server is a thread of this process, mail goes over SMTP to the app's own catcher.
"""

import os
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from tests.e2e.acting import Stage

HERE = Path(__file__).parent
OTHERS_LEAVE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def pytest_collection_modifyitems(items):
    """The crawl comes last, when the walks have left a meeting in every state.

    Playwright's loop in this thread would break the database tests of the same process: never together.
    """
    items.sort(key=lambda item: item.path.name == "test_axe.py")
    mine = [item for item in items if HERE in Path(item.path).parents]
    if mine and len(mine) < len(items):
        for item in mine:
            item.add_marker(pytest.mark.skip(reason="tests/e2e runs as a process of its own"))


@pytest.fixture(scope="session")
def allowed():
    """The ORM in the thread of Playwright's loop: here it is safe, that loop runs nothing of ours."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def database(allowed, django_test_environment, django_db_blocker):
    """A test database, open for the whole run: what is written stays until its end."""
    with django_db_blocker.unblock():
        before = setup_databases(verbosity=0, interactive=False)
        yield
        with connection.cursor() as cursor:  # threads of the web server may still hold theirs
            cursor.execute(OTHERS_LEAVE)
        teardown_databases(before, verbosity=0)


@pytest.fixture(scope="session")
def settings_of_site():
    """Change settings for the whole run; put back at its end."""
    before = {}

    def change(**values):
        for name, value in values.items():
            before.setdefault(name, getattr(settings, name))
            setattr(settings, name, value)

    yield change
    for name, value in before.items():
        setattr(settings, name, value)


@pytest.fixture(scope="session")
def mailbox(settings_of_site):
    """The app's mail catcher on a free port; settings point to it."""
    from chibo.mailcatcher import catcher

    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    settings_of_site(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port,
        EMAIL_USE_TLS=False, EMAIL_USE_SSL=False, EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="",
    )  # fmt: skip
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    controller = catcher(settings.MAIL_DIR, "127.0.0.1", port)
    controller.start()
    yield settings.MAIL_DIR
    controller.stop()


@pytest.fixture(scope="session")
def demo(database):
    """People, cells and certificates of the demo, no meeting yet: key -> organisation, key -> member."""
    from chibo.demo.loading import SIGNERS
    from chibo.demo.people import load_organisations, load_people
    from chibo.demo.texts import PASSWORD, Almanac
    from documents.demo_pki import issue_demo_certificates

    organisations = load_organisations()
    members = load_people(organisations, Almanac(timezone.localdate()))
    issue_demo_certificates(settings.DEMO_PKI, [(key, members[key].full_name) for key in SIGNERS], PASSWORD)
    return organisations, members


@pytest.fixture(scope="session")
def past(demo):
    """The last month of the demo and its next meeting, played through the services in a thread without Playwright."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(play_demo, *demo).result()


def play_demo(organisations, members):
    from chibo.demo.meetings import MeetingLoader
    from chibo.demo.texts import Almanac, read

    loader = MeetingLoader(organisations, members, Almanac(timezone.localdate()), lambda text: None)
    rows = [row for name in ("meetings-01", "meetings-next") for row in read(name)["meeting"]]
    for row in rows:
        if "day" in row:
            loader.days.setdefault((row["cell"], row["offset"]), loader.day_of(row))
    try:
        for row in sorted(rows, key=lambda row: (loader.day_of(row), row["time"])):
            loader.play(row)
    finally:
        connections.close_all()


@pytest.fixture(scope="session")
def site(demo, mailbox, settings_of_site):
    """Address of the running site."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1:0")
    settings_of_site(BASE_URL=server.url)
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def browser(allowed):
    """Debian's Chromium; no browser is fetched."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing: see scripts/system-packages"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def stage(site, browser):
    """People on the site, in windows of a width; nothing may go wrong behind their backs."""
    stage = Stage(site, browser)
    yield stage
    stage.close()
    assert stage.trouble == []
