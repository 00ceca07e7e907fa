"""Forms of papers: signing in three ways, withdrawing, checking. The names of fields are those of the services."""

from django import forms
from django.conf import settings

from core.forms import Form
from documents.certificates import P12_LIMIT
from documents.states import SigningWay

MEGABYTE = 1024 * 1024


class BytesField(forms.FileField):
    """A file whose cleaned value is its bytes; larger files are refused before they are read."""

    def __init__(self, *, limit, too_large, **kwargs):
        self.limit, self.too_large = limit, too_large
        super().__init__(**kwargs)
        self.error_messages["empty"] = "Tệp này rỗng. Chọn tệp khác."
        self.error_messages["required"] = "Chọn tệp trước khi gửi."

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not upload:
            return b""
        if upload.size > self.limit:
            raise forms.ValidationError(self.too_large)
        return upload.read()


def _paper_file(**kwargs):
    limit = settings.UPLOAD_LIMIT
    return BytesField(limit=limit, too_large=f"Tệp lớn hơn {limit // MEGABYTE} MB. Chọn tệp nhỏ hơn.", **kwargs)


def _confirmed_name():
    return forms.CharField(
        label="Tên ghi trên chứng thư",
        max_length=200,
        required=False,
        help_text="Chỉ ghi khi tên trên chứng thư khác với họ tên người ký.",
    )


class WayForm(Form):
    """Before sealing: one way of signing per paper."""

    way = forms.ChoiceField(
        label="Cách ký", choices=SigningWay.choices, widget=forms.RadioSelect, initial=SigningWay.P12
    )


class P12Form(Form):
    """Sign with a PKCS#12 file; neither the file nor its password is shown again."""

    p12 = BytesField(
        label="Tệp chứng thư (.p12, .pfx)",
        limit=P12_LIMIT - 1,
        too_large="Tệp chứng thư lớn hơn 2,5 MB nên không phải tệp .p12 hoặc .pfx của cá nhân.",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
        help_text="Chỉ dùng cho lần ký này, không lưu lại trên hệ thống.",
    )
    passphrase = forms.CharField(
        label="Mật khẩu của tệp chứng thư",
        strip=False,
        required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    confirmed_name = _confirmed_name()


class SignedUploadForm(Form):
    """Upload what was signed outside with a device."""

    pdf = _paper_file(
        label="Bản đã ký (PDF)",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text="Ký ngay trên bản đã khóa tải từ trang này.",
    )
    confirmed_name = _confirmed_name()


class ScanForm(Form):
    """Upload the scan of the paper signed by hand."""

    scan = _paper_file(
        label="Bản quét có chữ ký",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF đủ các trang; văn bản một trang thì ảnh JPG, PNG cũng được.",
    )
    seen = forms.BooleanField(error_messages={"required": "Xem lại bản quét rồi đánh dấu xác nhận."})

    def __init__(self, *args, signers=(), **kwargs):
        super().__init__(*args, **kwargs)
        names = " và ".join(f"đồng chí {signer.member_name}" for signer in signers)
        self.fields["seen"].label = f"Tôi đã xem bản quét: đủ các trang, có chữ ký tay của {names}."

    def service_values(self):
        return {"scan": self.cleaned_data["scan"]}


class WithdrawForm(Form):
    """Take back a sealed, unsigned paper."""

    reason = forms.CharField(label="Lý do hủy", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CheckForm(forms.Form):
    """The check page: the file is compared and thrown away."""

    data = _paper_file(label="Tệp cần kiểm tra", widget=forms.FileInput(attrs={"accept": ".pdf"}))


SIGNING_FORMS = {SigningWay.P12: P12Form, SigningWay.UPLOAD: SignedUploadForm, SigningWay.INK: ScanForm}


class AmountForm(Form):
    """The amount read off a receipt, to be compared with what was written."""

    amount = forms.CharField(
        label="Số tiền in trên giấy (đồng)", max_length=20, help_text="Ví dụ 142.000.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-date", "autocomplete": "off"}),
        error_messages={"required": "Gõ số tiền in trên giấy."},
    )  # fmt: skip

    def clean_amount(self):
        """Whole đồng; dots and the word behind are left aside."""
        digits = "".join(sign for sign in self.cleaned_data["amount"] if sign.isascii() and sign.isdigit())
        if not digits:
            raise forms.ValidationError("Gõ số tiền bằng chữ số, ví dụ 142.000.")
        return int(digits)
