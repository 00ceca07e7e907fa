"""The S01/ĐP book as PDF and XLSX."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from fees.models import Due
from fees.services.collecting import pay
from fees.states import Method
from tests.fees.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(book, cell, member, collector):
    return pay(cell, member.member, 284_000, TODAY, Method.CASH, by=collector)


def file_of(client, name, query=""):
    return client.get(reverse(f"fees:{name}", args=[2026]) + query)


def test_workbook_holds_numbers(paid, member, collector, as_user):
    """DOMAIN §3.4: part I one line per member, part II collected, retained, remitted."""
    data = file_of(as_user(collector), "s01_xlsx", "?tu=9&den=11").content
    workbook = load_workbook(BytesIO(data))
    rows = [list(row) for row in workbook["Phần I"].iter_rows(values_only=True)]
    assert [row[3:] for row in rows if row[1] == member.member.full_name] == [[142_000, 142_000, 0, 284_000]]
    assert rows[-1][3:] == [142_000, 142_000, 0, 284_000]
    sums = [list(row) for row in workbook["Phần II"].iter_rows(values_only=True)]
    assert sums[-2] == [3, "11/2026", 284_000, "chưa cấu hình", 0]
    assert sums[-1] == [None, "Cộng", 284_000, "chưa đủ", 0]


def test_book_on_paper(paid, collector, as_user, tmp_path):
    Due.objects.update(rules=[{"verified": False}])
    data = file_of(as_user(collector), "s01_pdf").content
    reader = PdfReader(BytesIO(data))
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(842, 595)}
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for sentence in ("Mức đóng có quy định chưa kiểm chứng.", "chưa cấu hình", "284.000", "Mẫu S01/ĐP"):
        assert sentence in words


@pytest.mark.parametrize("who", ["bithu", "phobithu", "chiuy", "dangvien", "captren", "quantri"])
def test_amounts_by_person_are_for_the_collector(book, cast, as_user, who):
    for name in ("s01_pdf", "s01_xlsx"):
        assert file_of(as_user(cast[who]), name).status_code == 403
