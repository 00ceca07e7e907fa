"""What was told about one meeting, to whom, and what became of each notice."""

from django.shortcuts import render
from django.urls import reverse

from core.access import get_for
from core.paging import chip, paginate
from meetings.models import Meeting
from notices import queries


def notices(request, pk):
    """For the committee: who was told, who waits, whom to call, what was withdrawn and why; one group or all."""
    meeting = get_for(request.user, Meeting.objects, "meetings.view_notices", pk=pk)
    rows = queries.about(
        request.user, meeting.cell_id, f"meeting:{pk}", ending=f":progress:{pk}", since=meeting.created_at
    )
    chosen, numbers = request.GET.get("ket-qua", ""), queries.reach(rows)
    page = paginate(request, queries.trouble_first(queries.reached(rows, chosen)), per_page=60)
    groups = [
        {"key": key, "label": queries.REACHED[key][0], "number": numbers[key], "rows": found}
        for key, found in queries.by_reach(page)
    ]
    context = {"meeting": meeting, "groups": groups, "chips": _chips(pk, chosen, numbers), "page": page}
    return render(request, "meetings/notices.html", context)


def _chips(pk, chosen, numbers):
    """Everything, then the groups that hold something."""
    url = reverse("meetings:notices", args=[pk])
    found = [(key, label) for key, (label, _) in queries.REACHED.items() if numbers[key] or key == chosen]
    everything = chip(url, "Tất cả", current=chosen not in numbers, count=sum(numbers.values()))
    return [
        everything,
        *(chip(url, label, current=key == chosen, count=numbers[key], **{"ket-qua": key}) for key, label in found),
    ]
