"""Where the money is and whose it is: sums of entries, never a stored balance."""

import datetime

from django.db.models import Sum

from fees.models import Entry
from fees.states import Account


def balances(cell, until: datetime.date | None = None) -> dict:
    """{Account: đồng} of a cell, up to and including the day ``until``; debit positive, accounts without entries 0."""
    rows = Entry.objects.filter(cell=cell)
    if until is not None:
        rows = rows.filter(voucher__dated_on__lte=until)
    found = dict(rows.order_by().values_list("account").annotate(total=Sum("amount")))
    return {account: found.get(account.value, 0) for account in Account}
