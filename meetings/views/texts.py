"""Saving long texts: by itself while it is typed (JSON for drafts.js), or by the button (a form)."""

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from core.errors import Refused, StaleText
from core.forms import attempt


def wants_autosave(request) -> bool:
    """Whether drafts.js is asking, not a person."""
    return request.headers.get("X-Autosave") == "1"


def autosave(request, form, service, obj, *, version="version"):
    """Store what is typed and answer as drafts.js expects: 200 saved, 409 two versions, 422 a sentence.

    A submission is not used up by this: the same form is sent many times.
    """
    if not form.is_valid():
        sentence = next(iter(form.errors.values()))[0]
        return JsonResponse({"error": sentence}, status=422)
    values = {name: form.cleaned_data[name] for name in ("text", "version")}
    try:
        saved = service(obj, **values, by=request.user, autosave=True)
    except StaleText as stale:
        html = conflict(stale.typed, stale.current, stale.version)
        return JsonResponse({"html": html, "version": stale.version}, status=409)
    except Refused as refusal:
        return JsonResponse({"error": refusal.message}, status=422)
    clock = timezone.localtime().strftime("%H:%M:%S")
    return JsonResponse({"saved_at": clock, "version": getattr(saved, version)})


def conflict(mine, theirs, version) -> str:
    """The two versions side by side."""
    context = {"mine": mine, "theirs": theirs, "version": version, "at": None, "who": ""}
    return render_to_string("core/_conflict.html", context)


def save(request, form, service, obj, *, text, version, success):
    """The button: True when stored. After a stale save the form carries both texts and the new version."""
    if attempt(request, form, service, obj, by=request.user, success=success):
        return True
    if "version" in getattr(form, "cleaned_data", {}):
        typed, now = form.cleaned_data["text"], type(obj).objects.filter(pk=obj.pk).values_list(text, version).first()
        if now and now[1] != form.cleaned_data["version"]:
            form.conflict = conflict(typed, *now)
            form.data = form.data.copy()
            form.data["version"] = str(now[1])
    return False
