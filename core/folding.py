"""A stored, mark-less copy of a row's texts for search, kept by the database itself."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import F, Func, GeneratedField, TextField, Value
from django.db.models.functions import Concat


class Fold(Func):
    """Lower case without marks, as ``core.vietnamese.fold`` but in SQL and immutable (``chibo_fold``, core 0001)."""

    function = "chibo_fold"
    arity = 1
    output_field = TextField()


def _text(names):
    parts = [part for name in names for part in (Value(" "), F(name))][1:]
    return Fold(Concat(*parts, output_field=TextField()) if len(parts) > 1 else parts[0])


def folded(*names):
    """A generated column over text columns of the same row; a save or an SQL edit never leaves it behind."""
    return GeneratedField(expression=_text(names), output_field=TextField(), db_persist=True)


def folded_words(*names):
    """The words of the same text for full text search, stored too: reading them again from each row is what costs."""
    words = SearchVector(_text(names), config="simple")
    return GeneratedField(expression=words, output_field=SearchVectorField(), db_persist=True)


def folded_indexes(name, column="folded", words="folded_words"):
    """Indexes on such columns: whole words and their beginnings (full text), parts of words (trigrams)."""
    return [
        GinIndex(fields=[words], name=f"{name}_words"),
        GinIndex(fields=[column], opclasses=["gin_trgm_ops"], name=f"{name}_parts"),
    ]
