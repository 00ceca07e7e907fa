"""The page of the dated rules: every rule as it holds for one organisation, where it comes from, what it was before."""

from dataclasses import dataclass, field

from django.utils import timezone

from core.states import Look
from members.models import Organisation
from members.queries import rule_rows, standing_rule
from members.states import HIGHER_TITLES
from regulations.lookup import latest

UNVERIFIED = Look("chưa kiểm chứng", "warn", "question-circle")
MISSING = Look("chưa cấu hình", "danger", "exclamation-circle")
GROUPS = {
    "meeting": "Cuộc họp",
    "vote": "Biểu quyết",
    "committee": "Chi ủy",
    "cell": "Chi bộ",
    "minutes": "Biên bản",
    "document": "Văn bản",
    "mail": "Thư báo",
    "fee": "Đảng phí",
    "pledge": "Làm theo Bác",
    "review": "Tự phê bình, kiểm điểm",
}


@dataclass
class Value:
    """One row of a rule, national or laid over it: what, from when to when, by whom and on what ground."""

    value: str
    unit: str
    source: str
    starts_on: object
    ends_on: object
    origin: str
    verified: bool = True
    setting_id: int | None = None

    @property
    def shown(self) -> str:
        """ "90 phút", "Có"; "chưa cấu hình" where the value is not known."""
        if not self.value:
            return MISSING.label
        return f"{self.value[0].upper()}{self.value[1:]} {self.unit}".strip()

    @property
    def looks(self):
        """Badges: a missing or unverified value never hides."""
        return [look for look, wanted in ((MISSING, not self.value), (UNVERIFIED, not self.verified)) if wanted]


@dataclass
class Line:
    """A rule as the page shows it."""

    key: str
    title: str
    now: Value
    coming: list = field(default_factory=list)
    past: list = field(default_factory=list)
    may_lay: bool = False


def places(user):
    """Organisations whose rules the person looks at: where one serves above cells, then the own cell."""
    above = {organisation for organisation, title in user.posts if title in HIGHER_TITLES}
    home = {user.home_cell.pk} if user.home_cell else set()
    rows = Organisation.objects.filter(pk__in=above | home).select_related("parent")
    return sorted(rows, key=lambda row: (row.pk not in above, row.name))


def groups(place, right):
    """[(heading, [Line, …])] of every rule for an organisation today; ``right``: the person may lay values there."""
    today = timezone.localdate()
    rows, overlays = rule_rows(place)
    found = {}
    for key in dict.fromkeys(row.key for row in rows):
        national = [row for row in rows if row.key == key]
        on = _shown_on(national, today)
        line = _line(place, key, national, [row for row in overlays if row.key == key], on, right)
        found.setdefault(GROUPS.get(key.split(".")[0], "Khác"), []).append(line)
    order = list(GROUPS.values())
    return sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def value_of(place, key, on):
    """The Value that holds for an organisation on a day. Raises Rule.DoesNotExist for an unknown key."""
    national, own = standing_rule(place, key, on)
    return _laid(own, national, place) if own is not None else _national(national)


def _shown_on(national, today):
    """Today; of a rule that holds no more its last day, because back months are still counted by it."""
    if latest(national, today) is not None:
        return today
    ended = [row.valid_to for row in national if row.valid_to and row.valid_to < today]
    return max(ended, default=min(row.valid_from for row in national))


def _line(place, key, national, overlays, on, right):
    row, own = standing_rule(place, key, on)
    held = own if own is not None else row
    values = [_national(other) for other in national if other is not held]
    whose = place if right else None
    values += [_laid(other, row, whose) for other in overlays if other is not held]
    values.sort(key=lambda value: value.starts_on, reverse=True)
    return Line(
        key,
        row.title,
        now=_laid(own, row, whose) if own is not None else _national(row),
        coming=[value for value in values if value.starts_on > on],
        past=[value for value in values if value.starts_on <= on],
        may_lay=right and (row.locally_settable or not place.is_cell),
    )


def _national(row):
    return Value(row.value, row.unit, row.source, row.valid_from, row.valid_to, "Trung ương", row.verified)


def _laid(row, national, place):
    """A laid value; it can be taken back on the page of ``place`` if that one laid it (None: by nobody here)."""
    own = place is not None and row.organisation_id == place.pk
    origin = "Chi bộ" if row.organisation.is_cell else row.organisation.short_name
    return Value(
        row.value,
        national.unit,
        row.source,
        row.starts_on,
        row.ends_on,
        origin,
        setting_id=row.pk if own else None,
    )
