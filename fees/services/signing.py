"""Signing the records of audits and hand-overs: documents signs, here it is noted who need not be asked any more."""

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from documents.services import signing
from fees.services import audit_told


@sensitive_variables()
@transaction.atomic
def sign_with_p12(paper, role, *, by, **given):
    """``documents.services.signing.sign_with_p12`` and what follows from it; raises what it raises."""
    return _after(signing.sign_with_p12(paper, role, by=by, **given))


@transaction.atomic
def accept_signed_upload(paper, role, *, by, **given):
    """``documents.services.signing.accept_signed_upload`` and what follows from it."""
    return _after(signing.accept_signed_upload(paper, role, by=by, **given))


@transaction.atomic
def accept_scan(paper, *, by, **given):
    """``documents.services.signing.accept_scan`` and what follows from it."""
    return _after(signing.accept_scan(paper, by=by, **given))


def _after(paper):
    done = [signer.member for signer in paper.signers.select_related("member") if signer.signed_at]
    audit_told.stop_asking(paper, done, "Đã ký.")
    return paper
