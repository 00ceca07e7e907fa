"""Reading written PDFs back: words with places, runs with sizes, fonts, signatures."""

import re
import subprocess
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

from pypdf import PdfReader

MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(data: bytes) -> list[list[Word]]:
    """Words of each page with their boxes in points from the top left (poppler)."""
    out = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout
    root = ElementTree.fromstring(out)
    ns = "{http://www.w3.org/1999/xhtml}"
    return [
        [
            Word(nfc(w.text), *(float(w.get(key)) for key in ("xMin", "yMin", "xMax", "yMax")))
            for w in page.iter(f"{ns}word")
        ]
        for page in root.iter(f"{ns}page")
    ]


def text(data: bytes, page: int | None = None) -> str:
    """Text of the file or one page in NFC, runs of space as one (pypdf)."""
    pages = PdfReader(BytesIO(data)).pages
    chosen = pages if page is None else [pages[page]]
    return " ".join(nfc(" ".join(p.extract_text() for p in chosen)).split())


def runs(data: bytes, page: int = 0) -> dict[str, tuple[float, str]]:
    """Text run -> (size in points, style) of a page, from the content stream."""
    found = {}

    def visit(piece, matrix, text_matrix, font, size):
        words_of_it = " ".join(nfc(piece).split())
        if words_of_it and font:
            scale = abs(matrix[3] * text_matrix[3]) if text_matrix[3] else abs(matrix[3])
            found[words_of_it] = (round(size * scale, 1), font["/BaseFont"].partition("+")[2])

    PdfReader(BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return found


def fonts(data: bytes) -> list[tuple[str, str]]:
    """(name without subset tag, embedded yes/no) as poppler's pdffonts lists them."""
    out = subprocess.run(["pdffonts", "-"], input=data, capture_output=True, check=True, text=False).stdout.decode()
    lines = out.splitlines()[2:]
    return sorted({(line.split()[0].partition("+")[2] or line.split()[0], line.split()[-5]) for line in lines})


def pdfsig(data: bytes, tmp_path) -> str:
    """What poppler says about the signatures."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True)
    return done.stdout.decode()


def pdfa_claim(data: bytes) -> tuple[str, str]:
    """Part and conformance in the XMP packet."""
    xmp = PdfReader(BytesIO(data)).trailer["/Root"]["/Metadata"].get_data().decode()
    return re.search(r"pdfaid:part\D*(\d)", xmp)[1], re.search(r"pdfaid:conformance\W*?([A-Z])\b", xmp)[1]


def nfc(value: str) -> str:
    return unicodedata.normalize("NFC", value or "")
