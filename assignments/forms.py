"""Forms of tasks: what is given, what is reported, why it comes back."""

from django import forms

from assignments.states import Audience
from core.forms import ConfirmForm, Form
from core.sniffing import ACCEPT
from core.uploads import FilesField, FilesInput
from members.models import Member
from members.queries import attenders

# kinds of pictures are named, so that a phone offers its camera, and an iPhone hands over JPEG
FROM_A_PHONE = f"image/jpeg,image/png,image/webp,{ACCEPT}"


class DayField(forms.DateField):
    """A day typed as dd/mm/yyyy."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"class": "w-date", "autocomplete": "off"})
    default_error_messages = {"invalid": "Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."}


class NewForm(Form):
    """A task given by hand, outside a meeting."""

    owner = forms.ModelChoiceField(
        queryset=Member.objects.none(), label="Người thực hiện", empty_label="Chọn đồng chí",
        help_text="Một đồng chí chịu trách nhiệm chính và báo cáo hoàn thành.",
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
    parts = forms.CharField(
        label="Phần việc", max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi phần một dòng; làm xong phần nào đánh dấu phần đó. Để trống nếu không chia phần.",
    )  # fmt: skip
    due_on = DayField(
        label="Hạn hoàn thành", help_text="Ví dụ: 05/12/2026",
        error_messages={"required": "Đồng chí ghi hạn hoàn thành."},
    )  # fmt: skip
    audience = forms.ChoiceField(
        label="Ai được xem", choices=Audience.choices, initial=Audience.CELL, widget=forms.RadioSelect
    )

    helpers = forms.ModelMultipleChoiceField(
        queryset=Member.objects.none(), label="Người phối hợp", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Cùng làm, được xem nhiệm vụ, ghi tiến độ và đánh dấu phần việc.",
        error_messages={"invalid_choice": "Người được chọn không có trong danh sách của chi bộ."},
    )  # fmt: skip

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("owner", "helpers"):
            self.fields[name].queryset = attenders(cell)  # type: ignore[attr-defined]

    def clean_parts(self):
        """One text per line."""
        return self.cleaned_data["parts"].splitlines()


class ReportForm(Form):
    """What was done, with a piece of evidence."""

    text = forms.CharField(
        label="Kết quả đã làm", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Đồng chí ghi kết quả đã làm."},
    )  # fmt: skip
    files = FilesField(
        label="Tệp minh chứng", required=False,
        help_text="Ảnh, PDF, Word, Excel hoặc PowerPoint, mỗi tệp tối đa 20 MB. Chọn được nhiều tệp.",
        widget=FilesInput({"accept": FROM_A_PHONE}),
        error_messages={"empty": "Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."},
    )  # fmt: skip


class PartForm(Form):
    """One more part of a task."""

    text = forms.CharField(
        label="Thêm một phần việc", max_length=250, error_messages={"required": "Đồng chí ghi phần việc cần thêm."}
    )


class ExtendForm(Form):
    """More time is asked for."""

    until = DayField(
        label="Xin gia hạn đến ngày", help_text="Ví dụ: 05/12/2026",
        error_messages={"required": "Đồng chí ghi ngày xin gia hạn."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Đồng chí ghi lý do xin gia hạn."},
    )  # fmt: skip


class GrantForm(Form):
    note = forms.CharField(label="Lời nhắn", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(Form):
    note = forms.CharField(
        label="Lý do không gia hạn", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Đồng chí ghi lý do không gia hạn."},
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


FORMS = {
    "receive": ConfirmForm,
    "report": ReportForm,
    "finish": ReportForm,
    "extend": ExtendForm,
    "grant": GrantForm,
    "refuse": RefuseForm,
    "confirm": ConfirmForm,
    "return": ReturnForm,
    "cancel": CancelForm,
}
