"""Starts PostgreSQL and Valkey for the tests (var/test, unless DATABASE_URL names a server), then Django."""

import gc
import os
from pathlib import Path

import django
import pytest
from django.conf import settings

from chibo import embedded

pytest_plugins = ["tests.cast"]
ROOT = Path(__file__).resolve().parent.parent
WORKER = "PYTEST_XDIST_WORKER" in os.environ  # a worker uses what the process that started it has prepared

if not WORKER:
    os.environ["CHIBO_VAR"] = str(Path(os.environ.get("CHIBO_VAR", ROOT / "var")) / "test")
os.environ["DJANGO_SETTINGS_MODULE"] = "chibo.settings"
django.setup()
settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c chibo.test_flush=on"  # empties the fee book
# a real hash takes a quarter of a second by design; the fault tests start the app with its own
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if WORKER:  # each worker its own cache, so that emptying one leaves the others alone (0 broker, 1 the single process)
    number = 2 + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    settings.CACHES["default"]["LOCATION"] = embedded.cache_url(settings.REDIS_URL, number)


def pytest_sessionstart(session):
    """Servers run before xdist starts its workers and before the first test asks for the database."""
    need = embedded.wanted(settings)
    if not WORKER and any(need.values()):
        session.config.stash[servers_key] = embedded.start(settings.VAR, forgetful=True, **need)


def pytest_collection_finish():
    """What was imported stays to the end: the garbage collector need not search it again and again (4 % of CPU)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_unconfigure(config):
    """What this process started, it stops."""
    if servers := config.stash.get(servers_key, None):
        servers.stop()


servers_key = pytest.StashKey[embedded.Servers]()


@pytest.fixture(autouse=True)
def _clean_cache(request):
    """Rate limits and cached pages of one test do not reach the next."""
    yield
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        cache.clear()
