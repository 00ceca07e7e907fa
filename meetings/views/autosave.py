"""Long texts of papers that save themselves: JSON for the script, the page again for everybody else."""

from dataclasses import dataclass

from django.shortcuts import redirect

from core.errors import Refused, StaleText
from meetings.forms.minutes import ProseForm
from meetings.views import texts

NOT_READ = "Chưa lưu được: đoạn viết quá dài hoặc trang đã cũ. Tải lại trang rồi ghi lại."


@dataclass
class Prose:
    """One text with its form: where it is posted, what stands there, what went wrong."""

    key: str
    label: str
    url: str
    text: str
    version: int
    error: str = ""
    theirs: str | None = None
    hint: str = ""

    def refused(self, typed, refusal):
        """The same text after a refusal: what was typed, and the sentence or the other version."""
        self.text, self.error = typed, refusal.message
        if isinstance(refusal, StaleText):
            self.theirs, self.version = refusal.current, refusal.version
        return self


def answer(request, service, obj, *, version, done, again):
    """Run ``service(obj, text=, version=, by=, autosave=)`` with the posted text.

    The script gets JSON (see ``texts.autosave``; ``version`` names the field that counts); a plain form is redirected
    to ``done`` or shown ``again(typed, refusal)``.
    """
    form = ProseForm(request.POST)
    if texts.wants_autosave(request):
        return texts.autosave(request, form, service, obj, version=version)
    typed = request.POST.get("text", "")
    if not form.is_valid():
        return again(typed, Refused(NOT_READ))
    data = form.cleaned_data
    try:
        service(obj, text=data["text"], version=data["version"], by=request.user)
    except Refused as refusal:
        return again(typed, refusal)
    return redirect(done)
