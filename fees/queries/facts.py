"""What the calculation needs to know of the people of a cell, in a number of queries that does not grow with them."""

import datetime
from collections import defaultdict
from functools import cache

from django.db.models import Exists, OuterRef

from fees.calculation import Facts
from fees.incomes import same_category
from fees.models import Declaration, Due, Waiver
from fees.relief import Waived
from fees.states import DueKind
from members.models import FeeCategory, Membership, Placement, Status
from members.queries import rule_for, rule_rows
from members.states import ON_ROLL, PlacementKind
from regulations.lookup import Answer
from regulations.models import Rule


def facts_of(cell, month: datetime.date, members=None) -> dict:
    """{member id: Facts} of everybody in the book of a cell for a month: the roll and the visitors of its first day.

    ``members``: Member objects or ids, to ask for some only. Seven queries.
    """
    return facts_of_cells([cell], month, members)[cell.pk]


def facts_of_cells(cells, month: datetime.date, members=None) -> dict:
    """{cell id: {member id: Facts}} of several cells, in as many queries as for one."""
    rows = _people(cells, month, members)
    people = {member for _, member in rows}
    places, counted = _places(month, people), _counted(month, people)
    kinds = dict(FeeCategory.objects.on(month).filter(member__in=people).values_list("member", "kind"))
    incomes, waivers = _incomes(month, people), _waivers(month, people)
    found: dict = {cell.pk: {} for cell in cells}
    for (cell, member), (birth_date, sex, admitted_on) in rows.items():
        kind = kinds.get(member, "")
        base, declared_as = _income(kind, incomes.get(member))
        others = [name for where, name in counted.get(member, ()) if where != cell]
        found[cell][member] = Facts(
            month, kind, base, declared_as, birth_date, sex, admitted_on, tuple(waivers.get(member, ())),
            _pays_at(cell, *places.get(member, NO_PLACE)), others[0] if others else "",
        )  # fmt: skip
    return found


def rules_of(cell):
    """``rule(key, on)`` as the calculation asks it; a rule that is not laid down for that day answers "" (unknown).

    Raises Rule.DoesNotExist for a key that no data file knows.
    """

    @cache
    def rule(key: str, on: datetime.date) -> Answer:
        try:
            return rule_for(cell, key, on)
        except Rule.DoesNotExist:
            known = [row for row in rule_rows(cell)[0] if row.key == key]
            if not known:
                raise
            return Answer(key, known[0].title, "", known[0].unit, known[0].source, False)

    return rule


def _people(cells, month, members) -> dict:
    """(cell id, member id) -> (birth date, sex, day of admission); who is out of the party is in no book."""
    facts = ("cell", "member", "member__birth_date", "member__sex", "member__admitted_on")
    found = {}
    for rows in (
        Membership.objects.on(month).filter(cell__in=cells),
        Placement.objects.on(month).filter(cell__in=cells, kind=PlacementKind.TEMP_HERE),
    ):
        if members is not None:
            rows = rows.filter(member__in=[getattr(one, "pk", one) for one in members])
        standing = Status.objects.on(month).filter(kind__in=ON_ROLL, member=OuterRef("member"))
        for cell, member, *known in rows.filter(Exists(standing)).order_by().values_list(*facts):
            found[cell, member] = known
    return found


NO_PLACE: tuple = (None, {})  # (id and name of the host, {cell id: place written in its book})


def _places(month, people) -> dict:
    """member id -> (host, places): where a member is for a time; of two hosts the one where the member came last."""
    rows = Placement.objects.on(month).filter(
        member__in=people, kind__in=(PlacementKind.TEMP_HERE, PlacementKind.TEMP_ELSEWHERE)
    )
    names = ("member", "kind", "cell", "cell__name", "place")
    found: dict = {}
    for member, kind, cell, name, place in rows.order_by("starts_on", "pk").values_list(*names):
        host, written = found.get(member, NO_PLACE)
        if kind == PlacementKind.TEMP_HERE:
            found[member] = ((cell, name), written)
        else:
            found[member] = (host, written | {cell: place})
    return found


def _pays_at(cell, host, written) -> str:
    """Where a member of the book of ``cell`` pays instead: at the host, else in the place that the book names."""
    if host:
        return "" if host[0] == cell else host[1]
    return written.get(cell, "")


def _counted(month, people) -> dict:
    """member id -> [(cell id, its name)] whose book already counts the member for the month."""
    found = defaultdict(list)
    rows = Due.objects.filter(member__in=people, month=month, kind=DueKind.PAYABLE).order_by("pk")
    for member, *cell in rows.values_list("member", "cell", "cell__name"):
        found[member].append(cell)
    return found


def _incomes(month, people) -> dict:
    """member id -> (category, đồng) of the newest accepted declaration that holds in the month."""
    rows = Declaration.objects.in_force().filter(member__in=people, from_month__lte=month)
    rows = rows.order_by("member", "-from_month", "-pk").distinct("member")
    return {member: (kind, amount) for member, kind, amount in rows.values_list("member", "category", "amount")}


def _income(kind, declared) -> tuple:
    """(declared đồng, "") if it was declared for the category of the month, else (None, the other category)."""
    if declared is None:
        return None, ""
    other, amount = declared
    return (amount, "") if same_category(kind, other) else (None, other)


def _waivers(month, people) -> dict:
    found = defaultdict(list)
    rows = Waiver.objects.in_force(month).filter(member__in=people).order_by("pk")
    names = ("pk", "kind", "percent", "ground", "from_month", "to_month", "decision", "decided_on")
    for member, *values in rows.values_list("member", *names):
        found[member].append(Waived(*values))
    return found
