"""A mail out of rows: text, HTML and calendar files, rendered from what the rows carry and nothing else."""

import hashlib
import logging
import re
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from notices import actions
from notices.invitations import calendar_file
from notices.models import Notice
from notices.services import links

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """One notice, rendered."""

    notice: Notice
    text: str
    html: str


def part(notice) -> Part:
    """The two renderings of ``email/<kind>``; raises what the template raises.

    Each rendering makes a one-time address of its own, so this is called for a mail that is about to leave.
    """
    context = {**context_of(notice), **_button(notice)}
    return Part(
        notice,
        render_to_string(f"email/{notice.kind}.txt", context).strip(),
        render_to_string(f"email/{notice.kind}.html", context),
    )


def context_of(notice) -> dict:
    """What the templates of a kind may use; a mail adds its button."""
    return {
        **notice.context,
        "subject": notice.subject,
        "link": f"{settings.BASE_URL}{notice.url}" if notice.url else "",
        "recipient_name": notice.recipient.full_name,
        "cell_name": notice.cell.name,
    }


def _button(notice) -> dict:
    """The one thing to do from the mail: a label and a fresh one-time address; empty when there is none."""
    action = actions.find(notice.action)
    if action is None or notice.target is None:
        return {}
    path = reverse("notices:act", args=[links.issue(notice)])
    return {"action_label": action.label, "action_link": f"{settings.BASE_URL}{path}"}


def compose(parts, address) -> EmailMultiAlternatives:
    """The mail of one person's parts; the same rows again carry the same Message-ID."""
    first = parts[0].notice
    others = len(parts) - 1
    cells = list(dict.fromkeys(row.notice.cell.name for row in parts))
    context = {
        "parts": parts,
        "recipient_name": first.recipient.full_name,
        "cell_name": " · ".join(cells),
        "several": len(cells) > 1,  # each part then says whose it is
        "base_url": settings.BASE_URL,
    }
    message = EmailMultiAlternatives(
        subject=first.subject + (f" (và {others} thông báo khác)" if others else ""),
        body=re.sub(r"\n{3,}", "\n\n", render_to_string("email/base.txt", context)).strip() + "\n",
        to=[address],
        headers={"Message-ID": message_id([row.notice.pk for row in parts]), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("email/base.html", context), "text/html")
    for row in parts:
        for entry in row.notice.attachments:
            attach(message, row.notice, entry, address)
    return message


def message_id(keys) -> str:
    """Stable for a set of rows, so that a mail sent twice is shown once."""
    digest = hashlib.sha256(",".join(map(str, sorted(keys))).encode()).hexdigest()[:32]
    return f"<notice.{digest}@{organiser().rpartition('@')[2] or 'localhost'}>"


def organiser() -> str:
    """The address this site writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def attach(message, notice, entry, address):
    """Add one attachment; the only kind is a calendar file."""
    content = calendar_file(
        entry, organiser=organiser(), attendee=address, name=notice.recipient.full_name, now=timezone.now()
    )
    mimetype = f"text/calendar; method={entry['method']}; component=VEVENT"
    name = "huy-hop.ics" if entry["method"] == "CANCEL" else "cuoc-hop.ics"
    message.attach(name, content.decode(), mimetype)


def text_of(notice) -> str:
    """The plain text of one notice, for its page, which carries the link itself; it issues no one-time address.

    The subject alone for one that no mail could be made of.
    """
    try:
        return render_to_string(f"email/{notice.kind}.txt", {**context_of(notice), "link": ""}).strip()
    except Exception:  # whatever its template raises, the page says what became of it
        log.exception("notice %s cannot be rendered", notice.pk)
        return notice.subject
