"""Forms of the items of an agenda."""

from django import forms

from core.forms import Form, ModelForm
from meetings.forms.meeting import Named
from meetings.models import AgendaItem
from members.queries import attenders


class ItemForm(ModelForm):
    presenter = Named(label="Người trình bày", required=False)

    class Meta:
        model = AgendaItem
        fields = ("section", "title", "decide", "presenter", "minutes", "draft_text")
        widgets = {
            "section": forms.RadioSelect,
            "title": forms.Textarea(attrs={"rows": 2}),
            "decide": forms.Textarea(attrs={"rows": 2}),
            "minutes": forms.NumberInput(attrs={"class": "w-num"}),
            "draft_text": forms.Textarea(attrs={"rows": 6, "class": "w-full"}),
        }
        help_texts = {
            "decide": "Ghi khi chi bộ phải quyết định ở nội dung này.",
            "draft_text": "Dự thảo nghị quyết, kết luận hoặc báo cáo ngắn. Đảng viên đọc được sau khi thông báo họp.",
        }
        error_messages = {
            "title": {"required": "Ghi nội dung."},
            "minutes": {"required": "Ghi số phút dự kiến.", "invalid": "Ghi số phút bằng chữ số."},
        }

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = AgendaItem._meta.get_field("section").choices
        self.fields["presenter"].queryset = attenders(meeting.cell, meeting.day)
        self.fields["minutes"].widget.attrs |= {"min": 1, "max": 240}

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if not 1 <= minutes <= 240:
            raise forms.ValidationError("Số phút từ 1 đến 240.")
        return minutes


class LaterForm(Form):
    """A carried item goes to a later meeting."""

    choice = forms.CharField(widget=forms.HiddenInput, initial="later")
    reason = forms.CharField(
        label="Lý do để buổi sau", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class DropForm(Form):
    """A carried item is not brought up again."""

    choice = forms.CharField(widget=forms.HiddenInput, initial="drop")
    reason = forms.CharField(
        label="Lý do không bàn nữa",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do không bàn nữa."},
    )


class WhyForm(Form):
    """Cause and remedy of one line of the review."""

    key = forms.CharField(widget=forms.HiddenInput)
    why = forms.CharField(
        label="Nguyên nhân, hướng xử lý", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class DraftForm(Form):
    """The presenter's own text."""

    draft_text = forms.CharField(
        label="Dự thảo",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "w-full"}),
        help_text="Nội dung trình bày, dự thảo nghị quyết hoặc kết luận.",
    )
