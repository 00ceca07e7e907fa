"""Handing out a file: always as an attachment, nothing in it runs here, no cache between keeps it.

The caller has asked whether this person may read it.
"""

from django.http import FileResponse, HttpResponse

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def stored_file(file, name, mime=PDF) -> FileResponse:
    """A file of the private storage under the name that people know it by."""
    return _harden(FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=mime))


def made_pdf(data: bytes, name, mime=PDF) -> HttpResponse:
    """A PDF, or a file of another kind, made for this answer; ``name`` is plain ASCII."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _harden(response)


def _harden(response):
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
