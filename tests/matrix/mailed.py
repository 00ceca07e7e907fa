"""Addresses that answer without login because they are a secret themselves: buttons of mails, a private calendar."""

from django.utils import timezone

from notices.models import MailLink
from notices.services import feeds, links, planning


def addresses(cell, who, meeting):
    """Links of dangvien's mails about a notified meeting, by what became of them, and dangvien's calendar."""
    now, found = timezone.now(), {"link_unknown": {"token": "x"}}
    for name, end in (("fresh", {}), ("used", {"used_at": now}), ("expired", {"expires_at": now})):
        row = planning.plan(
            who["dangvien"].member, "assignment.given", f"matrix:link:{name}", cell=cell, subject=name,
            context={"title": name, "due_on": "20/12/2026"}, action="meeting.reply", target=meeting,
        )  # fmt: skip
        found[f"link_{name}"] = {"token": links.issue(row), "POST": {"answer": "attends"}}
        if end:
            MailLink.objects.filter(notice=row).update(**end)
    found["feed"] = {"token": feeds.make(who["dangvien"].member, by=who["dangvien"])}
    return found
