"""Forms of the collection: a payment, its reversal, the correction of a frozen due."""

import datetime

from django import forms
from django.utils import timezone

from core.forms import Form
from core.months import months_later
from core.vietnamese import money
from fees.forms.fields import DayField, MoneyField
from fees.states import Method

AHEAD = 6  # months offered for payment in advance


def months_offered(rows, today: datetime.date) -> list:
    """(value, label) of the months a payment may name: those with something left, then the next ones not opened."""
    open_ones = [(row.month, f"{row.month:%m/%Y}, còn {money(row.left)}") for row in rows if row.left]
    known = {row.month for row in rows if row.due_id is not None}
    months = [months_later(today.replace(day=1), number) for number in range(AHEAD + 1)]
    ahead = [(month, f"{month:%m/%Y}, đóng trước") for month in months if month not in known]
    return [(month.isoformat(), label) for month, label in (*open_ones, *ahead)]


class PayForm(Form):
    """Money received from one member. Without months it pays the oldest unpaid ones."""

    amount = MoneyField(
        min_value=None, label="Số tiền nộp (đồng)", help_text="Tất cả số tiền đã nhận. Ví dụ 142.000.",
        error_messages={"required": "Ghi số tiền đã nhận."},
    )  # fmt: skip
    method = forms.ChoiceField(label="Hình thức", choices=Method.choices, initial=Method.CASH, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Số giao dịch", max_length=60, required=False,
        help_text="Số ghi trên sao kê ngân hàng hoặc biên lai của Cổng Dịch vụ công. Tiền mặt để trống.",
    )  # fmt: skip
    paid_on = DayField(label="Ngày nhận tiền", error_messages={"required": "Ghi ngày nhận tiền."})
    months = forms.TypedMultipleChoiceField(
        label="Cho các tháng", required=False, coerce=datetime.date.fromisoformat, widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn tháng nào thì tính cho tháng cũ nhất chưa đóng trước.",
        error_messages={"invalid_choice": "Chọn các tháng có trong danh sách."},
    )  # fmt: skip
    voluntary = MoneyField(
        label="Trong đó tự nguyện đóng thêm (đồng)", required=False,
        help_text="Chi bộ báo cáo cấp ủy cấp trên trực tiếp về phần tự nguyện đóng thêm.",
    )  # fmt: skip
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)

    def __init__(self, *args, rows=(), **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["months"].choices = months_offered(rows, today)  # type: ignore[attr-defined]
        self.fields["paid_on"].initial = today
        self.fields["amount"].initial = sum(row.left for row in rows) or None

    def clean_voluntary(self):
        """Nothing written is nothing given."""
        return self.cleaned_data["voluntary"] or 0


class ReverseForm(Form):
    reason = forms.CharField(
        label="Lý do hủy", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In trên biên lai hủy. Ví dụ: Ghi nhầm người nộp.",
        error_messages={"required": "Ghi lý do hủy biên lai."},
    )  # fmt: skip


class CorrectForm(Form):
    """The right amount of a due that is frozen; the difference is booked in an open month."""

    right = MoneyField(
        label="Mức đóng đúng của tháng (đồng)", help_text="Tổng phải đóng của tháng này, không phải phần chênh lệch.",
        error_messages={"required": "Ghi mức đóng đúng."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi lý do điều chỉnh."},
    )  # fmt: skip

    def __init__(self, *args, owes=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.owes = owes

    def clean_right(self):
        """An amount of đồng that differs from what stands."""
        right = self.cleaned_data["right"]
        if right == self.owes:
            raise forms.ValidationError("Mức đóng của tháng đang đúng bằng số này, không có gì để điều chỉnh.")
        return right

    def service_values(self):
        """The service books the difference."""
        return {"amount": self.cleaned_data["right"] - self.owes, "reason": self.cleaned_data["reason"]}


class CloseForm(Form):
    """A month closes without the dues that cannot be counted only with a reason for each; one that is not over yet,
    only knowing that nothing can be booked until the next is open."""

    def __init__(self, *args, dues=(), next_month=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dues = list(dues)
        if next_month is not None:
            words = f"Tháng chưa hết. Khóa bây giờ thì đến ngày {next_month:%d/%m/%Y} mới ghi thu, chi tiếp được."
            self.fields["early"] = forms.BooleanField(
                label="Khóa trước khi hết tháng", help_text=words,
                error_messages={"required": f"{words} Đánh dấu ô này nếu vẫn khóa."},
            )  # fmt: skip
        for due in self.dues:
            self.fields[f"reason_{due.member_id}"] = forms.CharField(
                label=f"Lý do để lại đồng chí {due.member.full_name}", max_length=130,
                help_text=due.problem or due.get_kind_display(),
                error_messages={"required": f"Ghi lý do để lại đồng chí {due.member.full_name}."},
            )  # fmt: skip

    def service_values(self):
        return {"reasons": {due.member_id: self.cleaned_data[f"reason_{due.member_id}"] for due in self.dues}}
