"""A correction of a closed month is seen by others than who wrote it: the member, and secretary and deputy (DOMAIN
§3.6: a manual override has a second person). Never an amount: to a head it says whose month, to the member where."""

from django.urls import reverse
from django.utils import timezone

from members.models import Member, Post
from members.states import HEAD_TITLES
from notices.services import planning


def corrected(correction):
    """Plan the notices of a correction; nobody is told of the own act."""
    due, writer = correction.due, correction.by.member_id if correction.by else None
    month = f"{due.month:%m/%Y}"
    if due.member_id != writer:
        subject = f"Mức đóng đảng phí tháng {month} của đồng chí được điều chỉnh"
        _plan(correction, due.member, subject, reverse("fees:me"))
    held = Post.objects.on(timezone.localdate()).filter(organisation=due.cell_id, title__in=HEAD_TITLES)
    url = reverse("fees:month", args=[due.month.year, due.month.month])
    for head in Member.objects.filter(pk__in=held.values("member")).exclude(pk__in={writer, due.member_id} - {None}):
        subject = f"Mức đóng đảng phí tháng {month} của đồng chí {due.member.full_name} được điều chỉnh"
        _plan(correction, head, subject, url)


def _plan(correction, recipient, subject, url):
    planning.plan(
        recipient,
        "fee.corrected",
        f"fee_correction:{correction.pk}",
        cell=correction.due.cell,
        subject=subject,
        context={"month": f"{correction.due.month:%m/%Y}", "own": recipient.pk == correction.due.member_id},
        url=url,
        private=True,
    )
