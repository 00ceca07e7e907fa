"""Organisations: added under another, their facts corrected."""

import re

from django.db import transaction

from core.vietnamese import fold
from members.activity import record
from members.models import Organisation
from members.services.people import check

MAX_SLUG = 60


@transaction.atomic
def add_organisation(*, organisation, by):
    """A new cell or superior committee. Name on papers, symbol and address are made up where left empty."""
    fill(organisation)
    check(organisation)
    organisation.save()
    record(organisation, "organisation.added", by=by, organisation=organisation, parent=organisation.parent_id)
    return organisation


@transaction.atomic
def change_organisation(*, organisation, by):
    """Corrected facts of an organisation. Papers already made keep what was printed on them."""
    fill(organisation)
    check(organisation)
    organisation.save()
    record(organisation, "organisation.changed", by=by, organisation=organisation)
    return organisation


def fill(organisation):
    """Complete what follows from the name: short name, name on papers, symbol, address."""
    organisation.short_name = organisation.short_name or organisation.name[:60]
    organisation.document_name = organisation.document_name or organisation.name.upper()
    organisation.symbol = organisation.symbol or ("CB" if organisation.is_cell else "ĐU")
    organisation.slug = organisation.slug or free_slug(organisation.short_name)


def free_slug(text: str) -> str:
    """An address word that nobody has yet: "Tổ dân phố số 5" -> "to-dan-pho-so-5"."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[: MAX_SLUG - 4].strip("-") or "to-chuc"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
