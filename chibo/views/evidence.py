"""What the chi ủy lays before itself about a member who has not paid: months and absences, words and no amounts."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from core.access import require
from fees.queries.unpaid import unpaid_months
from meetings.models import Attendance
from meetings.states import Body, Presence, State
from members.queries import attenders, rule_for


def unpaid_evidence(request, pk):
    """Closed months of a year (``?nam=``) not paid, the rule, meetings of the cell missed without reason."""
    cell, today = request.user.home_cell, timezone.localdate()
    if cell is None:
        raise PermissionDenied
    require(request.user, "fees.view_evidence", cell)
    member = attenders(cell).filter(pk=pk).first()
    if member is None:
        raise Http404
    asked = request.GET.get("nam", "")
    year = int(asked) if re.fullmatch("20[0-9]{2}", asked) else today.year
    context = {
        "member": member,
        "cell": cell,
        "eyebrow": f"Để chi ủy xem xét, năm {year}",
        "months": unpaid_months(cell, year, [member.pk]).get(member.pk, []),
        "rule": rule_for(cell, "fee.unpaid_months_limit", today),
        "absences": _absences(cell, member, year),
    }
    return render(request, "unpaid_evidence.html", context)


def _absences(cell, member, year):
    """Attendance rows without reason, at meetings of the cell that are over, oldest first."""
    rows = Attendance.objects.filter(
        member=member, presence=Presence.ABSENT_UNEXCUSED, meeting__cell=cell, meeting__body=Body.CELL,
        meeting__state=State.CLOSED, meeting__starts_at__year=year,
    )  # fmt: skip
    return list(rows.select_related("meeting").order_by("meeting__starts_at"))
