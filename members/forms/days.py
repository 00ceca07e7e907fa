"""The form of a day off, or a working day, laid over the national ones."""

from django import forms

from core.forms import Form
from members.forms.people import DATE_HINT, DatedFormMixin

KINDS = [("off", "Ngày nghỉ"), ("work", "Ngày làm việc (làm bù, không nghỉ)")]


class DayForm(DatedFormMixin, Form):
    """One day or several in a row, what they are, on what ground."""

    kind = forms.ChoiceField(label="Loại ngày", choices=KINDS, initial="off", widget=forms.RadioSelect)
    first = forms.DateField(label="Từ ngày", help_text=DATE_HINT)
    last = forms.DateField(label="Đến hết ngày", required=False, help_text="Để trống nếu chỉ một ngày.")
    name = forms.CharField(label="Tên ngày", max_length=150, help_text="Ví dụ Tết Nguyên đán, làm bù ngày 31/8.")
    source = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Số, ngày của văn bản, ví dụ Thông báo 9441/TB-BNV."
    )

    def service_values(self):
        values = {name: self.cleaned_data[name] for name in ("first", "last", "name", "source")}
        return values | {"is_off": self.cleaned_data["kind"] == "off"}
