"""An audit from its plan to the signed record; what is refused on the way (DOMAIN §3.5)."""

import datetime
import json
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from assignments.models import Assignment
from core.errors import Refused
from documents.services import papers
from fees.models import Due, Finding
from fees.queries import audit_record
from fees.services import auditing, concluding, findings
from fees.services.signing import SIGNING
from fees.states import AuditState
from members.models import Activity, FeeCategory, Post, Setting
from notices.models import Notice
from tests.factories import LONG_AGO, CellFactory, person
from tests.fees import audited
from tests.fees.audited import AUGUST, NOVEMBER, OCTOBER
from tests.fees.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
SOON = datetime.date(2026, 11, 27)


@pytest.fixture
def team(frozen, superior_body):
    """A cell with a right book: ``cell``, its people by kind, collector, head, second inspector, secretary."""
    cell = CellFactory(parent=superior_body, name="Chi bộ Ba", short_name="Ba", slug="ba")
    names = {"collector": "Vũ Đình Khôi", "head": "Đỗ Mai Anh", "second": "Đinh Thị Lựu", "secretary": "Trần Quốc Bình"}
    titles = {"collector": ["fee_collector"], "secretary": ["secretary", "committee_member"]}
    found = {role: person(cell, *titles.get(role, ()), name=name, username=role) for role, name in names.items()}
    for user in found.values():  # exempt like a member of fifty years, so that the book needs nothing of them
        user.member.admitted_on = datetime.date(1970, 1, 1)
        user.member.save()
    return found | {"cell": cell, "who": audited.right(cell, found["collector"])}


def plan(team, **values):
    people = [team["head"].member, team["second"].member]
    values = {
        "kind": "planned", "decision": "03-KH/CB", "decided_on": TODAY, "from_month": AUGUST, "to_month": OCTOBER,
        "planned_on": TODAY, "inspectors": people, "head": people[0], "by": team["secretary"], **values,
    }  # fmt: skip
    return auditing.plan(team["cell"], **values)


def running(team, **values):
    return auditing.start(plan(team, **values), by=team["head"])


def answering(team):
    """One finding by hand, sent."""
    audit = running(team)
    findings.add_finding(audit, text="Sổ giấy ghi thiếu", by=team["head"])
    return findings.ask(audit, answer_by=SOON, by=team["head"])


def concluded(team):
    audit = running(team)
    count(team, audit)
    return concluding.conclude(audit, conclusion="Sổ ghi đủ, quỹ khớp.", by=team["head"])


def count(team, audit, short=0):
    pieces = audited.pieces(315_000 - short)
    return auditing.count(audit, counted_on=TODAY, pieces=pieces, by=team["head"])


def refused(service, *args, **values):
    with pytest.raises(Refused) as refusal:
        service(*args, **values)
    return refusal.value.message


def told(kind):
    rows = Notice.objects.filter(kind=kind).exclude(outcome="withdrawn")
    return sorted(rows.values_list("recipient__full_name", flat=True))


def text_of(data):
    pages = PdfReader(BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# ── the whole life


def test_right_book_is_audited_without_a_finding_and_signed(team):
    """Issue 4, item 7: the record is a numbered paper signed by inspectors and collector."""
    audit = concluded(team)
    assert (audit.state, audit.findings.count(), audit.paper.number_text) == (AuditState.CONCLUDED, 0, "01-BB/CB")
    audit = concluding.seal(audit, way="ink", by=team["head"])
    roles = list(audit.paper.signers.values_list("role", "member_name"))
    assert roles == [("collector", "Vũ Đình Khôi"), ("inspector2", "Đinh Thị Lựu"), ("inspector", "Đỗ Mai Anh")]
    assert told("fee.to_sign") == ["Vũ Đình Khôi", "Đinh Thị Lựu", "Đỗ Mai Anh"]
    with audit.paper.files.get().file.open("rb") as stored:
        sealed = stored.read()
    scan = papers.rendering.plain_pdf("<p>ký</p>" * 400)
    SIGNING.accept_scan(audit.paper, scan=scan, by=team["head"])
    audit.paper.refresh_from_db()
    assert (audit.paper.state, told("fee.to_sign"), "Không có phát hiện sai sót." in text_of(sealed)) == (
        "signed",
        [],
        True,
    )


def test_findings_are_answered_judged_and_become_demands_and_tasks(team):
    cell, head, collector = team["cell"], team["head"], team["collector"]
    cell.remittances.update(paper="")
    audit = running(team)
    count(team, audit)
    (finding,) = audit.findings.all()
    by_hand = findings.add_finding(audit, text="Sổ giấy ghi thiếu tháng 9", by=head, amount=5_000)
    findings.ask(audit, answer_by=SOON, by=head)
    assert told("fee.audit_asked") == ["Vũ Đình Khôi"]
    for row in (finding, by_hand):
        findings.answer(row, answer="Đã bổ sung ngày 21/11", by=collector)
    assert told("fee.audit_answered") == ["Đỗ Mai Anh"]
    findings.judge(finding, upheld=True, by=head)
    findings.judge(by_hand, upheld=False, verdict="Sổ giấy đã khớp", by=head)
    findings.add_demand(
        audit, text="Đính kèm giấy nộp tiền", owner=collector.member, due_on=SOON, finding=finding, by=head
    )
    audit = concluding.conclude(audit, conclusion="Thiếu một chứng từ.", by=head)
    task = Assignment.objects.get()
    assert (task.owner, task.title, task.due_on, task.audience, task.source_url) == (
        collector.member, "Đính kèm giấy nộp tiền", SOON, "owner", f"/fees/audits/{audit.pk}/",
    )  # fmt: skip
    assert audit.demands.get().assignment == task
    assert told("fee.audit_concluded") == ["Trần Quốc Bình", "Vũ Đình Khôi"]
    assert (told("fee.audit_asked"), told("fee.audit_answered")) == ([], [])


def test_five_planted_faults_are_found_and_nothing_else(team):
    """Issue 4: wrong category, expired reduction, missing receipt, cash short, retained share wrong."""
    cell, head, who = team["cell"], team["head"], team["who"]
    FeeCategory.objects.filter(member=who["pension"]).update(kind="student")
    who["reduced"].waivers.update(to_month=audited.SEPTEMBER)
    cell.remittances.update(paper="")
    Setting.objects.filter(key="fee.retained_percent", organisation=cell.parent).update(value="60")
    audit = running(team)
    assert count(team, audit, short=20_000).difference == -20_000
    shares = [
        f"Tháng {month}/2026: trích để lại 50 % (55.000 đồng), tỷ lệ cấp trên đặt là 60 % (66.000 đồng)."
        for month in ("08", "09", "10")
    ]
    assert sorted(audit.findings.values_list("check_key", "text")) == sorted(
        [
            ("cash", "Kiểm quỹ ngày 20/11/2026: đếm được 295.000 đồng, theo sổ 315.000 đồng, thiếu 20.000 đồng."),
            (
                "category",
                "Cao Văn Hưu: tháng 08/2026 đến 10/2026 tính theo “hưởng lương hưu”, hồ sơ là “học sinh, sinh viên”.",
            ),
            (
                "expired",
                "Hà Thị Giảm: tháng 10/2026 vẫn giảm 50 % theo 12-NQ/CB, chỉ có hiệu lực từ 08/2026 đến hết 09/2026.",
            ),
            (
                "papers",
                "Nộp cấp trên ngày 10/11/2026, 265.000 đồng: nộp Đảng ủy phường Thử đến hết tháng 10/2026, "
                "chứng từ GNT 12; thiếu chứng từ.",
            ),
            *(("share_rate", text) for text in shares),
        ]
    )  # fmt: skip
    assert auditing.check_again(audit, by=head) == 0


def test_looking_again_adds_only_what_is_new(team):
    audit = running(team)
    team["cell"].remittances.update(paper="")
    assert [auditing.check_again(audit, by=team["head"]) for _ in range(2)] == [1, 0]


def test_inspectors_read_the_book_only_while_the_audit_is_under_way(team):
    """DOMAIN §10: amounts by person are for the collector; inspectors see them for the time of the audit."""
    cell, head = team["cell"], team["head"]
    audit, seen = plan(team), []

    def look():
        seen.append(
            (
                head.has_perm("fees.view_book", cell_as_object(cell)),
                Due.objects.visible_to(head).exclude(member=head.member).exists(),
            )
        )

    look()
    audit = auditing.start(audit, by=head)
    look()
    findings.add_finding(audit, text="Thiếu chữ ký", by=head)
    count(team, audit)
    audit = findings.ask(audit, answer_by=SOON, by=head)
    look()
    for row in Finding.objects.all():
        findings.answer(row, answer="Đã ký", by=team["collector"])
        findings.judge(row, upheld=True, by=head)
    concluding.conclude(audit, conclusion="Xong.", by=head)
    look()
    assert seen == [(False, False), (True, True), (True, True), (False, False)]


def cell_as_object(cell):
    return type(cell).objects.get(pk=cell.pk)


def test_record_prints_the_tables_the_answers_and_the_conclusion(team):
    """DOMAIN §3.5: must collect, collected, difference, arrears; retained vs rate; remitted with dates; opening +
    retained - spent = closing against the count; conclusions, remedies, deadline. §10: no person with an amount."""
    head, collector = team["head"], team["collector"]
    audit = running(team)
    count(team, audit)
    finding = findings.add_finding(audit, text="Sổ giấy ghi thiếu tháng 9", by=head)
    findings.ask(audit, answer_by=SOON, by=head)
    findings.answer(finding, answer="Ghi nhầm trang", by=collector)
    findings.judge(finding, upheld=True, verdict="Cần sửa", by=head)
    findings.add_demand(audit, text="Sửa sổ giấy", owner=collector.member, due_on=SOON, by=head)
    audit = concluding.conclude(audit, conclusion="Thu đủ.\nQuỹ khớp sổ.", by=head)
    text = text_of(audit_record.draft(audit))
    for words in (
        "BIÊN BẢN", "kiểm tra thu, nộp, quản lý, sử dụng đảng phí từ tháng 08/2026 đến tháng 10/2026", "Số 01-BB/CB",
        "Đỗ Mai Anh (tổ trưởng); Đinh Thị Lựu", "08/2026 110.000 110.000 50 % 55.000 55.000",
        "Cộng 330.000 330.000 165.000 165.000", "10 0 330.000 330.000 0",
        "10/11/2026 GNT 12, Đảng ủy phường Thử 10/2026 265.000", "Dư đầu kỳ phần để lại 200.000",
        "Để lại trong kỳ phần để lại 165.000", "Dư cuối kỳ phần để lại 365.000",
        "Kiểm quỹ ngày 20/11/2026: đếm được 315.000 đồng, theo sổ 315.000 đồng, chênh lệch 0 đồng.",
        "11 Biên lai liền số, không trùng Không thấy sai sót", "1 Tổ kiểm tra phát hiện Đã giải trình Giữ",
        "Thu đủ. Quỹ khớp sổ.", "Sửa sổ giấy Vũ Đình Khôi 27/11/2026", "NGƯỜI THU ĐẢNG PHÍ", "TỔ TRƯỞNG KIỂM TRA",
    ):  # fmt: skip
        assert words in text, (words, text)


def test_withdrawn_record_is_reworded_and_sealed_under_the_next_number(team):
    audit = concluding.seal(concluded(team), way="p12", by=team["head"])
    audit = concluding.withdraw(audit, reason="Ghi nhầm kỳ", by=team["head"])
    assert (audit.paper.number_text, told("fee.to_sign")) == ("01-BB/CB (hủy)", [])
    concluding.reword(audit, conclusion="Sổ ghi đủ.", by=team["head"])
    audit = concluding.seal(audit, way="ink", by=team["head"])
    assert (audit.paper.number_text, audit.conclusion, audit.paper.state) == ("02-BB/CB", "Sổ ghi đủ.", "sealed")


def test_superior_orders_an_audit_with_its_own_officer(team, superior):
    audit = plan(team, kind="ordered", inspectors=[superior.member], head=superior.member, by=superior)
    auditing.start(audit, by=superior)
    assert superior.has_perm("fees.view_book", cell_as_object(team["cell"]))


def test_everybody_concerned_is_told_of_the_plan_and_of_its_end(team):
    audit = plan(team)
    assert told("fee.audit_planned") == ["Vũ Đình Khôi", "Đinh Thị Lựu", "Đỗ Mai Anh"]
    auditing.cancel(audit, reason="Trùng lịch", by=team["secretary"])
    assert (told("fee.audit_planned"), told("fee.audit_cancelled")) == (
        [], ["Vũ Đình Khôi", "Đinh Thị Lựu", "Đỗ Mai Anh"],
    )  # fmt: skip


def test_diary_names_neither_people_nor_amounts(team):
    audit = answering(team)
    findings.answer(audit.findings.get(), answer="Đã sửa", by=team["collector"])
    rows = Activity.objects.filter(verb__startswith="audit.").order_by("seq")
    pk = audit.findings.get().pk
    said = [(row.verb, json.loads(row.text)["data"]) for row in rows]
    period = {"from_month": "2026-08-01", "to_month": "2026-10-01"}
    people = sorted(audit.inspectors.values_list("member", flat=True))
    assert said == [
        ("audit.planned", {"kind": "planned", **period, "ends_on": "2026-12-20"}),
        ("audit.started", {"found": "0", "inspectors": str(people), **period, "ends_on": "2026-12-20"}),
        ("audit.found", {"finding": str(pk)}),
        ("audit.asked", {"answer_by": "2026-11-27"}),
        ("audit.answered", {"finding": str(pk)}),
    ]


# ── refused


def test_nobody_audits_the_own_book(team):
    collector = team["collector"].member
    assert refused(plan, team, inspectors=[collector], head=collector) == (
        "Đồng chí Vũ Đình Khôi đang thu đảng phí nên không tự kiểm tra. Chọn đồng chí khác."
    )


def test_who_collected_in_the_period_does_not_audit_it(team):
    head = team["head"].member
    Post.objects.create(
        member=head, organisation=team["cell"], title="fee_collector", starts_on=LONG_AGO, ends_on=AUGUST, term="2025"
    )
    assert refused(plan, team) == "Đồng chí Đỗ Mai Anh thu đảng phí trong kỳ kiểm tra nên không kiểm tra kỳ này."


def test_who_is_from_elsewhere_does_not_audit(team, outsider, superior):
    for stranger in (outsider, superior):
        name = stranger.member.full_name
        assert refused(plan, team, inspectors=[stranger.member], head=stranger.member) == (
            f"Đồng chí {name} không thuộc chi bộ hoặc cấp ra quyết định kiểm tra."
        )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"decision": " "}, "Ghi số kế hoạch hoặc quyết định kiểm tra."),
        ({"decided_on": SOON}, "Ngày 27/11/2026 chưa đến. Ghi đúng ngày của văn bản."),
        ({"from_month": OCTOBER, "to_month": AUGUST}, "Kỳ kiểm tra: tháng cuối phải từ tháng đầu trở đi."),
        (
            {"from_month": datetime.date(2020, 1, 1)},
            "Mỗi cuộc kiểm tra nhiều nhất 36 tháng. Chia thành nhiều cuộc.",
        ),
    ],
)
def test_plan_is_refused(team, values, sentence):
    assert refused(plan, team, **values) == sentence


def test_plan_needs_a_collector_and_at_most_three(team):
    people = [user.member for user in (team["head"], team["second"], team["secretary"])]
    four = [*people, team["who"]["salary"]]
    assert refused(plan, team, inspectors=four) == "Tổ kiểm tra nhiều nhất 3 đồng chí, kể cả tổ trưởng."
    Post.objects.filter(title="fee_collector").delete()
    assert refused(plan, team) == "Chi bộ chưa có người thu đảng phí. Ghi chức vụ ở trang của đồng chí đó trước."


def test_period_must_be_closed_and_in_the_book(team):
    audit = plan(team, to_month=NOVEMBER)
    assert refused(auditing.start, audit, by=team["head"]) == (
        "Sổ tháng 11/2026 chưa khóa. Người thu khóa sổ các tháng của kỳ rồi mới bắt đầu kiểm tra."
    )
    audit = plan(team, from_month=datetime.date(2026, 6, 1))
    assert refused(auditing.start, audit, by=team["head"]) == (
        "Sổ không có tháng 06/2026 đến 07/2026. Hủy và lập lại kế hoạch với kỳ có trong sổ."
    )
    audit.refresh_from_db()
    assert audit.state == AuditState.PLANNED


def test_conclusion_waits_for_the_count_the_answers_and_the_verdicts(team):
    head, audit = team["head"], running(team)
    said = {"conclusion": "Xong.", "by": head}
    assert refused(concluding.conclude, audit, **said) == (
        "Chưa kiểm quỹ. Đếm tiền mặt và so với sổ trước khi kết luận."
    )
    count(team, audit)
    finding = findings.add_finding(audit, text="Thiếu chữ ký", by=head)
    assert refused(concluding.conclude, audit, **said) == (
        "Có 1 phát hiện chưa gửi người thu giải trình. Gửi giải trình trước khi kết luận."
    )
    audit = findings.ask(audit, answer_by=SOON, by=head)
    assert refused(concluding.conclude, audit, **said) == (
        "Còn 1 phát hiện chưa được giải trình, hạn đến hết ngày 27/11/2026. Chờ giải trình hoặc chờ hết hạn."
    )
    early = "Người thu chưa giải trình và còn hạn đến hết ngày 27/11/2026."
    assert refused(findings.judge, finding, upheld=True, by=head) == early
    findings.answer(finding, answer="Đã ký", by=team["collector"])
    assert refused(concluding.conclude, audit, **said) == "Còn 1 phát hiện chưa có nhận xét của tổ kiểm tra."
    assert refused(concluding.conclude, audit, conclusion=" ", by=head) == "Ghi kết luận kiểm tra."


def test_after_the_deadline_silence_is_judged_and_concluded(team):
    head, audit = team["head"], answering(team)
    with time_machine.travel(NOW + datetime.timedelta(days=8), tick=False):
        audit.counts.create(cell=team["cell"], counted_on=TODAY, counted=315_000, book=315_000)
        findings.judge(audit.findings.get(), upheld=True, by=head)
        audit = concluding.conclude(audit, conclusion="Người thu không giải trình.", by=head)
    assert audit.state == AuditState.CONCLUDED


def test_answers_and_verdicts_are_refused_out_of_turn(team):
    head, collector = team["head"], team["collector"]
    audit = running(team)
    finding = findings.add_finding(audit, text="Thiếu chữ ký", by=head)
    wrong = "Không thực hiện được: cuộc kiểm tra hiện ở tình trạng “đang kiểm tra”."
    assert refused(findings.answer, finding, answer="Đã ký", by=collector) == wrong
    assert refused(findings.ask, audit, answer_by=TODAY - datetime.timedelta(days=1), by=head) == (
        "Ngày 19/11/2026 đã qua. Chọn hạn từ hôm nay trở đi."
    )
    findings.ask(audit, answer_by=SOON, by=head)
    assert refused(findings.answer, finding, answer=" ", by=collector) == "Ghi giải trình."
    findings.answer(finding, answer="Đã ký", by=collector)
    assert refused(findings.judge, finding, upheld=False, by=head) == "Bỏ một phát hiện thì ghi vì sao."
    findings.judge(finding, upheld=True, by=head)
    assert refused(findings.answer, finding, answer="Khác", by=collector) == (
        "Tổ kiểm tra đã nhận xét phát hiện này, không sửa giải trình được nữa."
    )
    late = "Không thực hiện được: cuộc kiểm tra hiện ở tình trạng “chờ giải trình”."
    assert refused(findings.add_finding, audit, text="Thêm", by=head) == late
    assert refused(count, team, audit) == late


def test_nothing_found_is_nothing_to_ask(team):
    assert refused(findings.ask, running(team), answer_by=SOON, by=team["head"]) == (
        "Không có phát hiện nào cần giải trình. Ghi kết luận luôn."
    )


def test_demands_are_refused(team, outsider):
    audit, head = running(team), team["head"]
    values = {"text": "Nộp bù", "owner": team["collector"].member, "due_on": SOON, "by": head}
    for changes, sentence in (
        ({"text": ""}, "Ghi việc phải khắc phục."),
        ({"text": "a" * 251}, "Yêu cầu dài quá 250 chữ. Viết ngắn hơn, một yêu cầu một việc."),
        ({"due_on": OCTOBER}, "Hạn 01/10/2026 đã qua. Chọn ngày từ hôm nay trở đi."),
        ({"owner": outsider.member}, "Đồng chí Tạ Minh Khang không có trong danh sách của Chi bộ Ba."),
    ):
        assert refused(findings.add_demand, audit, **{**values, **changes}) == sentence
    demand = findings.add_demand(audit, **values)
    findings.remove_demand(demand, by=head)
    assert audit.demands.count() == 0


def test_sealed_record_keeps_its_conclusion(team):
    audit = concluding.seal(concluded(team), way="ink", by=team["head"])
    assert refused(concluding.reword, audit, conclusion="Khác", by=team["head"]) == (
        "Biên bản đã khóa, không sửa kết luận được nữa. Hủy bản đã khóa trước khi có chữ ký."
    )


def test_cancelling_needs_a_reason_and_an_audit_that_is_not_over(team):
    audit = plan(team)
    assert refused(auditing.cancel, audit, reason=" ", by=team["secretary"]) == "Ghi lý do hủy cuộc kiểm tra."
    audit = auditing.start(audit, by=team["head"])
    audit = auditing.cancel(audit, reason="Đổi kỳ", by=team["secretary"])
    assert "“Bắt đầu kiểm tra”" in refused(auditing.start, audit, by=team["head"])
