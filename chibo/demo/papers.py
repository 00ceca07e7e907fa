"""The demo's resolutions and signed papers, and the small PDFs that lie before its next meeting."""

import datetime

from django.conf import settings

from chibo.demo.texts import PASSWORD, fill
from documents import rendering
from documents.services import signing
from meetings.models import Clause, Resolution


def simple_pdf(title, paragraphs) -> bytes:
    """A paper of the meeting: a title and its paragraphs."""
    return rendering.render("demo/paper.html", {"title": title, "paragraphs": paragraphs})
