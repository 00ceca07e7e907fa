"""The same submission UUID acts once, whoever clicks twice and on whichever web node."""

import uuid

from django.db import IntegrityError, transaction

from core.errors import Refused
from core.models import Submission

AGAIN = (
    "Biểu mẫu này đã được gửi một lần với nội dung khác. Đồng chí kiểm tra điều đã ghi, "
    "nếu cần ghi thêm thì gửi lại một lần nữa."
)


class Resubmitted(Refused):
    """The form was done before with something else in it: the page came back from the browser's own memory."""


def once(request, submission, service, *args, **kwargs):
    """Run the service in one transaction with the rows of its submission: its UUID, and that with what was sent.

    Returns False when the same was already done, True after doing it now. The unique rows are written first, so a
    second click waits for the first transaction and then does nothing. Raises Resubmitted when the UUID was done
    with other data or at another address: neither lost in silence nor done unasked.
    """
    with transaction.atomic():
        if submission is not None:
            content = uuid.uuid5(submission, _content(request))
            rows = [Submission(key=key, user_id=request.user.pk) for key in (submission, content)]
            try:
                with transaction.atomic():
                    Submission.objects.bulk_create(rows)
            except IntegrityError:
                if Submission.objects.filter(key=content).exists():
                    return False
                raise Resubmitted(AGAIN) from None
        service(*args, **kwargs)
    return True


def _content(request) -> str:
    """Address, fields and files of what was sent, without what differs from page to page."""
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")
    files = [(name, file.name, file.size) for name in sorted(request.FILES) for file in request.FILES.getlist(name)]
    return repr((request.path, fields, files))
