"""Forms of turns and of shortcomings."""

from django import forms
from django.utils import timezone

from assignments.forms import DayField
from core.forms import Form
from members.models import Member
from members.queries import attenders, roll

BLOCKS = 3  # shortcomings that one conclusion may name; more are written down on their own page
NEXT_DAY = "Hạn khắc phục phải sau hôm nay."


def prose(label, sentence="", *, rows=5, most=3000, css="", **kwargs):
    """A long text; ``sentence`` says what to do where it is missing, none makes it optional."""
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off", "class": css}),
        required=bool(sentence), error_messages={"required": sentence} if sentence else {}, **kwargs,
    )  # fmt: skip


class WriteForm(Form):
    """The private draft; it may be empty."""

    text = prose("Bản tự phê bình", rows=16, most=6000, css="tall", strip=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ShowForm(Form):
    """Shown by its author: only the question."""

    def __init__(self, *args, turn, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.member_id != turn.member_id:
            self.fields["spoken"] = prose(
                "Tóm tắt lời trình bày", "Đồng chí ghi tóm tắt lời trình bày.",
                help_text="Ghi ý chính đồng chí đó vừa nói. Bản soạn riêng của đồng chí đó không ai khác đọc được.",
            )  # fmt: skip
            self.order_fields(["spoken"])


class ReasonForm(Form):
    """Why a turn is put off or could not take place."""

    reason = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đồng chí có lượt và chi ủy đọc được.", error_messages={"required": "Đồng chí ghi lý do."},
    )  # fmt: skip

    def __init__(self, *args, turn, user, **kwargs):
        super().__init__(*args, **kwargs)


class ConcludeForm(Form):
    """The chair's conclusion, what the minutes carry, and up to three things to be mended."""

    conclusion = prose("Kết luận của chủ trì", "Đồng chí ghi kết luận của chủ trì.")
    carried = prose(
        "Ghi vào biên bản", rows=3, most=1500,
        help_text="Chỉ phần chi bộ quyết định ghi; cả chi bộ đọc được. Để trống thì biên bản chỉ ghi là đã thực hiện.",
    )  # fmt: skip

    def __init__(self, *args, turn, user, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(BLOCKS):
            self.fields[f"text_{number}"] = prose("Hạn chế, khuyết điểm", rows=2, most=1000)
            self.fields[f"remedy_{number}"] = prose("Biện pháp khắc phục", rows=2, most=1000)
            self.fields[f"due_on_{number}"] = DayField(label="Hạn khắc phục", required=False)

    @property
    def blocks(self):
        """The fields of each thing to be mended: (number from 1, fields, whether something stands there)."""
        for number in range(BLOCKS):
            fields = [self[f"{name}_{number}"] for name in ("text", "remedy", "due_on")]
            yield number + 1, fields, any(field.value() or field.errors for field in fields)

    def clean(self):
        data = super().clean() or self.cleaned_data
        for number in range(BLOCKS):
            text, remedy, due = (data.get(f"{name}_{number}") for name in ("text", "remedy", "due_on"))
            if (remedy or due) and not text:
                self.add_error(f"text_{number}", "Đồng chí ghi hạn chế, khuyết điểm.")
            if (text or remedy) and not due and f"due_on_{number}" not in self.errors:
                self.add_error(f"due_on_{number}", "Đồng chí ghi hạn khắc phục.")
            if due and due <= timezone.localdate():
                self.add_error(f"due_on_{number}", NEXT_DAY)
        return data

    def service_values(self):
        """Only what was filled in."""
        data = self.cleaned_data
        found = [
            {name: data[f"{name}_{number}"] for name in ("text", "remedy", "due_on")}
            for number in range(BLOCKS)
            if data[f"text_{number}"]
        ]
        return {"conclusion": data["conclusion"], "carried": data["carried"], "shortcomings": found}


TURN_FORMS = {"show": ShowForm, "conclude": ConcludeForm, "miss": ReasonForm, "put_off": ReasonForm}


class RemarkForm(Form):
    text = prose(
        "Ý kiến góp ý", "Đồng chí ghi ý kiến góp ý.",
        help_text="Ghi kèm tên đồng chí; đồng chí được góp ý và những người dự buổi họp đọc được.",
    )  # fmt: skip


class AnswerForm(Form):
    text = prose("Tiếp thu, giải trình", "Đồng chí ghi ý kiến tiếp thu, giải trình.")


class ReplyForm(Form):
    text = prose("Ý kiến thêm", "Đồng chí ghi ý kiến thêm.", help_text="Đứng cạnh kết luận, không thay kết luận.")


class NewTurnForm(Form):
    """The chi ủy puts somebody into a meeting."""

    member = forms.ModelChoiceField(
        queryset=Member.objects.none(), label="Đồng chí", empty_label="Chọn đồng chí",
        error_messages={"required": "Đồng chí chọn người đến lượt.",
                        "invalid_choice": "Người được chọn không có trong danh sách của chi bộ."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đồng chí có lượt và chi ủy đọc được.",
        error_messages={"required": "Đồng chí ghi lý do xếp đồng chí này vào buổi họp."},
    )  # fmt: skip

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = roll(cell)  # type: ignore[attr-defined]


class ShortcomingForm(Form):
    """Something to be mended, of a member or of the cell."""

    member = forms.ModelChoiceField(
        queryset=Member.objects.none(), label="Của ai", empty_label="Của chi bộ", required=False,
        help_text="Của chi bộ thì mọi đồng chí trong chi bộ đọc được; của một đồng chí thì chỉ đồng chí đó, người "
        "khắc phục, bí thư và phó bí thư.",
    )  # fmt: skip
    text = prose("Hạn chế, khuyết điểm", "Đồng chí ghi hạn chế, khuyết điểm.", rows=4, most=1000)
    remedy = prose("Biện pháp khắc phục", rows=3, most=1000)
    owner = forms.ModelChoiceField(
        queryset=Member.objects.none(), label="Người khắc phục", empty_label="Chọn đồng chí",
        error_messages={"required": "Đồng chí chọn người khắc phục."},
    )  # fmt: skip
    due_on = DayField(
        label="Hạn khắc phục", help_text="Ví dụ: 31/12/2026", error_messages={"required": "Đồng chí ghi hạn khắc phục."}
    )
    source = forms.CharField(
        label="Từ đâu", max_length=150, help_text="Ví dụ: kiểm tra của cấp trên ngày 05/11/2026. Không ghi nội dung.",
        error_messages={"required": "Đồng chí ghi hạn chế này được nêu ở đâu."},
    )  # fmt: skip

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("member", "owner"):
            self.fields[name].queryset = attenders(cell)  # type: ignore[attr-defined]


class FollowForm(Form):
    text = prose("Kết quả khắc phục", "Đồng chí ghi kết quả khắc phục.", most=1500)


class ReopenForm(Form):
    text = prose("Vì sao theo dõi lại", "Đồng chí ghi vì sao theo dõi lại.", most=1500)


SHORTCOMING_FORMS = {"follow": FollowForm, "mend": FollowForm, "reopen": ReopenForm}
