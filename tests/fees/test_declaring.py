"""Income is declared once and again only when it changes (QĐ 01-QĐ/TW; DOMAIN §3.1); who accepts it, what follows."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import Refused
from fees.models import Declaration, Due
from fees.queries import declarations as queries
from fees.services import declaring, months
from members.models import Activity, FeeCategory, Member, Placement, Setting, User
from members.states import FeeCategoryKind as Kind
from notices.models import Notice
from notices.services.mail import part, text_of
from tests.factories import LONG_AGO, MemberFactory, PostFactory
from tests.fees.conftest import first, shut
from tests.fees.test_book_pages import text_of as words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
SALARY = 7_020_000


@pytest.fixture(autouse=True)
def region(cell):
    Setting.objects.create(organisation=cell, key="fee.region", value="I", source="NQ", starts_on=LONG_AGO)


@pytest.fixture
def declare(cell, member):
    def declared(**changes):
        values = {"category": Kind.SI_SALARY, "amount": SALARY, "from_month": first(11), "by": member} | changes
        return declaring.declare(cell=cell, member=values["by"].member, **values)

    return declared


@pytest.fixture
def opened(cell, member):
    """September to November 2026, counted while nothing is declared."""
    Member.objects.update(birth_date=datetime.date(1980, 5, 1), sex="nam", admitted_on=datetime.date(2005, 3, 1))
    return [months.open_month(cell, first(number), by=None) for number in (9, 10, 11)]


def refusal(service, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.field, caught.value.message


def owed(user):
    rows = Due.objects.filter(member=user.member_id).order_by("month")
    return [(row.month.month, row.kind, row.amount) for row in rows]


def verbs():
    return list(Activity.objects.order_by("seq").values_list("verb", flat=True))


def told(kind):
    return list(Notice.objects.filter(kind=kind, outcome="").values_list("recipient", flat=True))


def test_a_declaration_waits_and_changes_nothing(declare, opened, member):
    row = declare()
    assert (row.state, row.amount, row.declared_by, row.answered_by) == ("declared", SALARY, member, None)
    assert owed(member) == [(9, "incomplete", 0), (10, "incomplete", 0), (11, "incomplete", 0)]
    assert verbs()[-1] == "declaration.declared"


def test_an_accepted_one_counts_from_its_month_in_open_months_only(declare, opened, member, collector):
    shut(opened[0])
    row = declaring.accept(declare(from_month=first(9)), by=collector)
    assert (row.state, row.answered_by) == ("accepted", collector)
    assert row.answered_at == timezone.now()
    assert owed(member) == [(9, "incomplete", 0), (10, "payable", 70_200), (11, "payable", 70_200)]
    category = FeeCategory.objects.get(member=member.member)
    assert (category.kind, category.starts_on, category.ends_on) == (Kind.SI_SALARY, first(9), None)
    assert told("declaration.accepted") == [member.member_id]


def test_a_changed_declaration_leaves_earlier_months_alone(declare, opened, member, collector):
    declaring.accept(declare(from_month=first(9)), by=collector)
    declaring.accept(declare(category=Kind.PENSION, amount=5_000_000, from_month=first(11)), by=collector)
    assert owed(member) == [(9, "payable", 70_200), (10, "payable", 70_200), (11, "payable", 25_000)]
    rows = FeeCategory.objects.filter(member=member.member).order_by("starts_on")
    assert list(rows.values_list("kind", "starts_on", "ends_on")) == [
        (Kind.SI_SALARY, first(9), datetime.date(2026, 10, 31)),
        (Kind.PENSION, first(11), None),
    ]


@pytest.mark.parametrize(
    ("written", "declared", "left"),
    [
        # the same category: nothing is written
        ([(Kind.SI_SALARY, 1, None)], Kind.SI_SALARY, [(Kind.SI_SALARY, 1, None)]),
        # without a pension both categories are one, the age decides
        ([(Kind.MIN_WAGE_RETIRED, 1, None)], Kind.MIN_WAGE_WORKING, [(Kind.MIN_WAGE_RETIRED, 1, None)]),
        # another one from that very day on: corrected
        ([(Kind.STUDENT, 10, None)], Kind.SI_SALARY, [(Kind.SI_SALARY, 10, None)]),
        # one that ends later: cut, and the later one stays
        (
            [(Kind.STUDENT, 1, 11), (Kind.PENSION, 12, None)],
            Kind.SI_SALARY,
            [(Kind.STUDENT, 1, 9), (Kind.SI_SALARY, 10, 11), (Kind.PENSION, 12, None)],
        ),
        # only a later one, the same: begins earlier
        ([(Kind.SI_SALARY, 11, None)], Kind.SI_SALARY, [(Kind.SI_SALARY, 10, None)]),
        # only a later one, another: holds until then
        ([(Kind.PENSION, 11, None)], Kind.SI_SALARY, [(Kind.SI_SALARY, 10, 10), (Kind.PENSION, 11, None)]),
        # after a gap
        ([(Kind.STUDENT, 1, 5)], Kind.SI_SALARY, [(Kind.STUDENT, 1, 5), (Kind.SI_SALARY, 10, None)]),
    ],
)
def test_the_category_of_the_member_follows(declare, member, collector, written, declared, left):
    for kind, starts, ends in written:
        FeeCategory.objects.create(member=member.member, kind=kind, starts_on=first(starts), ends_on=last(ends))
    amount = SALARY if declared == Kind.SI_SALARY else None
    declaring.accept(declare(category=declared, amount=amount, from_month=first(10)), by=collector)
    rows = FeeCategory.objects.filter(member=member.member).order_by("starts_on")
    assert list(rows.values_list("kind", "starts_on", "ends_on")) == [
        (kind, first(starts), last(ends)) for kind, starts, ends in left
    ]


def last(month):
    return month and (datetime.date(2026, month, 28) + datetime.timedelta(days=5)).replace(day=1) - datetime.timedelta(
        days=1
    )


def test_returned_with_a_reason_that_no_notice_carries(declare, member, collector):
    row = declaring.return_(declare(), reason=" Ghi lương đóng BHXH. ", by=collector)
    assert (row.state, row.answer, row.answered_by) == ("returned", "Ghi lương đóng BHXH.", collector)
    assert told("declaration.returned") == [member.member_id]
    notice = Notice.objects.get(kind="declaration.returned")
    assert notice.private
    assert "7.020" not in text_of(notice) + part(notice).html
    assert "BHXH" not in text_of(notice)


def test_declared_again_the_request_to_do_so_is_withdrawn(declare, member, collector):
    declaring.return_(declare(), reason="Sai.", by=collector)
    declare(amount=8_000_000)
    assert told("declaration.returned") == []


def test_withdrawn_while_it_waits_and_not_afterwards(declare, member, collector):
    assert declaring.withdraw(declare(), by=member).state == "withdrawn"
    row = declaring.accept(declare(), by=collector)
    assert refusal(declaring.withdraw, row, by=member)[1] == (
        "Không thực hiện được “Rút kê khai”: hiện ở trạng thái “Đã tiếp nhận”. "
        "Trang đã được tải lại với tình trạng mới nhất."
    )


def test_the_collector_writes_down_what_was_told_on_paper(cell, opened, member, collector):
    row = declaring.enter(
        cell=cell, member=member.member, category=Kind.SI_SALARY, amount=SALARY, from_month=first(11), by=collector
    )
    assert (row.state, row.declared_by, row.answered_by) == ("accepted", collector, collector)
    assert owed(member)[-1] == (11, "payable", 70_200)
    assert "đã ghi kê khai mà đồng chí báo trên giấy" in text_of(Notice.objects.get(kind="declaration.accepted"))
    assert [verb for verb in verbs() if verb.startswith("declaration")] == [
        "declaration.entered",
        "declaration.accepted",
    ]


def test_the_own_declaration_of_the_collector_waits_for_the_secretary(cell, collector, secretary):
    row = declaring.enter(
        cell=cell, member=collector.member, category=Kind.SI_SALARY, amount=SALARY, from_month=first(11), by=collector
    )
    assert row.state == "declared"
    assert [user.has_perm("fees.accept_declaration", row) for user in (collector, secretary)] == [False, True]
    assert list(queries.waiting_for(secretary)) == [row]
    assert list(queries.waiting_for(collector)) == []


def test_nothing_of_income_stands_in_the_diary(declare, collector):
    declaring.accept(declare(), by=collector)
    assert [line.verb for line in Activity.objects.all() if "7020000" in line.text or "si_salary" in line.text] == []


# Refusals


@pytest.mark.parametrize(
    ("category", "amount", "sentence"),
    [
        (Kind.SI_SALARY, None, "Đồng chí ghi tiền lương đóng BHXH một tháng, bằng đồng."),
        (Kind.PENSION, 0, "Đồng chí ghi lương hưu một tháng, bằng đồng."),
        (Kind.SI_SALARY, 7_020, "7.020 đồng là quá nhỏ. Đồng chí ghi đủ bằng đồng, ví dụ 7.020.000."),
        (Kind.SI_SALARY, 70_200_000_000, "70.200.000.000 đồng là quá lớn. Đồng chí xem lại các số 0."),
        (
            Kind.STUDENT, 100_000,
            "Đối tượng này đóng theo mức chung, không tính theo thu nhập. "
            "Đồng chí để trống số tiền, hoặc chọn lại đối tượng.",
        ),
    ],
)  # fmt: skip
def test_an_amount_goes_with_the_category(declare, category, amount, sentence):
    assert refusal(declare, category=category, amount=amount) == ("amount", sentence)
    assert Declaration.objects.count() == 0


def test_no_amount_is_kept_where_none_counts(declare):
    assert declare(category=Kind.MIN_WAGE_WORKING, amount=None).amount == 0


def test_a_second_one_while_the_first_waits(cell, declare, member, collector):
    declare()
    assert refusal(declare, amount=8_000_000) == (
        None, "Đồng chí đã có một kê khai chờ tiếp nhận. Rút kê khai đó trước, rồi kê khai lại.",
    )  # fmt: skip
    values = {"category": Kind.PENSION, "amount": SALARY, "from_month": first(11), "by": collector}
    assert refusal(declaring.enter, cell=cell, member=member.member, **values) == (
        None,
        "Đồng chí Ngô Xuân Trường có một kê khai chờ tiếp nhận. Tiếp nhận hoặc trả lại kê khai đó trước.",
    )


def test_the_same_as_what_counts_already(declare, collector):
    declaring.accept(declare(from_month=first(9)), by=collector)
    assert refusal(declare, from_month=first(11)) == (
        None,
        "Kê khai này giống kê khai đang dùng từ tháng 09/2026. Không thay đổi thì không phải kê khai lại.",
    )


def test_who_pays_elsewhere_declares_there(cell, other_cell, declare, member, visitor):
    Placement.objects.create(
        member=member.member, kind="temp_here", cell=other_cell, place="Chi bộ Một", starts_on=LONG_AGO
    )
    assert refusal(declare) == (
        "member", "Hôm nay đồng chí Ngô Xuân Trường không đóng đảng phí ở Chi bộ Một, nên không kê khai ở đây.",
    )  # fmt: skip
    assert declare(by=visitor).cell == cell  # and a visitor here


def test_a_reason_is_needed(declare, collector):
    assert refusal(declaring.return_, declare(), reason=" ", by=collector) == ("reason", "Đồng chí ghi lý do trả lại.")


# Who is asked


def test_wanted_is_asked_once_a_month_of_who_must_declare(cell, member, clerk, collector, declare):
    student, waiting, exempt = clerk.member, member.member, MemberFactory(full_name="Phan Già", cell=cell)
    FeeCategory.objects.create(member=student, kind=Kind.STUDENT, starts_on=LONG_AGO)
    exempt.admitted_on = datetime.date(1970, 1, 1)
    exempt.save()
    declare()
    asked = set(queries.undeclared(cell))
    assert {student, waiting, exempt} & asked == set()
    assert collector.member in asked
    assert declaring.remind(cell, by=collector) == len(asked)
    assert sorted(told("declaration.wanted")) == sorted(one.pk for one in asked)
    assert refusal(declaring.remind, cell, by=collector) == (
        None, "Tháng 11/2026 đã nhắc mọi đồng chí chưa kê khai. Sang tháng sau nhắc lại được.",
    )  # fmt: skip
    line = Activity.objects.order_by("-seq").first()
    assert (line.verb, f'"members":"{len(asked)}"' in line.text) == ("declaration.wanted", True)


def test_nobody_to_ask(cell, collector):
    Member.objects.update(admitted_on=datetime.date(1970, 1, 1))
    assert refusal(declaring.remind, cell, by=collector) == (
        None, "Mọi đồng chí cần kê khai đã kê khai, không phải nhắc ai.",
    )  # fmt: skip


def test_the_request_is_withdrawn_when_one_declares(cell, member, collector, declare):
    declaring.remind(cell, by=collector)
    assert member.member_id in told("declaration.wanted")
    declare()
    assert member.member_id not in told("declaration.wanted")
    assert collector.member_id in told("declaration.wanted")


# Who sees it


def test_nobody_else_sees_a_declaration(cast, declare, collector, member):
    row = declare()
    seers = [name for name, user in cast.items() if Declaration.objects.visible_to(user).exists()]
    assert sorted(seers) == ["dangvien", "thuquy"]
    readers = [name for name, user in cast.items() if user.has_perm("fees.view_declaration", row)]
    assert sorted(readers) == ["dangvien", "thuquy"]


def test_the_secretary_sees_of_the_collector_what_waits_or_was_answered(cast, declare, member, collector, secretary):
    declaring.accept(declare(), by=collector)
    own = declare(by=collector)
    assert [row.pk for row in Declaration.objects.visible_to(secretary)] == [own.pk]
    declaring.accept(own, by=secretary)
    assert [row.pk for row in Declaration.objects.visible_to(secretary)] == [own.pk]
    assert [name for name, user in cast.items() if Declaration.objects.visible_to(user).filter(pk=own.pk)] == [
        "bithu", "thuquy",
    ]  # fmt: skip


def test_where_the_secretary_collects_the_deputy_accepts(cell, secretary, deputy, declare):
    PostFactory(member=secretary.member, organisation=cell, title="fee_collector")
    secretary, deputy = User.objects.get(pk=secretary.pk), User.objects.get(pk=deputy.pk)
    row = declare(by=secretary)
    assert [user.has_perm("fees.accept_declaration", row) for user in (secretary, deputy)] == [False, True]
    assert [Declaration.objects.visible_to(user).exists() for user in (secretary, deputy)] == [True, True]


def may_accept(row, *users):
    return [User.objects.get(pk=user.pk).has_perm("fees.accept_declaration", row) for user in users]


def test_without_a_collector_the_secretary_answers_of_the_secretary_the_deputy(member, secretary, deputy, declare):
    row = declare()
    assert may_accept(row, secretary, deputy, member) == [True, False, False]
    assert [list(queries.waiting_for(user)) for user in (secretary, deputy)] == [[row], []]
    assert list(Declaration.objects.visible_to(secretary)) == [row]
    assert declaring.accept(row, by=secretary).state == "accepted"
    assert may_accept(declare(by=secretary), secretary, deputy) == [False, True]


def test_without_collector_and_secretary_the_deputy_answers(cell, member, deputy, declare):
    assert may_accept(declare(), deputy, member) == [True, False]


def test_a_deputy_answers_the_collector_where_there_is_no_secretary(deputy, collector, member, declare):
    assert may_accept(declare(by=collector), deputy, collector) == [True, False]
    assert may_accept(declare(), deputy, collector) == [False, True]


def test_the_only_head_who_collects_accepts_the_own_one_by_a_number_alone(cell, secretary, declare, as_user):
    """Nobody accepts the own one: the cell by resolution, or its superior, decides."""
    PostFactory(member=secretary.member, organisation=cell, title="fee_collector")
    secretary = User.objects.get(pk=secretary.pk)
    row = declare(by=secretary)
    assert (may_accept(row, secretary), list(queries.waiting_for(secretary))) == ([True], [row])
    assert not secretary.has_perm("fees.return_declaration", row)
    assert refusal(declaring.accept, row, by=secretary) == (
        "decision", "Ghi số nghị quyết của chi bộ hoặc quyết định của cấp trên về kê khai này.",
    )  # fmt: skip
    client, url = as_user(secretary), f"/fees/declarations/{row.pk}/do/accept/"
    assert client.post(url).status_code == 422
    assert client.post(url, {"decision": "12-NQ/CB"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decision) == ("accepted", "12-NQ/CB")
    assert "theo 12-NQ/CB" in words_of(client.get(row.get_absolute_url())).replace("\u2011", "-")


def test_who_has_somebody_to_answer_does_not_accept_the_own_one(cell, secretary, collector, deputy, declare):
    assert may_accept(declare(by=secretary), secretary, collector) == [False, True]
    assert may_accept(declare(by=collector), collector, secretary) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_declarations_at_once_leave_one(cell, member):
    def send(amount):
        try:
            values = {"category": Kind.PENSION, "amount": amount, "from_month": first(11)}
            declaring.declare(cell=cell, member=member.member, by=User.objects.get(pk=member.pk), **values)
            return "sent"
        except Refused as caught:
            return caught.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = set(pool.map(send, (4_000_000, 5_000_000)))
    assert said == {"sent", "Đồng chí đã có một kê khai chờ tiếp nhận. Rút kê khai đó trước, rồi kê khai lại."}
    assert Declaration.objects.count() == 1
