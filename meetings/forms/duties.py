"""Forms of the yearly assignment of work."""

from django import forms
from django.utils import timezone

from core.forms import Form, ModelForm
from meetings.models import Duty, Resolution
from meetings.queries.duties import drafts_for, followers
from members.models import Member


class YearForm(Form):
    """For which year a plan is drafted: this one or the next."""

    year = forms.TypedChoiceField(label="Năm", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["year"].choices = [(year, f"Năm {year}") for year in (today.year, today.year + 1)]
        self.fields["year"].initial = today.year + (today.month >= 11)  # late in the year the next one is prepared


class DutyForm(ModelForm):
    """What one member does in the year."""

    class Meta:
        model = Duty
        fields = ["text", "follower"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        labels = {"text": "Nhiệm vụ được phân công trong năm"}
        help_texts = {"text": "Việc cụ thể, vừa với khả năng, sức khỏe. Mỗi dòng một việc."}

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        people = Member.objects.filter(pk__in=followers(cell)).order_by("sort_key")
        self.fields["follower"].queryset = people
        self.fields["follower"].empty_label = "Chưa phân công"


class LayForm(Form):
    """Into which draft resolution the plan goes."""

    resolution = forms.ModelChoiceField(
        Resolution.objects.none(),
        label="Dự thảo nghị quyết",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Chọn dự thảo nghị quyết sẽ thông qua bản phân công."},
    )

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resolution"].queryset = drafts_for(cell)
        self.fields["resolution"].label_from_instance = lambda row: f"{row.meeting.title}: {row.subject}"
