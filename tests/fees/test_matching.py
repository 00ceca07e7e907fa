"""Whose money it is: certain only when the text can mean one person."""

import pytest

from fees.matching import Payer, match

ANH, HONG, NHUNG, BAY, OTHER_BAY = (
    Payer(1, "Nguyễn Thị Ánh", card_no="012345678901"),
    Payer(2, "Lê Thị Hồng"),
    Payer(3, "Lê Thị Hồng Nhung", phone="0912345678"),
    Payer(4, "Lê Văn Bảy"),
    Payer(5, "Lê Văn Bảy"),
)
PAYERS = (ANH, HONG, NHUNG, BAY, OTHER_BAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NGUYEN THI ANH dong dang phi T11", (1,)),
        ("nguyễn thị ánh", (1,)),
        ("NGUYENTHIANH DP T11", (1,)),  # some banks drop the blanks
        ("IBFT LE THI HONG T11", (2,)),
        ("LE THI HONG NHUNG dang phi", (3,)),  # the longer name is meant
        ("the 012345678901 chuyen tien", (1,)),
        ("0912345678 nop dang phi thay LE VAN BAY", (3,)),  # a number says more than a name
        ("LE VAN BAY dang phi", (4, 5)),  # two people of one name: nobody is chosen for the collector
        ("LE THI HONG va NGUYEN THI ANH", (1, 2)),
        ("chuyen khoan", ()),
        ("", ()),
    ],
)
def test_text_names_a_payer(text, found):
    assert match(text, PAYERS).found == found


@pytest.mark.parametrize(
    "text", ["NGUYEN VAN AN HN chuyen dang phi", "NGUYEN VAN AN hop dang phi T11", "dang phi cua Nguyễn Văn An"]
)
def test_whole_words_go_before_letters_run_together(text):
    """ "AN HN" and "AN hop" are no "ANH"."""
    payers = (Payer(1, "Nguyễn Văn An"), Payer(2, "Nguyễn Văn Anh"))
    assert (match(text, payers).found, match(text, payers).certain) == ((1,), 1)


@pytest.mark.parametrize("text", ["TRAN THI HOAI DP", "TRANTHIHOAI DP", "TRANTHIHOA DP"])
def test_name_written_together_is_never_certain(text):
    """Somebody called Trần Thị Hoài is no payer here, yet may have sent the money."""
    payers = (Payer(1, "Trần Thị Hoa"),)
    assert (match(text, payers).found, match(text, payers).certain) == ((1,), None)


def test_longer_name_beside_the_shorter_one_names_two():
    found = match("LE THI HONG NHUNG nop thay LE THI HONG", PAYERS)
    assert (set(found.found), found.certain) == ({2, 3}, None)


def test_only_one_possible_payer_is_certain():
    assert match("LE THI HONG", PAYERS).certain == 2
    assert match("LE VAN BAY", PAYERS).certain is None
    assert match("", PAYERS).certain is None
