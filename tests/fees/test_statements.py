"""Reading in an export: a dry run first, nothing twice, all lines or none (issue 4, "A file with a wrong total")."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Refused
from fees.models import Payment, Source, Statement
from fees.services import statements
from fees.services.collecting import pay
from fees.services.foreseeing import booked_on, troubles
from fees.states import LineState, Method, StatementState
from members.models import Activity
from tests.fees.conftest import TODAY, first, shut
from tests.fees.test_reading import MAPS

pytestmark = pytest.mark.django_db

# the cast: Ngô Xuân Trường (member) owes 142.000 a month, Đỗ Mai Anh (clerk) 15.930; September to November open
FILE = """\
STT;Ngày giao dịch;Ghi nợ;Ghi có;Diễn giải;Mã GD
1;05/11/2026;;142.000;NGO XUAN TRUONG dang phi;FT01
2;06/11/2026;;15.930;DO MAI ANH DP T9;FT02
3;07/11/2026;;5.000;chuyen tien;FT03
"""


def upload(text=FILE, name="sao-ke.csv"):
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def source(book, cell, collector):
    row = Source(cell=cell, name="Ngân hàng Mẫu", method=Method.TRANSFER, mapping=MAPS["bank"])
    return statements.save_source(row, by=collector)


@pytest.fixture
def statement(source, collector):
    return statements.read_statement(source, upload(), by=collector)


def states(statement):
    return list(statement.lines.values_list("row", "state"))


def test_dry_run_matches_and_books_nothing(statement, member, clerk):
    assert states(statement) == [(2, LineState.MATCHED), (3, LineState.MATCHED), (4, LineState.UNSURE)]
    assert list(statement.lines.values_list("member", flat=True)) == [member.member_id, clerk.member_id, None]
    assert Payment.objects.count() == 0


def test_booking_makes_one_receipt_a_matched_line(statement, collector, member, clerk):
    booked = statements.book_statement(statement, by=collector)
    assert booked.state == StatementState.BOOKED
    assert states(statement) == [(2, LineState.BOOKED), (3, LineState.BOOKED), (4, LineState.UNSURE)]
    rows = Payment.objects.order_by("number").values_list("number", "member", "amount", "method", "reference")
    assert list(rows) == [
        (1, member.member_id, 142_000, "transfer", "FT01"),
        (2, clerk.member_id, 15_930, "transfer", "FT02"),
    ]
    assert Activity.objects.filter(verb="statement.booked").count() == 1


def test_line_is_given_to_a_member_or_passed_over(statement, collector, member):
    first, _, third = statement.lines.all()
    statements.match_line(third, member=member.member, by=collector)
    statements.match_line(first, member=None, by=collector)
    assert states(statement) == [(2, LineState.SKIPPED), (3, LineState.MATCHED), (4, LineState.MATCHED)]


def test_same_file_is_refused_until_it_was_dropped(statement, source, collector):
    with pytest.raises(Refused, match="Tệp này đã được đọc"):
        statements.read_statement(source, upload(), by=collector)
    statements.drop_statement(statement, by=collector)
    again = statements.read_statement(source, upload(), by=collector)
    assert (again.state, Statement.objects.count()) == (StatementState.READ, 2)


def test_what_stands_in_the_book_is_not_booked_again(source, collector, member, clerk, cell):
    """By the number of the transaction, or by payer, day and amount where the collector entered it by hand."""
    pay(cell, member.member, 142_000, TODAY.replace(day=5), Method.TRANSFER, by=collector, reference="FT01")
    pay(cell, clerk.member, 15_930, TODAY.replace(day=6), Method.TRANSFER, by=collector)
    statement = statements.read_statement(source, upload(), by=collector)
    assert states(statement) == [(2, LineState.KNOWN), (3, LineState.KNOWN), (4, LineState.UNSURE)]
    with pytest.raises(Refused, match="Chưa có dòng nào được ghép"):
        statements.book_statement(statement, by=collector)
    with pytest.raises(Refused, match="đã có trong sổ nên không ghép nữa"):
        statements.match_line(statement.lines.first(), member=member.member, by=collector)


def test_one_line_that_cannot_be_booked_stops_all(statement, collector, member):
    """All or none: the last line pays more than is owed."""
    large = FILE.replace("5.000", "9.000.000").replace("sao", "x")
    statements.drop_statement(statement, by=collector)
    statement = statements.read_statement(statement.source, upload(large), by=collector)
    statements.match_line(statement.lines.last(), member=member.member, by=collector)
    with pytest.raises(Refused, match=r"^Dòng 4, ngày 07/11/2026: "):
        statements.book_statement(statement, by=collector)
    assert Payment.objects.count() == 0
    assert states(statement)[0] == (2, LineState.MATCHED)


# What would stop the booking is said before, and every line has a way into the book


def quarter(source, collector, member, date="07/11/2026", amount="500.000"):
    """A file of which one line pays more than the three months of 142.000 that are owed."""
    text = FILE.replace("3;07/11/2026;;5.000;chuyen tien", f"3;{date};;{amount};NGO XUAN TRUONG DP quy")
    text = text.replace("1;05/11/2026;;142.000;NGO XUAN TRUONG dang phi;FT01\n", "")
    return statements.read_statement(source, upload(text), by=collector)


@pytest.mark.parametrize(
    ("rest", "last"),
    [("advance", (first(12), "due", 74_000)), ("voluntary", (first(11), "voluntary", 74_000))],
)
def test_line_larger_than_what_is_owed(source, collector, member, rest, last):
    statement = quarter(source, collector, member)
    line = statement.lines.last()
    assert troubles(statement) == {
        line.pk: "Số tiền nhiều hơn số còn phải đóng (426.000 đồng) là 74.000 đồng. "
        "Sửa số tiền, chọn thêm tháng đóng trước, hoặc ghi phần dư là tự nguyện."
    }
    with pytest.raises(Refused, match=r"^Dòng 3, ngày 07/11/2026: Số tiền nhiều hơn"):
        statements.book_statement(statement, by=collector)
    statements.match_line(line, member=member.member, by=collector, rest=rest)
    assert troubles(statement) == {}
    statements.book_statement(statement, by=collector)
    rows = Payment.objects.get(member=member.member).allocations.values_list("month", "share", "amount")
    assert list(rows)[-1] == last
    assert [row[2] for row in rows] == [142_000] * 3 + [74_000]


def test_line_of_a_closed_month_goes_into_an_open_one(book, source, collector, member):
    """The day of the bank stands in the note; the same line in another file is known by it."""
    shut(book[10])
    statement = quarter(source, collector, member, date="30/10/2026", amount="142.000")
    line = statement.lines.last()
    assert troubles(statement) == {
        line.pk: "Sổ đảng phí tháng 10/2026 đã khóa. Chọn “Ghi vào tháng đang mở” cho dòng này, hoặc bỏ qua dòng."
    }
    with pytest.raises(Refused, match=r"^Dòng 3, ngày 30/10/2026: Sổ đảng phí tháng 10/2026 đã khóa"):
        statements.book_statement(statement, by=collector)
    statements.match_line(line, member=member.member, by=collector, into_open=True)
    assert troubles(statement) == {}
    statements.book_statement(statement, by=collector)
    payment = Payment.objects.get(member=member.member)
    assert (payment.paid_on, payment.fee_month, payment.note) == (
        TODAY, book[11], "Ngân hàng ghi ngày 30/10/2026. Theo sao kê sao-ke.csv",
    )  # fmt: skip
    text = FILE.splitlines()[0] + "\n9;30/10/2026;;142.000;NGO XUAN TRUONG;\n"
    again = statements.read_statement(source, upload(text), by=collector)
    assert states(again) == [(2, LineState.KNOWN)]


@pytest.mark.parametrize(("closed", "day"), [((9, 11), (10, 1)), ((9,), (11, 20)), ((), (9, 7)), ((9, 10, 11), None)])
def test_day_of_a_line_that_goes_into_an_open_month(book, source, collector, member, closed, day):
    """Today where its month is open, else the first day of the next open month; its own day where that is open."""
    for number in closed:
        shut(book[number])
    line = quarter(source, collector, member, date="07/09/2026").lines.last()
    line.into_open = True
    if day is None:
        with pytest.raises(Refused, match="Chưa có tháng nào đang mở để ghi"):
            booked_on(line.cell, line)
    else:
        assert booked_on(line.cell, line) == datetime.date(2026, *day)


def test_lines_are_weighed_one_after_another(source, collector, member):
    """Each alone would find room, both together do not; and one number of a transaction stands for one receipt."""
    rows = "".join(
        f"{number};0{number}/11/2026;;400.000;NGO XUAN TRUONG;{mark}\n" for number, mark in ((1, "A"), (2, "B"))
    )
    rows += "3;03/11/2026;;15.930;DO MAI ANH;FT 9\n4;04/11/2026;;15.930;DO MAI ANH;ft9\n"
    statement = statements.read_statement(source, upload(FILE.splitlines()[0] + "\n" + rows), by=collector)
    lines = list(statement.lines.all())
    found = troubles(statement)
    assert sorted(found) == [lines[1].pk, lines[3].pk]
    assert found[lines[1].pk][:58] == "Số tiền nhiều hơn số còn phải đóng (26.000 đồng) là 374.00"
    assert found[lines[3].pk] == "Số giao dịch ft9 đã được ghi ở dòng 4. Bỏ qua dòng này."


def test_what_the_page_foresees_is_what_booking_says(source, collector, member, clerk, cell):
    """A payment entered by hand after the file was read."""
    statement = statements.read_statement(source, upload(), by=collector)
    pay(cell, member.member, 142_000, TODAY, Method.TRANSFER, by=collector, reference="ft 01")
    line = statement.lines.first()
    assert troubles(statement) == {line.pk: "Số giao dịch FT01 đã được ghi ở biên lai 0001/2026. Bỏ qua dòng này."}
    with pytest.raises(Refused, match=r"^Dòng 2, ngày 05/11/2026: Số giao dịch ft 01 đã được ghi ở biên lai 0001/2026"):
        statements.book_statement(statement, by=collector)
    statements.match_line(line, member=None, by=collector)
    statements.book_statement(statement, by=collector)
    assert list(Payment.objects.order_by("number").values_list("member", flat=True)) == [
        member.member_id, clerk.member_id,
    ]  # fmt: skip


def test_known_reference_written_otherwise_is_known(source, collector, member, cell):
    pay(cell, member.member, 10_000, TODAY, Method.TRANSFER, by=collector, reference="ft 01")
    assert states(statements.read_statement(source, upload(), by=collector))[0] == (2, LineState.KNOWN)


def test_name_written_together_waits_for_the_collector(source, collector):
    text = FILE.replace("NGO XUAN TRUONG", "NGOXUANTRUONG")
    line = statements.read_statement(source, upload(text), by=collector).lines.first()
    assert (line.state, line.member, line.problem) == (
        LineState.UNSURE, None,
        "Có thể là đồng chí Ngô Xuân Trường, nhưng tên không viết thành từ riêng. Chọn người đóng.",
    )  # fmt: skip


def test_page_names_what_stops_the_booking_and_the_line_offers_the_way(book, source, collector, member, as_user):
    shut(book[10])
    statement = quarter(source, collector, member, date="30/10/2026", amount="500.000")
    line, client = statement.lines.last(), as_user(collector)
    address = f"/fees/statements/{statement.pk}/"
    page = client.get(address).content.decode()
    assert ("1 dòng đã ghép chưa ghi được vào sổ" in page, "tháng 10/2026 đã khóa" in page) == (True, True)
    assert "Ghi vào tháng đang mở" in client.get(f"{address}lines/{line.pk}/").content.decode()
    first_line = statement.lines.first()  # of an open month
    assert "Ghi vào tháng đang mở" not in client.get(f"{address}lines/{first_line.pk}/").content.decode()
    form = {"member": member.member_id, "into_open": "on", "rest": "voluntary"}
    assert client.post(f"{address}lines/{line.pk}/", form).status_code == 302
    page = client.get(address).content.decode()
    assert ("chưa ghi được vào sổ" in page, "Phần dư: tự nguyện đóng thêm" in page) == (False, True)
    assert client.post(f"{address}do/book/").status_code == 302
    assert Payment.objects.count() == 2


def test_booked_file_changes_no_more(statement, collector, member):
    statements.book_statement(statement, by=collector)
    for act in (
        lambda: statements.book_statement(statement, by=collector),
        lambda: statements.drop_statement(statement, by=collector),
        lambda: statements.match_line(statement.lines.last(), member=member.member, by=collector),
    ):
        with pytest.raises(Refused, match="hiện ở tình trạng “đã ghi sổ”"):
            act()
    assert Payment.objects.count() == 2


def test_row_that_cannot_be_read_refuses_the_file(source, collector):
    with pytest.raises(Refused, match=r"^Dòng 2: Không hiểu “5/13/2026”"):
        statements.read_statement(source, upload(FILE.replace("05/11/2026", "5/13/2026")), by=collector)
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"mapping": {"date": "", "amount": "Ghi có"}}, "Ghi tên cột “Ngày” như trong tệp.", "date"),
        ({"mapping": {"date": "Ngày"}}, "Ghi tên cột “Số tiền” như trong tệp.", "amount"),
        ({"name": "Ngân hàng Mẫu"}, "Đã có nguồn mang tên này. Đặt tên khác.", "name"),
    ],
)
def test_source_needs_its_columns_and_a_name_of_its_own(source, cell, collector, change, sentence, field):
    row = Source(**{"cell": cell, "name": "Cổng", "mapping": MAPS["portal"], **change})
    with pytest.raises(Refused) as caught:
        statements.save_source(row, by=collector)
    assert (caught.value.message, caught.value.field) == (sentence, field)


def test_pages_lead_from_the_source_to_the_receipts(book, cell, collector, as_user):
    """As the collector does it in the browser: source, file, line, booking."""
    client = as_user(collector)
    new = {"name": "Ngân hàng Mẫu", "method": "transfer", **MAPS["bank"]}
    assert client.post("/fees/sources/new/", new)["Location"] == "/fees/sources/"
    source = Source.objects.get()
    assert "Ngân hàng Mẫu" in client.get("/fees/sources/").content.decode()
    read = client.post(f"/fees/sources/{source.pk}/read/", {"file": upload()})
    statement = Statement.objects.get()
    assert read["Location"] == f"/fees/statements/{statement.pk}/"
    assert "Chọn người" in client.get(read["Location"]).content.decode()
    line = statement.lines.last()
    assert client.post(f"{read['Location']}lines/{line.pk}/", {"member": ""}).status_code == 302
    assert "Ghi các dòng đã ghép vào sổ" in client.get(f"{read['Location']}do/book/").content.decode()
    assert client.post(f"{read['Location']}do/book/").status_code == 302
    assert Payment.objects.count() == 2
    assert "sao-ke.csv" in client.get("/fees/statements/").content.decode()


def test_refused_file_comes_back_with_its_sentence(source, collector, as_user):
    answer = as_user(collector).post(f"/fees/sources/{source.pk}/read/", {"file": upload("a;b;c\n1;2;3\n")})
    assert (answer.status_code, "Tệp không có đủ các cột" in answer.content.decode()) == (422, True)
