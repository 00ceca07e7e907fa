"""Template in, PDF bytes out: the only importer of WeasyPrint.

WeasyPrint and pyHanko are loaded at the first rendering, so that pages without PDF stay small. The parsed
style sheet and the loaded fonts are kept for the life of the process.
"""

import atexit
import threading
import unicodedata
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from django.template.loader import render_to_string

from documents.layout import DEFAULT_MARGINS_MM, Page

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLE_SHEET = STATIC / "css" / "document.css"
FONT = STATIC / "fonts" / "Tinos-Regular.ttf"
ARCHIVE = "pdf/a-3a"
PX_TO_PT = 0.75
UNKNOWN_GLYPH = "□"

_lock = threading.Lock()  # the font map of Pango is shared by the process


def render(template: str, context: dict, *, variant: str | None = ARCHIVE) -> bytes:
    """The template as PDF/A-3a: tagged, text in NFC, set in Tinos only, reading nothing but our static files.

    ``context["draft"]`` prints DỰ THẢO on every page, ``context["page"]`` (documents.layout.Page) rules size and
    margins. Raises FatalURLFetchingError of WeasyPrint when the page asks for anything else than a static file.
    """
    text, page = _text(template, context), _page(context)
    with _lock:
        return _document(text, page, variant).write_pdf(pdf_variant=variant)


def render_sealable(template: str, context: dict, fields: dict[str, str]) -> bytes:
    """Render and reserve one signature field per role at its anchor ``sig-<role>``, written once.

    ``fields`` maps the role (name of the field) to what a reader program shows for it. Raises LookupError when the
    template has no anchor for a role.
    """
    text, page = _text(template, context), _page(context)
    with _lock:
        document = _document(text, page, ARCHIVE)
        boxes = {role: _box(document, f"sig-{role}") for role in fields}
        plain = document.write_pdf(pdf_variant=ARCHIVE)
    return _with_fields(plain, boxes, fields) if fields else plain


def plain_pdf(html: str) -> bytes:
    """The HTML as WeasyPrint alone sets it, nothing kept between calls: the yardstick of the bench (DESIGN §7)."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    with _lock:
        fonts = FontConfiguration()
        sheets = [CSS(filename=STYLE_SHEET, font_config=fonts), CSS(string=Page().css, font_config=fonts)]
        return HTML(string=html).write_pdf(pdf_variant=ARCHIVE, font_config=fonts, stylesheets=sheets)


def _text(template, context) -> str:
    """The filled template; database and template work happens before the lock is taken."""
    return in_tinos(unicodedata.normalize("NFC", render_to_string(template, context)))


def _page(context) -> Page:
    return context.get("page") or Page(margins=getattr(settings, "DOCUMENT_MARGINS_MM", DEFAULT_MARGINS_MM))


def _document(text, page, variant):
    from weasyprint import HTML

    html = HTML(string=text, base_url=f"{STATIC.as_uri()}/", url_fetcher=_fetcher())
    return html.render(font_config=_fonts(), stylesheets=[_style_sheet(), _page_sheet(page)], pdf_variant=variant)


@cache
def _fetcher():
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class StaticFetcher(URLFetcher):
        """Reads files of static/ and stops the rendering at anything else."""

        def fetch(self, url, headers=None):
            parts = urlsplit(url)
            path = Path(url2pathname(parts.path)).resolve()
            if parts.scheme != "file" or not path.is_relative_to(STATIC) or not path.is_file():
                raise FatalURLFetchingError(f"Không được đọc {parts.scheme}:{parts.path[:200]}")
            return super().fetch(url, headers)

    return StaticFetcher(allowed_protocols=["file"])


@cache
def _fonts():
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_fonts.cache_clear)  # its clean-up needs modules that are gone at the very end
    return FontConfiguration()


@cache
def _style_sheet():
    from weasyprint import CSS

    return CSS(filename=STYLE_SHEET, font_config=_fonts(), url_fetcher=_fetcher())


@lru_cache(maxsize=32)
def _page_sheet(page: Page):
    from weasyprint import CSS

    return CSS(string=page.css, font_config=_fonts(), url_fetcher=_fetcher())


class _KnownGlyphs(dict):
    """Translation table that fills itself: a letter Tinos lacks becomes a box, an invisible mark goes."""

    def __missing__(self, code):
        from fontTools.ttLib import TTFont

        if "cmap" not in self.__dict__:
            with TTFont(FONT, lazy=True) as font:
                self.cmap = frozenset(font.getBestCmap())
        char = chr(code)
        if code in self.cmap or char in "\n\t":
            self[code] = char
        else:
            self[code] = "" if unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc") else UNKNOWN_GLYPH
        return self[code]


_glyphs = _KnownGlyphs({code: chr(code) for code in range(32, 127)})


def in_tinos(text: str) -> str:
    """The text with every sign that Tinos cannot set replaced, so that no other font enters the file."""
    return text.translate(_glyphs)


def _box(document, anchor):
    """Page number and box of an anchor in points from the lower left corner, as PDF counts."""
    for number, page in enumerate(document.pages):
        if anchor in page.anchors:
            x1, y1, x2, y2 = page.anchors[anchor]
            left, right = sorted((x1 * PX_TO_PT, x2 * PX_TO_PT))
            top, bottom = sorted((y1, y2))
            return number, (left, (page.height - bottom) * PX_TO_PT, right, (page.height - top) * PX_TO_PT)
    raise LookupError(f"no anchor {anchor} in the template")


def _with_fields(plain: bytes, boxes, fields) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field, ensure_sig_flags

    writer = IncrementalPdfFileWriter(BytesIO(plain))
    for role, (number, box) in boxes.items():
        spec = SigFieldSpec(role, on_page=number, box=box, readable_field_name=fields[role])
        append_signature_field(writer, spec)
    # "append only" from the start: programs outside then continue the file, and their signature changes no flag
    ensure_sig_flags(writer=writer, lock_sig_flags=True)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
