"""Progress on a deed, told by its author, with photos."""

from django.core.files.base import ContentFile
from django.db import transaction

from core.errors import Refused, needed
from core.sniffing import inspect_upload
from members.activity import record
from pledges.models import Pledge, Progress, Proof
from pledges.states import PledgeState


@transaction.atomic
def report(deed, *, text, by, reached=False, files=()):
    """Write down what was done; ``files`` are uploads, judged by content. Raises Refused, also for a bad file."""
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=deed.pledge_id)
    if pledge.state != PledgeState.REGISTERED:
        raise Refused("Chỉ ghi tiến độ khi bản đăng ký đã được chi ủy xác nhận.")
    text = needed(text, "Đồng chí ghi kết quả đã làm.")
    row = Progress.objects.create(deed=deed, by=by, text=text, reached=reached)
    for file in files:
        checked = inspect_upload(file, "files", one_of_many=True)
        proof = Proof(progress=row, filename=checked.name, mime=checked.mime)
        proof.file.save(checked.name, ContentFile(checked.data))
    record(pledge, "pledge.reported", by=by, deed=deed.pk)
    return row
