"""Forms of the meeting in session: attendance, guests, officers, speeches, texts, tasks."""

from django import forms

from assignments.states import Audience
from core.forms import Form
from meetings.models import Guest
from meetings.states import Presence
from members.models import Member

TEXT_MAX = 20000
TIME = forms.TimeInput(attrs={"type": "time", "class": "w-num"}, format="%H:%M")


class MarkForm(Form):
    """One row of the sheet."""

    presence = forms.ChoiceField(
        label="Điểm danh", choices=Presence.choices[1:], error_messages={"required": "Chọn một mục điểm danh."}
    )
    reason = forms.CharField(label="Lý do vắng", max_length=300, required=False)
    arrived = forms.TimeField(label="Đến lúc", required=False, widget=TIME)
    left = forms.TimeField(label="Về lúc", required=False, widget=TIME)


class GuestForm(Form):
    name = forms.CharField(label="Họ và tên", max_length=Guest._meta.get_field("name").max_length)
    post = forms.CharField(label="Chức vụ, đơn vị", max_length=Guest._meta.get_field("post").max_length, required=False)


class PostponeForm(Form):
    """An item is left to the next meeting."""

    reason = forms.CharField(label="Lý do chuyển sang buổi sau", max_length=300, required=False)


class OfficersForm(Form):
    """Chair and clerk out of those who may be."""

    chair = forms.ModelChoiceField(label="Chủ trì", queryset=Member.objects.none(), empty_label="Chọn chủ trì")
    clerk = forms.ModelChoiceField(label="Thư ký", queryset=Member.objects.none(), empty_label="Chọn thư ký")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = self.fields["clerk"].queryset = people


class SpeechForm(Form):
    """Who spoke (``m<member>`` or ``g<guest>``) and what was said."""

    speaker = forms.ChoiceField(label="Người phát biểu", error_messages={"required": "Chọn người phát biểu."})
    text = forms.CharField(
        label="Tóm tắt ý kiến", max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["speaker"].choices = choices

    def service_values(self):
        """What ``add_speech`` is called with."""
        kind, pk = self.cleaned_data["speaker"][:1], self.cleaned_data["speaker"][1:]
        model, name = (Member, "member") if kind == "m" else (Guest, "guest")
        return {name: model.objects.filter(pk=pk).first(), "text": self.cleaned_data["text"]}


class TextForm(Form):
    """A long text with the version it was read at."""

    text = forms.CharField(max_length=TEXT_MAX, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, label="Nội dung", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


def speech_text(speech, data=None) -> TextForm:
    """The form of a speech's words."""
    initial = {"text": speech.text, "version": speech.version}
    return TextForm(data, initial=initial, auto_id="id_speech_%s", label="Nội dung phát biểu")


def conclusion_text(item, data=None) -> TextForm:
    """The form of the chair's conclusion."""
    initial = {"text": item.conclusion, "version": item.conclusion_version}
    return TextForm(data, initial=initial, auto_id="id_conclusion_%s", label="Kết luận của chủ trì")


class TaskForm(Form):
    """A task out of a conclusion."""

    owner = forms.ModelChoiceField(
        label="Người thực hiện", queryset=Member.objects.none(), empty_label="Chọn người thực hiện",
        error_messages={"required": "Chọn người thực hiện."},
    )  # fmt: skip
    title = forms.CharField(label="Nhiệm vụ", max_length=250, error_messages={"required": "Ghi tên nhiệm vụ."})
    detail = forms.CharField(
        label="Yêu cầu cụ thể", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(
        label="Hạn hoàn thành", help_text="Ví dụ: 05/12/2026",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "w-date", "autocomplete": "off"}),
        error_messages={"required": "Ghi hạn hoàn thành.", "invalid": "Ghi ngày theo mẫu 05/12/2026."},
    )  # fmt: skip
    audience = forms.ChoiceField(  # what is given in a meeting stands in its minutes: never for two pairs of eyes only
        label="Ai được xem",
        choices=[choice for choice in Audience.choices if choice[0] != Audience.OWNER],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
