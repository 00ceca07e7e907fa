"""The account's rights of the day: they follow from membership, status and posts, never from the account."""

import datetime

import pytest
from django.utils import timezone

from members.models import Membership, Status, User
from members.states import StatusKind

pytestmark = pytest.mark.django_db
OUT = [StatusKind.STRUCK_OFF, StatusKind.EXPELLED, StatusKind.LEFT, StatusKind.DECEASED]


def becomes(user, kind):
    """The status from today on; the one before ends on the eve. Returns the account as the next request sees it."""
    today = timezone.localdate()
    Status.objects.filter(member=user.member).update(ends_on=today - datetime.timedelta(days=1))
    Status.objects.create(member=user.member, kind=kind, starts_on=today)
    return User.objects.get(pk=user.pk)


def test_members_and_visitors_are_in_their_cells(cell, other_cell, member, probationary, visitor):
    assert [user.cell_ids for user in (member, probationary, visitor)] == [
        {cell.pk}, {cell.pk}, {cell.pk, other_cell.pk},
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [StatusKind.CANDIDATE, *OUT])
def test_who_is_no_party_member_is_in_no_cell(member, visitor, kind):
    """A candidate stands in the cell's book and reads nothing of its meetings (DESIGN §2, Who may)."""
    assert [becomes(user, kind).cell_ids for user in (member, visitor)] == [frozenset(), frozenset()]


@pytest.mark.parametrize("kind", OUT)
def test_posts_of_somebody_who_left_the_party_give_no_rights(cell, secretary, kind):
    user = becomes(secretary, kind)
    assert (user.posts, user.committee_ids) == (frozenset(), frozenset())
    assert user.has_perm("members.change_member", secretary.member) is False


def test_a_suspended_member_stays_in_the_cell(cell, member):
    assert becomes(member, StatusKind.SUSPENDED).cell_ids == {cell.pk}


def test_a_member_who_moved_is_in_the_new_cell_only(cell, other_cell, member):
    today = timezone.localdate()
    Membership.objects.filter(member=member.member).update(ends_on=today - datetime.timedelta(days=1))
    Membership.objects.create(member=member.member, cell=other_cell, starts_on=today)
    assert User.objects.get(pk=member.pk).cell_ids == {other_cell.pk}
