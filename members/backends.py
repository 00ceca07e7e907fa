"""The session's account comes with its member, its posts, and what apps above hang on it, in one query."""

from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from members.models import User
from members.models.accounts import posts_today

# attribute of the account -> function () -> expression on User, made anew for each request; filled by chibo/wiring.py
CARRIED: dict[str, Callable[[], Any]] = {}


def carry(name, make):
    """Let every account of a request come with ``name``, the value of the expression that ``make()`` gives."""
    CARRIED[name] = make


class MemberBackend(AuthenticationBackend):
    def get_user(self, user_id):
        carried = {"held_today": posts_today()} | {name: make() for name, make in CARRIED.items()}
        user = User.objects.select_related("member").annotate(**carried).filter(pk=user_id).first()
        return user if user and user.is_active else None
