"""Rows of the book that have no page of their own: ``visible_to`` agrees with the permission of the row."""

import pytest

from fees.models import Allocation, Correction, Due, FeeMonth, Payment
from fees.services.collecting import pay
from fees.services.months import correct_due
from fees.states import Method
from tests.fees.conftest import TODAY, first, shut

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "bithu", "phobithu", "chiuy", "thuky", "thuquy", "dangvien", "dubi", "tamthoi", "chibokhac", "captren", "quantri",
)  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("model", [Due, Correction, Payment, Allocation, FeeMonth])
def test_rows_are_visible_to_who_has_the_permission(book, cell, cast, who, model):
    shut(book[9])
    due = Due.objects.get(fee_month=book[9], member=cast["dangvien"].member)
    correct_due(due, 1_000, "Ghi sai", by=cast["thuquy"])
    pay(cell, cast["dangvien"].member, 142_000, TODAY, Method.CASH, by=cast["thuquy"])
    user = cast[who]
    name = f"fees.view_{model._meta.model_name}"
    allowed = {row.pk for row in model.objects.all() if user.has_perm(name, row)}
    assert set(model.objects.visible_to(user).values_list("pk", flat=True)) == allowed


def test_amounts_of_a_person_are_for_payer_and_collector_only(book, cell, cast):
    """DOMAIN §10: the collector sees incomes, others see only paid or unpaid."""
    row = Due.objects.get(fee_month__month=first(11), member=cast["dangvien"].member)
    assert [who for who in EVERYBODY if cast[who].has_perm("fees.view_due", row)] == ["thuquy", "dangvien"]
