"""Questions about pledges of a cell and a year."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from members.models import Exemption, Member, Membership, Status
from members.queries import rule_for
from members.states import StatusKind
from pledges.models import Assessment, Deed, DeedResult, Pledge, PledgeYear, Progress
from pledges.states import WRITABLE, AssessmentState, Level, Outcome, Period, PledgeState


def cell_of(user):
    """Where a person registers: the cell on whose roll they stand, not the host of a visitor. None without a cell."""
    home = user.home_cell
    if home is None or len(user.cells) == 1 or home.pk in user.committee_ids:
        return home
    rows = Membership.objects.on(timezone.localdate()).filter(member=user.member_id, cell__in=user.cell_ids)
    own = set(rows.values_list("cell", flat=True))
    return next((cell for cell in user.cells if cell.pk in own), home)


def who_pledges(cell, on=None):
    """Members of the roll who register: not who is exempt from activities or suspended on the day."""
    on = on or timezone.localdate()
    exempt = Exemption.objects.on(on).filter(member=OuterRef("pk"))
    suspended = Status.objects.on(on).filter(member=OuterRef("pk"), kind=StatusKind.SUSPENDED)
    rows = Member.objects.on_roll(cell, on).exclude(Exists(exempt)).exclude(Exists(suspended))
    return rows.order_by("sort_key", "pk")


def registers(cell, member_id) -> bool:
    """Whether this person is asked for a pledge in the cell."""
    return who_pledges(cell).filter(pk=member_id).exists()


def years_of(cell) -> dict:
    """The registrations of a cell by year, the newest first."""
    found = {row.year: row for row in PledgeYear.objects.filter(cell=cell)}
    for row in found.values():
        row.cell = cell
    return found


def year_of(cell, year):
    """The registration of a year, or None while it is not opened."""
    return PledgeYear.objects.filter(cell=cell, year=year).first()


def least_deeds(cell, year) -> int:
    """How many deeds are to be registered (rule pledge.min_deeds on 1 January)."""
    return rule_for(cell, "pledge.min_deeds", timezone.localdate().replace(year=year, month=1, day=1)).integer


@dataclass(frozen=True)
class Row:
    """A line of the cell's table. ``pledge`` None: nothing handed in (a draft is not told of)."""

    member: Member
    pledge: Pledge | None

    def assessed(self, period):
        """The assessment of a period that was handed in, or None."""
        if self.pledge is None:
            return None
        shown = (row for row in self.pledge.assessments.all() if row.state != AssessmentState.DRAFT)
        return next((row for row in shown if row.period == period), None)

    @property
    def half(self):
        return self.assessed(Period.HALF)

    @property
    def whole(self):
        return self.assessed(Period.YEAR)


def table(cell, year, members) -> list[Row]:
    """Lines for these members (a page of ``people``): what was handed in; two queries whatever their number."""
    rows = Pledge.objects.filter(cell=cell, year=year, member__in=list(members)).exclude(state=PledgeState.DRAFT)
    found = {pledge.member_id: pledge for pledge in counted(rows)}
    return [Row(member, found.get(member.pk)) for member in members]


def counted(pledges):
    """Pledges with the number of their deeds and their assessments; of no prose."""
    assessments = Assessment.objects.defer("text", "remark")
    rows = pledges.defer("commitment", "remark").annotate(n_deeds=Count("deeds"))
    return rows.prefetch_related(Prefetch("assessments", assessments))


def people(cell, year) -> list:
    """Everybody who registers, each with the state of what was handed in: ``pledge_state``, ``half_state``,
    ``year_state``, None for nothing (a draft is nothing); one query."""
    pledges = Pledge.objects.filter(cell=cell, year=year, member=OuterRef("pk")).exclude(state=PledgeState.DRAFT)
    papers = Assessment.objects.filter(pledge__cell=cell, pledge__year=year, pledge__member=OuterRef("pk"))
    papers = papers.exclude(state=AssessmentState.DRAFT)
    return list(
        who_pledges(cell).annotate(
            pledge_state=Subquery(pledges.values("state")[:1]),
            half_state=Subquery(papers.filter(period=Period.HALF).values("state")[:1]),
            year_state=Subquery(papers.filter(period=Period.YEAR).values("state")[:1]),
        )
    )


def first_page(user, cell, year) -> dict:
    """What the page of a year shows of the person and of the collective: {"own", "collective", "own_before",
    "collective_before"} -> pledge or None, ``before`` of the year before. Four queries."""
    deeds = Deed.objects.prefetch_related(Prefetch("progress", Progress.objects.defer("text")))
    rows = Pledge.objects.visible_to(user).filter(
        Q(member=user.member_id) | Q(member=None), cell=cell, year__in=(year, year - 1)
    )
    rows = rows.prefetch_related(Prefetch("deeds", deeds), Prefetch("assessments", shown_assessments(user)))
    found: dict = dict.fromkeys(("own", "collective", "own_before", "collective_before"))
    for pledge in rows:
        name = "collective" if pledge.is_collective else "own"
        found[name if pledge.year == year else f"{name}_before"] = pledge
    return found


def shown_assessments(user):
    """The assessments that this person may see, without prose."""
    return Assessment.objects.visible_to(user).defer("text", "remark")


def missing(cell, year):
    """Who has not handed in the own pledge of the year; a draft counts as missing."""
    handed_in = Pledge.objects.filter(cell=cell, year=year, member=OuterRef("pk")).exclude(state__in=WRITABLE)
    return who_pledges(cell).exclude(Exists(handed_in))


def unassessed(cell, year, period):
    """Who has registered and not yet handed in the self-assessment of a period."""
    done = Assessment.objects.filter(pledge=OuterRef("pk"), period=period).exclude(
        state__in=(AssessmentState.DRAFT, AssessmentState.RETURNED)
    )
    pledges = Pledge.objects.registered().filter(cell=cell, year=year, member=OuterRef("pk")).exclude(Exists(done))
    return who_pledges(cell).filter(Exists(pledges))


def whole(user):
    """Pledges with all that their page shows to this person."""
    progress = Progress.objects.select_related("by__member").prefetch_related("files")
    deeds = Deed.objects.select_related("carried_from__pledge").prefetch_related(Prefetch("progress", progress))
    rows = Pledge.objects.select_related("cell__parent", "member", "answered_by__member")
    return rows.prefetch_related(Prefetch("deeds", deeds), Prefetch("assessments", shown_assessments(user)))


def whole_assessments():
    """Assessments with all that their page shows."""
    results = DeedResult.objects.select_related("deed")
    rows = Assessment.objects.select_related("pledge__cell__parent", "pledge__member", "answered_by__member")
    return rows.prefetch_related(Prefetch("results", results))


def deeds_to_write(pledge):
    """Deeds of a pledge for its form: whether something was reported for each, and of which year it was carried."""
    reported = Progress.objects.filter(deed=OuterRef("pk"))
    return pledge.deeds.annotate(is_reported=Exists(reported)).select_related("carried_from__pledge")


def levels(rows, period) -> dict:
    """How many pledges of the table's rows got which level: {"good": 3, …, "": 2}; "" has none yet."""
    found = dict.fromkeys((*Level.values, ""), 0)
    for row in rows:
        paper = row.assessed(period)
        found[paper.level if paper else ""] += 1
    return found


def unreached(pledge) -> set:
    """Ids of the deeds of a pledge that the last assessment does not call reached, nor a progress note."""
    rows = Deed.objects.filter(pledge=pledge).prefetch_related("results__assessment", "progress")
    return {deed.pk for deed in rows if not is_reached(deed)}


def is_reached(deed) -> bool:
    """What the assessment of the latest period says of a deed; before any, whether a note says that it is reached."""
    found = (row for row in deed.results.all() if row.outcome)
    results = sorted(found, key=lambda row: row.assessment.period == Period.YEAR)
    return results[-1].outcome == Outcome.REACHED if results else deed.is_reached
