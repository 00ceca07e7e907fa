"""What is printed of the collection: receipts, the list that is signed at the meeting."""

import segno
from django.utils.safestring import mark_safe

from documents.layout import Head, Page, Signature, place_date, upper
from documents.rendering import render
from fees.queries import collection
from fees.queries.receipts import receipts
from members.queries import holder
from members.states import PostTitle

RECEIPT, LIST = "fees/pdf/receipts.html", "fees/pdf/collection_list.html"
BOOK = "fees/pdf/s01.html"
LANDSCAPE = Page(size="A4 landscape", margins=(15, 10, 12, 10))
MONTHS_OF_YEAR = 12
SINGLE = Page(size="A5 landscape", margins=(9, 11, 7, 11), numbered=False)
TWO_ON_A_PAGE = Page(size="A4", margins=(9, 11, 7, 11), numbered=False)


def receipts_pdf(payments, *, batch=False) -> bytes:
    """Receipts in the order given: one on A5, or two on each A4 page to be cut."""
    found = [(receipt, _qr(receipt.check_url)) for receipt in receipts(payments)]
    head = {"type_name": "Biên lai", "subject": "thu đảng phí"}
    page = TWO_ON_A_PAGE if batch else SINGLE
    return render(RECEIPT, {"receipts": found, "head": head, "batch": batch, "page": page})


def _qr(address):
    drawing = segno.make(address, error="m").svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, title="Mã kiểm tra biên lai"
    )
    return mark_safe(drawing)  # segno's own drawing


def collection_list_pdf(cell, month, day, *, amounts=True) -> bytes:
    """The list of a month to be signed by each payer; without ``amounts`` it may go from hand to hand."""
    head = Head(
        upper(cell.superior_line), upper(cell.document_name), "", place_date(cell.place, day), "Bảng",
        f"thu đảng phí tháng {month:%m/%Y}",
    )  # fmt: skip
    payers = collection.payers(cell, month)
    context = {"head": head, "groups": payers, "amounts": amounts, "month": month, "signatures": _signers(cell)}
    context["total"] = sum(payer.left for payer in payers)
    return render(LIST, context)


def _signers(cell):
    people = (
        ("collector", "Người thu đảng phí", PostTitle.FEE_COLLECTOR),
        ("secretary", "Bí thư", PostTitle.SECRETARY),
    )
    return [
        Signature(role, upper(words), getattr(holder(cell, title), "full_name", "")) for role, words, title in people
    ]


def book_pdf(cell, months, found, day) -> bytes:
    """S01/ĐP on A4 landscape: part I by member, part II sums."""
    head = Head(
        upper(cell.superior_line), upper(cell.document_name), "Mẫu S01/ĐP", place_date(cell.place, day), "Sổ",
        f"thu, nộp đảng phí {period(months)}",
    )  # fmt: skip
    context = {"head": head, "book": found, "notes": book_notes(found), "signatures": _signers(cell)}
    return render(BOOK, context | {"page": LANDSCAPE})


def period(months) -> str:
    """ "năm 2026" for the twelve months, else "tháng 01 đến tháng 03/2026"."""
    if len(months) == MONTHS_OF_YEAR:
        return f"năm {months[0]:%Y}"
    return f"tháng {months[0]:%m} đến tháng {months[-1]:%m/%Y}" if len(months) > 1 else f"tháng {months[0]:%m/%Y}"


def book_notes(found) -> list[str]:
    """What the reader must know of the numbers."""
    notes = ["Phần I xếp theo tháng được đóng cho; phần II xếp theo sổ của tháng tiền vào, nên hai tổng có thể khác."]
    if found.unverified:
        notes.append("Mức đóng có quy định chưa kiểm chứng.")
    return notes
