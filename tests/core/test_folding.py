"""``chibo_fold`` in the database says what ``core.vietnamese.fold`` says in Python."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.vietnamese import LETTERS, TONES, fold

pytestmark = pytest.mark.django_db

VOWELS = "aăâeêioôơuưy"
TONED = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
SMALL = sorted({*LETTERS, *TONED})
ALPHABET = [*SMALL, *(letter.upper() for letter in SMALL)]
BLANKS = [" ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u202f", "\u3000"]
SIGNS = [*"0123456789-/.,;:()“”\"'_%\\&|!@", "…", "–"]
WORDS = st.lists(st.sampled_from([*ALPHABET, *BLANKS, *SIGNS]), max_size=40).map("".join)


def in_database(texts, collation=""):
    """The texts folded by PostgreSQL, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT chibo_fold(value {collation}) FROM unnest(%s::text[]) WITH ORDINALITY AS row(value, place)"
            " ORDER BY place",
            [texts],
        )
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nghị quyết", "nghi quyet"),
        ("ĐƯỜNG  phố", "duong pho"),
        ("đường", "duong"),
        ("Ủy ban Ỷ Ớt Ữ ẴM Ặ", "uy ban y ot u am a"),
        ("  đầu và cuối \n", "dau va cuoi"),
        ("không\u00a0ngắt\tdòng\u3000rộng", "khong ngat dong rong"),
        ("10-NQ/CB, B 2", "10-nq/cb, b 2"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_database_folds_as_python_does(text, folded, form):
    text = unicodedata.normalize(form, text)
    assert (in_database([text]), fold(text)) == ([folded], folded)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_of_the_alphabet_folds_alike(form):
    letters = [unicodedata.normalize(form, letter) for letter in ALPHABET]
    assert in_database(letters) == [fold(letter) for letter in letters]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=20), st.sampled_from(["NFC", "NFD"]))
def test_any_vietnamese_text_folds_alike(db, texts, form):
    texts = [unicodedata.normalize(form, text) for text in texts]
    assert in_database(texts) == [fold(text) for text in texts]


@pytest.mark.parametrize("collation", ["C", "pg_c_utf8", "unicode"])
def test_locale_of_the_database_does_not_matter(collation):
    """A database made with the locale C lowers ASCII only: marks go first, so that nothing else is left."""
    assert in_database(["ĐẢNG ỦY PHƯỜNG Ỷ\u00a0Ớt"], f'COLLATE "{collation}"') == ["dang uy phuong y ot"]
