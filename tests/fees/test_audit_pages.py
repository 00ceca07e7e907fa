"""The pages of an audit and a hand-over, as their people walk through them."""

import pytest
from django.urls import reverse

from fees.models import Audit, CashCount, Demand, Finding, Handover, Inspector
from fees.services import auditing, findings
from members.models import Setting
from tests.fees import audited
from tests.fees.test_auditing import SOON, answering, concluded, plan, running, team

__all__ = ["team"]  # the fixture
pytestmark = pytest.mark.django_db


def post(client, name, *args, **data):
    return client.post(reverse(f"fees:{name}", args=args), data)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_secretary_plans_by_the_form(as_user, team):
    data = {
        "decision": "03-KH/CB", "decided_on": "20/11/2026", "from_month": "2026-08-01", "to_month": "2026-10-01",
        "planned_on": "25/11/2026", "head": team["head"].member_id, "second": team["second"].member_id,
    }  # fmt: skip
    client = as_user(team["secretary"])
    audit_list = reverse("fees:audits")
    answer = post(client, "audit_new", **data)
    audit = Audit.objects.get()
    assert (answer.url, audit.kind, audit.collector) == (
        f"/fees/audits/{audit.pk}/",
        "planned",
        team["collector"].member,
    )
    assert list(Inspector.objects.values_list("member__full_name", "is_head")) == [
        ("Đỗ Mai Anh", True), ("Đinh Thị Lựu", False),
    ]  # fmt: skip
    assert "Kiểm tra đảng phí 08/2026 – 10/2026" in text_of(client.get(audit_list))


def test_collector_is_not_offered_as_an_inspector(as_user, team):
    form = as_user(team["secretary"]).get(reverse("fees:audit_new")).context["form"]
    assert team["collector"].member not in form.fields["head"].queryset
    refused = post(as_user(team["secretary"]), "audit_new", decision="03-KH/CB", head=team["collector"].member_id)
    assert refused.status_code == 422


def test_superior_orders_one_for_a_cell_it_follows(as_user, team, superior):
    data = {
        "decision": "12-QĐ/ĐU", "decided_on": "20/11/2026", "from_month": "2026-08-01", "to_month": "2026-10-01",
        "planned_on": "25/11/2026", "head": superior.member_id,
    }  # fmt: skip
    as_user(superior).post(reverse("fees:audit_new") + "?chi-bo=ba", data)
    assert Audit.objects.get().kind == "ordered"
    assert "Quyết định kiểm tra" in text_of(as_user(superior).get(reverse("fees:public") + "?chi-bo=ba"))


def test_head_walks_from_the_start_to_the_seal(as_user, team):
    team["cell"].remittances.update(paper="")
    audit, head = plan(team), as_user(team["head"])
    assert post(head, "audit_move", audit.pk, "start").status_code == 302
    page = text_of(head.get(audit.get_absolute_url()))
    assert "Chứng từ nộp cấp trên, chi đủ" in page and "thiếu chứng từ." in page and "Chưa kiểm quỹ" in page
    assert page.count('<li class="y">') == 19
    pieces = {f"n{value}": number for value, number in audited.pieces(315_000).items()}
    assert post(head, "audit_count", audit.pk, counted_on="20/11/2026", **pieces).status_code == 302
    assert CashCount.objects.filter(audit=audit).get().difference == 0
    post(head, "finding_new", audit.pk, text="Sổ giấy ghi thiếu", amount="5.000")
    post(head, "audit_check", audit.pk)
    assert Finding.objects.filter(audit=audit).count() == 2
    assert post(head, "audit_move", audit.pk, "ask", answer_by="27/11/2026").status_code == 302
    collector = as_user(team["collector"])
    assert "Còn 2 phát hiện." in text_of(collector.get(audit.get_absolute_url()))
    for row in audit.findings.all():
        assert post(collector, "finding_answer", row.pk, answer="Đã bổ sung").status_code == 302
    head = as_user(team["head"])
    for row in audit.findings.all():
        assert post(head, "finding_judge", row.pk, upheld="giu").status_code == 302
        assert "Giữ phát hiện" in text_of(head.get(reverse("fees:finding", args=[row.pk])))
    post(head, "demand_new", audit.pk, text="Bổ sung", owner=team["collector"].member_id, due_on="27/11/2026")
    assert post(head, "audit_move", audit.pk, "conclude", conclusion="Thiếu một chứng từ.").status_code == 302
    assert post(head, "audit_reword", audit.pk, conclusion="Thiếu một giấy nộp tiền.").status_code == 302
    assert head.get(reverse("fees:audit_pdf", args=[audit.pk])).headers["Content-Type"] == "application/pdf"
    assert post(head, "audit_seal", audit.pk, way="p12").url == f"/fees/audits/{audit.pk}/sign/"
    page = text_of(as_user(team["collector"]).get(f"/fees/audits/{audit.pk}/sign/"))
    assert "Thiếu một giấy nộp tiền." in page and "Tệp chứng thư" in page and "Chỉ đ/c Đỗ Mai Anh ký được" in page
    assert post(as_user(team["head"]), "audit_withdraw", audit.pk, reason="Ghi nhầm").status_code == 302


def test_refusal_comes_back_with_what_was_typed(as_user, team):
    audit = running(team)
    answer = post(as_user(team["head"]), "audit_move", audit.pk, "conclude", conclusion="Xong.")
    assert (answer.status_code, "Chưa kiểm quỹ." in text_of(answer), "Xong." in text_of(answer)) == (422, True, True)
    audit = plan(team, to_month=audited.NOVEMBER)
    answer = post(as_user(team["head"]), "audit_move", audit.pk, "start")
    assert (answer.status_code, "Sổ tháng 11/2026 chưa khóa." in text_of(answer)) == (422, True)


def test_double_click_writes_a_finding_once(as_user, team):
    audit, client = running(team), as_user(team["head"])
    data = {"text": "Sổ giấy ghi thiếu", "submission": "5e2b8a63-3b52-4dc4-8f28-5f8f0a3a1c11"}
    for _ in range(2):
        assert post(client, "finding_new", audit.pk, **data).status_code == 302
    assert audit.findings.count() == 1


def test_demand_is_taken_out_again(as_user, team):
    audit = running(team)
    demand = findings.add_demand(audit, text="Nộp bù", owner=team["collector"].member, due_on=SOON, by=team["head"])
    client = as_user(team["head"])
    assert "Nộp bù" in text_of(client.get(reverse("fees:demand_remove", args=[demand.pk])))
    post(client, "demand_remove", demand.pk)
    assert Demand.objects.count() == 0


def test_findings_are_hidden_from_the_superior_and_until_the_conclusion_from_the_committee(as_user, team, superior):
    """DOMAIN §10: the superior sees sums; the chi ủy what was found once it is concluded."""
    audit = answering(team)
    for user in (team["secretary"], superior):
        page = text_of(as_user(user).get(audit.get_absolute_url()))
        assert ("Sổ giấy ghi thiếu" in page, "Phát hiện do tổ kiểm tra và người thu đọc" in page) == (False, True)
    done = concluded(team)
    findings_page = text_of(as_user(team["secretary"]).get(done.get_absolute_url()))
    page = text_of(as_user(superior).get(done.get_absolute_url()))
    assert ("không thấy sai sót" in findings_page, "không thấy sai sót" in page, "Sổ ghi đủ" in page) == (
        True,
        False,
        True,
    )


def test_cancelled_audit_says_why(as_user, team):
    audit = plan(team)
    assert post(as_user(team["secretary"]), "audit_move", audit.pk, "cancel", reason="Trùng lịch").status_code == 302
    assert "Đã hủy: Trùng lịch" in text_of(as_user(team["second"]).get(audit.get_absolute_url()))


def test_unconfigured_rule_is_said_on_the_page(as_user, team):
    audit = running(team)
    Setting.objects.all().delete()
    page = text_of(as_user(team["head"]).get(audit.get_absolute_url()))
    assert "Chưa cấu hình: Tỷ lệ đảng phí để lại chi bộ." in page


def test_hand_over_by_the_form_and_its_page(as_user, team):
    client = as_user(team["collector"])
    pieces = {f"n{value}": number for value, number in audited.pieces(315_000).items()}
    data = {
        "handed_on": "20/11/2026", "giver": team["collector"].member_id, "receiver": team["head"].member_id,
        "note": "2 quyển biên lai", **pieces,
    }  # fmt: skip
    answer = post(client, "handover_new", **data)
    row = Handover.objects.get()
    assert (answer.url, row.count.counted) == (f"/fees/handovers/{row.pk}/", 315_000)
    page = text_of(client.get(row.get_absolute_url()))
    assert "Biên bản không đổi chức vụ." in page and "2 quyển biên lai" in page
    assert client.get(reverse("fees:handover_pdf", args=[row.pk])).status_code == 200
    assert post(client, "handover_seal", row.pk, way="p12").url == f"/fees/handovers/{row.pk}/sign/"
    assert "Tệp chứng thư" in text_of(as_user(team["head"]).get(f"/fees/handovers/{row.pk}/sign/"))
    assert post(as_user(team["collector"]), "handover_withdraw", row.pk, reason="Đếm lại").status_code == 302
    assert "Bàn giao 20/11/2026" in text_of(client.get(reverse("fees:handovers")))
    missing = post(client, "handover_new", handed_on="20/11/2026", giver=team["collector"].member_id)
    assert (missing.status_code, "Chọn bên nhận." in text_of(missing)) == (422, True)


def test_check_again_after_the_findings_were_sent_is_refused(as_user, team):
    audit = answering(team)
    page = as_user(team["head"]).post(reverse("fees:audit_check", args=[audit.pk]), follow=True)
    assert "hiện ở tình trạng “chờ giải trình”" in text_of(page)
    assert auditing.locked(audit).state == "answering"
