"""No log line shows an address that opens an account, acts from a mail or gives a calendar."""

import logging
import subprocess
import sys

import pytest
from django.conf import settings

from core.logs import HideOneTimeAddresses


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Gone: /l/Ab3-_x9Yq/", "Gone: /l/…/"),
        ("Unprocessable Entity: /a/Ab3-_x9Yq/", "Unprocessable Entity: /a/…/"),
        ("Not Found: /feed/Ab3-_x9Yq.ics", "Not Found: /feed/….ics"),
        ("Not Found: /setup/Ab3-_x9Yq/", "Not Found: /setup/…/"),
        ("Not Found: /meetings/123456/", "Not Found: /meetings/123456/"),
    ],
)
def test_address_is_left_out_of_a_line(said, kept):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", (said,), None)
    assert HideOneTimeAddresses().filter(record) is True
    assert record.getMessage() == kept


SPEAK = """
import logging
from gunicorn.config import Config
from gunicorn.glogging import Logger
Logger(Config())  # gunicorn makes its handlers before it loads the application
import django
django.setup()
for name in {names!r}:
    logging.getLogger(name).error("%s of %s", name, "{path}")
"""
NAMES = (
    "django.request",
    "django.server",
    "django.security.csrf",
    "gunicorn.error",
    "gunicorn.access",
    "notices",
    "x.y",
)


@pytest.mark.parametrize("debug", ["0", "1"])
@pytest.mark.parametrize("path", ["/a/Ab3-_x9Yq/", "/l/Ab3-_x9Yq/?x=1", "/setup/Ab3-_x9Yq/", "/feed/Ab3-_x9Yq.ics"])
def test_no_logger_has_a_handler_that_shows_it(tmp_path, path, debug):
    """Whoever writes the line: Django, its own server, gunicorn (which names the address of a request it lost)."""
    env = {"DJANGO_SETTINGS_MODULE": "chibo.settings", "CHIBO_VAR": str(tmp_path), "DEBUG": debug, "DEMO": "0"}
    command = [sys.executable, "-c", SPEAK.format(names=NAMES, path=path)]
    said = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True).stderr
    hidden = path.replace("Ab3-_x9Yq", "…")
    assert [line.partition("ERROR ")[2] for line in said.splitlines()] == [
        f"{name} {name} of {hidden}" for name in NAMES
    ]
