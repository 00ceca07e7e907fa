"""A vote as pages show it: the arithmetic in words, live before it opens and frozen afterwards."""

from dataclasses import dataclass

from meetings import counting
from meetings.models import Vote
from meetings.queries.session import deduction_rule, live_denominator, share_for
from meetings.states import VoteState

PARTS = ("official", "exempt_absent", "elsewhere_absent", "suspended", "excused", "voters")


@dataclass(frozen=True)
class Tally:
    """One vote with its denominator, the share it needs in words and the votes needed."""

    vote: Vote
    parts: counting.Denominator
    share: str
    need: int
    unverified: bool = False  # nobody has verified the rule by which the absent are deducted

    @property
    def live(self) -> bool:
        return self.vote.state == VoteState.DRAFT

    @property
    def lines(self) -> list:
        """(label, "−2") of every deduction that is not zero."""
        named = [(Vote._meta.get_field(name).verbose_name, getattr(self.parts, name)) for name in PARTS[1:5]]
        return [(f"{label[:1].upper()}{label[1:]}", f"−{count}") for label, count in named if count]

    @property
    def need_words(self) -> str:
        return f"Cần {self.share} của {self.parts.total}: {self.need}"

    @property
    def warning(self) -> str:
        """The sentence when those present could not pass anything; empty otherwise (DOMAIN §1.6)."""
        if counting.can_resolve(self.parts.voters, self.need):
            return ""
        return (
            f"Chỉ có {self.parts.voters} đảng viên có mặt được biểu quyết, cần {self.need} tán thành: "
            "chưa đủ để thông qua."
        )

    @property
    def result(self) -> str:
        """ "Được thông qua: 17/20 (85%)"; empty until the vote is closed."""
        vote = self.vote
        if vote.state != VoteState.CLOSED:
            return ""
        share = f"{vote.agree}/{vote.denominator} ({counting.percent(vote.agree, vote.denominator)}%)"
        return f"Được thông qua: {share}" if vote.passed else f"Không được thông qua: {share}, cần {vote.need}"

    @property
    def ballots(self) -> str:
        """ "Phát ra 19, thu về 19, hợp lệ 18, không hợp lệ 1" of a closed secret vote; empty otherwise."""
        vote = self.vote
        if vote.returned is None:
            return ""
        return f"Phát ra {vote.issued}, thu về {vote.returned}, hợp lệ {vote.valid}, không hợp lệ {vote.invalid}"


def tally(vote, meeting, rows) -> Tally:
    """The vote's arithmetic: computed from the sheet while it is a draft, else as it was frozen."""
    share, more_than = share_for(meeting, vote.decision)
    words = counting.share_words(share, more_than=more_than)
    if vote.state != VoteState.DRAFT:
        return Tally(vote, counting.Denominator(**{name: getattr(vote, name) for name in PARTS}), words, vote.need)
    parts = live_denominator(meeting, rows)
    need = counting.needed(parts.total, share, more_than=more_than)
    return Tally(vote, parts, words, need, unverified=not deduction_rule(meeting).verified)
