"""Forms of the member's side of the fee book: income declared, exemption and reduction asked for and decided."""

from django import forms
from django.utils import timezone

from core.forms import ConfirmForm, Form
from core.months import months_later
from fees.forms.fields import DayField, MoneyField, MonthField, file_field
from fees.incomes import DECLARABLE
from fees.queries.payers import payers
from fees.states import WaiverGround
from members.models import Member
from members.queries import rule_for

PERSON_ERRORS = {
    "required": "Chọn đồng chí.",
    "invalid_choice": "Người được chọn không đóng đảng phí ở chi bộ này.",
}


def months(back, ahead) -> list:
    """(value, "Tháng 11/2026") from ``back`` months ago to ``ahead`` from now, the earliest first."""
    present = timezone.localdate().replace(day=1)
    found = (months_later(present, number) for number in range(-back, ahead + 1))
    return [(month.isoformat(), f"Tháng {month:%m/%Y}") for month in found]


def person_field(label):
    return forms.ModelChoiceField(
        queryset=Member.objects.none(), label=label, empty_label="Chọn đồng chí", error_messages=PERSON_ERRORS
    )


class AmountField(MoneyField):
    """Needed or not by the category: the service says which, so an empty one is not refused here."""

    def validate(self, value):
        """Nothing is refused here."""


class DeclareForm(Form):
    """Under which category one pays, on which income, from which fee month on."""

    use_required_attribute = False

    category = forms.ChoiceField(
        label="Đối tượng đóng đảng phí", choices=DECLARABLE, widget=forms.RadioSelect,
        error_messages={"required": "Chọn đối tượng đóng đảng phí."},
    )  # fmt: skip
    amount = AmountField(
        label="Thu nhập tính đóng mỗi tháng (đồng)",
        help_text="Lương đóng BHXH, lương hưu, trợ cấp hoặc sinh hoạt phí, ví dụ 7.020.000. "
        "Không có lương hưu, hoặc là học sinh, sinh viên: để trống.",
    )  # fmt: skip
    from_month = MonthField(
        label="Từ tháng đóng đảng phí", widget=forms.Select(attrs={"class": "w-short"}),
        help_text="Lương đóng BHXH tháng này tính cho đảng phí tháng sau. Các tháng trước giữ mức cũ.",
        error_messages={"required": "Chọn tháng.", "invalid_choice": "Chọn tháng có trong danh sách."},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_month"].choices = months(12, 1)  # type: ignore[attr-defined]
        self.fields["from_month"].initial = timezone.localdate().replace(day=1).isoformat()


class EnterForm(DeclareForm):
    """The same, told on paper by a member of the cell."""

    member = person_field("Đồng chí kê khai")
    field_order = ["member", "category", "amount", "from_month"]

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = payers(cell)  # type: ignore[attr-defined]


class ReturnForm(Form):
    reason = forms.CharField(
        label="Lý do trả lại", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đồng chí kê khai đọc được lý do này. Ví dụ: số đã ghi là lương thực nhận, cần lương đóng BHXH.",
        error_messages={"required": "Đồng chí ghi lý do trả lại."},
    )  # fmt: skip


class OwnAcceptForm(Form):
    """The own declaration counts only by a number: nobody else could accept it."""

    decision = forms.CharField(
        label="Số nghị quyết, quyết định", max_length=60,
        help_text="Không ai tự tiếp nhận kê khai của mình. Ghi số nghị quyết của chi bộ hoặc quyết định của cấp trên.",
        error_messages={"required": "Ghi số nghị quyết của chi bộ hoặc quyết định của cấp trên về kê khai này."},
    )  # fmt: skip


def declaration_form(action, declaration, user, data):
    """The form of a move of a declaration."""
    if action == "accept" and declaration.member_id == user.member_id:
        return OwnAcceptForm(data)
    return ReturnForm(data) if action == "return" else ConfirmForm(data)


class SpanForm(Form):
    """How much, from which month to which."""

    percent = forms.TypedChoiceField(
        label="Mức", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Chọn miễn hoặc mức giảm."}
    )
    from_month = MonthField(
        label="Từ tháng", widget=forms.Select(attrs={"class": "w-short"}),
        error_messages={"required": "Chọn tháng bắt đầu.", "invalid_choice": "Chọn tháng có trong danh sách."},
    )  # fmt: skip
    to_month = MonthField(
        label="Đến hết tháng", required=False, empty_value=None, widget=forms.Select(attrs={"class": "w-short"}),
        error_messages={"invalid_choice": "Chọn tháng có trong danh sách."},
    )  # fmt: skip

    def __init__(self, *args, cell, back=0, **kwargs):
        super().__init__(*args, **kwargs)
        percents = rule_for(cell, "fee.reduction_percents")
        cuts = percents.text.split() if percents.configured else []
        self.fields["percent"].choices = [(100, "Miễn"), *((int(cut), f"Giảm {cut} %") for cut in cuts)]  # type: ignore[attr-defined]
        self.fields["from_month"].choices = months(back, 12)  # type: ignore[attr-defined]
        self.fields["to_month"].choices = [("", "Chưa định tháng kết thúc"), *months(back, 24)]  # type: ignore[attr-defined]
        most = rule_for(cell, "fee.waiver_max_months")
        if most.configured:
            limit = f"Giảm, hoặc miễn vì hoàn cảnh khó khăn, nhiều nhất {most.value} tháng mỗi quyết định."
            self.fields["to_month"].help_text = limit
        self.fields["from_month"].initial = timezone.localdate().replace(day=1).isoformat()


class WaiverForm(SpanForm):
    """What is asked for, why, with a paper."""

    ground = forms.ChoiceField(
        label="Lý do", choices=WaiverGround.choices, widget=forms.RadioSelect,
        error_messages={"required": "Chọn lý do."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Trình bày", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Hoàn cảnh cụ thể. Chỉ đồng chí, bí thư, phó bí thư, người thu đảng phí và tổ kiểm tra đọc được.",
    )  # fmt: skip
    paper = file_field(
        label="Giấy tờ kèm theo", required=False,
        help_text="Ảnh chụp giấy xác nhận hoặc đơn viết tay; ảnh, PDF hoặc Word, tối đa 20 MB.",
    )  # fmt: skip
    field_order = ["member", "ground", "percent", "from_month", "to_month", "reason", "paper"]


class EnterWaiverForm(WaiverForm):
    """The same, written down by a head for a member who asked otherwise."""

    member = person_field("Đồng chí xin miễn, giảm")

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, cell=cell, **kwargs)
        self.fields["member"].queryset = payers(cell)  # type: ignore[attr-defined]


class DecideForm(SpanForm):
    """What was decided, by whom, with its number and day; the months may differ from those asked for."""

    decision = forms.CharField(
        label="Số nghị quyết, quyết định", max_length=60, help_text="Ví dụ: 05-NQ/CB hoặc 12-QĐ/ĐU.",
        error_messages={"required": "Ghi số nghị quyết hoặc quyết định. Chưa có văn bản thì chưa ghi miễn, giảm."},
    )  # fmt: skip
    decided_on = DayField(
        label="Ngày quyết định", help_text="Ví dụ: 05/12/2026", error_messages={"required": "Ghi ngày của quyết định."}
    )
    decided_by = forms.CharField(label="Nơi quyết định", max_length=150)
    beyond = forms.BooleanField(label="Quyết định cho nhiều hơn mức đã xin", required=False)
    paper = file_field(
        label="Quyết định hoặc giấy tờ kèm theo", required=False, help_text="Ảnh, PDF hoặc Word, tối đa 20 MB."
    )
    field_order = ["decision", "decided_on", "decided_by", "percent", "beyond", "from_month", "to_month", "paper"]

    def __init__(self, *args, waiver, **kwargs):
        super().__init__(*args, cell=waiver.cell, back=24, **kwargs)
        reported = waiver.state == "reported" and waiver.cell.parent
        initial = {
            "percent": waiver.percent,
            "from_month": waiver.from_month.isoformat(),
            "to_month": waiver.to_month.isoformat() if waiver.to_month else "",
            "decided_by": waiver.cell.parent.name if reported else waiver.cell.name,
        }
        for name, value in initial.items():
            self.fields[name].initial = value
        if waiver.paper:
            del self.fields["paper"]
        if waiver.percent == 100:  # nothing is more
            del self.fields["beyond"]


class AnswerForm(Form):
    answer = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đồng chí xin miễn, giảm đọc được lý do này.", error_messages={"required": "Ghi lý do."},
    )  # fmt: skip


class EndForm(AnswerForm):
    """The last month that the decision holds for."""

    to_month = MonthField(
        label="Áp dụng đến hết tháng", widget=forms.Select(attrs={"class": "w-short"}),
        error_messages={"required": "Chọn tháng.", "invalid_choice": "Chọn tháng có trong danh sách."},
    )  # fmt: skip
    field_order = ["to_month", "answer"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_month"].choices = months(12, 12)  # type: ignore[attr-defined]
        self.fields["to_month"].initial = timezone.localdate().replace(day=1).isoformat()


def waiver_form(action, waiver, data, files):
    """The form of a move of a waiver."""
    if action == "decide":
        return DecideForm(data, files, waiver=waiver)
    return {"refuse": AnswerForm, "annul": AnswerForm, "end": EndForm}.get(action, ConfirmForm)(data)
