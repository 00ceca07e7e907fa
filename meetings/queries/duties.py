"""Questions about the yearly assignment of work."""

from django.db.models import Count, Q
from django.utils import timezone

from documents.states import IN_FORCE
from meetings.models import Duty, DutyPlan, Resolution
from meetings.queries.clauses import is_in_force
from members.queries import attenders, committee


def is_adopted(plan) -> bool:
    """Whether a resolution has put the plan in force."""
    return plan.resolution is not None and is_in_force(plan.resolution)


def plans(user, cell):
    """Plans of a cell that the person may see, newest first, with counts of members and of empty lines."""
    rows = DutyPlan.objects.visible_to(user).filter(cell=cell).select_related("resolution__paper__organisation")
    return rows.annotate(lines=Count("duties"), empty=Count("duties", filter=Q(duties__text=""))).order_by(
        "-year", "-number"
    )


def in_force(cell, year=None):
    """The plan that holds for a year (this one), or None: the last one that a resolution adopted."""
    rows = DutyPlan.objects.filter(cell=cell, year=year or timezone.localdate().year)
    rows = rows.filter(resolution__paper__state__in=IN_FORCE).select_related("resolution__paper__organisation")
    return rows.order_by("-number").first()


def duty_of(member_id, cell, year=None):
    """What a member was given for the year by the plan in force, or None."""
    rows = Duty.objects.filter(member=member_id, plan__cell=cell, plan__year=year or timezone.localdate().year)
    rows = rows.filter(plan__resolution__paper__state__in=IN_FORCE).exclude(text="")
    return rows.select_related("follower", "plan").order_by("-plan__number").first()


def lines(plan):
    """Lines of a plan by given name."""
    return plan.duties.select_related("member", "follower").order_by("member__sort_key")


def unassigned(plan):
    """Members of the roll, and visiting ones, without a line in the plan."""
    known = set(plan.duties.values_list("member_id", flat=True))
    return [member for member in attenders(plan.cell) if member.pk not in known]


def drafts_for(cell):
    """Resolutions of the cell that may still take the plan in."""
    rows = Resolution.objects.filter(meeting__cell=cell, meeting__body="cell").exclude(meeting__state="cancelled")
    return rows.exclude(paper__state__in=IN_FORCE).select_related("meeting").order_by("-meeting__starts_at")


def followers(cell):
    """Who may follow the work of a member: the chi ủy."""
    return [member.pk for member in committee(cell)]
