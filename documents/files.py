"""Where the files of papers lie, and how a page that knows the reader hands one out.

The default storage stands outside static files; nothing in it has an address of its own.
"""

from uuid import uuid4

from django.http import FileResponse


def random_name(instance, filename) -> str:
    """A name that tells nothing: papers/3f/3f2a….pdf."""
    token = uuid4().hex
    return f"papers/{token[:2]}/{token}.pdf"


def pdf_response(paper_file, name: str) -> FileResponse:
    """The stored file as an attachment. The caller has asked whether this person may read the paper."""
    response = FileResponse(
        paper_file.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
    return harden(response)


def harden(response):
    """Headers of every handed-out file: no sniffing, no scripts, not kept by caches between."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
