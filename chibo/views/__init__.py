"""Pages that mix apps, and those of the house itself."""

from chibo.views.demo import demo_certificate, demo_html, demo_mail, demo_message
from chibo.views.errors import forbidden, not_found, server_error
from chibo.views.evidence import unpaid_evidence
from chibo.views.home import all_places, home, me, numbers
from chibo.views.house import floor, healthz, help_page, no_mail, styleguide, text_size
from chibo.views.search import search_page

__all__ = [
    "all_places",
    "demo_certificate",
    "demo_html",
    "demo_mail",
    "demo_message",
    "floor",
    "forbidden",
    "healthz",
    "help_page",
    "home",
    "me",
    "no_mail",
    "not_found",
    "numbers",
    "search_page",
    "server_error",
    "styleguide",
    "text_size",
    "unpaid_evidence",
]
