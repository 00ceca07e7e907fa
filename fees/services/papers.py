"""The paper behind a voucher: looked at by content, stored once under a random name, never replaced."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from core.errors import Refused
from core.sniffing import Checked, inspect_upload
from members.activity import record


def inspected(upload) -> Checked | None:
    """The upload judged by its content, None for none. Raises Refused at the field ``upload``."""
    return inspect_upload(upload, "upload") if upload else None


def keep(row, found: Checked | None) -> dict:
    """Store the file of a remittance or spending that was inspected; returns what the diary says of it."""
    if found is None:
        return {}
    row.paper_name = found.name
    row.paper.save(f"chung-tu.{found.extension}", ContentFile(found.data), save=False)
    row.save(update_fields=["paper", "paper_name"])
    return {"sha256": hashlib.sha256(found.data).hexdigest()}


@transaction.atomic
def add_paper(row, upload, *, by):
    """Add the paper of a remittance or spending that was booked without one. Raises Refused when it has one."""
    fresh = type(row).objects.select_for_update(no_key=True, of=("self",)).select_related("voucher").get(pk=row.pk)
    if fresh.paper:
        raise Refused("Chứng từ này đã có tệp đính kèm. Nếu ghi nhầm, đảo chứng từ rồi ghi lại.", field="upload")
    found = inspected(upload)
    if found is None:
        raise Refused("Chọn tệp chứng từ.", field="upload")
    said = keep(fresh, found)
    record(fresh.voucher, "voucher.paper_added", by=by, **said)
    return fresh
