"""What is typed into the search box, and what is marked in the texts found."""

import datetime
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.marking import _folded_places, excerpt, has_found, marked, pattern
from core.searching import LONGEST, MOST_WORDS, Query, due_days, parse
from core.vietnamese import fold

TODAY = datetime.date(2026, 12, 5)


def days(first, last=None):
    read = datetime.date.fromisoformat
    return read(first), read(last or first)


NOVEMBER = days("2026-11-01", "2026-11-30")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("nghị quyết", Query(words=("nghi", "quyet"))),
        ("NGHI  quyet\u00a0Nghị", Query(words=("nghi", "quyet"))),
        ("(đường), phố!", Query(words=("duong", "pho"))),
        ("10-NQ/CB b 2", Query(words=("10-nq/cb", "b", "2"))),
        ('"Chuyển đổi  số" bí thư', Query(words=("bi", "thu"), phrases=("chuyen doi so",))),
        ("“Chưa xong” rồi", Query(words=("roi",), phrases=("chua xong",))),
        ('"thiếu dấu', Query(words=("thieu", "dau"))),
        ("@tôi", Query(mine=True)),
        ("@TOI", Query(mine=True)),
        ("@me", Query(mine=True)),
        ("@Lan", Query(people=("lan",))),
        ("@Trường, chưa xong", Query(people=("truong",), unfinished=True)),
        ('@"Ngô  Xuân Trường" mương', Query(words=("muong",), people=("ngo xuan truong",))),
        ("@tôi @lan @LAN @hùng", Query(mine=True, people=("lan", "hung"))),
        ("@tôilan", Query(people=("toilan",))),
        ("@", Query()),
        ('@""', Query()),
        ("hạn:quá @lan", Query(late=True, people=("lan",))),
        ("thu@toi.vn", Query(words=("thu@toi.vn",))),
        ("chưa xong", Query(unfinished=True)),
        ("chua   xong", Query(unfinished=True)),
        ("chưa xong xuôi", Query(words=("xuoi",), unfinished=True)),
        ("@tôi chưa xong mương", Query(words=("muong",), mine=True, unfinished=True)),
        ("hạn:tháng 11", Query(due=NOVEMBER)),
        ("han: thang 11", Query(due=NOVEMBER)),
        ("hạn:tháng 11/2025", Query(due=days("2025-11-01", "2025-11-30"))),
        ("hạn:02/2028", Query(due=days("2028-02-01", "2028-02-29"))),
        ("hạn:05/12/2026 in", Query(words=("in",), due=days("2026-12-05"))),
        ("hạn:hôm nay", Query(due=days("2026-12-05"))),
        ("hạn:tháng này", Query(due=days("2026-12-01", "2026-12-31"))),
        ("hạn:quá", Query(late=True)),
        ("hạn:quá hạn", Query(late=True)),
        ("hạn:quán", Query(unread=("hạn:quan",))),
        ("hạn:tháng 13 in", Query(words=("in",), unread=("hạn:tháng 13",))),
        ("hạn:31/02/2026", Query(unread=("hạn:31/02/2026",))),
        ("hạn:", Query(unread=("hạn:",))),
        ("kỳ hạn tháng 11", Query(words=("ky", "han", "thang", "11"))),
        ("", Query()),
        (' " , . - ', Query()),
    ],
)
def test_query_is_read(text, query):
    assert parse(text, TODAY) == query


@pytest.mark.parametrize("text", ["@tôi chưa xong", "hạn:tháng 11", "hạn:quá đường", '"Chuyển đổi số"'])
def test_decomposed_letters_read_alike(text):
    assert parse(unicodedata.normalize("NFD", text), TODAY) == parse(text, TODAY)


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-12-05", 2026), ("2027-01-20", 2026), ("2027-04-30", 2026), ("2027-05-01", 2027), ("2027-06-15", 2027)],
)
def test_month_without_year_is_the_nearest_one(today, year):
    """Of two equally near (May: six months each way) the coming one."""
    assert due_days("thang 11", datetime.date.fromisoformat(today)) == days(f"{year}-11-01", f"{year}-11-30")


@pytest.mark.parametrize(
    ("text", "short", "empty"),
    [("a", True, False), ("ab", False, False), ("b 2", False, False), ("", False, True), ("@tôi", False, False)],
)
def test_a_single_letter_is_too_short(text, short, empty):
    query = parse(text, TODAY)
    assert (query.is_too_short, query.is_empty) == (short, empty)


def test_letter_with_an_operator_is_long_enough():
    assert parse("a chưa xong", TODAY).is_too_short is False


def test_only_the_beginning_of_an_endless_text_is_read():
    words = tuple(f"w{n}" for n in range(99))
    assert parse(" ".join(words), TODAY).words == words[:MOST_WORDS]
    assert parse("x" * 999, TODAY).words == ("x" * LONGEST,)


@given(st.text(max_size=80))
def test_anything_may_be_typed(text):
    query = parse(text, TODAY)
    wanted = pattern(query)
    assert "\0" not in "".join(query.words + query.phrases)
    assert "".join(piece.text for piece in marked(text, wanted)) == unicodedata.normalize("NFC", text)


# Marking


def bracketed(pieces):
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("nghi quyet", "Nghị quyết về Đường phố", "[Nghị] [quyết] về Đường phố"),
        ("duong", "ĐƯỜNG làng, đương nhiên", "[ĐƯỜNG] làng, [đương] nhiên"),
        ("nghi", "nghiêm túc, đề nghị", "[nghi]êm túc, đề [nghị]"),
        ("bi", "Bí thư và bình", "[Bí] thư và bình"),
        ('"bí thư"', "Bí  thư, thư bí", "[Bí  thư], thư bí"),
        ("10-nq/cb", "theo 10-NQ/CB.", "theo [10-NQ/CB]."),
        ("xong", "<b>xong</b> & rồi", "<b>[xong]</b> & rồi"),
    ],
)
def test_found_words_are_marked_in_the_text_as_it_stands(asked, text, found):
    assert bracketed(marked(text, pattern(parse(asked, TODAY)))) == found


def test_parts_of_words_are_marked_when_asked_for():
    assert bracketed(marked("nghị quyết", pattern(parse("uyet", TODAY), parts=True))) == "nghị q[uyết]"


def test_marks_written_apart_stay_with_their_letter():
    text = unicodedata.normalize("NFD", "Nghị quyết")
    assert bracketed(marked(text, pattern(parse("nghi", TODAY)))) == "[Nghị] quyết"


@given(st.text(alphabet="aăđĐịI\u0309\u00a0  \n§ﬁ中.", max_size=60))
def test_whole_table_and_letter_by_letter_fold_alike(text):
    """What is translated at once is folded as each letter alone is, and every letter keeps its place."""
    plain, places = _folded_places(text)
    alone = "".join(" " if char.isspace() else fold(char) for char in text)
    assert plain == re.sub(" +", " ", alone)
    assert len(places) == len(plain)
    for letter, place in zip(plain, places, strict=True):
        assert letter in (" " if text[place].isspace() else fold(text[place]))


def test_excerpt_shows_where_most_terms_stand():
    text = "nghị đầu. " + "một hai ba " * 40 + "theo nghị quyết số 5 của chi bộ " + "bốn năm " * 60
    pieces = excerpt(text, pattern(parse("nghi quyet", TODAY)), size=100)
    assert bracketed(pieces) == (
        "…một hai ba một hai ba một hai ba một hai ba một hai ba theo [nghị] [quyết] số 5 của chi bộ bốn năm bốn…"
    )


def test_excerpt_without_anything_found_is_the_beginning():
    pieces = excerpt("một hai ba " * 40, None, size=20)
    assert (bracketed(pieces), has_found(pieces)) == ("một hai ba một hai…", False)


def test_short_text_is_shown_whole():
    assert bracketed(excerpt("Dọn\n mương", pattern(parse("muong", TODAY)))) == "Dọn [mương]"


@given(st.text(alphabet="aăđ nb", max_size=400))
def test_excerpt_is_never_much_longer_than_asked(text):
    pieces = excerpt(text, pattern(parse("an", TODAY)), size=50)
    assert len("".join(piece.text for piece in pieces)) <= 52
