"""Forms of accounts, of the printed slip and of the first set-up. Passwords are never put back into a page."""

from django import forms
from django.core.validators import RegexValidator

from core.forms import Form

USERNAME = RegexValidator(
    r"^[A-Za-z0-9._-]+\Z", "Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm và dấu gạch, viết liền."
)
NEW_PASSWORD = {"autocomplete": "new-password"}


class GiveAccountForm(Form):
    username = forms.CharField(
        label="Tên đăng nhập",
        help_text="Chữ không dấu, viết liền. Đồng chí đó gõ tên này khi đăng nhập.",
        max_length=60,
        validators=[USERNAME],
        widget=forms.TextInput(attrs={"class": "w-short", "autocapitalize": "none", "autocomplete": "off"}),
    )


class PasswordForm(Form):
    """A new password, twice; the service asks the validators."""

    password = forms.CharField(
        label="Mật khẩu mới",
        help_text="Ít nhất 8 ký tự, không phải tên của đồng chí, không phải từ ai cũng đoán được.",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"class": "w-short", **NEW_PASSWORD}),
    )
    again = forms.CharField(
        label="Gõ lại mật khẩu",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"class": "w-short", **NEW_PASSWORD}),
    )

    def clean(self):
        data = super().clean()
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "Hai lần gõ mật khẩu khác nhau. Gõ lại cả hai ô.")
        return data

    def service_values(self):
        return {name: value for name, value in self.cleaned_data.items() if name not in ("again", "submission")}


class SetupForm(PasswordForm):
    """Everything an empty database needs to begin."""

    superior_name = forms.CharField(
        label="Cấp ủy cấp trên trực tiếp", help_text="Ví dụ Đảng ủy phường Hòa Sơn.", max_length=150
    )
    cell_name = forms.CharField(
        label="Tên chi bộ", help_text="Ví dụ Chi bộ Tổ dân phố số 5. Các chi bộ khác thêm sau.", max_length=150
    )
    place = forms.CharField(
        label="Địa danh ghi trên văn bản", help_text="Ví dụ Hòa Sơn, đứng trước ngày tháng.", max_length=60
    )
    term = forms.CharField(
        label="Nhiệm kỳ",
        help_text="Ví dụ 2025-2030.",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "w-short"}),
    )
    full_name = forms.CharField(
        label="Họ và tên người quản trị", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    joins_cell = forms.BooleanField(label="Người quản trị là đảng viên chính thức của chi bộ này", required=False)
    username = forms.CharField(
        label="Tên đăng nhập",
        help_text="Chữ không dấu, viết liền.",
        max_length=60,
        initial="quantri",
        validators=[USERNAME],
        widget=forms.TextInput(attrs={"class": "w-short", "autocapitalize": "none", "autocomplete": "username"}),
    )
    field_order = (
        "superior_name", "cell_name", "place", "term", "full_name", "joins_cell", "username", "password", "again",
    )  # fmt: skip
