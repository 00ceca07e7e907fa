"""Forms of the minutes."""

from django import forms
from django.utils import timezone

from core.forms import Form
from meetings.services.attendance import moment_of

TIME = {"class": "w-num", "inputmode": "numeric", "autocomplete": "off"}


def _time(label, **kwargs):
    widget = forms.TimeInput(format="%H:%M", attrs=dict(TIME))
    return forms.TimeField(label=label, widget=widget, help_text="Giờ, phút, ví dụ 15:30.", **kwargs)


class ProseForm(Form):
    """A long text that saves itself under its version."""

    text = forms.CharField(required=False, strip=False, max_length=20000)
    version = forms.IntegerField(min_value=0)


class OfMeeting(Form):
    """Times of day of one meeting become moments near its opening."""

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def moment(self, name):
        return moment_of(self.meeting, self.cleaned_data[name])


class AdoptForm(OfMeeting):
    """When the cell passed the minutes."""

    adopted_at = _time("Giờ chi bộ thông qua biên bản")

    def __init__(self, *args, meeting, **kwargs):
        moment = meeting.closed_at or timezone.now()
        initial = {"adopted_at": timezone.localtime(moment).time().replace(second=0, microsecond=0)}
        super().__init__(*args, meeting=meeting, initial=initial, **kwargs)

    def clean_adopted_at(self):
        return self.moment("adopted_at")


class TimesForm(OfMeeting):
    """Correct the closing time and, once adopted, the time of adoption."""

    closed_at = _time("Giờ bế mạc")
    adopted_at = _time("Giờ thông qua biên bản", required=False)

    def __init__(self, *args, meeting, adopted_at=None, **kwargs):
        initial = {"closed_at": timezone.localtime(meeting.closed_at).time().replace(second=0, microsecond=0)}
        if adopted_at:
            initial["adopted_at"] = timezone.localtime(adopted_at).time().replace(second=0, microsecond=0)
        super().__init__(*args, meeting=meeting, initial=initial, **kwargs)
        if adopted_at is None:
            del self.fields["adopted_at"]

    def clean_closed_at(self):
        return self.moment("closed_at")

    def clean_adopted_at(self):
        return self.moment("adopted_at")


class ExplainForm(Form):
    """Why a contradiction stands."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label="Giải trình",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lời giải trình được in cuối biên bản.",
    )
