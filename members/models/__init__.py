"""People, organisations, posts, accounts and the diary."""

from members.models.accounts import AccessSlip, SetupAddress, User
from members.models.diary import Activity, ChainHead
from members.models.organisations import LocalDay, Organisation, Setting
from members.models.people import Exemption, FeeCategory, Member, Membership, Placement, Post, Status

__all__ = [
    "AccessSlip",
    "Activity",
    "ChainHead",
    "Exemption",
    "FeeCategory",
    "LocalDay",
    "Member",
    "Membership",
    "Organisation",
    "Placement",
    "Post",
    "Setting",
    "SetupAddress",
    "Status",
    "User",
]
