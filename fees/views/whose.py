"""Addresses of pages about one cell's book."""

from django.urls import reverse

from fees.queries.cells import book_cell


def address(name, cell, user):
    """The address of a page about a cell; one's own needs no name in it."""
    own = book_cell(user)
    return reverse(name) if own is not None and own.pk == cell.pk else f"{reverse(name)}?chi-bo={cell.slug}"
