"""Every prose of these tables is encrypted at rest (core.encryption); it is in no search."""

from pledges.models.assessments import Assessment, DeedResult
from pledges.models.deeds import Deed, Progress, Proof
from pledges.models.registrations import Pledge, PledgeYear

__all__ = ["Assessment", "Deed", "DeedResult", "Pledge", "PledgeYear", "Progress", "Proof"]
