"""What the pages of turns and of shortcomings show."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from pledges.queries import who_pledges
from reviews.models import Followup, Reading, Remark, SelfReview, Shortcoming, Turn
from reviews.turn_states import TAKEN, TurnState

WHERE = ("cell", "member", "meeting__cell")


def turns_of(user, year):
    """Turns of a year's meetings that the person may know of, the newest first."""
    rows = Turn.objects.visible_to(user).filter(meeting__starts_at__year=year)
    return rows.select_related("member", "meeting").order_by("-meeting__starts_at", "member__sort_key", "pk")


def own(user):
    """What the person has to do about the own turns: those to come, those being heard, the last conclusion."""
    rows = Turn.objects.filter(member=user.member_id) if user.member_id else Turn.objects.none()
    return rows.filter(state__in=(TurnState.PLANNED, *TAKEN)).select_related("meeting").order_by("-meeting__starts_at")


def whole():
    """Turns with what their page shows of them."""
    return Turn.objects.select_related(*WHERE, "concluded_by__member")


def left(cell, year):
    """Members of the roll who can be asked today and have not had a turn in the year; ``given``: one is planned."""
    turns = Turn.objects.filter(member=OuterRef("pk"), cell=cell, meeting__starts_at__year=year)
    rows = who_pledges(cell).exclude(Exists(turns.filter(state__in=TAKEN)))
    return rows.annotate(given=Exists(turns.filter(state=TurnState.PLANNED)))


def review_for(user, turn):
    """What was said in a turn if the person may read it: SelfReview or None. The author's own always."""
    return SelfReview.objects.visible_to(user).filter(turn=turn).first()


def has_opened(user, review) -> bool:
    """Whether the person opened it today, so that the page shows it."""
    return Reading.objects.filter(review=review, by=user, on=timezone.localdate()).exists()


def remarks(review):
    """What was said about the member, in the order in which it was said."""
    return list(Remark.objects.filter(review=review).select_related("member"))


def readings(review):
    """Who read it and when, for the author."""
    return list(Reading.objects.filter(review=review).select_related("by__member"))


def of_turn(user, turn):
    """What was noted to be mended in a turn, as far as the person may see it."""
    return list(Shortcoming.objects.visible_to(user).filter(turn=turn).select_related("owner"))


def shortcomings(user):
    """Shortcomings that the person may see."""
    return Shortcoming.objects.visible_to(user).select_related("member", "owner")


def followups(shortcoming):
    """How it is being mended, line by line."""
    return list(Followup.objects.filter(shortcoming=shortcoming).select_related("by__member"))
