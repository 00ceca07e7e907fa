"""What ``verify_chain`` watches in this app: official papers, and the line of the diary printed on each of them."""

from documents.models import Paper
from documents.queries import canonical

COVERAGE = {"documents.paper": canonical}


def anchors():
    """(organisation id, seq, hash, words) of every paper that was ever sealed, withdrawn ones too."""
    sealed = Paper.objects.exclude(anchor_seq=None).order_by("pk").select_related("organisation")
    for paper in sealed.iterator(chunk_size=500):
        yield paper.organisation_id, paper.anchor_seq, paper.anchor_hash, f"văn bản {paper.number_text or paper.pk}"
