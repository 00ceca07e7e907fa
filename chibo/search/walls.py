"""Who may find what: each source answers with the rows of ``visible_to`` that the person may find by their text.

Rows are named by lists (meetings, cells, a few rows one has in hand elsewhere), so that the database may start there
when a word stands in half of all rows.
"""

from functools import cached_property

from django.db.models import Q, Value
from django.db.models.functions import Concat

from assignments.models import Assignment
from chibo.search.matching import one_of
from documents.states import OFFICIAL
from meetings.models import AgendaItem, Clause, Meeting, MeetingPaper, Resolution, Speech
from meetings.states import Body
from members.models import Member


class Reach:
    """What one person may find. Their meetings are asked once for all sources."""

    def __init__(self, user):
        self.user, self.me = user, user.member_id
        self.cells = user.cell_ids | user.committee_ids

    @cached_property
    def _meetings(self):
        keeps = Q(cell__in=self.user.committee_ids) | Q(chair=self.me) | Q(clerk=self.me)
        told = Q(cell__in=self.user.cell_ids, body=Body.CELL, minutes__paper__state__in=OFFICIAL)
        rows = Meeting.objects.visible_to(self.user).order_by().annotate(recorded=keeps | told)
        return rows.values_list("pk", "recorded")

    @cached_property
    def seen(self) -> list:
        """Meetings that the person sees."""
        return [pk for pk, _ in self._meetings]

    @cached_property
    def recorded(self) -> list:
        """Meetings whose record the person reads, as ``meetings.view_minutes`` says.

        The committee, chair and clerk always; members the meetings of the cell whose minutes are sealed or signed.
        """
        return [pk for pk, recorded in self._meetings if recorded]

    @cached_property
    def _presented(self) -> list:
        """Items that the person presents in drafts of a meeting that they do not see yet."""
        rows = AgendaItem.objects.visible_to(self.user).filter(~one_of("meeting", self.seen), presenter=self.me)
        return list(rows.order_by().values_list("pk", flat=True))

    def people(self, query) -> list:
        """Ids of those whom the query asks for: the person, and whoever of those they see bears one of the names.

        Each name in whole words side by side: "lan" is Ngọc Lan, not Lanh.
        """
        found = [self.me] if query.mine else []
        if query.people:
            padded = Concat(Value(" "), "folded_name", Value(" "))
            named = Q.create([Q(padded__contains=f" {name} ") for name in query.people], connector=Q.OR)
            rows = Member.objects.visible_to(self.user).alias(padded=padded).filter(named)
            found += rows.order_by().values_list("pk", flat=True)
        return found

    def items(self):
        return AgendaItem.objects.filter(one_of("meeting", self.seen) | one_of("pk", self._presented))

    def papers(self):
        return MeetingPaper.objects.filter(one_of("meeting", self.seen) | one_of("item", self._presented))

    def records(self):
        """Items of which something is recorded that the person may read: narrative, conclusion."""
        return AgendaItem.objects.filter(one_of("meeting", self.recorded)).exclude(record_folded="")

    def speeches(self):
        return Speech.objects.filter(one_of("item__meeting", self.recorded)).exclude(folded="")

    def resolutions(self):
        return Resolution.objects.visible_to(self.user).filter(meeting__cell__in=self.cells)

    def clauses(self):
        return Clause.objects.visible_to(self.user).filter(resolution__meeting__cell__in=self.cells)

    @cached_property
    def _elsewhere(self) -> list:
        """The person's tasks outside their cells: of a cell one has left, or to help there. No wall: see ``tasks``."""
        rows = Assignment.objects.exclude(cell__in=self.cells).order_by().values("pk")
        own = rows.filter(owner=self.me).union(rows.filter(pk__in=helped([self.me])))
        return [row["pk"] for row in own]

    def tasks(self):
        rows = Assignment.objects.visible_to(self.user)
        return rows.filter(Q(cell__in=self.cells) | one_of("pk", self._elsewhere))


def helped(members):
    """Ids of the tasks that any of these members (ids) helps with."""
    return Assignment.helpers.through.objects.filter(member__in=members).values("assignment")
