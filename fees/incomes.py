"""What a member declares: under which of the categories, and whether an amount goes with it. Pure."""

from core.errors import Refused
from core.vietnamese import money
from fees.tariff import INCOME, NO_PENSION
from members.states import FeeCategoryKind as Category

# what the form offers, the most frequent first; the two categories without a pension are one thing to declare,
# the calculation tells them apart by the age in the month
DECLARABLE = (
    (Category.SI_SALARY, "Đóng BHXH bắt buộc (có lương đóng BHXH)"),
    (Category.PENSION, "Hưởng lương hưu, không đóng BHXH bắt buộc"),
    (Category.MIN_WAGE_WORKING, "Không đóng BHXH bắt buộc, không có lương hưu"),
    (Category.STUDENT, "Học sinh, sinh viên"),
    (Category.SI_BENEFIT, "Nghỉ hưởng chế độ ốm đau, thai sản"),
    (Category.ABROAD_STATE, "Ở nước ngoài do Nhà nước cử"),
    (Category.ABROAD_OTHER, "Ở nước ngoài, trường hợp khác"),
)
# typing slips, not rules: thousands left out, a zero too many
LEAST, MOST = 100_000, 1_000_000_000


def needs_amount(category) -> bool:
    """Whether the fee of the category is a share of an income of one's own."""
    return category in INCOME


def same_category(one, other) -> bool:
    """Whether two categories are the same to the member: both without a pension, or equal."""
    return one == other or {one, other} <= set(NO_PENSION)


def words_of(category) -> str:
    """The category as the form names it."""
    shown = Category.MIN_WAGE_WORKING if category in NO_PENSION else category
    return dict(DECLARABLE)[Category(shown)]


def checked_amount(category, amount: int | None) -> int:
    """The amount that goes with the category, in đồng; 0 where none does. Raises Refused at ``amount``."""
    if not needs_amount(category):
        if amount:
            raise Refused(
                "Đối tượng này đóng theo mức chung, không tính theo thu nhập. "
                "Đồng chí để trống số tiền, hoặc chọn lại đối tượng.",
                field="amount",
            )
        return 0
    if not amount:
        raise Refused(f"Đồng chí ghi {INCOME[category]} một tháng, bằng đồng.", field="amount")
    if amount < LEAST:
        raise Refused(f"{money(amount)} là quá nhỏ. Đồng chí ghi đủ bằng đồng, ví dụ 7.020.000.", field="amount")
    if amount > MOST:
        raise Refused(f"{money(amount)} là quá lớn. Đồng chí xem lại các số 0.", field="amount")
    return amount
