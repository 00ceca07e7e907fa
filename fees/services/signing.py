"""Signing the records of audits and hand-overs: who has signed is asked no more."""

from documents.services import signing
from fees.services import audit_told


def _after(paper):
    done = [signer.member for signer in paper.signers.select_related("member") if signer.signed_at]
    audit_told.stop_asking(paper, done, "Đã ký.")
    return paper


SIGNING = signing.Followed(_after)
