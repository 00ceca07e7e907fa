"""A small counter against floods of uploads on a page without login."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache

CHECKS = 30  # uploads
WINDOW = 600  # seconds


def allow_check(request) -> bool:
    """Count one upload of this address; False once it has sent more than CHECKS within WINDOW seconds.

    The address is the client's behind the trusted proxies (TRUSTED_PROXIES).
    """
    key = f"verify:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) <= CHECKS
    except ValueError:  # the counter ran out between the two calls
        return True
