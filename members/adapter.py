"""Login by django-allauth: nobody signs up, accounts are given."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; a slip from the member's page opens an account."""

    def is_open_for_signup(self, request):
        return False

    def clean_email(self, email):
        """No address is added and no password reset by mail: the address is a field of the member."""
        raise ValidationError("Địa chỉ thư do bí thư ghi ở trang đảng viên. Quên mật khẩu thì xin phiếu mới.")

    def send_mail(self, template_prefix, email, context):
        """This part of the house sends no mail at all."""

    def add_message(self, *args, **kwargs):
        """The house tells what happened itself; "signed in as …" is noise on every login."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else "")
        if "logged_in" in str(template) or "logged_out" in str(template):
            return
        super().add_message(*args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Names the account by its username in the authenticator app."""

    def get_totp_label(self, user):
        return user.username
