"""Forms of the cash book."""

from django import forms
from django.utils import timezone

from core.forms import Form
from fees.forms.fields import DayField, MoneyField, MonthField, file_field, months_back
from fees.services.counting import VALUES
from fees.states import PLACES, Account

ALL_PLACES = [(place.value, place.label) for place in PLACES]
SPENDABLE = [choice for choice in ALL_PLACES if choice[0] != Account.PORTAL]


def day_field(label="Ngày chứng từ"):
    return DayField(label=label, initial=timezone.localdate, help_text="Ví dụ: 05/12/2026")


def place_field(label, choices):
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, initial=choices[0][0])


def paper_field():
    return file_field(label="Tệp chứng từ", required=False, help_text="Ảnh chụp hoặc bản quét, tối đa 20 MB.")


class OpeningForm(Form):
    """What the last closed book left: where the money is, and whose it is."""

    dated_on = day_field("Ngày của số dư")
    source = forms.CharField(
        label="Theo sổ nào", max_length=150, help_text="Ví dụ: Sổ thu, nộp đảng phí khóa ngày 31/12/2025"
    )
    cash = MoneyField(label="Tiền mặt tại quỹ (đồng)", initial=0)
    bank = MoneyField(label="Tiền gửi ngân hàng (đồng)", initial=0)
    portal = MoneyField(label="Đã đóng qua Cổng Dịch vụ công (đồng)", initial=0)
    retained = MoneyField(label="Đảng phí để lại chi bộ (đồng)", initial=0)
    payable = MoneyField(
        label="Đảng phí phải nộp cấp trên (đồng)",
        initial=0,
        help_text="Tiền sổ cũ đã thu mà chưa trích thì trích theo tỷ lệ của sổ cũ rồi ghi vào hai ô này.",
    )


class RemitForm(Form):
    """Money that goes up."""

    dated_on = day_field("Ngày nộp")
    amount = MoneyField(label="Số tiền nộp (đồng)", min_value=1)
    through_month = MonthField(label="Nộp đảng phí đến hết tháng")
    place = place_field("Nộp từ", ALL_PLACES)
    receiver = forms.CharField(label="Nơi nhận", max_length=150)
    paper_number = forms.CharField(
        label="Số chứng từ nộp", max_length=60, help_text="Số giấy nộp tiền, số giao dịch hoặc biên lai của cấp trên."
    )
    upload = paper_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["through_month"].choices = months_back(timezone.localdate())


class SpendForm(Form):
    """Money spent from the retained share."""

    dated_on = day_field("Ngày chi")
    amount = MoneyField(label="Số tiền chi (đồng)", min_value=1)
    purpose = forms.CharField(label="Nội dung chi", max_length=250, help_text="Ví dụ: Mua báo Nhân Dân quý I/2027")
    decision = forms.CharField(
        label="Số nghị quyết, quyết định", max_length=60, help_text="Văn bản đồng ý khoản chi, ví dụ: 05-NQ/CB"
    )
    decided_on = DayField(label="Ngày nghị quyết, quyết định", help_text="Ví dụ: 03/12/2026")
    place = place_field("Chi từ", SPENDABLE)
    receiver = forms.CharField(label="Người nhận tiền", max_length=100, required=False)
    upload = paper_field()


class TransferForm(Form):
    """Money that moves between places."""

    dated_on = day_field("Ngày chuyển")
    amount = MoneyField(label="Số tiền chuyển (đồng)", min_value=1)
    source = place_field("Từ", ALL_PLACES)
    target = place_field("Đến", SPENDABLE)
    reference = forms.CharField(label="Số giao dịch", max_length=60, required=False)


class ReverseForm(Form):
    """Why a voucher is taken back."""

    dated_on = day_field("Ngày đảo")
    reason = forms.CharField(label="Lý do đảo", max_length=120, widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(Form):
    """The paper of a voucher that was booked without one."""

    upload = file_field(label="Tệp chứng từ", help_text="Ảnh chụp hoặc bản quét, tối đa 20 MB.")


class CountForm(Form):
    """Notes and coins by value, and what the bank says."""

    counted_on = day_field("Ngày kiểm quỹ")
    bank_statement = MoneyField(
        label="Số dư ngân hàng theo sao kê (đồng)", required=False, help_text="Để trống nếu không đối chiếu ngân hàng."
    )
    explanation = forms.CharField(
        label="Ghi chú", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: người cùng kiểm, lý do nếu đã biết tiền lệch.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for value in VALUES:
            words = f"{value:,}".replace(",", ".")
            self.fields[f"n{value}"] = forms.IntegerField(
                label=f"Số tờ {words} đồng", required=False, min_value=0, max_value=100_000,
                widget=forms.TextInput(attrs={"class": "w-num", "inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"min_value": "Số tờ không được âm.", "invalid": "Ghi số tờ bằng chữ số, ví dụ 12.",
                                "max_value": "Số tờ quá lớn. Kiểm tra lại."},
            )  # fmt: skip

    @property
    def rows(self):
        """(value, its field) for the table, largest first."""
        return [(value, self[f"n{value}"]) for value in VALUES]

    def service_values(self):
        """The numbers of pieces as one table."""
        data = self.cleaned_data
        pieces = {value: data[f"n{value}"] for value in VALUES if data[f"n{value}"]}
        return {name: data[name] for name in ("counted_on", "bank_statement", "explanation")} | {"pieces": pieces}


class DifferenceForm(Form):
    """What the difference comes from and how it is settled."""

    explanation = forms.CharField(
        label="Giải thích và cách xử lý", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
