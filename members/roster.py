"""The book of a cell as its list page shows it: who is active, who left or is away, who may become a member."""

from dataclasses import dataclass, field

from django.utils import timezone

from core.states import Look
from members.models import Member
from members.queries import posts_of
from members.states import ON_ROLL, STANDING_UI, PlacementKind, StatusKind

AWAY = (PlacementKind.TEMP_ELSEWHERE, PlacementKind.OVERSEAS)
GONE = Look("Đã rời chi bộ", "line", "arrow-right")


@dataclass
class Roster:
    """People by group, each with ``titles`` (labels of the posts held today) and ``look`` (the badge)."""

    active: list = field(default_factory=list)
    away: list = field(default_factory=list)
    candidates: list = field(default_factory=list)
    roll: list = field(default_factory=list)
    visitors: list = field(default_factory=list)
    titles: list = field(default_factory=list)

    @property
    def official(self) -> int:
        """Official members on the roll."""
        return sum(person.status_kind == StatusKind.OFFICIAL for person in self.roll)

    @property
    def counts_line(self) -> str:
        """ "21 đảng viên: 18 chính thức, 2 dự bị; 1 được miễn sinh hoạt; 1 sinh hoạt tạm thời tại đây"."""
        kinds = [(self.official, "chính thức")]
        kinds += [(self._status(StatusKind.PROBATIONARY), "dự bị"), (self._status(StatusKind.SUSPENDED), "đình chỉ")]
        parts = [f"{len(self.roll)} đảng viên: " + ", ".join(f"{n} {word}" for n, word in kinds if n)]
        parts += [f"{n} {word}" for n, word in self._beside() if n]
        return "; ".join(parts) if self.roll else "Chưa có đảng viên nào."

    def _status(self, kind) -> int:
        return sum(person.status_kind == kind for person in self.roll)

    def _beside(self):
        yield sum(bool(person.exemption_kind) for person in self.roll), "được miễn sinh hoạt"
        yield sum(person.placement_kind == PlacementKind.TEMP_ELSEWHERE for person in self.roll), "tạm thời nơi khác"
        yield sum(person.placement_kind == PlacementKind.OVERSEAS for person in self.roll), "ở nước ngoài"
        yield len(self.visitors), "sinh hoạt tạm thời tại đây"


def roster(cell, on=None) -> Roster:
    """The book of a cell on a day: two queries."""
    on = on or timezone.localdate()
    found = Roster()
    held = {}
    for row in posts_of(cell, on):
        held.setdefault(row.member_id, []).append(row.get_title_display())
        found.titles.append(row.title)
    for person in Member.objects.in_book(cell, on).select_related("user"):
        person.titles = held.get(person.pk, [])
        _sort_in(found, person)
    return found


def _sort_in(found, person):
    """Put a person into the groups of the book; sets the badge."""
    person.look = STANDING_UI.get(person.standing)
    if person.placement_kind == PlacementKind.TEMP_HERE:
        found.visitors.append(person)
        found.active.append(person)
    elif person.at_home and person.status_kind in ON_ROLL:
        found.roll.append(person)
        (found.away if person.placement_kind in AWAY else found.active).append(person)
    elif person.at_home and person.status_kind == StatusKind.CANDIDATE:
        found.candidates.append(person)
    else:
        if person.status_kind in ON_ROLL:
            person.look = GONE
        found.away.append(person)
