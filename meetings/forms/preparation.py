"""What members send before a meeting, and the secretary's answers."""

from django import forms

from core.forms import Form, ModelForm
from meetings.models import Question
from meetings.states import Answer, Excuse


class QuestionForm(ModelForm):
    class Meta:
        model = Question
        fields = ("item", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "Ghi ý kiến hoặc câu hỏi."}}

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.items.all()
        self.fields["item"].empty_label = "Cả buổi họp"


class AnswerForm(Form):
    answer = forms.CharField(
        label="Trả lời",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi câu trả lời."},
    )


class ReplyForm(Form):
    use_required_attribute = False  # the reason is asked only of those who ask to be excused

    answer = forms.ChoiceField(
        label="Đồng chí có dự được không?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một câu trả lời."},
    )
    reason = forms.CharField(
        label="Lý do xin vắng mặt",
        error_messages={"required": "Ghi lý do xin vắng mặt."},
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi khi xin vắng mặt. Bí thư quyết định có lý do hay không; lý do được ghi vào biên bản.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("answer") != Answer.ASKS_EXCUSE:
            self.fields["reason"].required = False


class DecisionForm(Form):
    decision = forms.ChoiceField(choices=Excuse.choices)
