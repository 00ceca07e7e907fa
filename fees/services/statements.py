"""A statement is read (a dry run that writes no money), corrected line by line, then booked: one receipt a line.

Order of locks to book: all open months of the cell, as for everything that is booked, then the statement.
"""

import hashlib

from django.db import transaction

from core.errors import Refused
from core.vietnamese import date_text, nfc
from fees import reading
from fees.matching import Payer, match
from fees.models import Payment, Source, Statement, StatementLine
from fees.models.payments import reference_key
from fees.queries.owing import owed
from fees.queries.payers import payers
from fees.services.cash import lock_open
from fees.services.collecting import pay
from fees.services.foreseeing import booked_on
from fees.services.surplus import spread
from fees.states import LineState, StatementState
from members.activity import record


@transaction.atomic
def save_source(source, *, by) -> Source:
    """Store where exports come from and how their columns are called. Raises Refused without date or amount."""
    for name in reading.NEEDED:
        if not source.mapping.get(name):
            raise Refused(f"Ghi tên cột “{reading.COLUMNS[name]}” như trong tệp.", field=name)
    same = Source.objects.filter(cell_id=source.cell_id, name=source.name).exclude(pk=source.pk)
    if same.exists():
        raise Refused("Đã có nguồn mang tên này. Đặt tên khác.", field="name")
    known = source.pk is not None
    source.save()
    record(source, "source.changed" if known else "source.added", by=by)
    return source


@transaction.atomic
def read_statement(source, upload, *, by) -> Statement:
    """Read a file and match its lines to members; nothing is booked. The same file twice is refused.

    Lines that stand in the book already (same way of paying and number of the transaction, or the same payer, day
    and amount) are marked so and never booked again.
    """
    data = upload.read()
    digest = hashlib.sha256(data).hexdigest()
    if Statement.objects.filter(cell=source.cell, sha256=digest).exclude(state=StatementState.DROPPED).exists():
        raise Refused("Tệp này đã được đọc. Xem trong danh sách sao kê.", field="file")
    found = reading.read(reading.table(data, upload.name), source.mapping)
    if found.problems:
        row, sentence = found.problems[0]
        more = f" (và {len(found.problems) - 1} dòng khác)" if len(found.problems) > 1 else ""
        raise Refused(f"Dòng {row}{more}: {sentence}", field="file")
    statement = Statement.objects.create(
        cell=source.cell, source=source, filename=nfc(upload.name)[-200:], sha256=digest, read_by=by,
        said_total=found.said_total,
    )  # fmt: skip
    people = _payers(source.cell)
    known = _known(source)
    lines = [_line(statement, row, people, known) for row in found.lines]
    StatementLine.objects.bulk_create(lines)
    record(statement, "statement.read", by=by, lines=len(lines))
    return statement


@transaction.atomic
def match_line(line, *, member, by, rest="", into_open=False) -> StatementLine:
    """The collector says whose money a line is; no member passes it over. Raises Refused once the file is booked.

    ``rest`` (fees.states.Rest): what becomes of more than is owed; ``into_open``: booked in an open month, because
    its own is closed.
    """
    _locked(line.statement)
    fresh = StatementLine.objects.get(pk=line.pk)
    if fresh.state == LineState.KNOWN:
        raise Refused("Khoản này đã có trong sổ nên không ghép nữa.")
    fresh.member = member
    fresh.state = LineState.MATCHED if member else LineState.SKIPPED
    fresh.rest, fresh.into_open = rest, into_open
    fresh.save(update_fields=["member", "state", "rest", "into_open"])
    record(fresh.statement, "statement.matched", by=by, row=fresh.row)
    return fresh


@transaction.atomic
def book_statement(statement, *, by) -> Statement:
    """Every matched line becomes a receipt, all or none. Raises Refused, naming the line, when one cannot be booked."""
    lock_open(statement.cell)
    fresh = _locked(statement)
    lines = list(fresh.lines.filter(state=LineState.MATCHED).select_related("member").order_by("paid_on", "row"))
    if not lines:
        raise Refused("Chưa có dòng nào được ghép với đảng viên.")
    for line in lines:
        line.payment = _pay(fresh, line, by)
        line.state = LineState.BOOKED
        line.save(update_fields=["payment", "state"])
    fresh.state = StatementState.BOOKED
    fresh.save(update_fields=["state"])
    record(fresh, "statement.booked", by=by, lines=len(lines))
    return fresh


@transaction.atomic
def drop_statement(statement, *, by) -> Statement:
    """Put a file away that nothing was booked of; it may be read again."""
    fresh = _locked(statement)
    fresh.state = StatementState.DROPPED
    fresh.save(update_fields=["state"])
    record(fresh, "statement.dropped", by=by)
    return fresh


STEPS = {"book": book_statement, "drop": drop_statement}


def _pay(statement, line, by) -> Payment:
    cell, method, note = statement.cell, statement.source.method, f"Theo sao kê {statement.filename}"
    try:
        day = booked_on(cell, line)
        if day != line.paid_on:
            note = f"Ngân hàng ghi ngày {date_text(line.paid_on)}. {note}"
        months, more = spread(line.member, line.amount, line.rest, owed(cell, members=[line.member_id]), day)
        return pay(
            cell, line.member, line.amount, day, method, by=by, months=months, reference=line.reference,
            voluntary=more, note=note,
        )  # fmt: skip
    except Refused as refusal:
        raise Refused(f"Dòng {line.row}, ngày {date_text(line.paid_on)}: {refusal.message}") from refusal


def _locked(statement) -> Statement:
    rows = Statement.objects.select_for_update(no_key=True, of=("self",)).select_related("source", "cell__parent")
    fresh = rows.get(pk=statement.pk)
    if fresh.state != StatementState.READ:
        raise Refused(f"Sao kê này hiện ở tình trạng “{fresh.get_state_display().lower()}” nên không đổi được nữa.")
    return fresh


def _payers(cell):
    """Whom a text may name: everybody whose fee the cell collects today."""
    return [Payer(member.pk, member.full_name, member.card_no, member.phone) for member in payers(cell)]


def _known(source):
    """What the book already holds: numbers of transactions of this way of paying, and (payer, day, amount).

    A line that was booked on a later day because its month was closed is known by the day of the bank.
    """
    rows = Payment.objects.filter(cell=source.cell, method=source.method, reverses=None, reversed_by=None)
    stored = rows.values_list("reference", "member", "paid_on", "statement_line__paid_on", "amount")
    found: set = set()
    for reference, member, booked, paid_on, amount in stored:
        found |= {(member, booked, amount), (member, paid_on or booked, amount)}
        if reference:
            found.add(reference_key(reference))
    return found


def _line(statement, row, people, known) -> StatementLine:
    found = match(row.text, people)
    state = LineState.MATCHED if found.certain else LineState.UNSURE
    problem = _doubt(found, people)
    if reference_key(row.reference) in known or (found.certain, row.paid_on, row.amount) in known:
        state, problem = LineState.KNOWN, "Khoản này đã có trong sổ."
    return StatementLine(
        statement=statement, cell_id=statement.cell_id, row=row.row, paid_on=row.paid_on, amount=row.amount,
        text=row.text, reference=row.reference, state=state, member_id=found.certain, problem=problem,
    )  # fmt: skip


def _doubt(found, people) -> str:
    """Why the collector has to choose."""
    if found.certain or not found.found:
        return ""
    if len(found.found) > 1:
        return "Nội dung có thể là của nhiều đồng chí."
    name = next(payer.name for payer in people if payer.pk == found.found[0])
    return f"Có thể là đồng chí {name}, nhưng tên không viết thành từ riêng. Chọn người đóng."[:200]
