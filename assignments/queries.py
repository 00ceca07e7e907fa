"""Questions about tasks: what one owes, what a cell is behind with, what waits for a confirmation."""

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from assignments.models import Assignment, Extension, Part, Report
from assignments.states import OPEN, UNFINISHED, Audience, State
from members.models import Member, Post
from members.queries import attenders, attending, holder
from members.states import PostTitle


def of_member(member):
    """Every task a member (or id) answers for or helps with."""
    helping = Assignment.helpers.through.objects.filter(member=member).values("assignment")
    return Assignment.objects.filter(Q(owner=member) | Q(pk__in=helping))


def owed(member):
    """Unfinished tasks of a member (or id), also those helped with, the most urgent first; with their owner."""
    return of_member(member).unfinished().select_related("owner").order_by("due_on", "pk")


def with_people():
    """Tasks with everybody that a notice or a page names."""
    return Assignment.objects.select_related("owner", "cell", "given_by__member")


def late_tasks(today):
    """Late tasks with everybody their notices name, and who is told: ``owner_here``, ``deputy_id``, ``secretary_id``.

    ``owner_here`` says whether the owner is still on the sheet of the cell.
    """
    posts = Post.objects.on(today).filter(organisation=OuterRef("cell"))
    holders = {
        f"{name}_id": Subquery(posts.filter(title=title).values("member")[:1])
        for name, title in (("deputy", PostTitle.DEPUTY), ("secretary", PostTitle.SECRETARY))
    }
    return with_people().late(today).annotate(owner_here=attending("owner", "cell", today), **holders)


def whole():
    """Tasks with everything that their page shows."""
    parts = Prefetch("parts", Part.objects.select_related("done_by"))
    return with_people().prefetch_related("helpers", "extensions", parts)


def history(assignment):
    """What happened to a task, the oldest first, with writers and files."""
    return assignment.reports.select_related("member").prefetch_related("files")


def has_received(assignment, member) -> bool:
    """Whether this member (or id) has said that the task is received."""
    return assignment.reports.filter(kind=Report.Kind.RECEIVED, member=member).exists()


def may_receive(user, assignment, reports) -> bool:
    """Whether this person is asked to say that the task is received: not begun, and not said in these reports."""
    said = any(row.kind == Report.Kind.RECEIVED and row.member_id == user.member_id for row in reports)
    workers = {assignment.owner_id, *assignment.helper_ids}
    return assignment.state == State.GIVEN and user.member_id in workers and not said


def shared(cell):
    """Tasks of a cell that its committee may see."""
    return Assignment.objects.filter(cell=cell).exclude(audience=Audience.OWNER)


def _to_decide(user, cell):
    """Tasks of a cell that this person may confirm (assignments.rules: may_confirm), as a query."""
    found = Assignment.objects.visible_to(user).filter(cell=cell).select_related("owner")
    if (cell.pk, PostTitle.SECRETARY) not in user.posts:
        found = found.exclude(owner=user.member_id)
        if (cell.pk, PostTitle.DEPUTY) not in user.posts:
            found = found.filter(given_by=user)
    return found


def waiting_for_answer(user, cell):
    """Tasks that this person may confirm, or whose owner asks for more time (``asks_more_time``), by due day."""
    asked = Exists(Extension.objects.filter(assignment=OuterRef("pk"), answer=Extension.Answer.ASKED))
    found = _to_decide(user, cell).annotate(asks_more_time=asked)
    return found.filter(Q(state=State.REPORTED) | Q(asks_more_time=True)).order_by("due_on", "pk")


def decider(assignment):
    """The member who is told that a task waits for a decision: giver, else secretary, else deputy; None for nobody.

    The owner is never told of the own request. A giver who left the cell decides nothing there; a task of two people
    is nobody else's.
    """
    giver, found = assignment.given_by, []
    if giver and assignment.cell_id in giver.cell_ids:
        found.append(giver.member)
    if assignment.audience != Audience.OWNER:
        found += [holder(assignment.cell, title) for title in (PostTitle.SECRETARY, PostTitle.DEPUTY)]
    return next((member for member in found if member and member.pk != assignment.owner_id), None)


FILTERS = {
    "": ("Chưa xong", Q(state__in=UNFINISHED)),
    "qua-han": ("Quá hạn", Q(state__in=OPEN)),
    "cho-duyet": ("Chờ duyệt", Q(state=State.REPORTED)),
    "da-xong": ("Đã xong", Q(state=State.DONE)),
    "tat-ca": ("Mọi nhiệm vụ", Q()),
}


def condition(name, on=None) -> Q:
    """The Q of a filter of the list page; late is computed for the day."""
    found = FILTERS[name][1]
    return found & Q(due_on__lt=on or timezone.localdate()) if name == "qua-han" else found


def of_person(user):
    """Every task the person owns or helps with."""
    return of_member(user.member_id)


def of_cell(user):
    """Every task the person may see, whoever owns it."""
    return Assignment.objects.visible_to(user)


def listed(rows, name):
    """What a filter shows of these rows: open ones by due day; finished ones newest first."""
    rows = rows.filter(condition(name)).select_related("owner")
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


# Numbers


def board_people(cell, *, late_only=False, on=None):
    """Everybody on the sheet of the cell, and who left with work undone, by given name, with numbers of their tasks.

    ``n_open`` still to do, ``n_late`` of these, ``n_waiting`` for confirmation, ``n_done`` in the year of ``on``.
    """
    today = on or timezone.localdate()
    own = Q(assignments__cell=cell) & ~Q(assignments__audience=Audience.OWNER)
    still = own & Q(assignments__state__in=OPEN)
    numbers = {
        "n_open": still,
        "n_late": still & Q(assignments__due_on__lt=today),
        "n_waiting": own & Q(assignments__state=State.REPORTED),
        "n_done": own & Q(assignments__state=State.DONE, assignments__confirmed_at__year=today.year),
    }
    here = Q(pk__in=attenders(cell, today).values("pk")) | Q(pk__in=shared(cell).unfinished().values("owner"))
    people = Member.objects.filter(here).annotate(
        **{name: Count("assignments", filter=condition) for name, condition in numbers.items()}
    )
    people = people.annotate(is_idle=Q(n_open=0, n_waiting=0, n_done=0))  # nothing to do, nothing done: at the end
    return (people.filter(n_late__gt=0) if late_only else people).order_by("is_idle", "sort_key", "pk")


def board_totals(cell, on=None) -> dict:
    """The same numbers for the whole cell, in one query."""
    late = Q(state__in=OPEN, due_on__lt=on or timezone.localdate())
    return shared(cell).aggregate(
        n_open=Count("pk", filter=Q(state__in=OPEN)),
        n_late=Count("pk", filter=late),
        n_waiting=Count("pk", filter=Q(state=State.REPORTED)),
    )


def board_lines(cell, people, *, late_only=False, on=None):
    """[(member, [unfinished tasks by due day])] for rows of ``board_people``; one query."""
    rows = shared(cell).filter(owner__in=[member.pk for member in people]).order_by("due_on", "pk")
    tasks: dict[int, list] = {}
    for task in rows.late(on) if late_only else rows.unfinished():
        tasks.setdefault(task.owner_id, []).append(task)
    return [(member, tasks.get(member.pk, [])) for member in people]
