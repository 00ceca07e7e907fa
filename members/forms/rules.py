"""The form of a value laid over a national rule."""

from django import forms
from django.utils import timezone

from core.forms import Form
from members.forms.people import DatedFormMixin
from regulations.lookup import shape_of

YES_NO = [("có", "Có"), ("không", "Không")]


class RuleForm(DatedFormMixin, Form):
    """The same shape as the national row; from which day; on what ground."""

    value = forms.CharField(label="Giá trị", max_length=200)
    starts_on = forms.DateField(label="Có hiệu lực từ ngày")
    source = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Số, ngày của văn bản hoặc nghị quyết, ví dụ Nghị quyết 12-NQ/CB."
    )

    def __init__(self, *args, like, unit="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()
        if shape_of(like) == "yes":
            self.fields["value"] = forms.ChoiceField(label="Giá trị", choices=YES_NO, widget=forms.RadioSelect)
        elif like:
            self.fields["value"].help_text = f"Cùng dạng với quy định chung: {like} {unit}".strip() + "."
            self.fields["value"].widget.attrs["class"] = "w-short"
        self.order_fields(["value", "starts_on", "source"])
