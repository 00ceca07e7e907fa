"""Who is reviewed before whom: the collective, its head, deputies, committee, members. Pure (DOMAIN §4.1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from members.states import PostTitle


@dataclass(frozen=True, slots=True)
class Subject:
    """The collective or a person to be reviewed; ``titles``: the posts held in the cell."""

    id: int
    name: str
    sort_key: str = ""
    titles: tuple[str, ...] = ()
    collective: bool = False

    @property
    def rank(self) -> int:
        """Collective 0, head 1, deputy 2, committee 3, members 4 (DOMAIN §4.1)."""
        order = (PostTitle.SECRETARY, PostTitle.DEPUTY, PostTitle.COMMITTEE_MEMBER)
        ranks = [place for place, title in enumerate(order, 1) if title in self.titles]
        return 0 if self.collective else min(ranks, default=len(order) + 1)


def order_of(subjects: Iterable[Subject]) -> list[Subject]:
    """Collective before individuals; head, deputies, committee, members; by name among equals."""
    return sorted(subjects, key=lambda subject: (subject.rank, subject.sort_key, subject.id))


def too_early(subject: Subject, subjects: Iterable[Subject], reviewed: Collection[int]) -> str:
    """The sentence when somebody of an earlier rank has not been reviewed yet; empty when it is their turn."""
    first = next((one for one in order_of(subjects) if one.id not in reviewed), None)
    if first is None or first.rank >= subject.rank:
        return ""
    if first.collective:
        return f"Kiểm điểm tập thể trước, cá nhân sau: {first.name} chưa kiểm điểm."
    return f"Kiểm điểm người đứng đầu, cấp phó và chi ủy viên trước: {first.name} chưa kiểm điểm."


def vote_problem(subjects: Iterable[Subject], reviewed: Collection[int]) -> str:
    """The sentence against voting on grades before the collective's own review; empty after it."""
    open_one = next((one for one in order_of(subjects) if one.collective and one.id not in reviewed), None)
    if open_one is None:
        return ""
    return f"Chưa bỏ phiếu xếp loại được: {open_one.name} chưa kiểm điểm. Kiểm điểm tập thể trước."


def not_yet_reviewed(subjects: Iterable[Subject], reviewed: Collection[int]) -> list[Subject]:
    """Those on the list still to be reviewed, in order."""
    return [one for one in order_of(subjects) if one.id not in reviewed]
