"""Which cell a page is about, and that what people wrote in confidence stays in no cache."""

from django.core.exceptions import PermissionDenied
from django.views.decorators.cache import cache_control

from core.access import get_for, known
from meetings.states import OPEN_ENDED, State
from reviews.queries import pages

YEARS = range(2016, 2101)


in_confidence = cache_control(private=True, no_store=True)  # neither browser nor proxy keeps the answer


def known_year(year: int) -> int:
    return known(year, YEARS)


def cell_for(user, perm):
    """The person's cell; 403 without one, or without ``perm`` on it."""
    cell = user.home_cell
    if cell is None or not user.has_perm(perm, cell):
        raise PermissionDenied
    return cell


def headed_cell(user):
    """The cell whose secretary or deputy the person is; None for anybody else."""
    return next((cell for cell in user.cells if cell.pk in user.headed_ids), None)


def turn_for(request, perm, pk):
    """The turn of an address with what its page shows."""
    return get_for(request.user, pages.whole(), f"reviews.{perm}", pk=pk)


def fits(turn, action) -> bool:
    """Whether the time has come for a move: told in the meeting, put off before it, missed once it has begun."""
    state = turn.meeting.state
    wanted = {"show": (State.IN_SESSION,), "put_off": OPEN_ENDED, "miss": (State.IN_SESSION, State.CLOSED)}
    return state in wanted.get(action, (state,))
