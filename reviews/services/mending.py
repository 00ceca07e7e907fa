"""Shortcomings: noted, followed, mended."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.states import move
from members.activity import record
from reviews.models import Followup, Shortcoming
from reviews.services import telling


@transaction.atomic
def note(cell, *, text, due_on, owner, source, by, remedy="", member=None, turn=None):
    """Write down what is to be mended by whom and when; ``member`` None: a shortcoming of the cell. Raises Refused."""
    if due_on <= timezone.localdate():
        raise Refused("Hạn khắc phục phải sau hôm nay.", field="due_on")
    row = Shortcoming.objects.create(
        cell=cell, member=member, turn=turn, owner=owner, due_on=due_on, source=source[:150],
        text=needed(text, "Đồng chí ghi hạn chế, khuyết điểm."), remedy=remedy.strip(),
    )  # fmt: skip
    telling.to_mend(row)
    record(row, "shortcoming.noted", by=by)
    return row


@transaction.atomic
def follow(shortcoming, *, text, by):
    """One line of how it goes."""
    shortcoming = move(shortcoming, "follow")
    _line(shortcoming, text, by)
    record(shortcoming, "shortcoming.followed", by=by)
    return shortcoming


@transaction.atomic
def mend(shortcoming, *, text, by):
    """It is mended; the owner is told. Raises Refused without the result."""
    shortcoming = move(shortcoming, "mend")
    _line(shortcoming, text, by)
    shortcoming.mended_on = timezone.localdate()
    shortcoming.save(update_fields=["mended_on"])
    telling.settled(shortcoming)
    if by.member_id != shortcoming.owner_id:
        telling.mended(shortcoming)
    record(shortcoming, "shortcoming.mended", by=by)
    return shortcoming


@transaction.atomic
def reopen(shortcoming, *, text, by):
    """It has come again. Raises Refused without the reason."""
    shortcoming = move(shortcoming, "reopen")
    _line(shortcoming, text, by, "Đồng chí ghi vì sao theo dõi lại.")
    shortcoming.mended_on = None
    shortcoming.save(update_fields=["mended_on"])
    record(shortcoming, "shortcoming.reopened", by=by)
    return shortcoming


def _line(shortcoming, text, by, sentence="Đồng chí ghi kết quả khắc phục."):
    Followup.objects.create(shortcoming=shortcoming, by=by, text=needed(text, sentence))


STEPS = {"follow": follow, "mend": mend, "reopen": reopen}
