"""Forms: a refusal comes back at its field with everything typed; a double click acts once."""

import uuid

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.db.models.fields import BLANK_CHOICE_DASH
from psycopg2.errors import ExclusionViolation, UniqueViolation

from core.errors import Refused
from core.submissions import Resubmitted, once
from core.vietnamese import lower_first, nfc


class TextNormalised:
    """Mixin: every text that comes in is NFC, so that search, sorting and PDF agree; passwords stay as typed."""

    def clean(self):
        cleaned = super().clean()
        data = self.cleaned_data if cleaned is None else cleaned
        for name, value in data.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.PasswordInput):
                data[name] = nfc(value)
        return data


def say_what_to_fill(field):
    """An empty field says what to do: "Ghi họ và tên.", "Chọn người thực hiện." (BRIEF §8); its own words win."""
    label = str(field.label or "")
    if isinstance(field, forms.BooleanField) or not label or label.endswith("?"):
        return
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        verb = "Chọn" if isinstance(field, forms.ChoiceField | forms.FileField) else "Ghi"
        field.error_messages["required"] = f"{verb} {lower_first(label)}."


DASHES = BLANK_CHOICE_DASH[0][1]


def name_blank_choice(field):
    """Where nothing is chosen yet a list says so in a word instead of Django's dashes."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = "Chọn"
    elif isinstance(field, forms.ChoiceField) and not callable(field.choices):
        named = [(value, "Chọn" if label == DASHES else label) for value, label in field.choices]
        if named != list(field.choices):
            field.choices = named


class SubmissionMixin(TextNormalised):
    """Carries the hidden submission UUID; the same UUID again redirects quietly (see ``attempt``)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["submission"] = forms.UUIDField(
            required=False, widget=forms.HiddenInput, initial=uuid.uuid4, label="Mã gửi"
        )
        for field in self.fields.values():
            say_what_to_fill(field)
            name_blank_choice(field)

    def renew(self):
        """Shown again it may be sent again: with a fresh UUID."""
        self.data = self.data.copy()  # type: ignore[has-type]
        self.data[self.add_prefix("submission")] = str(uuid.uuid4())


class Form(SubmissionMixin, forms.Form):
    """The house's plain form."""


class ModelForm(SubmissionMixin, forms.ModelForm):
    """Validates and fills the instance; the service saves it."""

    def service_values(self):
        """What the service is called with: the filled, unsaved instance under its model's name."""
        return {self._meta.model._meta.model_name: self.save(commit=False)}


class ConfirmForm(Form):
    """A move that needs no data: only the question."""


def posted(request):
    """What a form is bound to: the fields of a POST, also of an empty one; None for a GET."""
    return request.POST if request.method == "POST" else None


SAME = (UniqueViolation, ExclusionViolation)  # somebody was faster; any other violation is our mistake


def attempt(request, form, service, *args, success="", **kwargs):
    """Run ``service(*args, **cleaned, **kwargs)`` if the form is bound and valid.

    Returns True when it was done (or the same had been sent before), False when the page is to be shown again, also
    for another content under the UUID of a form that was done. A Refused goes to its field. ``kwargs`` named like
    cleaned fields win.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    values = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
    if hasattr(form, "service_values"):
        values = form.service_values()
    try:
        done = once(request, form.cleaned_data.get("submission"), service, *args, **{**values, **kwargs})
    except Refused as refusal:
        if isinstance(refusal, Resubmitted):
            form.renew()
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.message)
        return False
    except IntegrityError as error:
        if not isinstance(error.__cause__, SAME):
            raise
        form.add_error(None, "Có người vừa ghi cùng dữ liệu này. Đồng chí tải lại trang và kiểm tra trước khi ghi lại.")
        return False
    if done and success:
        messages.success(request, success)
    return True


def form_status(form):
    """422 for a page that comes back with errors, 200 otherwise."""
    return 422 if form.is_bound and form.errors else 200
