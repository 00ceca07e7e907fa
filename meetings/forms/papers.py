"""The form of a meeting's paper."""

from django import forms

from core.forms import Form
from core.sniffing import ACCEPT
from meetings.models import AgendaItem
from meetings.models.agenda import Classification, SecretClass


class PaperForm(Form):
    upload = forms.FileField(
        label="Tệp",
        help_text="PDF, DOCX, XLSX, PPTX hoặc ảnh, tối đa 20 MB.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Chọn tệp tài liệu.", "empty": "Tệp trống, không có nội dung. Chọn tệp khác."},
    )
    title = forms.CharField(
        label="Tên tài liệu", required=False, max_length=200, help_text="Bỏ trống thì lấy theo tên tệp."
    )
    item = forms.ModelChoiceField(
        label="Cho nội dung", queryset=AgendaItem.objects.none(), required=False, empty_label="Cả buổi họp"
    )
    classification = forms.ChoiceField(
        label="Độ mật",
        choices=[*Classification.choices, *SecretClass.choices],
        widget=forms.RadioSelect,
        help_text="Tài liệu Mật, Tối mật, Tuyệt mật không được đưa lên phần mềm này.",
        error_messages={"required": "Chọn độ mật của tài liệu."},
    )
    confirmed_scan = forms.BooleanField(
        label="Bản quét không đọc được chữ. Tôi đã xem và xác nhận tài liệu không có dấu độ mật.", required=False
    )

    def __init__(self, *args, meeting, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.items.all()
        if item is not None:
            del self.fields["item"]

    @property
    def asks_scan(self) -> bool:
        """Whether the box for scans is shown: it was asked for, or ticked already."""
        return self.is_bound and ("confirmed_scan" in self.errors or self.data.get("confirmed_scan") == "on")
