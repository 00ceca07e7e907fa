"""Every workflow runs on a table of moves: ``MOVES`` says when, ``rules.py`` says who."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.errors import Refused

STAYS = ""  # target of an act that is bound to a state and leaves it as it is


@dataclass(frozen=True)
class Move:
    """One transition: the verb on its button, the states it starts from, the state it ends in (or STAYS).

    ``when`` is an optional pure condition on the object. ``question`` and ``effect`` are the title and the
    sentence of the question page; ``risk`` outlines the button of what cannot be taken back.
    """

    label: str
    source: tuple[str, ...]
    target: str
    when: Callable[[Any], bool] | None = None
    question: str = ""
    effect: str = ""
    risk: bool = False

    def allows(self, obj) -> bool:
        return obj.state in self.source and (self.when is None or self.when(obj))


@dataclass(frozen=True)
class Look:
    """How a state is shown: word, class of the badge, icon."""

    label: str
    css: str = ""
    icon: str = ""


class WrongState(Refused):
    """The object is no longer where this move starts (a stale page, a colleague was faster)."""


@transaction.atomic
def move(obj, action):
    """Lock the row, check the table, store the new state; return the fresh locked row.

    Raises WrongState when the move does not start from the present state.
    """
    step = obj.MOVES[action]
    fresh = type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    if not step.allows(fresh):
        raise WrongState(
            f"Không thực hiện được “{step.label}”: hiện ở trạng thái “{fresh.get_state_display()}”. "
            "Trang đã được tải lại với tình trạng mới nhất."
        )
    if step.target != STAYS:
        fresh.state = step.target
        fresh.save(update_fields=["state"])
    return fresh


def permission(obj, action) -> str:
    """Name of the permission of a move: ``meetings.open_meeting``."""
    return f"{obj._meta.app_label}.{action}_{obj._meta.model_name}"


def actions_for(user, obj):
    """The moves that the state allows and the person may make: list of (action, Move)."""
    return [
        (action, step)
        for action, step in obj.MOVES.items()
        if step.allows(obj) and user.has_perm(permission(obj, action), obj)
    ]
