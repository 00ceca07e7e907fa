"""Fills the national rows from the data file."""

import tomllib
from pathlib import Path

from django.db import transaction

from regulations.models import Rule

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
        update_fields=["title", "value", "unit", "valid_to", "source", "verified", "locally_settable", "kind"],
    )
