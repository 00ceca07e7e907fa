"""Forms: where exports come from and how their columns are called; the file; whose money a line is."""

from django import forms

from core.forms import Form, ModelForm
from fees.forms.receipts import rest_field
from fees.models import Source
from fees.reading import COLUMNS
from members.models import Member

HINTS = {
    "date": "Tên cột ngày giao dịch, viết như trong tệp.",
    "amount": "Tên cột số tiền ghi có (tiền vào).",
    "text": "Tên cột nội dung chuyển tiền, dùng để nhận ra người đóng.",
    "reference": "Tên cột số giao dịch, để không ghi hai lần một khoản.",
}


class SourceForm(ModelForm):
    """Name, way of paying and the headings of the columns."""

    class Meta:
        model = Source
        fields = ("name", "method")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in COLUMNS.items():
            self.fields[name] = forms.CharField(
                label=f"Cột “{label}”", max_length=80, required=name in ("date", "amount"), help_text=HINTS[name],
                initial=self.instance.mapping.get(name, ""),
            )  # fmt: skip

    def service_values(self):
        """The unsaved source with its mapping."""
        source = self.save(commit=False)
        source.mapping = {name: self.cleaned_data[name].strip() for name in COLUMNS}
        return {"source": source}


class StatementForm(Form):
    """A file as the bank gives it."""

    file = forms.FileField(label="Tệp sao kê", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}))

    def service_values(self):
        return {"upload": self.cleaned_data["file"]}


class LineForm(Form):
    """Whose money it is (nobody passes the line over), what becomes of more than is owed, and for a line whose month
    is not open, whether an open one takes it."""

    member = forms.ModelChoiceField(
        Member.objects.none(), label="Người đóng", required=False, empty_label="Bỏ qua dòng này"
    )

    rest = rest_field()
    into_open = forms.BooleanField(
        label="Ghi vào tháng đang mở", required=False,
        help_text="Biên lai mang ngày trong tháng đang mở; ngày của ngân hàng được ghi ở ghi chú.",
    )  # fmt: skip

    def __init__(self, *args, payers, is_open, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = payers
        if is_open:
            del self.fields["into_open"]
