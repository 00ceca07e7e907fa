"""Who can still be fitted into which meeting, each with so many places: a matching by augmenting paths. Pure."""

import datetime
from collections.abc import Iterable, Mapping

Day = datetime.date


class Fitting:
    """Places in meetings, filled person by person; who is in stays in, perhaps in another meeting."""

    def __init__(self, places: Mapping[Day, int]):
        self.places = dict(places)
        self.seated: dict[Day, list[int]] = {day: [] for day in places}
        self.wishes: dict[int, tuple[Day, ...]] = {}

    def add(self, person: int, days: Iterable[Day]) -> bool:
        """Fit a person into one of the days they can come, moving others where they can; False if that is impossible.

        Persons that fit together form a matroid: whatever the order of adding, as many as possible fit in the end.
        """
        self.wishes[person] = tuple(days)
        if self._seat(person, set()):
            return True
        del self.wishes[person]
        return False

    def _seat(self, person: int, tried: set[Day]) -> bool:
        for day in self.wishes[person]:
            if day in tried:
                continue
            tried.add(day)
            there = self.seated[day]
            if len(there) < self.places[day]:
                there.append(person)
                return True
            for other in list(there):
                if self._seat(other, tried):
                    there[there.index(other)] = person
                    return True
        return False
