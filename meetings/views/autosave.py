"""Long texts that save themselves: JSON for the script, a page for everybody else."""

from dataclasses import dataclass

from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone

from core.errors import Refused, StaleText
from meetings.forms.minutes import ProseForm

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


def answer(request, service, *, version_of, done, again):
    """Run ``service(text=, version=, by=, autosave=)`` with the posted text.

    The script gets JSON (200 saved, 409 with both versions, 422 refused); a plain form is redirected to ``done`` or
    shown ``again(typed, refusal)`` with status 422.
    """
    quiet = request.headers.get("X-Autosave") == "1"
    form = ProseForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(NOT_READ)
        data = form.cleaned_data
        saved = service(text=data["text"], version=data["version"], by=request.user, autosave=quiet)
    except Refused as refusal:
        typed = request.POST.get("text", "")
        return _told(typed, refusal) if quiet else again(typed, refusal)
    if quiet:
        now = timezone.localtime()
        return JsonResponse({"saved_at": f"{now:%H:%M:%S}", "version": version_of(saved)})
    return redirect(done)


def _told(typed, refusal):
    if not isinstance(refusal, StaleText):
        return JsonResponse({"error": refusal.message}, status=422)
    context = {"mine": typed, "theirs": refusal.current, "version": refusal.version}
    html = render_to_string("core/_conflict.html", context)
    return JsonResponse({"html": html, "version": refusal.version}, status=409)
