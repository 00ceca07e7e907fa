"""What the one button of a mail does: a registry, filled by chibo/wiring.py; pure, no database.

The apps above say what may be done from a mail; ``services/links.py`` issues the one-time address and asks here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """What the page of a link shows before anything is done: a title, a few lines, the verb on its button
    (none where the template of the action has buttons of its own)."""

    title: str
    verb: str = ""
    facts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Action:
    """``label`` stands on the button of the mail; ``form`` is a core.forms.Form class, ``template`` draws it with its
    buttons: by default every field and one button.

    ``describe(target, member)`` gives the Page, or raises Refused with a sentence when this person can do nothing
    any more; it is asked again before acting, so it holds the rights. ``act(target, member, **cleaned)`` does it in
    the transaction that uses up the link and returns the sentence shown after; it may raise Refused.
    """

    label: str
    form: type[Any]
    describe: Callable[[int, Any], Page]
    act: Callable[..., str]
    template: str = "notices/_act_form.html"


_actions: dict[str, Action] = {}


def register(purpose: str, action: Action) -> None:
    """Let mails carry a button of this purpose ("meeting.reply"); the same purpose again takes the place."""
    _actions[purpose] = action


def find(purpose: str) -> Action | None:
    """The action of a purpose; None when no app offers it (any more)."""
    return _actions.get(purpose)
