"""The diary: the committee reads all of its cell, everybody their own lines."""

from django.shortcuts import render

from core.paging import paginate
from members import journal
from members.activity_words import GROUPS


def diary(request):
    """Newest first, thirty a page; by person (committee), kind of act and month."""
    user = request.user
    whole = bool(user.committee_ids)
    asked = {name: request.GET.get(name, "") for name in ("nguoi", "loai", "thang")}
    person = asked["nguoi"] if whole else ""
    page = paginate(request, journal.lines(user, person=person, group=asked["loai"], month=asked["thang"]))
    context = {
        "page": page,
        "entries": journal.entries(user, page.object_list),
        "whole": whole,
        "asked": asked,
        "people": journal.people(user) if whole else [],
        "kinds": [(key, label) for key, (label, _) in GROUPS.items()],
        "months": journal.months(user),
        "filtered": any(asked.values()),
    }
    return render(request, "members/diary.html", context)
