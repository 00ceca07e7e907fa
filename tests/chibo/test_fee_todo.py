"""What the home pages and "Việc của tôi" say of the fee book: each line from a fact, none without one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assignments.owing import owed
from chibo import todo
from fees.models import Declaration, Source, Statement, Waiver
from fees.queries.todo import work_of
from fees.services.collecting import pay
from fees.states import DueKind, Method, WaiverState
from members.models import User
from tests.fees.conftest import NOW, TODAY, add_due, book, first, frozen, open_by_hand, shut  # noqa: F401

pytestmark = pytest.mark.django_db


def again(user):
    """As the next request has it."""
    return User.objects.get(pk=user.pk)


def mine(user):
    return [(row.title, row.words, row.due, row.look.label) for row in owed(again(user))]


def steps(user):
    return [(step.title, step.url) for step in todo.steps(again(user), [], [], [])]


def declaration(member, cell, state="declared"):
    return Declaration.objects.create(
        cell=cell, member=member.member, category="pension", amount=5_000_000, from_month=first(11), state=state
    )


def waiver(member, cell, state):
    return Waiver.objects.create(
        cell=cell, member=member.member, kind="exempt", ground="disease", from_month=first(11), state=state
    )


def test_member_sees_which_months_and_how_much(book, cell, member, collector):  # noqa: F811
    late = "Còn nợ"
    assert mine(member) == [
        ("Đóng đảng phí các tháng 09, 10, 11/2026", "Theo sổ còn phải đóng 426.000 đồng", first(10).replace(
            month=9, day=30), late),
    ]  # fmt: skip
    pay(cell, member.member, 2 * 142_000 + 100_000, TODAY, Method.CASH, by=collector)
    last = first(11).replace(day=30)
    assert mine(member) == [("Đóng đảng phí tháng 11/2026", "Theo sổ còn phải đóng 42.000 đồng", last, "Chưa đóng")]
    pay(cell, member.member, 42_000, TODAY, Method.CASH, by=collector)
    assert mine(member) == []


def test_many_months_are_named_by_their_ends(book, cell, member):  # noqa: F811
    for month in (7, 8):
        add_due(open_by_hand(cell, first(month)), member.member, 142_000)
    assert mine(member)[0][0] == "Đóng đảng phí 5 tháng, từ 07/2026 đến 11/2026"


def test_income_not_declared_is_asked_for_once(frozen, cell, member):  # noqa: F811
    add_due(open_by_hand(cell, first(11)), member.member, kind=DueKind.UNDECLARED)
    assert [row[0] for row in mine(member)] == ["Kê khai thu nhập để tính đảng phí"]
    declaration(member, cell)
    assert mine(member) == []


def test_collector_closes_answers_and_books(book, cell, member, clerk, collector, secretary):  # noqa: F811
    one = declaration(member, cell)
    source = Source.objects.create(cell=cell, name="Ngân hàng", method="transfer")
    Statement.objects.create(cell=cell, source=source, filename="a.csv", sha256="0" * 64)
    found = {row.title: row.url for row in owed(again(collector))}
    assert found == {
        "Khóa sổ đảng phí các tháng 09, 10/2026": "/fees/2026/9/",
        "Trả lời 1 kê khai thu nhập": f"/fees/declarations/{one.pk}/",
        "Ghi sổ 1 sao kê đã đọc": f"/fees/statements/{source.statements.get().pk}/",
    }
    assert steps(secretary) == []
    declaration(clerk, cell)
    assert "/fees/declarations/" in [row.url for row in owed(again(collector))]
    for number in (9, 10):
        shut(book[number])
    assert not [row for row in owed(again(collector)) if row.title.startswith("Khóa sổ")]


def test_heads_bring_waivers_and_answer_the_collector(frozen, cell, member, clerk, collector, secretary, committee):  # noqa: F811
    asked = waiver(member, cell, WaiverState.ASKED)
    reported = waiver(clerk, cell, WaiverState.REPORTED)
    own = declaration(collector, cell)
    assert steps(secretary) == [
        ("Đưa 1 đơn xin miễn, giảm đảng phí ra chi bộ", f"/fees/waivers/{asked.pk}/"),
        ("Ghi kết quả 1 đơn xin miễn, giảm", f"/fees/waivers/{reported.pk}/"),
        ("Trả lời 1 kê khai thu nhập", f"/fees/declarations/{own.pk}/"),
    ]
    assert steps(committee) == []
    assert [row.title for row in owed(again(collector))] == []  # the own declaration is not the collector's to answer
    waiver(collector, cell, WaiverState.ASKED)
    assert steps(secretary)[0] == ("Đưa 2 đơn xin miễn, giảm đảng phí ra chi bộ", "/fees/waivers/")


def test_other_cells_are_nobodys_work_here(frozen, other_cell, member, collector, secretary):  # noqa: F811
    add_due(open_by_hand(other_cell, first(9)), secretary.member, 5_000)
    declaration(member, other_cell)
    waiver(member, other_cell, WaiverState.ASKED)
    assert (mine(collector), steps(secretary)) == ([], [])
    assert mine(secretary)[0][0] == "Đóng đảng phí tháng 09/2026"  # what one owes counts in whichever book


def test_one_query_a_request(book, member, secretary):  # noqa: F811
    for who in (member, secretary):
        who = again(who)
        who.posts  # noqa: B018
        with CaptureQueriesContext(connection) as queries:
            work_of(who), work_of(who)
        assert len(queries) == 1
