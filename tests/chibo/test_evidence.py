"""The page the chi ủy weighs: unpaid closed months and absences without reason; words, no amounts (issue 4, "life")."""

import re

import pytest
from django.utils import timezone

from meetings.models import Attendance, Meeting
from meetings.states import Presence, State
from tests.fees.conftest import add_due, enter, first, frozen, open_by_hand, shut  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(frozen, cell, member, secretary, as_user):  # noqa: F811
    for number in (2, 5, 9, 10):
        row = open_by_hand(cell, first(number))
        add_due(row, member.member, 142_000)
        if number != 10:
            enter(row)
            shut(row)
    return lambda user, query="": as_user(user).get(f"/members/{member.member_id}/evidence/{query}")


def text(response):
    main = response.content.decode().partition("<main")[2]
    main = re.sub("</?(b|span)( [^>]*)?>", "", main)
    return " ".join(re.sub("<[^>]+>", " ", main).replace("\u00a0", " ").split())


def test_closed_months_with_the_rule_quoted_and_no_amount(evidence, secretary):
    """Quy định 01-QĐ/TW: 3 tháng trong năm, not one after another; October is open and counts for nobody."""
    page = text(evidence(secretary))
    assert re.findall("Tháng ([0-9]{2}/[0-9]{4})", page) == ["02/2026", "05/2026", "09/2026"]
    assert (
        "Số tháng không đóng trong năm, không có lý do chính đáng, thì chi bộ xem xét: 3 tháng. "
        "Căn cứ: Quy định 01-QĐ/TW, 03/02/2026."
    ) in page
    assert "142" not in page


def test_only_absences_without_reason_stand_there(evidence, secretary, cell, member):
    for title, presence, reason in (
        ("Họp tháng 9", Presence.ABSENT_UNEXCUSED, ""), ("Họp tháng 10", Presence.ABSENT_EXCUSED, "Ốm"),
    ):  # fmt: skip
        meeting = Meeting.objects.create(
            cell=cell, starts_at=timezone.now(), place=title, theme=title, chair=secretary.member
        )
        Attendance.objects.create(meeting=meeting, member=member.member, presence=presence, reason=reason)
        Meeting.objects.filter(pk=meeting.pk).update(state=State.CLOSED)
    rows = evidence(secretary).context["absences"]
    assert [row.presence for row in rows] == [Presence.ABSENT_UNEXCUSED]


def test_another_year_stands_alone(evidence, secretary):
    assert evidence(secretary, "?nam=2025").context["months"] == []
    assert evidence(secretary, "?nam=abc").context["months"] == [first(2), first(5), first(9)]


def test_collector_and_member_do_not_read_it(evidence, collector, member, outsider):
    assert [evidence(user).status_code for user in (collector, member, outsider)] == [403, 403, 404]
