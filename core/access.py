"""Fetching an object and checking the right to it are one act."""

from django.core.exceptions import PermissionDenied
from django.http import Http404


def get_for(user, queryset, perm, **lookup):
    """The row, if the person may see it and has ``perm`` on it.

    Raises Http404 when the row is not visible to the person (its existence is not told), PermissionDenied
    when it is visible but ``perm`` is missing.
    """
    try:
        obj = queryset.visible_to(user).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError) as error:
        raise Http404 from error
    if not user.has_perm(perm, obj):
        raise PermissionDenied
    return obj


def known(value, values):
    """The value of an address, if it is one of those there are; raises Http404."""
    if value not in values:
        raise Http404
    return value


def require(user, perm, obj=None):
    """Raise PermissionDenied unless the person has ``perm`` on ``obj``."""
    if not user.has_perm(perm, obj):
        raise PermissionDenied
