"""The checks that the system runs in an audit of the fee (DOMAIN §3.5), each with a name and the rows it finds.

A check reads the book of a cell over months, changes nothing and finds nothing in a right book. All together ask the
database as often as their Sheets have parts, however many members and months there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fees.checks import money, papers, people
from fees.checks.sheets import Found, Sheets

__all__ = ["BY_KEY", "CHECKS", "Check", "Found", "Sheets", "run"]


@dataclass(frozen=True)
class Check:
    """``reads`` says in words what it compares; ``rule`` is the dated rule without which it cannot be made."""

    key: str
    title: str
    reads: str
    look: Callable[[Sheets], Iterable[Found]]
    rule: str = ""

    do_not_call_in_templates = True  # a template shows it

    def __call__(self, cell, from_month, to_month) -> list[Found]:
        """The rows found in the book of a cell from one month to another (first days, both counted)."""
        return self.of(Sheets(cell, from_month, to_month))

    def of(self, sheets: Sheets) -> list[Found]:
        """The same of Sheets that are shared with other checks."""
        return [] if self.unconfigured(sheets) else list(self.look(sheets))

    def unconfigured(self, sheets: Sheets) -> str:
        """ "Chưa cấu hình: …" while its rule has no value in any month of the period, else empty."""
        if not self.rule or any(sheets.rule(self.rule, month).configured for month in sheets.period):
            return ""
        return f"Chưa cấu hình: {sheets.rule(self.rule, sheets.last).title}."


CHECKS = (
    Check(
        "arrears", "Phải thu, đã thu, chênh lệch, còn nợ theo từng đồng chí",
        "Mức đóng và điều chỉnh của từng tháng, so với biên lai", people.arrears,
    ),
    Check(
        "three_months", "Số tháng không đóng đủ trong năm",
        "Các tháng đã khóa sổ còn nợ trong từng năm", people.three_months, "fee.unpaid_months_limit",
    ),
    Check("sums", "Tổng thu của tháng", "Số khóa sổ, so với mức đóng, biên lai và bút toán", money.sums),
    Check(
        "share_amount", "Phần để lại tính theo tỷ lệ đã ghi",
        "Số để lại, phải nộp từng tháng, so với số đã thu nhân tỷ lệ và bút toán trích", money.share_amount,
    ),
    Check(
        "share_rate", "Tỷ lệ để lại đúng tỷ lệ cấp trên đặt",
        "Tỷ lệ đã trích từng tháng, so với quy định của tháng đó", money.share_rate, money.SHARE,
    ),
    Check(
        "remitted", "Số đã nộp cấp trên, so với số phải nộp, theo ngày",
        "Các lần nộp, so với phần phải nộp của các tháng đã trích", money.remitted,
    ),
    Check(
        "balance", "Dư đầu cộng phần để lại trừ khoản chi bằng dư cuối",
        "Bút toán của sổ quỹ: cân từng chứng từ, không quỹ nào âm", money.balance,
    ),
    Check("cash", "Tiền mặt đếm được so với sổ", "Lần kiểm quỹ mới nhất và chênh lệch chưa xử lý", money.cash),
    Check("bank", "Sao kê ngân hàng so với sổ", "Số dư sao kê ghi ở lần kiểm quỹ mới nhất", money.bank),
    Check("papers", "Chứng từ nộp cấp trên, chi đủ", "Tệp đính kèm của các lần nộp, khoản chi", papers.papers),
    Check(
        "receipts", "Biên lai liền số, không trùng", "Số biên lai, số giao dịch, bút toán của từng biên lai",
        papers.receipts,
    ),
    Check("dates", "Ngày đóng đúng tháng thu", "Ngày đóng của từng biên lai, tháng của sổ, ngày ghi", papers.dates),
    Check(
        "category", "Đúng đối tượng, đúng mức đóng",
        "Mức đóng từng tháng, so với hồ sơ, kê khai và quy định", people.category,
    ),
    Check(
        "pensioner", "Người hưởng lương hưu không bị tính như người hưởng lương",
        "Đối tượng trong hồ sơ, so với đối tượng đã tính", people.pensioner,
    ),
    Check(
        "student", "Mức học sinh, sinh viên đúng tuổi", "Tuổi trong tháng của người đóng theo mức sinh viên",
        people.student, "fee.student_max_age",
    ),
    Check(
        "undeclared", "Tháng nào cũng có kê khai thu nhập", "Kê khai được tiếp nhận, so với mức đóng từng tháng",
        people.undeclared,
    ),
    Check(
        "stale_base", "Lương đóng BHXH không giữ nguyên quá lâu",
        "Căn cứ đóng các tháng liền nhau của người hưởng lương", people.stale_base, "fee.base_review_months",
    ),
    Check("undecided", "Miễn, giảm có quyết định", "Quyết định của từng tháng được miễn, giảm", people.undecided),
    Check(
        "expired", "Miễn, giảm còn hạn", "Thời hạn của quyết định, so với các tháng đã áp dụng", people.expired,
    ),
    Check(
        "party_age", "Đủ tuổi đảng được miễn thì không phải đóng", "Ngày vào Đảng, so với các tháng phải đóng",
        people.party_age, "fee.exempt_party_years",
    ),
)  # fmt: skip
BY_KEY = {check.key: check for check in CHECKS}


def run(cell, from_month, to_month) -> dict[str, list[Found]]:
    """{key: rows found} of every check, in the order in which they are shown."""
    sheets = Sheets(cell, from_month, to_month)
    return {check.key: check.of(sheets) for check in CHECKS}
