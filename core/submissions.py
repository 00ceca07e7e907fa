"""The same submission UUID acts once, whoever clicks twice and on whichever web node."""

from django.db import IntegrityError, transaction

from core.models import Submission


def once(request, submission, service, *args, **kwargs):
    """Run the service in one transaction with the row of its submission.

    Returns False when this submission was already done, True after doing it now. The unique row is written
    first, so a second click waits for the first transaction and then does nothing.
    """
    with transaction.atomic():
        if submission is not None:
            try:
                with transaction.atomic():
                    Submission.objects.create(key=submission, user_id=request.user.pk)
            except IntegrityError:
                return False
        service(*args, **kwargs)
    return True
