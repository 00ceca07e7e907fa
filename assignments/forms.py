"""Forms of tasks: what is given, what is reported, why it comes back."""

from django import forms

from assignments.states import Audience
from core.forms import ConfirmForm, Form
from core.uploads import FilesField
from members.models import Member
from members.queries import attenders


class NewForm(Form):
    """A task given by hand, outside a meeting."""

    owner = forms.ModelChoiceField(
        queryset=Member.objects.none(), label="Người thực hiện", empty_label="Chọn đồng chí",
        error_messages={"required": "Đồng chí chọn người thực hiện.",
                        "invalid_choice": "Người được chọn không có trong danh sách của chi bộ."},
    )  # fmt: skip
    title = forms.CharField(
        label="Nhiệm vụ", max_length=250, help_text="Ví dụ: Vận động 6 hộ ngõ 12 góp kinh phí.",
        error_messages={"required": "Đồng chí ghi tên nhiệm vụ."},
    )  # fmt: skip
    detail = forms.CharField(
        label="Yêu cầu cụ thể", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = forms.DateField(
        label="Hạn hoàn thành", help_text="Ví dụ: 05/12/2026",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "w-date", "autocomplete": "off"}),
        error_messages={"required": "Đồng chí ghi hạn hoàn thành.",
                        "invalid": "Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."},
    )  # fmt: skip
    audience = forms.ChoiceField(
        label="Ai được xem", choices=Audience.choices, initial=Audience.CELL, widget=forms.RadioSelect
    )

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = attenders(cell)  # type: ignore[attr-defined]


class ReportForm(Form):
    """What was done, with a piece of evidence."""

    text = forms.CharField(
        label="Kết quả đã làm", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Đồng chí ghi kết quả đã làm."},
    )  # fmt: skip
    files = FilesField(
        label="Tệp minh chứng", required=False,
        help_text="Ảnh, PDF, Word, Excel hoặc PowerPoint, mỗi tệp tối đa 20 MB. Chọn được nhiều tệp.",
        error_messages={"empty": "Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."},
    )  # fmt: skip


class ReturnForm(Form):
    reason = forms.CharField(
        label="Lý do trả lại", max_length=3000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Còn thiếu việc gì, cần bổ sung minh chứng nào.",
        error_messages={"required": "Đồng chí ghi lý do trả lại."},
    )  # fmt: skip


class CancelForm(Form):
    reason = forms.CharField(
        label="Lý do rút", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Đồng chí ghi lý do rút nhiệm vụ."},
    )  # fmt: skip


FORMS = {"report": ReportForm, "finish": ReportForm, "confirm": ConfirmForm, "return": ReturnForm, "cancel": CancelForm}
