"""The check page: open to everybody, tells little, compares a file, keeps nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import queries, throttle
from documents.models import PaperFile
from documents.services import papers
from tests.documents.conftest import CHAIR_NAME, bytes_of


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(client, paper, data, name="bien-ban.pdf"):
    return client.post(paper.verify_path, {"data": SimpleUploadedFile(name, data)})


def test_verify_shows_type_number_date_state_and_eight_digits(client, signed):
    response = client.get(signed.verify_path)
    page = words(response)
    assert response.status_code == 200
    shown = ("Biên bản", "01-BB/CB", "05/12/2026", "Đã ký", queries.current_file(signed).sha256[:8])
    assert [each in page for each in shown] == [True] * 5


def test_verify_tells_no_names_before_a_file_matches(client, signed):
    page = words(client.get(signed.verify_path))
    assert (CHAIR_NAME in page, signed.subject in page, signed.organisation.name in page) == (False, False, False)


def test_verify_matches_the_signed_file_and_names_the_signers(client, signed):
    response = send(client, signed, bytes_of(signed))
    page = words(response)
    assert response.status_code == 200
    assert ("Tệp này trùng với bản đã ký." in page, f"Chủ trì: {CHAIR_NAME}" in page) == (True, True)
    assert "chưa kiểm tra thu hồi" in page


def test_verify_finds_one_changed_byte(client, signed):
    data = bytearray(bytes_of(signed))
    data[len(data) // 2] ^= 1
    page = words(send(client, signed, bytes(data)))
    assert ("Tệp này không trùng với bản đã ký." in page, CHAIR_NAME in page) == (True, False)


def test_verify_keeps_nothing(client, signed):
    send(client, signed, b"x" * 5000)
    assert PaperFile.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "sentence"), [(None, "Chọn tệp trước khi gửi."), (b"", "Tệp này rỗng. Chọn tệp khác.")]
)
def test_verify_without_a_file_says_so_at_the_field(client, signed, data, sentence):
    posted = {} if data is None else {"data": SimpleUploadedFile("a.pdf", data)}
    response = client.post(signed.verify_path, posted)
    assert (response.status_code, sentence in words(response)) == (422, True)


def test_verify_refuses_more_than_the_limit(client, signed, settings):
    settings.UPLOAD_LIMIT = 2 * 1024 * 1024
    from documents.forms import CheckForm

    CheckForm.base_fields["data"].limit = 1024
    try:
        response = send(client, signed, b"x" * 1025)
    finally:
        CheckForm.base_fields["data"].limit = 20 * 1024 * 1024
    assert (response.status_code, "Tệp lớn hơn 20 MB. Chọn tệp nhỏ hơn." in words(response)) == (422, True)


def test_verify_answers_only_so_many_uploads(client, signed, monkeypatch):
    monkeypatch.setattr(throttle, "CHECKS", 3)
    assert [send(client, signed, b"x").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert "Có quá nhiều lần kiểm tra từ địa chỉ này." in words(send(client, signed, b"x"))


@pytest.mark.parametrize("state", ["draft", "adopted"])
def test_verify_knows_nothing_before_sealing(client, draft, adopted, state):
    adopted.state = state
    adopted.save()
    assert client.get(adopted.verify_path).status_code == 404


def test_verify_of_an_unknown_code_is_404(client, db):
    assert client.get("/verify/abcdefghijklmnopqrstuvwx/").status_code == 404


def test_verify_of_a_withdrawn_paper_says_so(client, sealed, cast):
    papers.withdraw_paper(sealed, "Ghi nhầm", by=cast.by)
    page = words(client.get(sealed.verify_path))
    assert ("Đã hủy" in page, "01-BB/CB (hủy)" in page) == (True, True)


def test_verify_costs_few_queries(client, signed, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(signed.verify_path)
