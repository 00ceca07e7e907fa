"""What meetings take over from earlier ones, so that nothing agreed is forgotten.

Undiscussed items are rows that move (``settle``); open clauses and due tasks are read anew for each review
(``queries.review``) and kept as they stood when the meeting closes (``freeze_review``).
"""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.vietnamese import date_text, nfc
from meetings.models import AgendaItem, DroppedItem, Meeting, MeetingPaper, PutOff, ReviewLine
from meetings.queries import carried, review
from meetings.services import agenda, reminding
from meetings.services.attendance import ensure_open_record
from meetings.states import HELD, OPEN_ENDED, ItemStatus, Section, State
from members.activity import record
from members.models import Organisation
from members.queries import attenders

SAME = ("title", "decide", "minutes", "draft_text")
NOT_CARRIED = "Chỉ nội dung chuyển từ buổi trước mới cần chọn “Để buổi sau” hoặc “Không bàn nữa”."


def take_turn(cell) -> list:
    """One at a time in a cell: lock the cell, then its drafts by id, and return them.

    Called first by whoever moves a meeting or an item, before any other lock; the head of the diary comes last.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=cell.pk)
    drafts = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(cell=cell, state=State.DRAFT)
    return list(drafts.select_related("cell").order_by("pk"))


@transaction.atomic
def settle(cell, *, by):
    """Put every undiscussed item of a cell into its next draft of a regular meeting; called by whoever moves one.

    Items carried already move on to an earlier draft while nobody has worked on them, and leave the agenda again when
    their meeting turns out to have discussed them. Without a draft they wait, and come with the next one.
    """
    drafts, moved = take_turn(cell), Counter()
    standing = list(_standing(drafts))
    left = list(carried.undiscussed(cell).prefetch_related("papers"))
    chains = carried.chains([item.pk for item in (*standing, *left)])
    for item in standing:
        target = carried.next_draft(drafts, chains[item.pk])
        if _is_out_of_place(item, target):
            _give_up(item)
            moved[item.meeting] += 1
        elif target and target != item.meeting and (_is_untouched(item) or not carried.is_regular_draft(item.meeting)):
            _move(item, target)
            moved[target] += 1
    for item in left:
        if target := carried.next_draft(drafts, chains[item.pk]):
            _carry(item, target)
            moved[target] += 1
    for meeting in drafts if moved else ():  # also those that an item has left
        reminding.papers_wanted(meeting)
    for meeting, count in moved.items():
        record(meeting, "agenda.carried", by=by, items=count)


def _standing(drafts):
    """Carried items of the drafts, in order, with what tells whether somebody has worked on them."""
    rows = AgendaItem.objects.filter(meeting__in=drafts, carried_from__isnull=False)
    rows = rows.select_related("carried_from__meeting").prefetch_related("papers", "carried_from__papers", "clauses")
    by_pk = {meeting.pk: meeting for meeting in drafts}
    for item in rows.order_by("meeting__starts_at", "position", "pk"):
        item.meeting = by_pk[item.meeting_id]
        yield item


def _is_untouched(item) -> bool:
    """Nobody has worked on a carried item since it came: its text, presenter and papers are still those it had."""
    old = item.carried_from
    same = all(getattr(item, name) == getattr(old, name) for name in SAME)
    presenter = item.presenter_id in (None, old.presenter_id)
    return same and presenter and item.section == Section.CONTENT and not _own_papers(item) and not item.clauses.all()


def _own_papers(item):
    laid = {paper.file.name for paper in item.carried_from.papers.all()}
    return [paper for paper in item.papers.all() if paper.file.name not in laid]


def _is_out_of_place(item, target) -> bool:
    """Untouched, and either discussed after all or in a draft that is no regular one, with nowhere to go."""
    discussed = item.carried_from.status == ItemStatus.DISCUSSED
    homeless = target is None and not carried.is_regular_draft(item.meeting)
    return (discussed or homeless) and _is_untouched(item)


def _carry(old, meeting):
    """A new item of the draft in place of an old one, with its text and its papers."""
    stays = old.presenter_id and attenders(meeting.cell, meeting.day).filter(pk=old.presenter_id).exists()
    item = AgendaItem.objects.create(
        meeting=meeting,
        section=Section.CONTENT,
        position=agenda.last(meeting, Section.CONTENT) + 1,
        presenter_id=old.presenter_id if stays else None,
        origin=carried.key_of(old.pk),
        source=f"Chưa bàn ở buổi họp {date_text(old.meeting.day)}",
        carried_from=old,
        **{name: getattr(old, name) for name in SAME},
    )
    kept = ("title", "classification", "filename", "mime", "size", "sha256", "pages", "uploaded_by_id", "uploaded_at")
    for paper in old.papers.all():  # the same file is laid before the new meeting; it goes with its last paper
        values = {name: getattr(paper, name) for name in kept}
        MeetingPaper.objects.create(meeting=meeting, item=item, file=paper.file.name, **values)
    return item


def _move(item, meeting):
    """A carried item goes to the end of another draft, with its papers."""
    item.meeting, item.section = meeting, Section.CONTENT
    item.position = agenda.last(meeting, Section.CONTENT) + 1
    item.save(update_fields=["meeting", "section", "position"])
    item.papers.update(meeting=meeting)


def _give_up(item):
    """Take a carried item off a draft; the papers that came with it go too, its original is left again."""
    own = [paper.pk for paper in _own_papers(item)]
    item.papers.exclude(pk__in=own).delete()
    item.delete()


# What the committee decides about a carried item


def _carried(item):
    """The fresh carried item of a draft, with all drafts of the cell locked; raises Refused for any other item."""
    drafts = take_turn(item.meeting.cell)
    agenda.lock(item.meeting_id)
    fresh = next((row for row in _standing(drafts) if row.pk == item.pk), None)
    if fresh is None:
        agenda.stored(item)  # gone meanwhile: its own sentence
        raise Refused(NOT_CARRIED)
    return fresh, drafts


@transaction.atomic
def put_off_item(item, *, by, reason=""):
    """Leave a carried item for a later meeting: it goes to the next draft after this one, or waits for it."""
    item, drafts = _carried(item)
    meeting = item.meeting
    PutOff.objects.create(item=item.carried_from, meeting=meeting, reason=one_line(reason), by=by)
    meeting.put_off = [*meeting.put_off, carried.key_of(item.carried_from_id)]
    meeting.save(update_fields=["put_off"])
    target = carried.next_draft(drafts, carried.chains([item.pk])[item.pk])
    if target:
        _move(item, target)
    else:
        _give_up(item)
    for each in filter(None, (meeting, target)):
        reminding.papers_wanted(each)
    record(meeting, "item.put_off", by=by, to=target.pk if target else None)


@transaction.atomic
def drop_item(item, *, reason, by):
    """A carried item is not brought up again; why is kept with its original. Raises Refused without a reason."""
    reason = one_line(reason)
    if not reason:
        raise Refused("Ghi lý do không bàn nữa.", field="reason")
    item, _ = _carried(item)
    original, meeting = item.carried_from, item.meeting
    _give_up(item)
    DroppedItem.objects.create(item=original, reason=reason, by=by)
    reminding.papers_wanted(meeting)
    record(original, "item.dropped", by=by, organisation=meeting.cell_id, meeting=meeting.pk)


def leave_out(item, *, choice, reason="", by):
    """ "later": it comes to a later meeting; "drop": it is not brought up again, for a reason."""
    if choice == "drop":
        return drop_item(item, reason=reason, by=by)
    return put_off_item(item, reason=reason, by=by)


def one_line(reason) -> str:
    """A reason as it is kept."""
    return nfc(" ".join(reason.split()))[:300]


# The review of last month


@transaction.atomic
def save_why(meeting, *, key, why, by):
    """Store cause and remedy of one line of a review ("clause:12", "task:5"); an empty text takes it back.

    While the meeting is prepared and held, and after it until its minutes are adopted. Raises Refused.
    """
    meeting = _reviewing(meeting)
    line = next((line for line in review.lines(meeting) if line.key == key), None)
    if line is None:
        raise Refused("Việc này không còn trong phần kiểm điểm của buổi họp.")
    row, _ = ReviewLine.objects.update_or_create(meeting=meeting, **line.thing, defaults={"why": why.strip()[:500]})
    record(meeting, "review.explained", by=by, line=row.pk)
    return row


def _reviewing(meeting):
    fresh = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("cell").get(pk=meeting.pk)
    return fresh if fresh.state in OPEN_ENDED else ensure_open_record(fresh, states=HELD)


@transaction.atomic
def freeze_review(meeting, *, by):
    """Keep the review as it stands, for the minutes and the history of each thing: at the close, or before it when the
    minutes are adopted in session. Idempotent.
    """
    if meeting.review_lines.filter(frozen_at__isnull=False).exists():
        return
    now = timezone.now()
    for position, line in enumerate(review.to_keep(meeting), start=1):
        facts = {
            "why": line.why or line.note[:500],
            "position": position,
            "finding": line.finding,
            "title": line.title,
            "owner_name": line.people[:100],
            "due_on": line.due_on,
            "source": line.source[:200],
            "frozen_at": now,
        }
        ReviewLine.objects.update_or_create(meeting=meeting, **line.thing, defaults=facts)
