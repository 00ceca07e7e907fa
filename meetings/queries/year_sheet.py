"""The year's plan as the cell prints it."""

from core.vietnamese import weekday
from documents import layout, rendering
from documents.layout import Head, Page, place_date

SHEET = "calendar/pdf/plan.html"


def sheet_pdf(cell, strip) -> bytes:
    """The plan of a year as PDF, landscape: a line for each meeting and for each month without one."""
    head = Head(
        superior_name=layout.upper(cell.superior_line),
        issuing_name=layout.upper(cell.document_name),
        number_line="",
        place_date_line=place_date(cell.place, None),
        type_name="Lịch",
        subject=f"sinh hoạt chi bộ năm {strip.year}",
    )
    context = {"head": head, "lines": lines(strip), "strip": strip, "page": Page(size="A4 landscape")}
    return rendering.render(SHEET, context)


def lines(strip) -> list[dict]:
    """Cells of the table, month by month."""
    found = []
    for month in strip.months:
        for place, each in enumerate(month.gatherings or [None]):
            found.append({"month": month.number if not place else "", **_cells(each)})
    return found


def _cells(each):
    if each is None:
        return {}
    notes = [text for text in (each.moved, each.clash and f"Ngày họp {each.clash}") if text]
    if each.estimated:
        notes.append("ngày nghỉ dự kiến")
    return {
        "day": f"{weekday(each.day)}, {each.day:%d/%m}",
        "time": f"{each.time:%H:%M}",
        "kind": each.short,
        "theme": each.theme,
        "presenter": each.presenter.full_name if each.presenter else "",
        "committee": each.committee_day if each.committee_on else "",
        "notes": ". ".join(text[0].upper() + text[1:] for text in notes),
        "held": each.meeting is not None and each.meeting.closed_at is not None,
    }
