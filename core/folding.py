"""A stored, mark-less copy of a row's texts for search, kept by the database itself."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, GeneratedField, TextField, Value
from django.db.models.functions import Concat


class Fold(Func):
    """Lower case without marks, as ``core.vietnamese.fold`` but in SQL and immutable (``chibo_fold``, core 0001)."""

    function = "chibo_fold"
    arity = 1
    output_field = TextField()


def folded(*names):
    """A generated column over text columns of the same row; a save or an SQL edit never leaves it behind."""
    parts = [part for name in names for part in (Value(" "), F(name))][1:]
    text = Concat(*parts, output_field=TextField()) if len(parts) > 1 else parts[0]
    return GeneratedField(expression=Fold(text), output_field=TextField(), db_persist=True)


def folded_indexes(name, column="folded"):
    """Indexes on such a column: whole words and their beginnings (full text), parts of words (trigrams)."""
    return [
        GinIndex(SearchVector(column, config="simple"), name=f"{name}_words"),
        GinIndex(fields=[column], opclasses=["gin_trgm_ops"], name=f"{name}_parts"),
    ]
