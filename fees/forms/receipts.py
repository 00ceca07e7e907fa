"""Forms about a receipt that stands: written again for who really paid."""

from django import forms

from core.forms import Form
from fees.states import Rest
from members.models import Member

NOTHING = "Không ghi, báo lại để xem"


def rest_field():
    """What becomes of money beyond what the payer owes."""
    return forms.ChoiceField(
        label="Nếu số tiền nhiều hơn số còn phải đóng", choices=[("", NOTHING), *Rest.choices], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip


class RewriteForm(Form):
    """Who really paid, why it was wrong, and what becomes of more than that person owes."""

    member = forms.ModelChoiceField(Member.objects.none(), label="Người đã nộp", empty_label="Chọn")
    rest = rest_field()
    reason = forms.CharField(
        label="Lý do ghi lại", max_length=120, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In trên biên lai hủy và biên lai mới. Ví dụ: Ghép nhầm người nộp.",
        error_messages={"required": "Ghi lý do ghi lại biên lai."},
    )  # fmt: skip

    def __init__(self, *args, payers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = payers
