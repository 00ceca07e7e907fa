"""Words and numbers of the Party's document layout (Hướng dẫn 36-HD/VPTW, phụ lục 3). Pure."""

from dataclasses import dataclass
from datetime import date

from core.vietnamese import date_words, nfc

# Symbols of the kinds of papers; the app issues the first two, the others name papers of superiors.
TYPE_SYMBOLS = {
    "minutes": "BB",
    "resolution": "NQ",
    "notice": "TB",
    "conclusion": "KL",
    "report": "BC",
    "decision": "QĐ",
    "plan": "KH",
    "programme": "CTr",
    "submission": "TTr",
    "regulation": "QC",
    "letter": "CV",
}
DEFAULT_MARGINS_MM = (20, 15, 20, 30)  # top, right, bottom, left: 36-HD/VPTW; a setting, because two sets circulate
HOW_TO_SIGN = "(ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class Page:
    """Paper size (CSS) and margins (mm: top, right, bottom, left).

    ``numbered`` prints page numbers from page 2; ``large`` sets the body in 18 pt for elderly readers.
    """

    size: str = "A4"
    margins: tuple[float, float, float, float] = DEFAULT_MARGINS_MM
    numbered: bool = True
    large: bool = False

    @property
    def css(self) -> str:
        edges = " ".join(f"{edge:g}mm" for edge in self.margins)
        hide = "" if self.numbered else "@top-center{content:none}"
        big = "html,h2,h3{font-size:18pt}table.grid,.note{font-size:16pt}" if self.large else ""
        return f"@page{{size:{self.size};margin:{edges};{hide}}}{big}"


@dataclass(frozen=True)
class Head:
    """The two-column head and the title of a paper, ready to print."""

    superior_name: str
    issuing_name: str
    number_line: str
    place_date_line: str
    type_name: str
    subject: str


@dataclass(frozen=True)
class Signature:
    """One place to sign. ``role`` names the anchor ``sig-<role>`` and the field in the PDF."""

    role: str
    title: str
    name: str
    authority: str = ""
    note: str = HOW_TO_SIGN


@dataclass(frozen=True)
class Foot:
    """What a sealed paper prints about its proof: check address, QR code (SVG), the diary's last line before it."""

    check_url: str
    qr_svg: str
    anchor_seq: int | None = None
    anchor_hash: str = ""


def upper(text: str) -> str:
    """Upper case with every Vietnamese mark kept: "Chi bộ phường Hòa Mai" -> "CHI BỘ PHƯỜNG HÒA MAI"."""
    return nfc(nfc(text).upper())


def symbol(paper_type: str) -> str:
    """Symbol of a paper type: "resolution" -> "NQ"; a symbol stays as it is."""
    return TYPE_SYMBOLS.get(paper_type, paper_type)


def number_line(number: int | None, paper_type: str, issuer: str) -> str:
    """Number and symbol: (5, "resolution", "CB") -> "Số 05-NQ/CB" (no colon, at least two digits; 36-HD/VPTW).

    A paper without number prints nothing.
    """
    if number is None:
        return ""
    return f"Số {number:02d}-{symbol(paper_type)}/{issuer}"


def place_date(place: str, day: date | None) -> str:
    """Place and date: "Hạ Long, ngày 05 tháng 12 năm 2026"; without a date the day stays open for a draft."""
    words = date_words(day) if day else "ngày … tháng … năm …"
    return f"{nfc(place)}, {words}" if place else words[0].upper() + words[1:]


def recipient_lines(recipients) -> list[str]:
    """Lines under "Nơi nhận:": each starts with "-" and ends with ",", the last with "."."""
    names = [nfc(name).rstrip(" ,.;") for name in recipients]
    return [f"- {name}{'.' if place == len(names) else ','}" for place, name in enumerate(names, start=1)]
