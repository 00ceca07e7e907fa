"""The member's own fee on the phone, declarations and waivers: what stands on the pages, what a form says."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fees.models import Declaration, FeeMonth, Waiver
from fees.queries import mine
from fees.services import collecting, declaring, months, waiving
from fees.standing import Standing
from members.models import Member, Membership, Placement
from notices.models import Notice
from tests.fees.conftest import first, shut
from tests.fees.people import paying
from tests.fees.test_waiving import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
YEAR = {"from_month": first(11), "to_month": first(10, 2027)}


@pytest.fixture
def opened(cell, member):
    """October and November 2026, the member pays 70.200 đồng a month on 7.020.000."""
    facts = {"birth_date": datetime.date(1980, 5, 1), "sex": "nam", "admitted_on": datetime.date(2005, 3, 1)}
    Member.objects.filter(pk=member.member_id).update(**facts)
    paying(member.member, "si_salary", 7_020_000, cell=cell)
    return [months.open_month(cell, first(number), by=None) for number in (10, 11)]


def text(response):
    """The page with plain spaces."""
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def posted(client, url, **data):
    return client.post(reverse(url) if ":" in url else url, data)


def test_my_page_says_what_is_owed_how_it_is_counted_and_how_to_pay(as_user, opened, member, collector):
    page = text(as_user(member).get(reverse("fees:me")))
    assert '<p class="figure">140.400 đồng</p>' in page
    assert "1 % × 7.020.000 đồng = 70.200 đồng" in page
    assert 'Quy định <span class="nowrap">01-QĐ/TW</span>, 03/02/2026' in page
    assert "chưa kiểm chứng" in page  # fee.rounding is not confirmed
    assert "nộp cho đ/c Vũ Đình Khôi, người thu đảng phí" in page


def test_my_page_shows_receipts_and_what_is_left(as_user, cell, opened, member, collector):
    collecting.pay(cell, member.member, 100_000, datetime.date(2026, 11, 20), "cash", by=collector)
    page = text(as_user(member).get(reverse("fees:me")))
    assert '<p class="figure">40.400 đồng</p>' in page
    assert "Biên lai 0001/2026" in page
    lines = {line.month.month: (line.owes, line.paid, line.left) for line in mine.lines(member.member)}
    assert lines == {10: (70_200, 70_200, 0), 11: (70_200, 29_800, 40_400)}


def test_a_month_that_is_paid_at_the_host_stands_there(cell, other_cell, opened, member):
    Placement.objects.create(
        member=member.member, kind="temp_here", cell=other_cell, place="Chi bộ Một", starts_on=first(11)
    )
    months.recompute(FeeMonth.objects.get(cell=cell, month=first(11)), by=None)
    assert [(line.month.month, line.standing) for line in mine.lines(member.member)] == [
        (11, Standing.ELSEWHERE), (10, Standing.LATE),
    ]  # fmt: skip
    months.open_month(other_cell, first(11), by=None)
    assert [(line.month.month, line.due.cell) for line in mine.lines(member.member)] == [(11, other_cell), (10, cell)]


def test_my_page_says_that_a_declaration_came_back_and_why(as_user, cell, member, collector):
    row = declaring.declare(
        cell=cell, member=member.member, category="pension", amount=6_000_000, from_month=first(11), by=member
    )
    declaring.return_(row, reason="Ghi lương hưu chưa trừ khoản nào.", by=collector)
    page = text(as_user(member).get(reverse("fees:me")))
    assert "Kê khai gửi 20/11/2026 được trả lại: Ghi lương hưu chưa trừ khoản nào." in page
    declaring.declare(
        cell=cell, member=member.member, category="pension", amount=5_000_000, from_month=first(11), by=member
    )
    assert "được trả lại" not in text(as_user(member).get(reverse("fees:me")))


def test_who_is_in_no_cell_reads_why(as_user, member):
    Membership.objects.filter(member=member.member).update(ends_on=datetime.date(2026, 1, 1))
    assert "Đồng chí chưa có trong sổ đảng phí" in text(as_user(member).get(reverse("fees:me")))
    assert as_user(member).get(reverse("fees:declare")).status_code == 403


@pytest.mark.parametrize("typed", ["7.020.000", "7020000", "7 020 000", "7.020.000 đồng"])
def test_a_declaration_is_typed_as_people_write_money(as_user, member, typed):
    data = {"category": "pension", "amount": typed, "from_month": "2026-11-01"}
    response = posted(as_user(member), "fees:declare", **data)
    assert (response.status_code, response["Location"]) == (302, reverse("fees:me"))
    row = Declaration.objects.get()
    assert (row.member, row.category, row.amount, row.from_month) == (member.member, "pension", 7_020_000, first(11))


def test_a_refusal_comes_back_at_its_field_with_what_was_typed(as_user, member):
    data = {"category": "student", "amount": "7.020.000", "from_month": "2026-11-01"}
    response = posted(as_user(member), "fees:declare", **data)
    assert response.status_code == 422
    page = text(response)
    assert "Đối tượng này đóng theo mức chung, không tính theo thu nhập." in page
    assert 'value="7.020.000"' in page


def test_the_same_form_sent_twice_is_one_declaration(as_user, member):
    data = {
        "category": "pension", "amount": "7.020.000", "from_month": "2026-11-01",
        "submission": "6f1c1e3e-5df0-4a3c-9d5e-0b3c6b6e2a11",
    }  # fmt: skip
    assert [posted(as_user(member), "fees:declare", **data).status_code for _ in range(2)] == [302, 302]
    assert Declaration.objects.count() == 1


def test_the_form_starts_from_what_counts_now(as_user, opened, member):
    page = text(as_user(member).get(reverse("fees:declare")))
    assert 'value="7.020.000"' in page
    assert "Đồng chí chỉ sửa chỗ thay đổi." in page


def test_the_collector_accepts_and_the_page_says_which_months_stay(as_user, opened, member, collector, cell):
    shut(opened[0])
    row = declaring.declare(
        cell=cell, member=member.member, category="pension", amount=6_000_000, from_month=first(10), by=member
    )
    url = reverse("fees:declaration_move", args=[row.pk, "accept"])
    assert "Đã khóa sổ, giữ nguyên mức cũ: 10/2026." in text(as_user(collector).get(url))
    assert as_user(collector).post(url).status_code == 302
    assert [(line.month.month, line.owes) for line in mine.lines(member.member)] == [(11, 30_000), (10, 70_200)]


def test_the_list_of_the_collector(as_user, opened, member, collector, clerk, cell):
    declaring.declare(
        cell=cell, member=clerk.member, category="pension", amount=6_000_000, from_month=first(11), by=clerk
    )
    client, url = as_user(collector), reverse("fees:declarations")
    assert "6.000.000 đồng" in text(client.get(url))
    page = text(client.get(url, {"loc": "chua-ke-khai"}))
    assert "Nhắc kê khai" in page
    assert clerk.member.full_name not in page
    assert client.post(reverse("fees:declarations_remind")).status_code == 302
    assert Notice.objects.filter(kind="declaration.wanted").count() == 5  # all but member and clerk
    assert "đã nhắc mọi đồng chí chưa kê khai" in text(client.post(reverse("fees:declarations_remind"), follow=True))


def test_the_collector_writes_down_what_was_told(as_user, collector, member):
    data = {"member": member.member_id, "category": "pension", "amount": "5.000.000", "from_month": "2026-11-01"}
    assert posted(as_user(collector), "fees:declaration_enter", **data).status_code == 302
    assert Declaration.objects.get().state == "accepted"


def test_the_secretary_finds_the_declaration_of_the_collector(as_user, cell, secretary, collector):
    row = declaring.declare(
        cell=cell, member=collector.member, category="pension", amount=6_000_000, from_month=first(11), by=collector
    )
    assert f'href="{row.get_absolute_url()}"' in text(as_user(secretary).get(reverse("fees:me")))
    assert as_user(secretary).get(row.get_absolute_url()).status_code == 200
    assert as_user(secretary).get(reverse("fees:declarations")).status_code == 403


# Exemption and reduction


def test_a_member_asks_with_a_paper_that_others_do_not_get(as_user, member, secretary, deputy, clerk):
    data = {"ground": "hardship", "percent": "50", "from_month": "2026-11-01", "to_month": "2027-10-01", "reason": "Ốm"}
    data["paper"] = SimpleUploadedFile("giay.pdf", PDF)
    response = posted(as_user(member), "fees:waiver_new", **data)
    assert (response.status_code, response["Location"]) == (302, reverse("fees:me"))
    waiver = Waiver.objects.get()
    url = reverse("fees:waiver_paper", args=[waiver.pk])
    response = as_user(secretary).get(url)
    assert (response["Content-Type"], b"".join(response.streaming_content)) == ("application/pdf", PDF)
    assert as_user(clerk).get(url).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to_month": "2027-11-01"}, "Mỗi quyết định nhiều nhất 12 tháng, ở đây là 13 tháng."),
        ({"to_month": ""}, "phải có tháng kết thúc, muộn nhất 10/2027."),
        ({"percent": ""}, "Chọn miễn hoặc mức giảm."),
        ({"ground": ""}, "Chọn lý do."),
    ],
)
def test_what_the_form_of_an_application_says(as_user, member, changes, sentence):
    data = {"ground": "hardship", "percent": "50", "from_month": "2026-11-01", "to_month": "2027-10-01"}
    response = posted(as_user(member), "fees:waiver_new", **data | changes)
    assert (response.status_code, sentence in text(response)) == (422, True)


def test_a_head_writes_it_down_for_another_one(as_user, secretary, member):
    data = {"ground": "poor", "percent": "100", "from_month": "2026-11-01", "to_month": "", "member": member.member_id}
    url = reverse("fees:waiver_new") + "?nguoi=khac"
    assert as_user(secretary).post(url, data)["Location"] == reverse("fees:waivers")
    waiver = Waiver.objects.get()
    assert (waiver.member, waiver.asked_by, waiver.to_month) == (member.member, secretary, None)


def test_a_member_cannot_ask_for_another_one(as_user, member, clerk):
    data = {"ground": "poor", "percent": "100", "from_month": "2026-11-01", "to_month": "", "member": clerk.member_id}
    as_user(member).post(reverse("fees:waiver_new") + "?nguoi=khac", data)
    assert Waiver.objects.get().member == member.member


def test_a_decision_without_number_is_refused_at_its_field(as_user, cell, secretary, member, opened):
    waiver = waiving.ask(cell=cell, member=member.member, percent=50, ground="hardship", by=member, **YEAR)
    waiving.report(waiver, by=secretary)
    url = reverse("fees:waiver_move", args=[waiver.pk, "decide"])
    data = {
        "decision": "", "decided_on": "18/11/2026", "decided_by": "Đảng ủy phường Thử", "percent": "50",
        "from_month": "2026-11-01", "to_month": "2027-10-01",
    }  # fmt: skip
    response = as_user(secretary).post(url, data)
    assert response.status_code == 422
    assert "Ghi số nghị quyết hoặc quyết định. Chưa có văn bản thì chưa ghi miễn, giảm." in text(response)
    assert as_user(secretary).post(url, data | {"decision": "05-QĐ/ĐU"}).status_code == 302
    page = text(as_user(member).get(waiver.get_absolute_url()))
    assert "05-QĐ/ĐU" in page
    assert "từ 11/2026 đến hết 10/2027" in page


def test_closed_months_inside_a_decision_are_named(as_user, cell, secretary, member, opened):
    shut(opened[0])
    span = {"from_month": first(10), "to_month": first(9, 2027)}
    waiver = waiving.ask(cell=cell, member=member.member, percent=50, ground="hardship", by=member, **span)
    waiving.decide(
        waiving.report(waiver, by=secretary), percent=50, decision="05-QĐ/ĐU", by=secretary,
        decided_on=datetime.date(2026, 11, 18), decided_by="Đảng ủy phường Thử", **span,
    )  # fmt: skip
    assert "Đã khóa sổ, giữ nguyên mức cũ: 10/2026." in text(as_user(member).get(waiver.get_absolute_url()))


def test_no_private_notice_is_read_by_the_committee(cell, secretary, member, collector):
    row = declaring.declare(
        cell=cell, member=member.member, category="pension", amount=6_000_000, from_month=first(11), by=member
    )
    declaring.accept(row, by=collector)
    declaring.remind(cell, by=collector)
    assert list(Notice.objects.filter(private=False)) == []
    assert Notice.objects.visible_to(secretary).exclude(recipient=secretary.member_id).count() == 0
