"""Papers of a meeting on their way: who has to sign is asked, who may read a signed resolution is told.

Signing itself belongs to ``documents``, which knows neither meetings nor notices; here it and what is planned because
of it are one transaction. Keys: ``meeting:<pk>:to_sign:<paper>``, ``resolution:<pk>:published``.
"""

from django.urls import reverse

from core.vietnamese import date_text
from documents.services import signing
from documents.states import PaperState, PaperType, SigningWay
from meetings.models import Minutes, Resolution
from meetings.services.announcing import key_of
from meetings.states import Body
from members.queries import attenders, committee
from members.states import StatusKind
from notices.services.planning import plan, withdraw


def _after(paper):
    """Who has signed is asked no more; a resolution that is signed for good is told to its readers."""
    owner = _owner_of(paper)
    done = [signer.member for signer in paper.signers.select_related("member") if signer.signed_at]
    withdraw(_key(owner.meeting, paper), recipients=done, reason="Đã ký.")
    if paper.type == PaperType.RESOLUTION and paper.state == PaperState.SIGNED:
        _publish(owner, paper)
    return paper


SIGNING = signing.Followed(_after)


def _owner_of(paper):
    model = Resolution if paper.type == PaperType.RESOLUTION else Minutes
    return model.objects.select_related("meeting__cell").get(paper=paper)


def _key(meeting, paper) -> str:
    return f"{key_of(meeting)}:to_sign:{paper.pk}"


# Asking for signatures


def ask_to_sign(owner, paper):
    """Sealed: ask each signer who has not signed; ``owner`` is the Minutes or the Resolution of the paper."""
    meeting, is_minutes = owner.meeting, paper.type == PaperType.MINUTES
    what = "biên bản" if is_minutes else "nghị quyết"
    url = reverse("meetings:sign", args=[meeting.pk]) if is_minutes else reverse("resolutions:sign", args=[owner.pk])
    for signer in paper.signers.select_related("member").filter(signed_at__isnull=True):
        plan(
            signer.member,
            "minutes.to_sign",
            _key(meeting, paper),
            cell=meeting.cell,
            subject=f"Ký {what}: {meeting.title}",
            context={
                "what": what,
                "title": meeting.title,
                "number": paper.number_text,
                "by_hand": paper.way == SigningWay.INK,
            },
            url=url,
        )


def stop_asking(owner, paper):
    """Withdrawn: there is nothing to sign any more."""
    withdraw(_key(owner.meeting, paper), reason="Văn bản đã rút lại, không phải ký nữa.")


# Telling the readers


def _publish(resolution, paper):
    """Once per resolution, titles only: the text stands behind the login."""
    for member in _readers(resolution.meeting):
        plan(
            member,
            "resolution.published",
            f"resolution:{resolution.pk}:published",
            cell=resolution.meeting.cell,
            subject=f"Nghị quyết {paper.number_text} đã ban hành",
            context={"number": paper.number_text, "title": resolution.subject, "day": date_text(paper.dated_on)},
            url=resolution.get_absolute_url(),
        )


def _readers(meeting):
    """Who may read it today: the cell with its visitors, for the chi ủy's own resolution the chi ủy."""
    if meeting.body == Body.COMMITTEE:
        return committee(meeting.cell)
    return [member for member in attenders(meeting.cell) if member.status_kind != StatusKind.SUSPENDED]
