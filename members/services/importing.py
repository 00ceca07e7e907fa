"""Many people at once, pasted from a spreadsheet: first a plan line by line, written only when confirmed."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import Look
from members import parsing
from members.activity import record
from members.models import Member, Membership, Organisation, Placement, Status
from members.services.people import check
from members.states import StatusKind

MOST_LINES = 500
PROBATION = datetime.timedelta(days=730)  # admitted longer ago and no official date given: taken as official
LOOKS = {
    "new": Look("Thêm mới", "ok", "plus-lg"),
    "same": Look("Đã có, bỏ qua", "line", "dash"),
    "error": Look("Có lỗi", "danger", "exclamation-triangle"),
}


@dataclass
class Planned:
    """What will happen to one line: "new" (with the member to save and the status), "same" or "error"."""

    line: parsing.Line
    outcome: str
    reason: str = ""
    member: Member | None = None
    status: str = ""

    @property
    def look(self):
        return LOOKS[self.outcome]

    @property
    def status_label(self):
        return StatusKind(self.status).label if self.status else ""


@dataclass
class Plan:
    rows: list
    unknown: list

    def count(self, outcome) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def unknown_note(self) -> str:
        names = ", ".join(f"“{name}”" for name in self.unknown)
        return f"Không nhận ra nên bỏ qua các cột: {names}." if names else ""

    @property
    def counts(self):
        return {outcome: self.count(outcome) for outcome in LOOKS}


def plan(cell, lines) -> Plan:
    """Line by line what an import would do. Writes nothing. Raises Refused when there is nothing to read."""
    today = timezone.localdate()
    paste = parsing.parse(lines, this_year=today.year)
    if not paste.lines:
        raise Refused("Không có dòng nào để đọc. Dán các dòng từ bảng tính vào ô này.", field="lines")
    if len(paste.lines) > MOST_LINES:
        raise Refused(f"Có {len(paste.lines)} dòng, mỗi lần nhập nhiều nhất {MOST_LINES} dòng.", field="lines")
    known = _people_of(cell)
    return Plan([_planned(line, known, today) for line in paste.lines], paste.unknown)


@transaction.atomic
def import_members(cell, *, lines, starts_on, by) -> Plan:
    """Read the lines again under a lock on the cell and write all new people, or nothing. Returns the plan done.

    Raises Refused while a line has an error, or when there is nobody new.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=cell.pk)
    done = plan(cell, lines)
    if wrong := done.count("error"):
        raise Refused(f"Còn {wrong} dòng có lỗi. Sửa các dòng đó rồi xem lại trước khi ghi.", field="lines")
    new = [row for row in done.rows if row.outcome == "new"]
    if not new:
        raise Refused("Không có đồng chí nào mới để ghi.", field="lines")
    for row in new:
        row.member.save()
    Membership.objects.bulk_create(Membership(member=row.member, cell=cell, starts_on=starts_on) for row in new)
    Status.objects.bulk_create(Status(member=row.member, kind=row.status, starts_on=starts_on) for row in new)
    record(cell, "members.imported", by=by, organisation=cell, count=len(new), starts_on=starts_on)
    return done


def _people_of(cell):
    """(name, birth date) -> what it is known from, for everybody in the cell's book."""
    ever = (
        Membership.objects.filter(cell=cell)
        .values("member")
        .union(Placement.objects.filter(cell=cell).values("member"))
    )
    people = Member.objects.filter(pk__in=ever).values_list("full_name", "birth_date")
    return {(name.casefold(), born): "danh sách" for name, born in people}


def _planned(line, known, today):
    if line.error:
        return Planned(line, "error", line.error)
    values = line.values
    key = (values["full_name"].casefold(), values.get("birth_date"))
    if key in known:
        return Planned(line, "same", f"Trùng họ tên và ngày sinh với {known[key]}.")
    if twin := next((where for (name, born), where in known.items() if name == key[0] and None in (born, key[1])), ""):
        return Planned(
            line, "error", f"Cùng họ tên với {twin} mà một bên thiếu ngày sinh. Ghi ngày sinh ở cả hai để phân biệt."
        )
    member = Member(**values)
    try:
        check(member)
        _check_dates(values, today)
    except Refused as refusal:
        return Planned(line, "error", refusal.message)
    known[key] = f"dòng {line.number}"
    return Planned(line, "new", "; ".join(line.notes), member, status_of(values, today))


def _check_dates(values, today):
    for column in parsing.DATES:
        if values.get(column) and values[column] > today:
            raise Refused(f"{parsing.LABELS[column]}: ngày này chưa đến.")


def status_of(values, today) -> str:
    """Official unless the paste shows a probation: admitted within two years and no official date."""
    admitted = values.get("admitted_on")
    if admitted and not values.get("official_on") and admitted > today - PROBATION:
        return StatusKind.PROBATIONARY
    return StatusKind.OFFICIAL
