"""The books and reports of a period on paper: heads, notes, signatures."""

from dataclasses import dataclass

from core.vietnamese import money_words
from documents.layout import Head, Page, Signature, place_date, upper
from documents.rendering import render
from fees.periods import spans
from members.queries import holder
from members.states import PostTitle

BOOK, SUMMARY, ARREARS = "fees/pdf/s01.html", "fees/pdf/b01.html", "fees/pdf/arrears.html"
SHEET, PASSED, MEMBER = "fees/pdf/remittance.html", "fees/pdf/remittances.html", "fees/pdf/member_year.html"
LANDSCAPE = Page(size="A4 landscape", margins=(18, 10, 12, 10))
NARROW = Page(size="A4", margins=(18, 12, 15, 15))
COLLECTOR, SECRETARY = ("collector", "Người thu đảng phí"), ("secretary", "Bí thư")
NO_FORM = (
    "Chưa cấu hình mẫu chính thức: các chỉ tiêu lấy theo Công văn 141-CV/VPTW/nb ngày 17/3/2011 (mẫu B01/ĐP của "
    "chi bộ cơ sở trở lên); mã số để trống."
)
UNVERIFIED = "Mức đóng có quy định chưa kiểm chứng."


def head(cell, day, type_name, subject, form="") -> Head:
    """The head of a report; ``form`` only where its number is known."""
    superior, own = upper(cell.superior_line), upper(cell.document_name)
    return Head(superior, own, form, place_date(cell.place, day), type_name, subject)


def signers(cell, *, authorities=("", "")) -> list[Signature]:
    """The collector and the secretary of today."""
    return [
        Signature("collector", upper(COLLECTOR[1]), _name(cell, PostTitle.FEE_COLLECTOR), authorities[0]),
        Signature("secretary", upper(SECRETARY[1]), _name(cell, PostTitle.SECRETARY), authorities[1]),
    ]


def _name(cell, title) -> str:
    return getattr(holder(cell, title), "full_name", "")


# S01/ĐP


def book_pdf(cell, period, found, day) -> bytes:
    """S01/ĐP on A4 landscape: part I by member, part II sums."""
    context = {
        "head": head(cell, day, "Sổ", f"thu, nộp đảng phí {period.words}", "Mẫu S01/ĐP"),
        "book": found,
        "notes": book_notes(found),
        "signatures": signers(cell),
    }
    return render(BOOK, context | {"page": LANDSCAPE})


def book_notes(found) -> list[str]:
    """What the reader must know of the numbers."""
    notes = ["Phần I xếp theo tháng được đóng cho; phần II xếp theo sổ của tháng tiền vào, nên hai tổng có thể khác."]
    return [*notes, UNVERIFIED] if found.unverified else notes


# B01


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One indicator; ``why`` stands where the value is not known."""

    name: str
    unit: str
    value: int | None
    why: str = ""
    note: str = ""


def summary_lines(found) -> list[SummaryLine]:
    """The indicators of B01 (DOMAIN §3.4), and what is payable, which 2011 left to be reckoned."""
    day = f"ngày {found.counted_on:%d/%m/%Y}"
    return [
        SummaryLine("Đảng viên đến cuối kỳ", "người", found.members, note=day),
        SummaryLine("Đảng phí đã thu", "đồng", found.collected),
        SummaryLine("Đảng phí để lại chi bộ", "đồng", found.retained, found.why, found.reason),
        SummaryLine("Đảng phí phải nộp cấp trên", "đồng", found.payable, found.why, found.reason),
        SummaryLine("Đảng phí đã nộp cấp trên", "đồng", found.remitted),
    ]


def summary_notes(found) -> list[str]:
    notes = [NO_FORM]
    for months, words in (
        (found.open, "Tháng đang thu, số còn thay đổi"),
        (found.untold, "Chưa gồm tháng chưa khóa sổ"),
        (found.unopened, "Tháng chưa mở sổ"),
    ):
        if months:
            notes.append(f"{words}: {spans(months)}.")
    return notes


def summary_pdf(cell, period, found, day) -> bytes:
    """The report of a period: indicators, then the months."""
    context = {
        "head": head(cell, day, "Báo cáo", f"tình hình thu, nộp đảng phí {period.words}"),
        "lines": summary_lines(found),
        "found": found,
        "notes": summary_notes(found),
        "signatures": signers(cell, authorities=("NGƯỜI LẬP", "T/M CHI BỘ")),
        "page": NARROW,
    }
    return render(SUMMARY, context)


# Arrears


def arrears_notes(found, *, amounts) -> list[str]:
    kept = "Bảng có số tiền từng người: người thu giữ, không chuyền tay, không dán công khai."
    notes = [kept if amounts else "Bảng không ghi số tiền. Danh sách để nhắc đóng, không dán công khai."]
    if found.open:
        notes.append(f"Tháng đang thu, chưa phải là nợ: {spans(found.open)}.")
    return notes


def arrears_pdf(cell, found, day, *, amounts) -> bytes:
    """Who has not paid up to a month; without ``amounts`` words only."""
    context = {
        "head": head(cell, day, "Danh sách", f"đảng viên chưa đóng đảng phí đến hết tháng {found.until:%m/%Y}"),
        "found": found,
        "amounts": amounts,
        "notes": arrears_notes(found, amounts=amounts),
        "signatures": signers(cell) if amounts else [],
    }
    return render(ARREARS, context)


# Remittances


def remittance_pdf(cell, found) -> bytes:
    """The sheet that goes up with the money of one remittance, dated as its voucher."""
    row = found.remittance
    people = [
        Signature("payer", upper("Người nộp"), _name(cell, PostTitle.FEE_COLLECTOR)),
        Signature("secretary", upper(SECRETARY[1]), _name(cell, PostTitle.SECRETARY)),
        Signature("receiver", upper("Người nhận"), ""),
    ]
    context = {
        "head": head(cell, row.voucher.dated_on, "Giấy nộp", "đảng phí lên cấp trên"),
        "found": found,
        "row": row,
        "taken_back": getattr(row.voucher, "reversed_by", None),
        "in_words": money_words(row.amount),
        "signatures": people,
    }
    return render(SHEET, context)


def passed_pdf(cell, period, found, day) -> bytes:
    """What went up in a period, beside the months and their shares."""
    context = {
        "head": head(cell, day, "Bảng kê", f"nộp đảng phí lên cấp trên {period.words}"),
        "found": found,
        "in_words": money_words(found.amount),
        "signatures": signers(cell),
        "page": NARROW,
    }
    return render(PASSED, context)


# One member


def member_year_pdf(cell, found, day) -> bytes:
    """The year of one member, for the member and the collector; ``cell`` writes it."""
    people = [
        Signature("payer", upper("Đảng viên"), found.member.full_name),
        Signature("collector", upper(COLLECTOR[1]), _name(cell, PostTitle.FEE_COLLECTOR)),
    ]
    context = {
        "head": head(cell, day, "Bảng theo dõi", f"đóng đảng phí năm {found.year} của đồng chí {found.member}"),
        "found": found,
        "signatures": people,
        "page": NARROW,
    }
    return render(MEMBER, context)
