"""Questions about tasks: what one owes, what a cell is behind with, what waits for a confirmation."""

from django.db.models import Count, F, Q
from django.utils import timezone

from assignments.models import Assignment
from assignments.states import OPEN, UNFINISHED, State
from members.states import PostTitle


def mine(user, limit=None):
    """Unfinished tasks of the person, the most urgent first."""
    return Assignment.objects.filter(owner=user.member_id).unfinished().order_by("due_on", "pk")[:limit]


def late_in(cell, on=None):
    """Late tasks of a cell on a day that its committee may see, the oldest first."""
    shared = Assignment.objects.filter(cell=cell).exclude(audience="owner")
    return shared.late(on).select_related("owner").order_by("due_on", "pk")


def waiting_for_confirmation(user, cell):
    """Reported tasks of a cell that this person may confirm, the one that waits longest first."""
    found = Assignment.objects.visible_to(user).filter(cell=cell, state=State.REPORTED)
    if (cell.pk, PostTitle.SECRETARY) not in user.posts:
        found = found.exclude(owner=user.member_id)
        if (cell.pk, PostTitle.DEPUTY) not in user.posts:
            found = found.filter(given_by=user)
    return found.select_related("owner").order_by("finished_at", "pk")


FILTERS = {
    "": ("Chưa xong", Q(state__in=UNFINISHED)),
    "qua-han": ("Quá hạn", Q(state__in=OPEN)),
    "cho-duyet": ("Chờ duyệt", Q(state=State.REPORTED)),
    "da-xong": ("Đã xong", Q(state=State.DONE)),
    "tat-ca": ("Tất cả", Q()),
}


def condition(name, on=None) -> Q:
    """The Q of a filter of the list page; late is computed for the day."""
    found = FILTERS[name][1]
    return found & Q(due_on__lt=on or timezone.localdate()) if name == "qua-han" else found


def of_person(user):
    """Every task the person owns."""
    return Assignment.objects.filter(owner=user.member_id)


def of_cell(user):
    """Every task the person may see, whoever owns it."""
    return Assignment.objects.visible_to(user)


def ordered(rows, name):
    """Open ones by due day; finished ones by the day they were finished, newest first."""
    if name == "da-xong":
        return rows.order_by(F("confirmed_at").desc(nulls_last=True), "-pk")
    if name == "tat-ca":
        return rows.order_by("-due_on", "-pk")
    return rows.order_by("due_on", "pk")


def numbers(rows) -> dict:
    """How many rows each filter would show, in one query."""
    today = timezone.localdate()
    return rows.aggregate(**{f"n_{name}": Count("pk", filter=condition(name, today)) for name in FILTERS})


def committee_cell(user):
    """The cell in whose name the person gives tasks; None for whoever serves in no committee."""
    cell = user.home_cell
    return cell if cell is not None and cell.pk in user.committee_ids else None
