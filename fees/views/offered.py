"""What the hub offers: each book and report with one line what it is for, its page and its files."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from core.paging import chip
from fees.periods import NAMED, Period
from fees.views import places

EVERYBODY, STATUS, VOUCHERS, BOOK = "everybody", "status", "vouchers", "book"


@dataclass(frozen=True, slots=True)
class Offer:
    """A book or report: for whom, its files ``<stem>_<ending>``, its page; ``until``: up to a month, not of months."""

    right: str
    title: str
    words: str
    stem: str = ""
    endings: tuple[str, ...] = ()
    page: str = ""
    until: bool = False


OFFERS = (
    Offer(
        BOOK, "Sổ thu, nộp đảng phí (S01/ĐP)", "Từng đồng chí, từng tháng; tổng thu, để lại, nộp. Có số tiền từng "
        "người: người thu giữ.", "s01", ("pdf", "xlsx"),
    ),
    Offer(
        EVERYBODY, "Báo cáo tình hình thu, nộp", "Số đảng viên, đã thu, để lại, phải nộp, đã nộp của kỳ; không có "
        "tên ai.", "b01", ("pdf", "xlsx"),
    ),
    Offer(
        STATUS, "Danh sách chưa đóng", "Ai chưa đóng, tháng nào, tính đến hết kỳ và kể cả các năm trước.",
        "arrears", ("pdf", "xlsx"), "arrears", until=True,
    ),
    Offer(
        VOUCHERS, "Bảng kê nộp cấp trên", "Các lần nộp trong kỳ, bên cạnh phần để lại, phải nộp từng tháng.",
        "remittances", ("pdf",),
    ),
    Offer(
        EVERYBODY, "Một năm của chi bộ", "Biểu đồ thu, để lại, nộp theo tháng; bao nhiêu đồng chí đóng đúng tháng.",
        page="cell_year",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """An offer with its addresses: ``files`` are (word, address), ``page`` an address or nothing."""

    title: str
    words: str
    files: list
    page: str = ""


def address(request, name, args, **query) -> str:
    """The address of a page of the same cell."""
    query = {key: value for key, value in (places.kept(request) | query).items() if value}
    return reverse(f"fees:{name}", args=args) + (f"?{urlencode(query)}" if query else "")


def quick(request, period) -> list:
    """The periods of a year that reports are asked for, as chips."""
    found = [Period(period.year, *span) for span in NAMED]
    kept = places.kept(request)
    return [chip(request.path, _short(each), current=each == period, **kept, **each.query) for each in found]


def _short(period) -> str:
    """ "Cả năm", "6 tháng đầu năm", "Quý I"."""
    word = NAMED[period.start, period.end]
    return "Cả năm" if word == "năm" else word[0].upper() + word[1:].removesuffix(" năm") if word[0] == "q" else word


def offered(request, period, rights) -> list[Item]:
    """What the person may read (``rights``), and the own year."""
    own = address(request, "member_year", [period.year, request.user.member_id])
    words = f"Mức đóng, cách tính, biên lai của đồng chí trong năm {period.year}."
    found = [_item(request, period, offer) for offer in OFFERS if offer.right in rights]
    return [*found, Item("Một năm của tôi", words, [("PDF", own)])]


def _item(request, period, offer) -> Item:
    query = {"den": period.end} if offer.until else period.query
    files = [(end.upper(), address(request, f"{offer.stem}_{end}", [period.year], **query)) for end in offer.endings]
    page = address(request, offer.page, [period.year], **(query if offer.until else {})) if offer.page else ""
    return Item(offer.title, offer.words, files, page)
