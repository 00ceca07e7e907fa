"""Forms of the resolution: the draft, its clauses, by which vote it was passed, what ends a clause."""

from django import forms

from core.forms import Form, ModelForm
from core.vietnamese import date_text
from meetings.models import AgendaItem, Clause, Meeting, Vote
from meetings.queries import clauses as queries
from meetings.queries.clause_life import name_of
from meetings.states import HELD, Decision, Ending, Section, State, VoteState
from members.models import Member
from members.queries import attenders

DATE = {"class": "w-date", "autocomplete": "off"}
NO_MEETING = "Chọn buổi họp đã quyết định. Nếu không quyết định tại buổi họp nào thì đánh dấu dòng dưới."
MEETINGS = 12  # held meetings that are offered as the one that decided


class SubjectForm(Form):
    subject = forms.CharField(label="Trích yếu", max_length=250, help_text="In dưới chữ NGHỊ QUYẾT.")


class ClauseForm(ModelForm):
    """One task of the resolution; owner and due day together make it an assignment."""

    class Meta:
        model = Clause
        fields = ["text", "owner", "due_on", "item"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(format="%d/%m/%Y", attrs=DATE),
        }
        help_texts = {
            "due_on": "Ngày/tháng/năm, ví dụ 20/01/2027.",
            "item": "Mục này ra từ nội dung nào của buổi họp.",
        }
        error_messages = {"text": {"required": "Ghi nội dung của mục này."}}

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = attenders(meeting.cell)
        self.fields["owner"].empty_label = "Chưa giao cho ai"
        self.fields["item"].queryset = AgendaItem.objects.filter(meeting=meeting, section=Section.CONTENT)
        self.fields["item"].empty_label = "Không gắn với nội dung nào"


class PassedForm(Form):
    """By which vote the resolution was passed; ``agreed`` only where the text was changed after a vote was opened."""

    vote = forms.ModelChoiceField(
        Vote.objects.none(),
        label="Biểu quyết thông qua",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Chọn biểu quyết đã thông qua nghị quyết này."},
    )
    agreed = forms.BooleanField(label="Chi bộ đã thống nhất những chỗ sửa này", required=False)

    def __init__(self, *args, meeting, changed, **kwargs):
        super().__init__(*args, **kwargs)
        votes = Vote.objects.filter(item__meeting=meeting, decision=Decision.RESOLUTION, state=VoteState.CLOSED)
        self.fields["vote"].queryset = votes
        self.fields["vote"].label_from_instance = _vote_label
        passed = [vote for vote in votes if vote.passed]
        self.fields["vote"].initial = passed[0] if len(passed) == 1 else None
        if not changed:
            del self.fields["agreed"]


def _vote_label(vote):
    result = "thông qua" if vote.passed else f"không thông qua, cần {vote.need}"
    return f"{vote.matter}: {vote.agree}/{vote.denominator} tán thành ({result})"


class EndForm(Form):
    """The decision that ends a clause otherwise than by its tasks."""

    ending = forms.ChoiceField(
        label="Kết thúc thế nào", choices=Ending.choices, widget=forms.RadioSelect,
        error_messages={"required": "Chọn cách kết thúc mục này."},
    )  # fmt: skip
    replaced_by = forms.ModelChoiceField(
        Clause.objects.none(), label="Mục thay thế", required=False, empty_label="Không thay bằng mục nào",
        help_text="Chỉ khi thay bằng mục khác: mục còn mở của nghị quyết cùng ngày hoặc ban hành sau.",
    )  # fmt: skip
    text = forms.CharField(
        label="Quyết định của chi bộ", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Chi bộ quyết định gì, vì sao.",
        error_messages={"required": "Ghi quyết định của chi bộ."},
    )  # fmt: skip
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Quyết định tại buổi họp", empty_label="Chọn buổi họp",
        error_messages={"required": NO_MEETING},
    )  # fmt: skip
    elsewhere = forms.BooleanField(label="Không quyết định tại buổi họp nào, căn cứ ghi ở trên", required=False)

    def __init__(self, *args, clause, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaced_by"].queryset = queries.replacements(clause)
        self.fields["replaced_by"].label_from_instance = _clause_label
        held = held_since(clause)
        self.fields["meeting"].queryset = held
        self.fields["meeting"].required = not self.data.get("elsewhere")
        self.fields["meeting"].initial = next((each for each in held if each.state == State.IN_SESSION), None)
        self.fields["meeting"].label_from_instance = lambda meeting: f"{meeting.title}, {date_text(meeting.day)}"

    def clean(self):
        """A cell decides at a meeting: which one is said, or expressly that none did."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("elsewhere", False) and cleaned.get("meeting"):
            self.add_error("meeting", "Đã chọn buổi họp thì bỏ dấu ở dòng dưới.")
        return cleaned


def held_since(clause):
    """The newest held meetings of the body that adopted the clause, from that meeting on."""
    adopted = clause.resolution.meeting
    rows = Meeting.objects.filter(
        cell=adopted.cell_id, body=adopted.body, state__in=HELD, starts_at__gte=adopted.starts_at
    )
    newest = rows.order_by("-starts_at").values("pk")[:MEETINGS]
    return Meeting.objects.filter(pk__in=newest).order_by("-starts_at")


def _clause_label(clause):
    line = " ".join(clause.text.split())
    return f"{name_of(clause)}: {line if len(line) <= 90 else line[:89].rsplit(' ', 1)[0] + '…'}"


class GiveForm(Form):
    """Another task for a clause."""

    owner = forms.ModelChoiceField(
        Member.objects.none(), label="Người thực hiện", empty_label="Chọn đồng chí",
        error_messages={"required": "Chọn người thực hiện."},
    )  # fmt: skip
    title = forms.CharField(
        label="Nhiệm vụ", max_length=250, error_messages={"required": "Ghi tên nhiệm vụ."},
        help_text="Phần việc cụ thể của mục này.",
    )  # fmt: skip
    detail = forms.CharField(
        label="Yêu cầu cụ thể", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(
        label="Hạn hoàn thành", help_text="Ngày/tháng/năm, ví dụ 20/01/2027.",
        widget=forms.DateInput(format="%d/%m/%Y", attrs=DATE), error_messages={"required": "Ghi hạn hoàn thành."},
    )  # fmt: skip

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = attenders(cell)
