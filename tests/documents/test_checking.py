"""The check page's answer: by hash first, names only for a file that is ours."""

from io import BytesIO

import pytest
from PIL import Image

from documents import queries
from documents.services import papers, signing
from documents.services.checking import check_file
from tests.documents.conftest import CHAIR_NAME, CLERK_NAME, bytes_of


def answer(paper, data):
    result = check_file(paper, data)
    return result.matches, result.final, result.sentence, [signer.member_name for signer in result.signers]


def test_each_version_is_told_apart(signed):
    versions = [queries.read_checked(stored) for stored in signed.files.all()]
    assert [answer(signed, data) for data in versions] == [
        (True, False, "Tệp này trùng với bản đã khóa, chưa có chữ ký.", []),
        (True, False, "Tệp này trùng với bản mới có một phần chữ ký.", [CLERK_NAME]),
        (True, True, "Tệp này trùng với bản đã ký.", [CLERK_NAME, CHAIR_NAME]),
    ]


@pytest.mark.parametrize("place", [10, 3000, -10])
def test_one_changed_byte_is_another_file(signed, place):
    data = bytearray(bytes_of(signed))
    data[place] ^= 1
    assert answer(signed, bytes(data)) == (False, False, "Tệp này không trùng với bản đã ký.", [])


def test_any_other_bytes_are_another_file(signed):
    assert answer(signed, b"") == (False, False, "Tệp này không trùng với bản đã ký.", [])


def test_a_waiting_paper_says_so(sealed):
    assert answer(sealed, b"x") == (False, False, "Tệp này không trùng với bản đã khóa, đang chờ ký.", [])


def test_a_withdrawn_paper_never_matches(sealed, cast):
    data = bytes_of(sealed)
    paper = papers.withdraw_paper(sealed, "Ghi nhầm", by=cast.by)
    assert [answer(paper, each)[:3] for each in (data, b"x")] == [
        (False, False, "Văn bản này đã bị hủy. Tệp này trùng với bản đã khóa trước khi hủy."),
        (False, False, "Văn bản này đã bị hủy. Tệp này không trùng với bản đã khóa trước khi hủy."),
    ]


def test_a_scan_matches_and_names_who_signed_by_hand(adopted, cast, sample):
    paper = papers.seal_paper(adopted, sample, {}, way="ink", by=cast.by)
    out = BytesIO()
    Image.new("L", (800, 1100), 255).save(out, format="PNG")
    paper = signing.accept_scan(paper, out.getvalue(), by=cast.by)
    data = bytes_of(paper)
    assert answer(paper, data) == (True, True, "Tệp này trùng với bản quét chữ ký tay.", [CLERK_NAME, CHAIR_NAME])
