"""What one person paid is read by the payer, the collector, and inspectors in time and period (DOMAIN §10)."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from core.errors import Refused
from fees.models import Declaration, Due, Finding, Payment, Voucher
from fees.services import auditing, concluding, findings
from fees.services.collecting import pay
from fees.states import Method
from members.models import Activity
from tests.factories import UserFactory
from tests.fees import audited
from tests.fees.audited import AUGUST, NOVEMBER, SEPTEMBER
from tests.fees.cashbook import DAY, spend
from tests.fees.conftest import NOW, TODAY, add_due, first, open_by_hand, shut
from tests.fees.test_auditing import SOON, cell_as_object, count, plan, running, team, text_of, told
from tests.fees.test_cash_pages import text_of as words_of

__all__ = ["team"]  # the fixture
pytestmark = pytest.mark.django_db
HEADS = ("bithu", "phobithu", "chiuy")


# ── sums of an open month (finding 11)


@pytest.mark.parametrize("who", HEADS)
def test_sum_that_grows_by_a_receipt_is_not_told_to_the_chi_uy(stocked, cell, cast, collector, as_user, who):
    """Before and after one receipt every page says the same đồng, so that nobody subtracts one from the other."""
    client = as_user(cast[who])
    pages = [
        reverse("fees:month", args=[2026, 11]), reverse("fees:year", args=[2026]), reverse("fees:cash"),
        f"{reverse('fees:cash')}?noi=cash", reverse("fees:public"), reverse("fees:cell_year", args=[2026]), "/",
    ]  # fmt: skip
    before = [amounts(client.get(page)) for page in pages]
    pay(cell, cast["dangvien"].member, 142_000, DAY, Method.CASH, by=collector)
    assert [amounts(client.get(page)) for page in pages] == before


def amounts(response):
    return re.findall(r"\d{1,3}(?:\.\d{3})+", words_of(response))


def test_collector_reads_the_open_month_and_the_balance_of_today(stocked, cell, member, collector, as_user):
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    client = as_user(collector)
    assert "1.142.000" in words_of(client.get(reverse("fees:cash")))
    assert "142.000 đã đóng cho tháng này" in words_of(client.get(reverse("fees:month", args=[2026, 9])))


def test_chi_uy_reads_the_balance_at_the_last_close_and_vouchers_without_payer(
    stocked, cell, member, secretary, collector, as_user
):
    pay(cell, member.member, 142_000, datetime.date(2026, 9, 5), Method.CASH, by=collector)
    shut(stocked[9])
    spend(cell, collector)
    page = words_of(as_user(secretary).get(reverse("fees:cash")))
    assert "Số dư cuối tháng 09/2026 (đồng)" in page
    assert "Mua báo" in page


# ── the right of inspectors (finding 12)


def test_who_plans_an_audit_does_not_head_it(team):
    """Else a secretary opens all incomes to himself by his own plan."""
    secretary, second = team["secretary"], team["second"].member
    with pytest.raises(Refused) as refusal:
        plan(team, inspectors=[secretary.member, second], head=secretary.member)
    assert refusal.value.message == (
        "Người lập kế hoạch không làm tổ trưởng cuộc kiểm tra của mình. Chọn đồng chí khác; nếu chi bộ không đủ "
        "người, đề nghị cấp trên quyết định kiểm tra."
    )
    assert plan(team, inspectors=[secretary.member, second], head=second).inspectors.count() == 2


def test_right_of_inspectors_ends_on_its_day(team):
    cell, head = team["cell"], team["head"]
    audit = running(team, ends_on=SOON)
    for days, reads in ((0, True), (7, True), (8, False)):
        with time_machine.travel(NOW + datetime.timedelta(days=days), tick=False):
            assert head.has_perm("fees.view_book", cell_as_object(cell)) is reads
            assert Due.objects.visible_to(head).exclude(member=head.member).exists() is reads
    with time_machine.travel(NOW + datetime.timedelta(days=8), tick=False):
        with pytest.raises(Refused) as refusal:
            auditing.check_again(audit, by=head)
        assert refusal.value.message == "Thời hạn kiểm tra đã hết ngày 27/11/2026. Đề nghị gia hạn rồi làm tiếp."
        auditing.extend(audit, ends_on=datetime.date(2026, 12, 5), reason="Chờ sao kê", by=team["secretary"])
        assert head.has_perm("fees.view_book", cell_as_object(cell))
    assert told("fee.audit_extended") == ["Vũ Đình Khôi", "Đinh Thị Lựu", "Đỗ Mai Anh"]
    assert Activity.objects.filter(verb="audit.extended").get().actor == team["secretary"]


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        (TODAY - datetime.timedelta(days=1), "Ngày kết thúc phải từ ngày kiểm tra trở đi."),
        (TODAY + datetime.timedelta(days=61), "Mỗi lần nhiều nhất 60 ngày. Chọn ngày đến 19/01/2027."),
    ],
)
def test_end_is_within_sixty_days(team, ends_on, sentence):
    with pytest.raises(Refused) as refusal:
        plan(team, ends_on=ends_on)
    assert refusal.value.message == sentence


def test_extension_is_for_heads_who_do_not_inspect(team):
    """Nobody prolongs the own right."""
    audit = running(team, inspectors=[team["head"].member, team["secretary"].member])
    asked = [team[name].has_perm("fees.extend_audit", audit) for name in ("secretary", "head", "collector")]
    assert asked == [False, False, False]
    assert team["secretary"].has_perm("fees.extend_audit", running(team))


def test_inspectors_read_the_audited_period_only(team, as_user):
    """Declarations that count in the period, its dues, receipts and vouchers; not those of other months."""
    cell, head, salary = team["cell"], team["head"], team["who"]["salary"]
    pay(cell, salary, 70_000, TODAY, Method.CASH, by=team["collector"])
    old = Declaration.objects.get(member=salary)
    Declaration.objects.filter(pk=old.pk).update(from_month=datetime.date(2025, 1, 1))
    newer = copied(old, AUGUST, 7_000_000)
    later = copied(old, NOVEMBER, 9_000_000)
    running(team, to_month=SEPTEMBER)
    others = Due.objects.visible_to(head).exclude(member=head.member)
    assert set(others.values_list("month", flat=True)) == {AUGUST, SEPTEMBER}
    months = Payment.objects.visible_to(head).values_list("fee_month__month", flat=True)
    assert set(months) == {AUGUST, SEPTEMBER}
    read = set(Declaration.objects.visible_to(head).filter(member=salary).values_list("pk", flat=True))
    assert read == {newer.pk}
    assert [head.has_perm("fees.view_declaration", row) for row in (old, newer, later)] == [False, True, False]
    receipts = Voucher.objects.visible_to(head).exclude(payment=None)
    assert set(receipts.values_list("fee_month__month", flat=True)) == {AUGUST, SEPTEMBER}
    client = as_user(head)
    seen = {number: words_of(client.get(f"/fees/2026/{number}/?chi-bo=ba")) for number in (9, 11)}
    assert ("70.000 đồng" in seen[9], "70.000 đồng" in seen[11]) == (True, False)
    for name, letters in (("collection_list", [403, 403]), ("receipts_pdf", [200, 403])):
        pages = [client.get(reverse(f"fees:{name}", args=[2026, number]) + "?chi-bo=ba") for number in (9, 11)]
        assert (name, [page.status_code for page in pages]) == (name, letters)
    grid = client.get("/fees/2026/?chi-bo=ba&xem=so-tien")
    assert "280.000" not in words_of(grid)  # what the member paid in the year
    assert "9.000.000" not in words_of(client.get("/fees/declarations/?chi-bo=ba&loc=tat-ca"))
    assert client.get(f"/fees/2026/member/{salary.pk}.pdf?chi-bo=ba").status_code in (403, 404)


def copied(row, month, amount):
    return Declaration.objects.create(
        cell=row.cell, member=row.member, from_month=month, amount=amount, category=row.category, state=row.state
    )


def test_start_tells_the_collector_and_says_in_the_diary_who_reads_what_until_when(team):
    audit = running(team, ends_on=SOON)
    assert told("fee.audit_started") == ["Vũ Đình Khôi"]
    line = Activity.objects.filter(verb="audit.started").get()
    people = ",".join(str(pk) for pk in audit.inspectors.order_by("member").values_list("member", flat=True))
    for said in ('"ends_on":"2026-11-27"', '"from_month":"2026-08-01"', '"to_month":"2026-10-01"', people):
        assert said in line.text.replace(" ", "").replace("[", "").replace("]", "")


# ── a concluded audit (finding 13)


def test_concluded_audit_gives_the_chi_uy_no_name_and_no_amount_of_a_person(team, as_user):
    audit, finding = concluded_with_a_finding(team)
    client = as_user(team["secretary"])
    page = words_of(client.get(audit.get_absolute_url()))
    assert ("Bùi Thị Lương" in page, "210.000" in page, "đã trả riêng" in page) == (False, False, False)
    assert ("Tổ kiểm tra phát hiện" in page, "Thiếu một chứng từ." in page, "Bổ sung sổ" in page) == (True, True, True)
    assert client.get(reverse("fees:finding", args=[finding.pk])).status_code == 404
    for name in ("head", "collector"):
        assert "Bùi Thị Lương" in words_of(as_user(team[name]).get(reverse("fees:finding", args=[finding.pk])))


def test_record_on_paper_names_no_person_with_an_amount(team, as_user):
    audit, _ = concluded_with_a_finding(team)
    paper = text_of(as_user(team["secretary"]).get(reverse("fees:audit_pdf", args=[audit.pk])).content)
    assert [word for word in ("Bùi Thị Lương", "210.000", "đã trả riêng", "Cao Văn Hưu") if word in paper] == []
    assert "1 Tổ kiểm tra phát hiện Đã giải trình Giữ" in paper
    audit = concluding.seal(audit, way="p12", by=team["head"])
    sign = words_of(as_user(team["secretary"]).get(reverse("fees:audit_sign", args=[audit.pk])))
    assert [word for word in ("Bùi Thị Lương", "210.000", "đã trả riêng") if word in sign] == []


def test_who_is_named_reads_the_own_finding_once_concluded(team, as_user):
    user = UserFactory(member=team["who"]["salary"])
    audit, finding = concluded_with_a_finding(team)
    page = words_of(as_user(user).get(reverse("fees:finding", args=[finding.pk])))
    assert ("Bùi Thị Lương: phải đóng 210.000 đồng" in page, audit.get_absolute_url() in page) == (True, False)
    assert told("fee.audit_named") == ["Bùi Thị Lương"]
    other = Finding.objects.create(audit=audit, text="Khác")
    assert as_user(user).get(reverse("fees:finding", args=[other.pk])).status_code == 404


def concluded_with_a_finding(team):
    head, audit = team["head"], running(team)
    count(team, audit)
    salary = team["who"]["salary"]
    finding = findings.add_finding(
        audit, text="Bùi Thị Lương: phải đóng 210.000 đồng, ghi thiếu", member=salary, amount=210_000, by=head
    )
    findings.ask(audit, answer_by=SOON, by=head)
    findings.answer(finding, answer="Đồng chí Bùi Thị Lương đã trả riêng", by=team["collector"])
    findings.judge(finding, upheld=True, by=head)
    findings.add_demand(audit, text="Bổ sung sổ", owner=team["collector"].member, due_on=SOON, by=head)
    return concluding.conclude(audit, conclusion="Thiếu một chứng từ.", by=head), finding


# ── names of other cells (finding 14)


def test_collector_reads_no_name_of_another_cell_by_counting(book, cell, member, collector, outsider, as_user):
    client = as_user(collector)
    pages = [client.get(reverse("fees:pay", args=[2026, 11, who.member_id])) for who in (member, outsider)]
    assert [page.status_code for page in pages] == [200, 404]


def test_who_left_the_cell_still_pays_the_old_month(book, cell, collector, outsider, as_user):
    add_due(open_by_hand(cell, first(9)), outsider.member, 5_000)
    assert as_user(collector).get(reverse("fees:pay", args=[2026, 11, outsider.member_id])).status_code == 200


def test_right_book_is_still_audited(team):
    """The checks of the system read what they need; the right of people does not change them."""
    assert audited.DAY < TODAY and running(team).findings.count() == 0
