"""Proposing, adding, changing, ordering and removing the items of an agenda."""

from django.db import transaction
from django.db.models import Max

from core.errors import Refused
from meetings import standard
from meetings.models import AgendaItem, Meeting
from meetings.offers import offer
from meetings.queries import agenda as queries
from meetings.services import reminding
from meetings.services.attendance import ensure_open_record
from meetings.states import State
from members.activity import record

__all__ = [
    "UNSEEN",
    "accept_proposal",
    "add_item",
    "change_draft",
    "change_item",
    "ensure_seen",
    "last",
    "lay_standard",
    "lock",
    "move_item",
    "offer",
    "order_items",
    "put_off_proposal",
    "remove_item",
    "stored",
]

LOCKED = "Chương trình đã khóa. Muốn sửa, chi ủy lấy lại bản soạn trước."
CARRIED = "Nội dung này chuyển từ buổi trước. Chọn “Để buổi sau”, hoặc “Không bàn nữa” và nêu lý do."
GONE = "Đề nghị này không còn chờ. Có thể đồng chí khác vừa đưa vào chương trình."
UNSEEN = "Chương trình vừa được sửa sau khi đồng chí mở xem. Xem lại chương trình rồi hãy quyết định."
PREPARED = (State.DRAFT,)
ADDED = (State.DRAFT, State.IN_SESSION)  # the meeting itself may add to the agenda it adopts


def lock(meeting, states=PREPARED) -> Meeting:
    """The locked, fresh row of a meeting; raises Refused when its agenda may not change any more."""
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("cell")
    fresh = rows.get(pk=getattr(meeting, "pk", meeting))
    if fresh.state not in states:
        raise Refused(LOCKED)
    return fresh


def ensure_seen(meeting, seen) -> None:
    """Raises Refused when a locked meeting is no longer what the person saw (a ``fingerprint``; "" asks nothing)."""
    if seen and seen != queries.fingerprint(meeting):
        raise Refused(UNSEEN)


def last(meeting, section) -> int:
    """The last place taken in a section of the agenda; 0 for an empty one."""
    return meeting.items.filter(section=section).aggregate(last=Max("position"))["last"] or 0


def lay_standard(meeting):
    """The standard order of its kind (42-HD/BTCTW) for a meeting just made; what apps offer waits beside it.

    Part of ``create_meeting``, which writes the line of the diary.
    """
    people = {"chair": meeting.chair_id, "clerk": meeting.clerk_id}
    rows = [
        AgendaItem(
            meeting=meeting,
            section=row.section,
            position=place,
            title=row.title,
            decide=row.decide,
            minutes=row.minutes,
            presenter_id=people.get(row.presenter),
            origin=row.origin,
        )
        for place, row in enumerate(standard.items(meeting.kind, meeting.day, meeting.theme), start=1)
    ]
    return AgendaItem.objects.bulk_create(rows)


@transaction.atomic
def add_item(meeting, *, agendaitem, by):
    """Put a new item at the end of its section; in session too, where the meeting adds to its agenda."""
    agendaitem.meeting = lock(meeting, ADDED)
    if agendaitem.meeting.state == State.IN_SESSION:
        ensure_open_record(agendaitem.meeting)
    agendaitem.position = last(agendaitem.meeting, agendaitem.section) + 1
    agendaitem.save()
    reminding.papers_wanted(agendaitem.meeting)
    record(agendaitem, "item.added", by=by, minutes=agendaitem.minutes)
    return agendaitem


@transaction.atomic
def change_item(*, agendaitem, by):
    """Store what the form changed; in another section the item goes to its end."""
    agendaitem.meeting = lock(agendaitem.meeting_id)
    before = stored(agendaitem)
    if before.section != agendaitem.section:
        agendaitem.position = last(agendaitem.meeting, agendaitem.section) + 1
    fields = ["section", "position", "title", "decide", "presenter", "minutes", "draft_text"]
    agendaitem.save(update_fields=fields)
    reminding.papers_wanted(agendaitem.meeting)
    record(agendaitem, "item.changed", by=by, minutes=agendaitem.minutes)
    return agendaitem


def kept_here(item):
    """Raises Refused for an item whose text another app keeps: here the whole cell would read it."""
    if item.place:
        raise Refused(f"Nội dung này không ghi ở chương trình. {item.place[1]}.")


@transaction.atomic
def change_draft(item, *, draft_text, by):
    """The presenter's own text for an item, while the meeting is prepared. Raises Refused as ``kept_here``."""
    kept_here(item)
    item.meeting = lock(item.meeting_id)
    item = stored(item)
    item.draft_text = draft_text
    item.save(update_fields=["draft_text"])
    reminding.papers_wanted(item.meeting)
    record(item, "item.changed", by=by)
    return item


def stored(item) -> AgendaItem:
    """The fresh row of an item; raises Refused when it is gone."""
    try:
        return AgendaItem.objects.select_related("meeting").get(pk=item.pk)
    except AgendaItem.DoesNotExist:
        raise Refused("Nội dung này vừa được đồng chí khác bỏ khỏi chương trình.") from None


@transaction.atomic
def remove_item(item, *, by):
    """Take an item off the agenda; its papers stay with the meeting. Raises Refused for one that was carried over."""
    meeting = lock(item.meeting_id)
    item = stored(item)
    if item.carried_from_id:
        raise Refused(CARRIED)
    pk = item.pk
    item.delete()
    item.pk, item.meeting = pk, meeting
    reminding.papers_wanted(meeting)
    record(item, "item.removed", by=by, gone=True, meeting=meeting.pk)


@transaction.atomic
def order_items(meeting, *, order, by):
    """Store a dragged order (ids). Each section keeps its items; what the list does not name stays at the end."""
    meeting = lock(meeting)
    places = {int(pk): place for place, pk in enumerate(order) if str(pk).isdecimal()}
    items = list(meeting.items.all())
    items.sort(key=lambda item: (item.section, places.get(item.pk, len(places)), item.position, item.pk))
    _number(items)
    record(meeting, "agenda.ordered", by=by)


@transaction.atomic
def move_item(item, *, direction, by):
    """One place "up" or "down" within its section; at the edge nothing happens."""
    meeting = lock(item.meeting_id)
    items = list(meeting.items.filter(section=stored(item).section))
    here = [row.pk for row in items].index(item.pk)
    there = here + {"up": -1, "down": 1}[direction]
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
    _number(items)
    record(meeting, "agenda.ordered", by=by, item=item.pk)


def _number(items):
    for place, item in enumerate(items, start=1):
        item.position = place
    AgendaItem.objects.bulk_update(items, ["position"])


def _waiting(meeting, key):
    found = [row for row in queries.waiting(meeting) if row.key == key]
    if not found:
        raise Refused(GONE)
    return found[0]


@transaction.atomic
def accept_proposal(meeting, *, key, by):
    """Turn a waiting proposal into an item at the end of its section."""
    meeting = lock(meeting)
    row = _waiting(meeting, key)
    item = AgendaItem.objects.create(
        meeting=meeting,
        section=row.section,
        position=last(meeting, row.section) + 1,
        title=row.title[:250],
        decide=row.decide[:300],
        minutes=row.minutes,
        presenter_id=row.presenter_id,
        origin=row.key[:60],
        source=row.source[:200],
    )
    reminding.papers_wanted(meeting)
    record(item, "item.added", by=by, minutes=item.minutes)
    return item


@transaction.atomic
def put_off_proposal(meeting, *, key, by):
    """Leave a proposal for the next meeting: it does not wait at this one any more."""
    meeting = lock(meeting)
    _waiting(meeting, key)
    meeting.put_off = [*meeting.put_off, key]
    meeting.save(update_fields=["put_off"])
    record(meeting, "agenda.put_off", by=by)
