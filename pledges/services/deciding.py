"""A pledge on its way: handed in, confirmed, sent back. One function per move of ``states.MOVES``."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.states import move
from members.activity import record
from pledges import queries
from pledges.services import telling
from pledges.wording import NO_COMMITMENT, problems


@transaction.atomic
def submit(pledge, *, by):
    """Hand it in to the chi ủy. Raises Refused with the first thing that is missing."""
    pledge = move(pledge, "submit")
    found = problems(list(pledge.deeds.all()), queries.least_deeds(pledge.cell, pledge.year), pledge.year)
    if found:
        raise Refused(" ".join(found))
    if not (pledge.is_collective or pledge.commitment):
        raise Refused(NO_COMMITMENT)
    pledge.submitted_at = timezone.now()
    pledge.save(update_fields=["submitted_at"])
    telling.handed_in(queries.year_of(pledge.cell, pledge.year), pledge.member_id, "register")
    record(pledge, "pledge.submitted", by=by)
    return pledge


@transaction.atomic
def take_back(pledge, *, by):
    """The author writes on."""
    pledge = move(pledge, "take_back")
    record(pledge, "pledge.taken_back", by=by)
    return pledge


@transaction.atomic
def register(pledge, *, by):
    """It stands in the year's book."""
    pledge = _answered(move(pledge, "register"), "", by)
    telling.answered(pledge, "registered", f"Bản đăng ký làm theo Bác năm {pledge.year} đã được xác nhận", by)
    record(pledge, "pledge.registered", by=by)
    return pledge


@transaction.atomic
def return_(pledge, *, remark, by):
    """The author reads the remark and mends. Raises Refused without one."""
    pledge = _answered(move(pledge, "return"), needed(remark, "Đồng chí ghi góp ý để người đăng ký sửa.", "remark"), by)
    telling.answered(pledge, "returned", f"Chi ủy đề nghị sửa bản đăng ký làm theo Bác năm {pledge.year}", by)
    record(pledge, "pledge.returned", by=by)
    return pledge


@transaction.atomic
def reopen(pledge, *, remark, by):
    """A registered pledge may be added to, until it is assessed. Raises Refused without a reason."""
    pledge = _answered(move(pledge, "reopen"), needed(remark, "Đồng chí ghi lý do mở lại.", "remark"), by)
    telling.answered(pledge, "reopened", f"Bản đăng ký làm theo Bác năm {pledge.year} được mở lại để bổ sung", by)
    record(pledge, "pledge.reopened", by=by)
    return pledge


def _answered(pledge, remark, by):
    pledge.remark, pledge.answered_at, pledge.answered_by = remark, timezone.now(), by
    pledge.save(update_fields=["remark", "answered_at", "answered_by"])
    return pledge


STEPS = {"submit": submit, "take_back": take_back, "register": register, "return": return_, "reopen": reopen}
