"""The printed sheet of the yearly assignment of work, alone and as the annex of its resolution."""

from core.vietnamese import date_words
from documents import layout, rendering
from meetings.queries.duties import is_adopted, lines

SHEET = "duties/pdf/sheet.html"


def title_of(plan) -> str:
    """ "phân công công tác đảng viên năm 2026", of a later one "điều chỉnh …"."""
    return f"{'điều chỉnh ' if plan.number > 1 else ''}phân công công tác đảng viên năm {plan.year}"


def annex(plan) -> dict:
    """Content of ``duties/pdf/_annex.html``: title, by which resolution, rows (name, lines of text, follower)."""
    rows = [
        {
            "name": row.member.full_name,
            "work": [line.strip(" -–\t") for line in row.text.splitlines() if line.strip()],
            "follower": row.follower.full_name if row.follower else "",
        }
        for row in lines(plan)
        if row.text
    ]
    return {"title": title_of(plan), "basis": basis(plan), "rows": rows}


def adoption_line(plan) -> str:
    """What the resolution says about the plan that goes with it."""
    return f"Thông qua bản {title_of(plan)} kèm theo nghị quyết này."


def voted_lines(resolution) -> list[str]:
    """All of the plans that go with a resolution, for the text that is voted on: who does what, who follows."""
    found = []
    for plan in resolution.duty_plans.order_by("number"):
        found.append(adoption_line(plan))
        for row in lines(plan):
            follower = f" ({row.follower.full_name} theo dõi)" if row.follower else ""
            found += [f"{row.member.full_name}: {line}{follower}" for line in row.text.splitlines() if line.strip()]
    return found


def basis(plan) -> str:
    """ "Kèm theo Nghị quyết số 07-NQ/CB, ngày 05 tháng 01 năm 2026"; the draft says what it waits for."""
    paper = plan.resolution.paper if plan.resolution else None
    if paper is None or not paper.number:
        return "Kèm theo nghị quyết của chi bộ"
    return f"Kèm theo Nghị quyết số {paper.number_line.removeprefix('Số ')}, {date_words(paper.dated_on)}"


def sheet_pdf(plan) -> bytes:
    """The sheet as PDF; with the watermark until a resolution put the plan in force."""
    cell = plan.cell
    paper = plan.resolution.paper if plan.resolution else None
    head = layout.Head(
        superior_name=layout.upper(cell.superior_line),
        issuing_name=layout.upper(cell.document_name),
        number_line="",
        place_date_line=layout.place_date(cell.place, paper.dated_on if paper else None),
        type_name="Bản",
        subject=title_of(plan),
    )
    return rendering.render(SHEET, {"head": head, "annex": annex(plan), "draft": not is_adopted(plan)})
