"""Forms of audits and hand-overs. The names of fields are those of the services."""

from django import forms
from django.utils import timezone

from core.forms import ConfirmForm, Form
from fees.forms.cash import CountForm
from fees.forms.fields import DayField, MoneyField, MonthField, months_back
from fees.models import Finding
from fees.queries.handovers import givers
from fees.queries.payers import collector
from fees.services.auditing import candidates
from members.models import Member
from members.queries import attenders

NOBODY = Member.objects.none()


def _member(label, **kwargs):
    return forms.ModelChoiceField(NOBODY, label=label, empty_label=kwargs.pop("empty_label", "Chọn đồng chí"), **kwargs)


def _text(label, limit, rows=3, **kwargs):
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class PlanForm(Form):
    """Who looks over which months, when, by which paper."""

    decision = forms.CharField(
        label="Số kế hoạch, quyết định", max_length=60, help_text="Ví dụ: 03-KH/CB hoặc 12-QĐ/ĐU."
    )
    decided_on = DayField(label="Ngày kế hoạch, quyết định", help_text="Ví dụ: 05/12/2026")
    from_month = MonthField(label="Kỳ kiểm tra, từ tháng", widget=forms.Select(attrs={"class": "w-short"}))
    to_month = MonthField(
        label="Đến hết tháng", widget=forms.Select(attrs={"class": "w-short"}),
        help_text="Khi bắt đầu kiểm tra, các tháng của kỳ phải đã khóa sổ.",
    )  # fmt: skip
    planned_on = DayField(label="Ngày kiểm tra", help_text="Ví dụ: 20/12/2026")
    ends_on = DayField(
        label="Xem sổ đến hết ngày", required=False,
        help_text="Nhiều nhất 60 ngày từ ngày kiểm tra; để trống thì 30 ngày. Sau ngày này tổ kiểm tra không xem được "
        "sổ nữa.",
    )  # fmt: skip
    head = _member(
        "Tổ trưởng", help_text="Không phải người lập kế hoạch này, không phải người thu đảng phí. Nếu chi bộ không đủ "
        "người, đề nghị cấp trên quyết định kiểm tra.",
    )  # fmt: skip
    second = _member("Người kiểm tra thứ hai", required=False, empty_label="Không có")
    third = _member("Người kiểm tra thứ ba", required=False, empty_label="Không có")

    def __init__(self, *args, cell, kind, **kwargs):
        super().__init__(*args, **kwargs)
        people = candidates(cell, kind)
        for name in ("head", "second", "third"):
            self.fields[name].queryset = people
        choices = months_back(timezone.localdate(), 36)
        for name in ("from_month", "to_month"):
            self.fields[name].choices = choices
        self.fields["from_month"].initial = timezone.localdate().replace(month=1, day=1).isoformat()
        self.fields["to_month"].initial = choices[1][0]

    def service_values(self):
        """The inspectors as one list."""
        names = ("decision", "decided_on", "from_month", "to_month", "planned_on", "ends_on", "head")
        people = [self.cleaned_data[name] for name in ("head", "second", "third") if self.cleaned_data[name]]
        return {name: self.cleaned_data[name] for name in names} | {"inspectors": people}


class AskForm(Form):
    answer_by = DayField(label="Hạn giải trình", help_text="Ví dụ: 20/12/2026")


class ConclusionForm(Form):
    conclusion = _text(
        "Kết luận", 5000, 10,
        help_text="Ưu điểm, sai sót, nguyên nhân, trách nhiệm. Cấp trên và chi ủy đọc được, "
        "nên không nêu thu nhập, số tiền của từng người.",
    )  # fmt: skip


class CancelForm(Form):
    reason = _text("Lý do hủy", 300)


class ExtendForm(Form):
    ends_on = DayField(label="Xem sổ đến hết ngày", help_text="Nhiều nhất 60 ngày kể từ hôm nay.")
    reason = _text("Lý do gia hạn", 300)


MOVE_FORMS = {"start": ConfirmForm, "ask": AskForm, "conclude": ConclusionForm, "cancel": CancelForm,
              "extend": ExtendForm}  # fmt: skip


class FindingForm(Form):
    """What the inspectors found themselves."""

    text = _text("Phát hiện", 500, 4)
    member = _member("Liên quan đến", required=False, empty_label="Không nêu ai")
    amount = MoneyField(label="Số tiền (đồng)", required=False, help_text="Để trống nếu không có số tiền.")

    def __init__(self, *args, audit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = attenders(audit.cell)


class AnswerFindingForm(Form):
    answer = _text("Giải trình", 500, 4, help_text="Vì sao có việc này, đã hoặc sẽ xử lý thế nào.")


class JudgeForm(Form):
    """Kept or dropped, with a word."""

    upheld = forms.TypedChoiceField(
        label="Nhận xét của tổ kiểm tra", choices=[("giu", "Giữ phát hiện"), ("bo", "Bỏ phát hiện")],
        widget=forms.RadioSelect, coerce=lambda value: value == "giu",
        error_messages={"required": "Chọn giữ hoặc bỏ phát hiện."},
    )  # fmt: skip
    verdict = _text("Ghi chú", 300, required=False, help_text="Bỏ phát hiện thì ghi vì sao.")


class DemandForm(Form):
    """Who mends what until when."""

    text = _text("Việc phải khắc phục", 250, 2, help_text="Chi ủy đọc được: không nêu số tiền của từng người.")
    owner = _member("Người thực hiện")
    due_on = DayField(label="Hạn", help_text="Khi kết luận, việc này thành nhiệm vụ của người thực hiện.")
    finding = forms.ModelChoiceField(
        Finding.objects.none(), label="Khắc phục phát hiện", required=False, empty_label="Không gắn với phát hiện nào"
    )

    def __init__(self, *args, audit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = attenders(audit.cell)
        self.fields["owner"].initial = audit.collector_id
        self.fields["finding"].queryset = audit.findings.exclude(upheld=False)


class HandoverForm(CountForm):
    """Both sides, the day, the cash counted note by note, what else passes over."""

    handed_on = DayField(label="Ngày bàn giao", help_text="Hôm nay: biên bản ghi số dư và việc còn dở của ngày lập.")
    giver = _member("Bên giao")
    receiver = _member("Bên nhận")
    note = _text(
        "Hồ sơ, sổ sách bàn giao", 400, required=False,
        help_text="Ví dụ: 2 quyển biên lai, hồ sơ kê khai 2026. Việc còn dở do phần mềm ghi thêm.",
    )  # fmt: skip

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["counted_on"]
        self.fields["giver"].queryset = givers(cell)
        self.fields["receiver"].queryset = Member.objects.on_roll(cell, timezone.localdate()).order_by("sort_key", "pk")
        holder = collector(cell)
        self.fields["giver"].initial = holder.pk if holder else None
        self.fields["handed_on"].initial = timezone.localdate()
        self.fields["explanation"].label = "Ghi chú kiểm quỹ"

    def service_values(self):
        """The numbers of pieces as one table, and the sides."""
        self.cleaned_data["counted_on"] = None
        names = ("handed_on", "giver", "receiver", "note")
        values = super().service_values() | {name: self.cleaned_data[name] for name in names}
        return {name: value for name, value in values.items() if name != "counted_on"}
