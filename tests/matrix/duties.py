"""Plans of the yearly assignment of work: one being drafted, one that a resolution adopted."""

from django.utils import timezone

from meetings.models import Meeting
from meetings.services import duties
from tests.matrix.evenings import SECRET


def plans(cell, who, meeting_pk):
    """``meeting_pk``: a meeting whose resolution is adopted."""
    resolution = Meeting.objects.get(pk=meeting_pk).resolution
    year, found = timezone.localdate().year, {}
    for name, laid in (("duties_adopted", resolution), ("duties_draft", None)):
        plan = duties.start_plan(cell, year=year, by=who["bithu"])
        plan.duties.filter(member=who["dangvien"].member).update(text=f"{SECRET} phân công")
        plan.resolution = laid
        plan.save()
        found[name] = {"pk": plan.pk, "member": who["dangvien"].member_id}
    return found
