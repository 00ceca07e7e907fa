"""Pledges on paper: the registration with the commitment to be signed by hand, the summary of the cell."""

from django.utils import timezone

from core.vietnamese import date_text
from documents.layout import Head, Page, Signature, place_date, upper
from documents.rendering import render
from members.queries import has_committee, holder
from members.states import PostTitle
from pledges.models import Pledge, PledgeYear
from pledges.states import PledgeState
from pledges.summary import summary

BLANK = "\u00a0"  # a line as high as the post beside it, so that both names stand side by side
PLEDGE, SUMMARY = "pledges/pdf/pledge.html", "pledges/pdf/summary.html"


def _head(cell, day, type_name, subject) -> Head:
    return Head(
        upper(cell.superior_line), upper(cell.document_name), "", place_date(cell.place, day), type_name, subject
    )


def _secretary(cell, authority) -> Signature:
    name = getattr(holder(cell, PostTitle.SECRETARY), "full_name", "")
    return Signature("secretary", "BÍ THƯ", name, authority)


def pledge_pdf(pledge: Pledge) -> bytes:
    """The registration and the commitment of a year; what is not confirmed yet is a draft. No form is prescribed."""
    cell, author = pledge.cell, [] if pledge.is_collective else [_author(pledge)]
    whose = "của tập thể chi bộ" if pledge.is_collective else ""
    on_behalf = "T/M CHI ỦY" if author and has_committee(cell) else "T/M CHI BỘ"
    day = timezone.localtime(pledge.submitted_at).date() if pledge.submitted_at else None
    context = {
        "head": _head(cell, day, "Bản đăng ký", f"làm theo Bác và bản cam kết năm {pledge.year} {whose}".strip()),
        "pledge": pledge,
        "deeds": pledge.deeds.all(),
        "commitment": [line for line in pledge.commitment.splitlines() if line.strip()],
        "draft": pledge.state != PledgeState.REGISTERED,
        "signatures": [*author, _secretary(cell, on_behalf)],
    }
    return render(PLEDGE, context)


def _author(pledge) -> Signature:
    return Signature("author", BLANK, pledge.member.full_name, "NGƯỜI ĐĂNG KÝ")


def summary_pdf(year: PledgeYear) -> bytes:
    """The table of the cell on one day."""
    cell, today = year.cell, timezone.localdate()
    context = {
        "head": _head(cell, today, "Tổng hợp", f"việc đăng ký làm theo Bác năm {year.year}"),
        "found": summary(year),
        "day": date_text(today),
        "signatures": [_secretary(cell, "T/M CHI ỦY" if has_committee(cell) else "T/M CHI BỘ")],
        "page": Page(size="A4 landscape", margins=(15, 15, 15, 20)),
    }
    return render(SUMMARY, context)
