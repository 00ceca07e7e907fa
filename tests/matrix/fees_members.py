"""Declarations and waivers of the scene: of dangvien in each state, the collector's own, the secretary's own."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fees.models import Declaration, Waiver
from fees.services import declaring, waiving
from tests.matrix.evenings import SECRET

MONTH = datetime.date(2026, 12, 1)
LATER = datetime.date(2027, 5, 1)
DECISION = {"decision": "05-NQ/CB", "decided_on": datetime.date(2026, 12, 2), "decided_by": "Đảng ủy phường Thử"}


def scenes(cell, who):
    return _declarations(cell, who) | _waivers(cell, who)


def _declare(cell, user, amount):
    return declaring.declare(
        cell=cell, member=user.member, category="pension", amount=amount, from_month=MONTH, by=user
    )


def _declarations(cell, who):
    """``declaration_<state>``, and ``declaration_collector`` that waits for the secretary."""
    member, collector = who["dangvien"], who["thuquy"]
    found = {
        "accepted": declaring.accept(_declare(cell, member, 4_000_000), by=collector),
        "returned": declaring.return_(_declare(cell, member, 5_000_000), reason=f"{SECRET} lý do", by=collector),
        "withdrawn": declaring.withdraw(_declare(cell, member, 6_000_000), by=member),
        "declared": _declare(cell, member, 7_000_000),
        "collector": _declare(cell, collector, 8_000_000),
    }
    return {f"declaration_{name}": {"pk": row.pk} for name, row in found.items()}


def _ask(cell, user, **changes):
    values = {
        "percent": 50,
        "ground": "hardship",
        "from_month": MONTH,
        "to_month": LATER,
        "reason": f"{SECRET} khó khăn",
    }
    return waiving.ask(cell=cell, member=user.member, by=user, **{**values, **changes})


def _waivers(cell, who):
    """``waiver_<state>``; the decided one with a paper; ``waiver_head`` is the secretary's own."""
    member, head = who["dangvien"], who["bithu"]
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    paper = SimpleUploadedFile("giay.png", picture.getvalue())
    span = {"percent": 50, "from_month": MONTH, "to_month": LATER}
    found = {
        "refused": waiving.refuse(_ask(cell, member), answer=f"{SECRET} lý do", by=head),
        "withdrawn": waiving.withdraw(_ask(cell, member), by=member),
        "decided": waiving.decide(
            waiving.report(_ask(cell, member, paper=paper), by=head), **DECISION, **span, by=head
        ),
        "asked": _ask(cell, member),
        "reported": Waiver.objects.create(
            cell=cell, member=member.member, kind="reduce", ground="hardship", state="reported",
            reason=f"{SECRET} khó khăn", **span,
        ),
        "head": _ask(cell, head),
    }  # fmt: skip
    return {f"waiver_{name}": {"pk": row.pk} for name, row in found.items()}


def crowd(cell, who, others, rows):
    """(declaration, waiver) whose pages are counted; ``rows`` of all that the lists show."""
    for user in others:
        _declare(cell, user, 4_000_000)
        _ask(cell, user)
    member = who["dangvien"]
    for number in range(rows):
        declaring.accept(_declare(cell, member, 4_000_000 + number * 100_000), by=who["thuquy"])
        waiver = waiving.refuse(_ask(cell, member), answer="Chưa đủ.", by=who["bithu"])
    return [Declaration.objects.filter(member=member.member).latest("pk").pk], [waiver.pk]
