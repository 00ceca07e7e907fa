"""A statement of the scene that was read and waits."""

from django.core.files.uploadedfile import SimpleUploadedFile

from fees.models import Source
from fees.services import statements
from fees.states import Method

MAPPING = {"date": "Ngày", "amount": "Tiền", "text": "Lời", "reference": "Mã"}


def scenes(cell, who):
    """``source`` and a ``statement`` with one line for the collector to choose."""
    found = _read(cell, who["thuquy"], "Ngân hàng", 1)
    return {"source": {"pk": found.pop("source")}, "statement": found}


def some(cell, who, rows):
    """``rows`` of sources, files and lines of one payer; arguments of their addresses."""
    found, name = {}, who["dangvien"].member.full_name
    for number in range(rows):
        found = _read(cell, who["thuquy"], f"Nguồn {number}", rows, name)
    return {"statement": [found["pk"]], "source": [found["source"]], "line": [found["pk"], found["row"]]}


def _read(cell, by, name, lines, text="chuyen tien"):
    source = Source(cell=cell, name=name, method=Method.TRANSFER, mapping=MAPPING)
    statements.save_source(source, by=by)
    rows = "".join(f"04/12/2026;1.000;{text};{name}{number}\n" for number in range(lines))
    upload = SimpleUploadedFile("sao-ke.csv", f"Ngày;Tiền;Lời;Mã\n{rows}".encode())
    row = statements.read_statement(source, upload, by=by)
    return {"pk": row.pk, "row": row.lines.first().pk, "source": source.pk}
