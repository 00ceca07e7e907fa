"""Forms of the year's calendar."""

from django import forms

from core.forms import ModelForm
from meetings.forms.meeting import Named
from meetings.models import PlannedMeeting
from members.forms.people import DatedFormMixin
from members.queries import attenders, has_committee

COMMITTEE = ("committee_on", "committee_time")
WRONG_TIME = "Ghi giờ theo mẫu 19:30."


class PlannedForm(DatedFormMixin, ModelForm):
    """One meeting of the plan; a cell without committee has no committee meetings to plan."""

    presenter = Named(label="Người trình bày chuyên đề", required=False, empty_label="Chưa phân công")

    class Meta:
        model = PlannedMeeting
        fields = ["kind", "on", "time", "theme", "presenter", *COMMITTEE, "reason"]
        widgets = {"kind": forms.RadioSelect}
        labels = {"kind": "Loại buổi họp"}
        help_texts = {
            "theme": "Ghi khi buổi họp có chuyên đề.",
            "reason": "Ghi khi họp khác ngày thường lệ của chi bộ.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in PlannedMeeting.PLANNED_KINDS]
        self.fields["presenter"].queryset = attenders(self.instance.cell)
        for name in ("time", "committee_time"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"class": "w-num", "inputmode": "numeric"})
            self.fields[name].error_messages["invalid"] = WRONG_TIME
        if not has_committee(self.instance.cell):
            for name in COMMITTEE:
                del self.fields[name]
