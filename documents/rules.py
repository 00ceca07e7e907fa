"""Who may sign; who may read, seal or withdraw a paper is asked by its owner."""

import rules


@rules.predicate
def is_signer(user, signer):
    """The person whose place it is on the paper, and nobody else."""
    return signer is not None and signer.member_id == user.member_id


rules.add_perm("documents.sign_paper", is_signer)  # asked of the place to sign
