"""Forms of a vote: the matter, and the counts."""

from django import forms

from core.forms import Form, ModelForm
from meetings.models import Vote
from meetings.states import Ballot, Decision
from members.models import Member

MOST = 9999


class VoteForm(ModelForm):
    class Meta:
        model = Vote
        fields = ["matter", "decision", "ballot"]
        widgets = {"matter": forms.Textarea(attrs={"rows": 2}), "ballot": forms.RadioSelect(attrs={"class": "seg"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ballot"].choices = Ballot.choices
        self.fields["decision"].choices = Decision.choices
        decision = self.fields["decision"]
        decision.help_text = (
            "Kết nạp, công nhận chính thức, xóa tên, khai trừ cần ít nhất hai phần ba; các việc khác cần quá nửa."
        )


def count(label):
    """A number of people or ballots."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": f"Ghi số {label.lower()}, không có thì ghi 0.", "invalid": "Ghi một số nguyên."},
    )


def teller(label):
    """One of the two who count the papers."""
    return forms.ModelChoiceField(
        label=label, queryset=Member.objects.none(), error_messages={"required": f"Chọn {label.lower()}."}
    )


class CountForm(Form):
    """Counts of an open vote."""

    agree = count("Tán thành")
    disagree = count("Không tán thành")
    other = count("Ý kiến khác")
    ballot_fields = ()

    def __init__(self, *args, people=None, **kwargs):
        kwargs["initial"] = {"disagree": 0, "other": 0} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def counters(self):
        """The three counters of the choices."""
        return [self["agree"], self["disagree"], self["other"]]


class BallotForm(CountForm):
    """Counts of paper ballots by two tellers."""

    teller_1 = teller("Người kiểm phiếu thứ nhất")
    teller_2 = teller("Người kiểm phiếu thứ hai")
    issued = count("Phiếu phát ra")
    returned = count("Phiếu thu về")
    invalid = count("Phiếu không hợp lệ")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, initial={"invalid": 0}, **kwargs)
        choices = [("", "Chọn người kiểm phiếu"), *((person.pk, str(person)) for person in people)]
        for name in ("teller_1", "teller_2"):
            self.fields[name].queryset = Member.objects.filter(pk__in=[person.pk for person in people])
            self.fields[name].choices = choices  # from the rows at hand: no query per field

    def ballots(self):
        """The counters of the papers themselves."""
        return [self["issued"], self["returned"], self["invalid"]]

    def tellers(self):
        """Who counted."""
        return [self["teller_1"], self["teller_2"]]


def count_form(vote, people, data=None) -> CountForm:
    """The form that closes a vote: three counters, for paper ballots also tellers and papers."""
    return (BallotForm if vote.is_secret else CountForm)(data, people=people)
