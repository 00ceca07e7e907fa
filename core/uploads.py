"""A form field for several files at once, and the name under which an upload is stored."""

import uuid
from pathlib import PurePath

from django import forms

from core.sniffing import ACCEPT


class FilesInput(forms.ClearableFileInput):
    """A plain file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPT, **(attrs or {})})


class FilesField(forms.FileField):
    """Cleans to a list of uploaded files, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data, initial=None):
        if not data:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(each, initial) for each in (data if isinstance(data, list) else [data])]


def random_name(folder: str, filename: str) -> str:
    """Where an upload is stored: a name that tells nothing, with the ending of what was uploaded."""
    return f"{folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"
