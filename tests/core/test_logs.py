"""No log line shows an address that opens an account, acts from a mail or gives a calendar."""

import logging

import pytest

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
