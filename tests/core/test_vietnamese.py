"""Vietnamese text: order of names, folding, money and dates as documents write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese as vn


def test_name_key_sorts_by_given_name_in_vietnamese_order():
    """DOMAIN §9: sort by given name (last word) with Vietnamese order, then family name."""
    names = ["Lê Đức", "Trần Dũng", "Phạm An", "Vũ Ân", "Hồ Ăn", "Ngô Ánh", "Bùi Ba", "Tạ Yến", "Mai Ước", "Lý Uyên"]
    assert sorted(names, key=vn.name_key) == [
        "Phạm An", "Ngô Ánh", "Hồ Ăn", "Vũ Ân", "Bùi Ba", "Trần Dũng", "Lê Đức", "Lý Uyên", "Mai Ước", "Tạ Yến",
    ]  # fmt: skip


def test_name_key_orders_tones_after_letters():
    words = ["mạ", "má", "mã", "mả", "mà", "ma", "mai"]
    assert sorted(words, key=vn.word_key) == ["ma", "mà", "mả", "mã", "má", "mạ", "mai"]


def test_name_key_falls_back_on_family_name():
    assert sorted(["Vũ Minh Anh", "Bùi Minh Anh", "Bùi Kim Anh"], key=vn.name_key) == [
        "Bùi Kim Anh",
        "Bùi Minh Anh",
        "Vũ Minh Anh",
    ]


def test_name_key_is_the_same_for_composed_and_decomposed_text():
    import unicodedata

    name = "Nguyễn Thị Ỷ Đường"
    assert vn.name_key(unicodedata.normalize("NFD", name)) == vn.name_key(name)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nghị quyết", "nghi quyet"),
        ("ĐƯỜNG  phố", "duong pho"),
        ("Đỗ Ỷ Ớt", "do y ot"),
        ("", ""),
    ],
)
def test_fold_drops_case_and_marks(text, folded):
    assert vn.fold(text) == folded


@given(st.text(max_size=60))
def test_fold_is_stable(text):
    assert vn.fold(vn.fold(text)) == vn.fold(text)


@pytest.mark.parametrize(("amount", "text"), [(0, "0 đồng"), (15930, "15.930 đồng"), (5310000, "5.310.000 đồng")])
def test_money_has_dotted_thousands(amount, text):
    assert vn.money(amount) == text


@pytest.mark.parametrize(("value", "text"), [(0.5, "0,5"), (1234.5, "1.234,5"), (30, "30"), ("100", "100")])
def test_number_has_decimal_comma(value, text):
    assert vn.number(value) == text


def test_dates_as_documents_write_them():
    """36-HD/VPTW: day and months 1-2 in two digits; here day and month always two."""
    assert vn.date_words(datetime.date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert vn.time_words(datetime.time(9, 5)) == "09 giờ 05"
    assert vn.weekday(datetime.date(2026, 12, 5)) == "Thứ Bảy"


@pytest.mark.parametrize(
    ("name", "short", "letters"),
    [("Nguyễn Thị Kim Oanh", "Kim Oanh", "NO"), ("Ân", "Ân", "Â"), ("NGÔ VĂN ÚT", "VĂN ÚT", "NÚ")],
)
def test_short_name_and_initials(name, short, letters):
    assert (vn.short_name(name), vn.initials(name)) == (short, letters)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (14, "Mười bốn đồng"),
        (105, "Một trăm linh năm đồng"),
        (115, "Một trăm mười lăm đồng"),
        (5000, "Năm nghìn đồng"),
        (10620, "Mười nghìn sáu trăm hai mươi đồng"),
        (15005, "Mười lăm nghìn không trăm linh năm đồng"),
        (1205030, "Một triệu hai trăm linh năm nghìn không trăm ba mươi đồng"),
        (1000000000, "Một tỷ đồng"),
        (2000000001, "Hai tỷ không trăm linh một đồng"),
    ],
)
def test_money_in_words_as_receipts_carry_it(amount, words):
    assert vn.money_words(amount) == words


@pytest.mark.parametrize("amount", [-1, 10**12])
def test_no_words_for_what_no_receipt_carries(amount):
    with pytest.raises(ValueError, match="no words"):
        vn.money_words(amount)
