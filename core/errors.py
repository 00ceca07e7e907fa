"""What a rule says when it says no."""


class Refused(Exception):
    """A rule said no; the sentence says what happened and what to do.

    ``field`` names the form field that the sentence belongs to; None puts it on top of the form.
    """

    def __init__(self, message, field=None):
        super().__init__(message)
        self.message = message
        self.field = field


def needed(text, sentence, field="text") -> str:
    """The text without space around it; raises Refused with the sentence when nothing is left."""
    text = (text or "").strip()
    if not text:
        raise Refused(sentence, field=field)
    return text


STALE = "Bản này vừa được sửa ở nơi khác. Đồng chí tải lại trang, xem phần đã sửa rồi ghi lại phần của mình."


class StaleText(Refused):
    """Somebody saved another version first; carries both texts for a readable difference."""

    def __init__(self, message, *, current, version, typed):
        super().__init__(message)
        self.current = current
        self.version = version
        self.typed = typed
