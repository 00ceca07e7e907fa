"""What was told about one meeting, to whom, and what became of each notice."""

from django.shortcuts import render

from core.access import get_for
from core.paging import paginate
from meetings.models import Meeting
from notices import queries


def notices(request, pk):
    """For the committee: counts, whom to call first, then everybody."""
    meeting = get_for(request.user, Meeting.objects, "meetings.view_notices", pk=pk)
    rows = queries.about(
        request.user, meeting.cell_id, f"meeting:{pk}", ending=f":progress:{pk}", since=meeting.created_at
    )
    page = paginate(request, queries.trouble_first(rows), per_page=60)
    return render(request, "meetings/notices.html", {"meeting": meeting, "counts": queries.counts(rows), "page": page})
