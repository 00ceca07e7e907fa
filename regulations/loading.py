"""Fills the national rows: rules from the data file, official days from the library and the file of decrees."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from regulations import days
from regulations.models import OfficialDay, Rule

DATA = Path(__file__).parent / "data" / "rules.toml"


def read_rules(path=DATA):
    """Unsaved Rule objects of the data file."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return [Rule(**{**row, "value": str(row.get("value", ""))}) for row in rows]


@transaction.atomic
def load_rules(using="default"):
    """Make the table equal to the data file: rows are added, changed and removed."""
    rows = read_rules()
    kept = {(row.key, row.valid_from) for row in rows}
    for row in Rule.objects.using(using).all():
        if (row.key, row.valid_from) not in kept:
            row.delete(using=using)
    Rule.objects.using(using).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key", "valid_from"],
        update_fields=["title", "value", "unit", "valid_to", "source", "verified", "locally_settable", "kind", "shape"],
    )


@transaction.atomic
def load_days(using="default"):
    """Make the official days of the present years equal to their source; only differences are written.

    Years before those (``days.years_from``) keep the rows they had.
    """
    years = days.years_from(timezone.localdate())
    wanted = {row.date: row for row in days.official_days(years)}
    stored = {row.date: row for row in OfficialDay.objects.using(using).filter(date__year__range=(years[0], years[-1]))}
    if gone := stored.keys() - wanted.keys():
        OfficialDay.objects.using(using).filter(date__in=gone).delete()
    changed = [row for day, row in wanted.items() if day not in stored or not _same(row, stored[day])]
    if changed:
        OfficialDay.objects.using(using).bulk_create(
            changed, update_conflicts=True, unique_fields=["date"], update_fields=list(days.FIELDS[1:])
        )


def _same(one, other):
    return all(getattr(one, name) == getattr(other, name) for name in days.FIELDS)
