"""What is printed of the collection: receipts, the list that is signed at the meeting."""

import segno
from django.utils.safestring import mark_safe

from documents.layout import Page
from documents.rendering import render
from fees.printing_reports import head, signers
from fees.queries import collection
from fees.queries.receipts import receipts

RECEIPT, LIST = "fees/pdf/receipts.html", "fees/pdf/collection_list.html"
TITLE = {"type_name": "Biên lai", "subject": "thu đảng phí"}
SINGLE = Page(size="A5 landscape", margins=(9, 11, 7, 11), numbered=False)
TWO_ON_A_PAGE = Page(size="A4", margins=(9, 11, 7, 11), numbered=False)


def receipts_pdf(payments, *, batch=False) -> bytes:
    """Receipts in the order given: one on A5, or two on each A4 page to be cut."""
    found = [(receipt, _qr(receipt.check_url)) for receipt in receipts(payments)]
    page = TWO_ON_A_PAGE if batch else SINGLE
    return render(RECEIPT, {"receipts": found, "head": TITLE, "batch": batch, "page": page})


def _qr(address):
    drawing = segno.make(address, error="m").svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, title="Mã kiểm tra biên lai"
    )
    return mark_safe(drawing)  # segno's own drawing


def collection_list_pdf(cell, month, day, *, amounts=True) -> bytes:
    """The list of a month to be signed by each payer; without ``amounts`` it may go from hand to hand."""
    payers = collection.payers(cell, month)
    context = {
        "head": head(cell, day, "Bảng", f"thu đảng phí tháng {month:%m/%Y}"),
        "groups": payers,
        "amounts": amounts,
        "month": month,
        "total": sum(payer.left for payer in payers),
        "signatures": signers(cell),
    }
    return render(LIST, context)
