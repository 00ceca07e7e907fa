"""Who signs a paper, with what stands in its newest file: one query for the page of signatures."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from documents.models import PaperFile


def signers_with_file(paper):
    """The signers of a paper in printed order; each carries ``file_count`` and, of the newest stored file,
    ``file_sha256``, ``file_size`` (bytes), ``file_kind`` and ``file_at``.
    """
    files = PaperFile.objects.filter(paper=OuterRef("paper")).order_by("-pk")
    number = files.order_by().values("paper").annotate(n=Count("pk")).values("n")
    return paper.signers.annotate(
        file_count=Coalesce(Subquery(number, output_field=IntegerField()), 0),
        file_sha256=Subquery(files.values("sha256")[:1]),
        file_size=Subquery(files.values("size")[:1]),
        file_kind=Subquery(files.values("kind")[:1]),
        file_at=Subquery(files.values("created_at")[:1]),
    )
