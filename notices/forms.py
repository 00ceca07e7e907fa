"""Forms about one's own notices."""

from django import forms

from core.forms import Form
from notices.models import Channel


class SeenForm(Form):
    """``until``: when the list that was read was made; what came later stays unseen."""

    until = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class ChannelForm(Form):
    channel = forms.ChoiceField(
        label="Khi có thông báo",
        error_messages={"required": "Chọn cách nhận thông báo."},
        choices=Channel,
        widget=forms.RadioSelect,
        help_text="Thông báo nào cũng hiện ở chuông trên đầu trang.",
    )
