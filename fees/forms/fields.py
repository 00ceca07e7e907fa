"""Fields of the fee book: đồng as people write them, a month, a file."""

import datetime
import re

from django import forms

from assignments.forms import DayField as DayField
from core.months import months_later
from core.sniffing import ACCEPT

GROUPED = re.compile(r"-?\d{1,3}(?:[., ]\d{3})+|-?\d+")
LONGEST = 18


class MoneyField(forms.IntegerField):
    """Whole đồng: 1346670, 1.346.670 or 1 346 670, with or without the word."""

    widget = forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "invalid": "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670.",
        "min_value": "Số tiền không được âm.",
    }

    def __init__(self, *, min_value=0, **kwargs):
        words = {"min_value": "Số tiền phải lớn hơn 0."} if min_value == 1 else {}
        super().__init__(min_value=min_value, error_messages=words | kwargs.pop("error_messages", {}), **kwargs)

    def to_python(self, value):
        """Thousands may be set apart; a comma or dot before fewer than three digits is refused, not guessed."""
        if isinstance(value, str):
            text = " ".join(value.lower().replace("\u00a0", " ").split())
            text = text.removesuffix("đồng").removesuffix("đ").rstrip()
            if text and (not GROUPED.fullmatch(text) or len(text) > LONGEST):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = re.sub(r"[., ]", "", text)
        return super().to_python(value)

    def prepare_value(self, value):
        """1346670 -> "1.346.670"; what was typed wrongly comes back as it was typed."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def months_back(latest: datetime.date, count: int = 24) -> list:
    """(value, "Tháng 10/2026") of the months from ``latest`` back, newest first."""
    days = [months_later(latest, -step) for step in range(count)]
    return [(day.isoformat(), f"Tháng {day:%m/%Y}") for day in days]


class MonthField(forms.TypedChoiceField):
    """One of the last months; cleans to its first day."""

    def __init__(self, **kwargs):
        super().__init__(coerce=datetime.date.fromisoformat, **kwargs)


def file_field(**kwargs):
    """The paper behind a booking: a scan or a picture from the phone."""
    return forms.FileField(
        widget=forms.FileInput(attrs={"accept": f"image/jpeg,image/png,image/webp,{ACCEPT}"}),
        error_messages={"empty": "Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."},
        **kwargs,
    )
