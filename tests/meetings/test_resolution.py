"""The resolution: its draft, clauses, adoption by a vote, tasks, sealing, withdrawal."""

import datetime

import pytest
import time_machine

from assignments.models import Assignment
from core.errors import Refused, StaleText
from core.states import WrongState
from meetings.models import Clause, Meeting, Resolution, Vote
from meetings.queries.official import clause_line, file_name, resolution_context, resolution_signer
from meetings.queries.stepper import steps
from meetings.services import clauses, minutes, resolution
from meetings.services.clauses import ADOPTED
from members.models import Membership, Post, User
from tests.documents.reading import text
from tests.meetings import story
from tests.meetings.racing import behind

DUE = datetime.date(2027, 1, 20)


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


@pytest.fixture
def draft(meeting, secretary, member):
    found = resolution.start_resolution(meeting, by=secretary)
    add(found, secretary, "Dọn tuyến mương sau chợ", member)
    add(found, secretary, "Nêu gương chuyển đổi số")
    return found


@pytest.fixture
def vote(meeting):
    return Vote.objects.get(item__meeting=meeting)


def add(draft, by, words, owner=None, due=DUE):
    clause = Clause(text=words, owner=owner and owner.member, due_on=owner and due)
    return clauses.add_clause(draft, clause=clause, by=by)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def order(draft):
    return list(draft.clauses.values_list("position", "text"))


# Draft


def test_start_fills_the_usual_bases_once(meeting, secretary):
    """DOMAIN §2.3: bases are the Statutes and the result of the meeting."""
    found = resolution.start_resolution(meeting, by=secretary)
    assert found.bases.splitlines() == [
        "Căn cứ Điều lệ Đảng Cộng sản Việt Nam",
        "Căn cứ kết quả sinh hoạt chi bộ thường kỳ ngày 05/12/2026",
    ]
    assert found.subject == "sinh hoạt chi bộ thường kỳ tháng 12/2026"
    assert resolution.start_resolution(meeting, by=secretary) == found


def test_start_refuses_a_cancelled_meeting(meeting, secretary):
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    assert refusal(resolution.start_resolution, meeting, by=secretary) == (
        "Buổi họp đã hủy nên không lập nghị quyết.",
        None,
    )


def test_texts_have_versions_of_their_own(draft, secretary):
    resolution.save_text(draft, "assessment", text="Tốt.", version=0, by=secretary)
    saved = resolution.save_text(draft, "organisation_text", text="Chi ủy theo dõi.", version=0, by=secretary)
    assert (saved.assessment_version, saved.organisation_text_version, saved.bases_version) == (1, 1, 0)
    with pytest.raises(StaleText):
        resolution.save_text(draft, "assessment", text="Khá.", version=0, by=secretary)
    assert refusal(resolution.save_text, draft, "subject", text="x", version=0, by=secretary) == (
        "Nghị quyết không có phần này.",
        None,
    )


def test_clauses_move_and_close_ranks(draft, secretary):
    add(draft, secretary, "Ba")
    first, second, third = draft.clauses.all()
    clauses.move_clause(third, direction="up", by=secretary)
    clauses.move_clause(first, direction="up", by=secretary)
    assert order(draft) == [(1, first.text), (2, "Ba"), (3, second.text)]
    clauses.remove_clause(first, by=secretary)
    assert order(draft) == [(1, "Ba"), (2, second.text)]


def test_clause_refuses_a_day_before_the_meeting_and_half_an_order(draft, secretary, member):
    early = datetime.date(2026, 12, 4)
    found = refusal(add, draft, secretary, "Việc", member, early)
    assert found == ("Chọn hạn từ ngày họp 05/12/2026 trở đi.", "due_on")
    clause = draft.clauses.last()
    clause.owner = member.member
    assert refusal(clauses.change_clause, clause=clause, by=secretary) == (
        "Ghi cả hạn để giao được nhiệm vụ, hoặc để trống cả hai.",
        "due_on",
    )
    clause.owner, clause.due_on = None, DUE
    assert refusal(clauses.change_clause, clause=clause, by=secretary) == (
        "Ghi cả người phụ trách để giao được nhiệm vụ, hoặc để trống cả hai.",
        "owner",
    )


def test_clause_line_is_a_sentence(draft):
    assert [clause_line(clause).replace("\u00a0", " ") for clause in draft.clauses.all()] == [
        "1. Dọn tuyến mương sau chợ. Đồng chí Ngô Xuân Trường chịu trách nhiệm, hạn hoàn thành ngày 20/01/2027.",
        "2. Nêu gương chuyển đổi số.",
    ]


# Adoption


def test_adopt_draws_the_number_and_gives_the_clauses(draft, vote, secretary, member):
    """The closed loop: clause → task, which says where it comes from."""
    found = resolution.adopt_resolution(draft, vote=vote, by=secretary)
    assert (found.paper.number_line, found.paper.state, found.paper.dated_on) == (
        "Số 01-NQ/CB", "adopted", datetime.date(2026, 12, 5),
    )  # fmt: skip
    first, second = found.clauses.all()
    task = first.given.get().assignment
    assert (task.owner, task.title, task.due_on, task.source_label, task.source_url) == (
        member.member, "Dọn tuyến mương sau chợ", DUE, "Mục 1, Nghị quyết 01-NQ/CB", first.get_absolute_url(),
    )  # fmt: skip
    assert not second.given.exists()
    assert resolution_context(found)["vote_line"] == (
        "Nghị quyết được chi bộ thông qua ngày 05/12/2026 với 06/07 đảng viên chính thức tán thành."
    )


def test_long_clause_becomes_a_short_title_with_the_whole_in_detail(draft, vote, secretary, member):
    words = "Vận động các hộ kinh doanh " * 20
    add(draft, secretary, words, member)
    resolution.adopt_resolution(draft, vote=vote, by=secretary)
    task = Assignment.objects.latest("pk")
    assert (len(task.title) <= 250, task.title[-1], task.detail) == (True, "…", words.strip())


def test_adopt_refuses_each_thing_that_is_missing(draft, vote, secretary, meeting, clerk):
    choose = ("Chọn biểu quyết nghị quyết đã chốt kết quả của buổi họp này.", "vote")
    assert refusal(resolution.adopt_resolution, draft, vote=None, by=secretary) == choose
    Vote.objects.filter(pk=vote.pk).update(decision="other")
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == choose
    Vote.objects.filter(pk=vote.pk).update(decision="resolution", passed=False, agree=2, disagree=5)
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == (
        "Biểu quyết này chưa đủ số phiếu: 2 tán thành, cần 4. Nghị quyết không được thông qua.",
        "vote",
    )
    Vote.objects.filter(pk=vote.pk).update(passed=True, agree=6, disagree=1)
    Meeting.objects.filter(pk=meeting.pk).update(state="notified")
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == (
        "Buổi họp chưa khai mạc nên nghị quyết chưa thông qua được.",
        None,
    )
    Meeting.objects.filter(pk=meeting.pk).update(state="closed")
    draft.clauses.all().delete()
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == (
        "Nghị quyết chưa có mục nhiệm vụ nào. Ghi ít nhất một mục trước khi thông qua.",
        None,
    )


def test_adopt_refuses_a_clause_that_cannot_be_given_and_draws_no_number(draft, vote, secretary):
    """Nothing is half-written: the number is not used up."""
    draft.clauses.filter(owner__isnull=False).update(due_on=datetime.date(2026, 12, 1))
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == (
        "Mục 1: Hạn 01/12/2026 đã qua. Đồng chí chọn ngày từ hôm nay trở đi.",
        None,
    )
    draft.clauses.filter(owner__isnull=False).update(due_on=DUE)
    assert resolution.adopt_resolution(draft, vote=vote, by=secretary).paper.number == 1


def test_adopt_refuses_without_a_signer(draft, vote, secretary):
    Post.objects.all().delete()
    assert refusal(resolution.adopt_resolution, draft, vote=vote, by=secretary) == (
        "Chi bộ chưa có bí thư hoặc phó bí thư vào ngày họp để ký nghị quyết.",
        None,
    )


def test_signer_is_the_chairing_deputy_else_the_secretary(meeting, secretary, deputy, member):
    """T/M CHI BỘ / PHÓ BÍ THƯ when the deputy signs (DOMAIN §2.4)."""
    assert resolution_signer(meeting) == (secretary.member, "Bí thư")
    meeting.chair = deputy.member
    assert resolution_signer(meeting) == (deputy.member, "Phó bí thư")
    meeting.chair = member.member
    assert resolution_signer(meeting) == (secretary.member, "Bí thư")


def test_adopted_text_is_closed(draft, vote, secretary):
    resolution.adopt_resolution(draft, vote=vote, by=secretary)
    clause = draft.clauses.first()
    calls = [
        lambda: resolution.save_text(draft, "bases", text="x", version=0, by=secretary),
        lambda: resolution.change_subject(draft, subject="x", by=secretary),
        lambda: clauses.add_clause(draft, clause=Clause(text="x"), by=secretary),
        lambda: clauses.change_clause(clause=clause, by=secretary),
        lambda: clauses.remove_clause(clause, by=secretary),
        lambda: clauses.move_clause(clause, direction="down", by=secretary),
        lambda: resolution.adopt_resolution(draft, vote=vote, by=secretary),
    ]
    assert {refusal(call)[0] for call in calls} == {ADOPTED}


# Sealing and withdrawal


def test_seal_needs_adoption_and_prints_the_whole(draft, vote, secretary):
    assert refusal(resolution.seal_resolution, draft, way="p12", by=secretary) == (
        "Nghị quyết chưa được thông qua nên chưa khóa được.",
        None,
    )
    resolution.adopt_resolution(draft, vote=vote, by=secretary)
    sealed = resolution.seal_resolution(draft, way="p12", by=secretary)
    with sealed.paper.files.get().file.open("rb") as source:
        words = text(source.read())
    for part in (
        "Số 01-NQ/CB", "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;", "CHI BỘ MỘT QUYẾT NGHỊ", "I. PHƯƠNG HƯỚNG, NHIỆM VỤ",
        "với 06/07 đảng viên chính thức tán thành.", "T/M CHI BỘ", "BÍ THƯ", "- Đảng ủy phường Thử (để báo cáo),",
        "- Lưu chi bộ.",
    ):  # fmt: skip
        assert part in words
    with pytest.raises(WrongState):
        resolution.seal_resolution(draft, way="p12", by=secretary)


def test_withdraw_cancels_tasks_and_opens_the_text(draft, vote, secretary):
    assert refusal(resolution.withdraw_resolution, draft, reason="x", by=secretary) == (
        "Nghị quyết chưa khóa nên không có gì để hủy.",
        None,
    )
    resolution.adopt_resolution(draft, vote=vote, by=secretary)
    resolution.seal_resolution(draft, way="p12", by=secretary)
    found = refusal(resolution.withdraw_resolution, draft, reason=" ", by=secretary)
    assert found == ("Ghi lý do hủy văn bản.", "reason")
    resolution.withdraw_resolution(draft, reason="Sai hạn", by=secretary)
    assert list(Assignment.objects.filter(source_label__startswith="Mục").values_list("state", "cancel_reason")) == [
        ("cancelled", "Nghị quyết đã hủy: Sai hạn")
    ]
    resolution.change_subject(draft, subject="về nhiệm vụ tháng 01/2027", by=secretary)
    again = resolution.adopt_resolution(draft, vote=vote, by=secretary)
    assert (again.paper.number_line, again.clauses.first().given.get().assignment.source_label) == (
        "Số 02-NQ/CB", "Mục 1, Nghị quyết 02-NQ/CB",
    )  # fmt: skip
    assert file_name(again.meeting, again.paper, "resolution") == "nghi-quyet-02-nq-cb-du-thao.pdf"


# Stepper


def looked(meeting):
    rows = Meeting.objects.select_related("minutes__paper", "resolution__paper")
    return [(step.label, step.sub, step.state) for step in steps(rows.get(pk=meeting.pk))]


def test_steps_of_a_closed_meeting_without_committee(meeting):
    assert looked(meeting) == [
        ("Soạn", "", "done"),
        ("Thông báo", "02/12", "done"),
        ("Họp", "100 phút", "done"),
        ("Biên bản", "", "now"),
        ("Ký", "", "todo"),
        ("Lưu", "sau khi ký đủ", "todo"),
    ]


def test_steps_name_the_committee_where_it_must_agree(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(needs_agreement=True, state="draft", notified_at=None, closed_at=None)
    assert looked(meeting)[:3] == [
        ("Soạn", "", "now"),
        ("Chi ủy thống nhất", "", "todo"),
        ("Thông báo", "", "todo"),
    ]


def test_steps_wait_for_every_paper(meeting, draft, secretary):
    """Lưu is derived: every paper of the meeting signed (DESIGN §3)."""
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    assert looked(meeting)[3:5] == [("Biên bản", "thông qua 15:38", "done"), ("Ký", "", "now")]
    minutes.seal_minutes(meeting, way="p12", by=secretary)
    assert looked(meeting)[4:] == [("Ký", "chờ ký", "now"), ("Lưu", "sau khi ký đủ", "todo")]
    paper = Meeting.objects.get(pk=meeting.pk).minutes.paper
    type(paper).objects.filter(pk=paper.pk).update(state="signed")
    assert looked(meeting)[4:] == [("Ký", "đủ chữ ký", "done"), ("Lưu", "chờ nghị quyết", "now")]
    Resolution.objects.all().delete()
    assert looked(meeting)[4:] == [("Ký", "đủ chữ ký", "done"), ("Lưu", "", "done")]


def test_steps_of_a_cancelled_meeting(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(
        state="cancelled", closed_at=None, opened_at=None, cancelled_at=story.moment(9)
    )
    assert looked(meeting) == [("Soạn", "", "done"), ("Thông báo", "02/12", "done"), ("Đã hủy", "05/12", "now")]


def test_steps_make_no_query(meeting, django_assert_num_queries):
    row = Meeting.objects.select_related("minutes__paper", "resolution__paper").get(pk=meeting.pk)
    with django_assert_num_queries(0):
        steps(row)


# Who sees it


def test_clerk_who_left_the_cell_sees_no_resolution_of_it(draft, clerk, other_cell):
    assert [*Resolution.objects.visible_to(clerk)] == [draft]
    Membership.objects.filter(member=clerk.member).update(cell=other_cell)
    assert [*Resolution.objects.visible_to(User.objects.get(pk=clerk.pk))] == []


def test_adopted_resolution_of_a_committee_meeting_stays_with_the_committee(draft, vote, secretary, committee, member):
    """The committee's own papers are read by the committee alone, as its minutes are."""
    resolution.adopt_resolution(draft, vote=vote, by=secretary)
    assert [*Resolution.objects.visible_to(member)] == [draft]
    Meeting.objects.update(kind="committee", body="committee")
    assert ([*Resolution.objects.visible_to(member)], [*Resolution.objects.visible_to(committee)]) == ([], [draft])


@pytest.mark.django_db(transaction=True)
class TestDraftMeanwhile:
    """Two people at one draft: the second is told, nothing breaks and nothing adopted is written in."""

    @pytest.fixture
    def draft(self, cell, secretary, clerk, member):
        found = resolution.start_resolution(story.told(cell, secretary, clerk, member), by=secretary)
        for words in ("Một", "Hai"):
            add(found, secretary, words)
        return found

    def acts(self, row, by):
        changed = Clause.objects.select_related("resolution").get(pk=row.pk)
        changed.text = "Khác"
        return [
            lambda: clauses.change_clause(clause=changed, by=by),
            lambda: clauses.move_clause(row, direction="up", by=by),
            lambda: clauses.remove_clause(row, by=by),
        ]

    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_clause_taken_out_meanwhile_is_said(self, draft, secretary, which):
        row = draft.clauses.get(position=2)
        act = self.acts(row, secretary)[which]
        gone = Clause.objects.get(pk=row.pk)
        found = behind(lambda: clauses.remove_clause(gone, by=secretary), act)
        assert (type(found), str(found)) == (Refused, clauses.GONE)
        assert list(draft.clauses.values_list("text", "position")) == [("Một", 1)]

    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_draft_adopted_meanwhile_is_closed(self, draft, secretary, which):
        """The state is read after the lock: a paper made while one waited counts."""
        act = self.acts(draft.clauses.get(position=2), secretary)[which]
        vote = Vote.objects.get(item__meeting=draft.meeting)
        adopt = {"vote": vote, "agreed": True, "by": secretary}
        found = behind(lambda: resolution.adopt_resolution(draft, **adopt), act)
        assert (str(found), [row.text for row in draft.clauses.all()]) == (clauses.ADOPTED, ["Một", "Hai"])
