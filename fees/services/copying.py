"""Dues as they stand in the table: written many at once by COPY, compared with what is counted now."""

import csv
import io
import json

from django.db import connection

from fees.models import Due
from fees.states import DueKind

SAID = ("kind", "category", "base", "rate", "raw", "amount", "formula", "rules", "problem", "waiver_id")
PLACE = ("cell_id", "fee_month_id", "month", "member_id")
COPY = (
    f"COPY {Due._meta.db_table} ({', '.join((*PLACE, *SAID))}) FROM STDIN "
    "WITH (FORMAT csv, FORCE_NOT_NULL (category, rate, formula, problem))"
)


def copy_dues(fee_month, results) -> int:
    """Write a due for each {member id: Result} of a month; returns how many. The caller holds the transaction."""
    if not results:
        return 0
    text = io.StringIO()
    writer = csv.writer(text)
    place = (fee_month.cell_id, fee_month.pk, fee_month.month)
    for member, result in results.items():
        writer.writerow((*place, member, *(_stored(result, name) for name in SAID)))
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, text)
    return len(results)


def differing(due, result) -> list:
    """Names of the columns in which a stored due is not what was counted now."""
    return [name for name in SAID if getattr(due, name) != _counted(result, name)]


def _counted(result, name):
    return list(result.rules) if name == "rules" else getattr(result, name)


def _stored(result, name):
    value = getattr(result, name)
    if name == "rules":
        return json.dumps(value, ensure_ascii=False)
    return value.value if isinstance(value, DueKind) else value
