"""Forms of a meeting and of the moves that need data."""

import datetime

from django import forms
from django.utils import timezone

from core.forms import ConfirmForm, Form, ModelForm
from meetings.models import Meeting
from meetings.queries.agenda import fingerprint, items
from meetings.states import THEMATIC_KINDS, Body, Grade, Kind, Mode, State
from members.models import Member
from members.queries import attenders, committee, has_committee

DAY_ATTRS = {"class": "w-date form-control", "aria-label": "Ngày, ví dụ 05/12/2026", "inputmode": "numeric"}
TIME_ATTRS = {"class": "w-num form-control", "aria-label": "Giờ, ví dụ 19:30", "inputmode": "numeric"}
RECENT = datetime.timedelta(days=120)  # committee meetings that may have prepared this one
WRONG_DAY = "Ghi ngày theo mẫu 05/12/2026."
WRONG_TIME = "Ghi giờ theo mẫu 19:30."


class MomentWidget(forms.SplitDateTimeWidget):
    """Day and time beside each other, as people write them."""

    supports_microseconds = False

    def __init__(self, attrs=None):
        super().__init__(
            attrs, date_attrs=DAY_ATTRS, time_attrs=TIME_ATTRS, date_format="%d/%m/%Y", time_format="%H:%M"
        )


class MomentField(forms.SplitDateTimeField):
    """A local moment typed as day and time; needs both."""

    widget = MomentWidget

    def __init__(self, **kwargs):
        messages = {"required": "Ghi ngày và giờ.", "invalid_date": WRONG_DAY, "invalid_time": WRONG_TIME}
        super().__init__(**{"error_messages": {**messages, "incomplete": "Ghi đủ ngày và giờ."}, **kwargs})


class Named(forms.ModelChoiceField):
    """Chooses a member by full name."""

    def __init__(self, **kwargs):
        super().__init__(**{"queryset": Member.objects.none(), "empty_label": "Chưa chọn", **kwargs})


MAIN = ("kind", "theme", "starts_at", "place", "chair", "clerk")
MORE = ("mode", "online_link", "approval", "notifier", "parent")


class MeetingForm(ModelForm):
    starts_at = MomentField(label="Ngày, giờ họp")
    chair = Named(label="Chủ trì", error_messages={"required": "Chọn đồng chí chủ trì."})
    clerk = Named(label="Thư ký", required=False)
    notifier = Named(
        label="Chi ủy viên được giao thông báo",
        required=False,
        help_text="Bí thư, phó bí thư luôn gửi được thông báo.",
    )

    class Meta:
        model = Meeting
        fields = MAIN + MORE
        widgets = {"kind": forms.RadioSelect, "mode": forms.RadioSelect}
        labels = {"kind": "Loại cuộc họp"}
        help_texts = {
            "theme": "Ghi khi buổi họp có chuyên đề.",
            "online_link": "Chỉ dùng khi họp trực tuyến.",
            "approval": "Số, ngày văn bản của cấp ủy cấp trên.",
        }
        error_messages = {"place": {"required": "Ghi địa điểm họp."}, "kind": {"required": "Chọn loại cuộc họp."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cell, on = self.instance.cell, self.instance.day
        board = Member.objects.filter(pk__in=[member.pk for member in committee(cell, on)])
        no_board = not has_committee(cell, on) and self.instance.kind != Kind.COMMITTEE
        self.fields["kind"].choices = [
            (value, label) for value, label in Kind.choices if not (no_board and value == Kind.COMMITTEE)
        ]
        self.fields["mode"].choices = self.fields["mode"].choices[-3:]
        self.fields["chair"].queryset = self.fields["notifier"].queryset = board
        self.fields["clerk"].queryset = attenders(cell, on)
        boards = Meeting.objects.filter(cell=cell, body=Body.COMMITTEE, starts_at__gte=timezone.now() - RECENT)
        boards = boards.exclude(state=State.CANCELLED).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = boards.order_by("-starts_at")
        self.fields["parent"].empty_label = "Không có"

    @property
    def main_fields(self):
        return [self[name] for name in MAIN]

    @property
    def more_fields(self):
        return [self[name] for name in MORE]

    @property
    def more_open(self) -> bool:
        """Whether the folded part shows: something is set or wrong in it."""
        instance = self.instance
        return (
            any(name in self.errors for name in MORE)
            if self.is_bound
            else bool(instance.mode != Mode.IN_PERSON or instance.notifier_id or instance.parent_id)
        )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") in THEMATIC_KINDS and not cleaned.get("theme"):
            self.add_error("theme", "Ghi tên chuyên đề.")
        if cleaned.get("kind") == Kind.COMMITTEE:
            cleaned["parent"] = None
        return cleaned


class RescheduleForm(Form):
    starts_at = MomentField(label="Ngày, giờ họp mới")
    place = forms.CharField(label="Địa điểm", max_length=150, error_messages={"required": "Ghi địa điểm họp."})
    reason = forms.CharField(
        label="Lý do đổi lịch", required=False, max_length=300, help_text="Lý do được ghi trong thư báo.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, meeting, **kwargs):
        initial = {"starts_at": meeting.starts_at, "place": meeting.place}
        super().__init__(*args, initial=initial, **kwargs)


class CancelForm(Form):
    cancel_reason = forms.CharField(
        label="Lý do hủy",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do hủy buổi họp."},
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)


class OpenForm(Form):
    chair = Named(label="Chủ trì", error_messages={"required": "Chọn đồng chí chủ trì."})
    clerk = Named(label="Thư ký", error_messages={"required": "Chọn đồng chí ghi biên bản."})
    opened_at = MomentField(label="Khai mạc lúc")

    def __init__(self, *args, meeting, **kwargs):
        initial = {"chair": meeting.chair_id, "clerk": meeting.clerk_id, "opened_at": _this_minute()}
        super().__init__(*args, initial=initial, **kwargs)
        board = [member.pk for member in committee(meeting.cell, meeting.day)]
        self.fields["chair"].queryset = Member.objects.filter(pk__in=[*board, meeting.chair_id])
        self.fields["clerk"].queryset = attenders(meeting.cell, meeting.day)


class CloseForm(Form):
    closed_at = MomentField(label="Bế mạc lúc")
    quality_score = forms.IntegerField(
        label="Điểm chất lượng buổi sinh hoạt", required=False, min_value=0, max_value=100,
        help_text="Theo phiếu chấm điểm của cấp trên, từ 0 đến 100.",
        widget=forms.NumberInput(attrs={"class": "w-num"}),
        error_messages={"max_value": "Điểm từ 0 đến 100.", "min_value": "Điểm từ 0 đến 100.", "invalid": "Ghi một số."},
    )  # fmt: skip
    quality_grade = forms.ChoiceField(
        label="Xếp loại buổi sinh hoạt", required=False, choices=[("", "Chưa xếp loại"), *Grade.choices],
        widget=forms.Select(attrs={"class": "w-short"}),
    )  # fmt: skip

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, initial={"closed_at": _this_minute()}, **kwargs)


class PlainForm(ConfirmForm):
    """A move that needs nothing but the answer to its question."""

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)


class SeenForm(PlainForm):
    """A move that lets out the agenda: it carries what the person saw of it, and each new page what it is by then."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data=None, *, meeting, **kwargs):
        papers = list(meeting.papers.all())
        self.rows = items(meeting, papers)  # the page checks the same items
        super().__init__(data, meeting=meeting, initial={"seen": fingerprint(meeting, self.rows, papers)}, **kwargs)

    def add_error(self, field, error):
        """The page that comes back shows the agenda as it is now."""
        super().add_error(field, error)
        self.data = self.data.copy()
        self.data["seen"] = self.initial["seen"]


def _this_minute():
    return timezone.now().replace(second=0, microsecond=0)


FORMS = {
    "agree": SeenForm,
    "notify": SeenForm,
    "reschedule": RescheduleForm,
    "cancel": CancelForm,
    "open": OpenForm,
    "close": CloseForm,
}
