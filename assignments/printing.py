"""What is printed about tasks."""

from django.utils import timezone

from assignments import queries
from core.vietnamese import date_text
from documents.layout import Head, place_date, upper
from documents.rendering import render

BOARD = "assignments/pdf/board.html"


def board_pdf(cell) -> bytes:
    """The board of a cell as a table: everybody with unfinished tasks, by given name."""
    today = timezone.localdate()
    lines = queries.board_lines(cell, queries.board_people(cell, on=today), on=today)
    head = Head(
        upper(cell.superior_line), upper(cell.document_name), "", place_date(cell.place, today), "Bảng",
        f"nhiệm vụ đến ngày {date_text(today)}",
    )  # fmt: skip
    people = [(member, tasks) for member, tasks in lines if tasks]
    return render(
        BOARD, {"head": head, "people": people, "totals": queries.board_totals(cell, today), "signatures": []}
    )
