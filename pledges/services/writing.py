"""What the author does with a pledge before it is handed in: begin, copy from last year, write."""

from django.db import transaction

from core.errors import STALE, Refused
from members.activity import record
from pledges import queries
from pledges.models import Deed, Pledge
from pledges.states import WRITABLE, PledgeState
from pledges.wording import MOST_DEEDS

TEXTS = ("title", "area", "measure", "target", "evidence")


@transaction.atomic
def start(cell, year, *, by, member=None, copy=False):
    """Begin the pledge of a member, or of the collective (``member`` None); ``copy`` takes over last year's deeds and
    commitment, marked where they were not reached. Raises Refused when the year is not opened or one exists."""
    if queries.year_of(cell, year) is None:
        raise Refused(f"Chi ủy chưa mở đợt đăng ký năm {year}.")
    if member is not None and not queries.who_pledges(cell).filter(pk=member.pk).exists():
        raise Refused("Đồng chí không thuộc diện đăng ký của chi bộ này trong thời gian này.")
    pledge, fresh = Pledge.objects.get_or_create(cell=cell, year=year, member=member)
    if not fresh:
        raise Refused(f"Năm {year} đã có bản đăng ký; mở bản đó để viết tiếp.")
    if copy:
        _copy(pledge)
    record(pledge, "pledge.started", by=by, year=year)
    return pledge


def _copy(pledge):
    old = Pledge.objects.filter(cell=pledge.cell_id, member=pledge.member_id, year=pledge.year - 1).first()
    if old is None:
        raise Refused(f"Không có bản đăng ký năm {pledge.year - 1} để chép.")
    left = queries.unreached(old)
    Deed.objects.bulk_create(
        Deed(
            pledge=pledge, position=deed.position, carried_from=deed if deed.pk in left else None,
            **{name: getattr(deed, name) for name in TEXTS},
        )
        for deed in old.deeds.all()
    )  # fmt: skip
    pledge.commitment = old.commitment
    pledge.save(update_fields=["commitment"])


def locked(pledge):
    """The row under its lock, still in the author's hands; raises Refused."""
    row = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if row.state not in WRITABLE:
        raise Refused("Bản đăng ký đã gửi chi ủy. Muốn sửa, đồng chí rút về hoặc đề nghị chi ủy mở lại.")
    return row


@transaction.atomic
def save(pledge, *, commitment, deeds, version, by):
    """Keep what was written, complete or not; ``deeds`` are dicts of Deed's fields with ``pk`` (None: a new one).

    A deed not in the list is removed, unless something was reported for it. Raises Refused, also when ``version`` is
    not that of the row: somebody else has written meanwhile.
    """
    row = locked(pledge)
    if version != row.version:
        raise Refused(STALE)
    if len(deeds) > MOST_DEEDS:
        raise Refused(f"Nhiều nhất {MOST_DEEDS} việc; đồng chí chọn những việc thiết thực nhất.")
    kept = {deed.pk: deed for deed in row.deeds.all()}
    _remove([deed for pk, deed in kept.items() if pk not in {given["pk"] for given in deeds}])
    for position, given in enumerate(deeds, 1):
        deed = kept.get(given["pk"]) or Deed(pledge=row)
        deed.position, deed.due_on = position, given["due_on"]
        for name in TEXTS:
            setattr(deed, name, given[name].strip())
        deed.save()
    row.commitment, row.version = commitment.strip(), row.version + 1
    row.save(update_fields=["commitment", "version"])
    return row


def _remove(deeds):
    for deed in deeds:
        if deed.progress.exists():
            raise Refused(f"Việc {deed.position} đã có tiến độ được ghi nên không xóa được.")
        deed.delete()


@transaction.atomic
def discard(pledge, *, by):
    """Throw away a draft that was never handed in."""
    row = locked(pledge)
    if row.state != PledgeState.DRAFT or row.submitted_at is not None:
        raise Refused("Bản đăng ký đã từng gửi chi ủy nên được giữ lại.")
    record(row, "pledge.discarded", by=by, gone=True)
    row.delete()
