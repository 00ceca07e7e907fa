"""A year of pledges: opened, written, confirmed, reported, assessed, levelled; what is refused and what is said."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.errors import Refused
from core.states import WrongState
from members.models import Activity, Exemption
from notices.models import Notice
from pledges import queries
from pledges.models import Assessment, Pledge, Progress
from pledges.services import assessing, deciding, opening, reporting, writing
from pledges.states import AssessmentState, PledgeState
from tests.factories import MemberFactory
from tests.pledges.conftest import DAY, DEEDS, deed, write

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.message


def told(key):
    return sorted(Notice.objects.filter(key=key).values_list("recipient__full_name", flat=True))


# ---------------------------------------------------------------- the year


def test_opening_asks_everybody_now_and_three_days_before(opened, cell):
    people = sorted(queries.who_pledges(cell).values_list("full_name", flat=True))
    assert len(people) == 5  # four of the roll and the secretary
    assert told(f"pledge:year:{opened.pk}:register") == people
    soon = Notice.objects.filter(key=f"pledge:year:{opened.pk}:register_soon")
    assert {row.due_at.date() for row in soon} == {DAY(2026, 1, 28)}
    assert {row.subject for row in soon} == {"Còn 3 ngày: đăng ký việc làm theo Bác và bản cam kết năm 2026"}


def test_exempt_and_suspended_do_not_register(opened, cell):
    """294-QĐ/TW, 7: who is exempt from work and activities owes neither."""
    exempt = MemberFactory(cell=cell)
    Exemption.objects.create(member=exempt, kind="exempt", starts_on=DAY(2025, 1, 1))
    assert exempt not in queries.who_pledges(cell, DAY(2026, 1, 10))


@pytest.mark.parametrize(
    ("year", "due_on", "sentence"),
    [
        (2025, DAY(2026, 1, 31), "Chỉ mở đợt đăng ký của năm 2026 hoặc 2027."),
        (2026, DAY(2026, 1, 9), "Hạn phải từ hôm nay trở đi."),
        (2026, DAY(2027, 2, 1), "Hạn phải trong năm 2026 hoặc tháng 01/2027."),
    ],
)
def test_opening_is_refused(january, cell, secretary, year, due_on, sentence):
    assert refused(opening.open_year, cell, year, due_on=due_on, by=secretary) == sentence


def test_year_is_opened_once(opened, cell, secretary):
    again = refused(opening.open_year, cell, 2026, due_on=DAY(2026, 2, 1), by=secretary)
    assert again == "Đợt đăng ký năm 2026 đã được mở."


def test_reminder_goes_to_who_is_behind(opened, cell, secretary, member, draft):
    deciding.submit(draft, by=member)
    opening.remind(opened, by=secretary)
    behind = sorted(queries.missing(cell, 2026).values_list("full_name", flat=True))
    assert told(f"pledge:year:{opened.pk}:register_again_20260110") == behind
    assert member.member.full_name not in behind


# ---------------------------------------------------------------- writing


def test_draft_keeps_what_is_incomplete(opened, cell, member):
    pledge = writing.start(cell, 2026, member=member.member, by=member)
    write(pledge, member, [deed(measure="", due_on=None, area="")], commitment="")
    assert [(row.title, row.measure, row.due_on) for row in pledge.deeds.all()] == [(DEEDS[0]["title"], "", None)]


@pytest.mark.parametrize(
    ("deeds", "sentence"),
    [
        (DEEDS[:2], "Đã ghi 2 việc; cần đăng ký ít nhất 3 việc."),
        ([*DEEDS[:2], deed(measure="")], "Việc 3 chưa ghi cách đo kết quả."),
    ],
)
def test_incomplete_pledge_cannot_be_handed_in(draft, member, deeds, sentence):
    """Every member registers at least three deeds, each with its measure."""
    for row in draft.deeds.all():
        row.delete()
    write(draft, member, deeds)
    assert refused(deciding.submit, draft, by=member) == sentence
    assert Pledge.objects.get(pk=draft.pk).state == PledgeState.DRAFT


def test_stale_form_is_refused(draft, member):
    assert refused(
        writing.save, draft, commitment="", deeds=[], version=draft.version - 1, by=member
    ) == writing.STALE  # fmt: skip


def test_handed_in_pledge_is_not_written_any_more(draft, member):
    pledge = deciding.submit(draft, by=member)
    sentence = refused(writing.save, pledge, commitment="", deeds=[], version=pledge.version, by=member)
    assert sentence.startswith("Bản đăng ký đã gửi chi ủy.")
    assert deciding.take_back(pledge, by=member).state == PledgeState.DRAFT


def test_pledge_needs_an_opened_year(january, cell, member):
    sentence = refused(writing.start, cell, 2026, member=member.member, by=member)
    assert sentence == "Chi ủy chưa mở đợt đăng ký năm 2026."


def test_member_has_one_pledge_a_year_and_the_collective_one(draft, cell, member, secretary):
    assert refused(writing.start, cell, 2026, member=member.member, by=member).startswith("Năm 2026 đã có")
    writing.start(cell, 2026, by=secretary)
    assert refused(writing.start, cell, 2026, by=secretary).startswith("Năm 2026 đã có")


def test_draft_is_thrown_away_but_not_what_was_handed_in(draft, member):
    pledge = deciding.take_back(deciding.submit(draft, by=member), by=member)
    assert refused(writing.discard, pledge, by=member) == "Bản đăng ký đã từng gửi chi ủy nên được giữ lại."
    Pledge.objects.filter(pk=pledge.pk).update(submitted_at=None)
    writing.discard(pledge, by=member)
    assert not Pledge.objects.exists()


def test_nothing_readable_of_a_pledge_is_in_its_row(draft):
    """Texts are encrypted at rest: a sentence of a draft is not found in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT commitment FROM pledges_pledge UNION ALL SELECT title FROM pledges_deed")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert "kỷ luật" not in stored
    assert "Đọc một cuốn" not in stored


# ---------------------------------------------------------------- the answer


def test_returned_pledge_tells_the_author_and_comes_again(draft, member, secretary):
    pledge = deciding.return_(deciding.submit(draft, by=member), remark="Nêu rõ số hộ giúp đỡ", by=secretary)
    assert (pledge.state, pledge.remark) == (PledgeState.RETURNED, "Nêu rõ số hộ giúp đỡ")
    notice = Notice.objects.get(kind="pledge.answered")
    assert (notice.recipient, notice.private) == (member.member, True)
    assert "hộ" not in str(notice.context)
    assert deciding.submit(pledge, by=member).state == PledgeState.SUBMITTED


def test_return_needs_a_remark(draft, member, secretary):
    pledge = deciding.submit(draft, by=member)
    assert refused(deciding.return_, pledge, remark=" ", by=secretary).startswith("Đồng chí ghi góp ý")


def test_nobody_confirms_the_own_pledge(opened, cell, secretary, committee, deputy, member):
    """A pledge is confirmed by the chi ủy, the own one by another of it."""
    own = Pledge(cell=cell, member=secretary.member, year=2026, state=PledgeState.SUBMITTED)
    assert not secretary.has_perm("pledges.register_pledge", own)
    assert deputy.has_perm("pledges.register_pledge", own)
    assert committee.has_perm("pledges.register_pledge", own)
    assert not member.has_perm("pledges.register_pledge", own)


def test_lone_secretary_confirms_the_own_pledge(opened, cell, secretary):
    own = Pledge(cell=cell, member=secretary.member, year=2026, state=PledgeState.SUBMITTED)
    assert secretary.has_perm("pledges.register_pledge", own)


def test_pledge_is_confirmed_once(registered, secretary):
    with pytest.raises(WrongState):
        deciding.register(registered, by=secretary)


# ---------------------------------------------------------------- progress


def test_progress_only_of_a_registered_pledge(draft, member):
    sentence = refused(reporting.report, draft.deeds.first(), text="Đã đọc", by=member)
    assert sentence == "Chỉ ghi tiến độ khi bản đăng ký đã được chi ủy xác nhận."


def test_progress_with_a_bad_file_leaves_nothing(registered, member):
    bad = SimpleUploadedFile("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    assert refused(reporting.report, registered.deeds.first(), text="Đã đọc", by=member, files=[bad])
    assert not Progress.objects.exists()


def test_deed_with_progress_cannot_be_removed(registered, member, secretary):
    reporting.report(registered.deeds.first(), text="Đã đọc một cuốn", by=member)
    pledge = deciding.reopen(registered, remark="Bổ sung", by=secretary)
    rows = [deed(row.title, pk=row.pk) for row in pledge.deeds.all()][1:]
    assert refused(write, pledge, member, rows) == "Việc 1 đã có tiến độ được ghi nên không xóa được."


# ---------------------------------------------------------------- assessment


@pytest.fixture
def assessed(registered, opened, member, secretary, january):
    """A half-year self-assessment that is handed in, its first deed not reached."""
    january.move_to(datetime.datetime(2026, 6, 20, 9))
    opening.ask_assessment(opened, period="half", due_on=DAY(2026, 6, 30), by=secretary)
    row = assessing.start(registered, period="half", by=member)
    results = {each.pk: ("reached", "") for each in registered.deeds.all()}
    results[registered.deeds.first().pk] = ("not_reached", "Mới đọc 1 cuốn")
    row = assessing.save(row, text="Đã cố gắng", self_level="good", results=results, by=member)
    return assessing.submit(row, by=member)


def test_assessment_waits_until_it_is_asked_for(registered, member):
    sentence = refused(assessing.start, registered, period="half", by=member)
    assert sentence == "Chi ủy chưa mở đợt tự đánh giá này."


def test_assessment_needs_a_result_of_every_deed_and_a_level(registered, opened, member, secretary):
    opening.ask_assessment(opened, period="half", due_on=DAY(2026, 6, 30), by=secretary)
    row = assessing.start(registered, period="half", by=member)
    first = registered.deeds.first()
    assessing.save(row, text="", self_level="", results={first.pk: ("reached", "")}, by=member)
    assert refused(assessing.submit, row, by=member) == "Đồng chí chọn kết quả của việc 2, 3."
    everything = {each.pk: ("reached", "") for each in registered.deeds.all()}
    assessing.save(row, text="", self_level="", results=everything, by=member)
    assert refused(assessing.submit, row, by=member) == "Đồng chí chọn mức tự nhận."


def test_lower_level_needs_its_reason(assessed, secretary):
    assert refused(assessing.level, assessed, level="reached", by=secretary) == assessing.LOWER
    assert Assessment.objects.get().state == AssessmentState.SUBMITTED
    row = assessing.level(assessed, level="reached", remark="Việc thứ nhất chưa đạt", by=secretary)
    assert (row.state, row.level, row.look.label) == (AssessmentState.LEVELLED, "reached", "Đạt")


def test_level_is_corrected_only_to_another(assessed, secretary):
    assessing.level(assessed, level="good", by=secretary)
    assert refused(assessing.correct, assessed, level="good", by=secretary) == "Mức mới trùng với mức đã ghi."
    row = assessing.correct(assessed, level="reached", remark="Ghi nhầm", by=secretary)
    assert (row.level, row.state) == ("reached", AssessmentState.LEVELLED)


def test_assessed_pledge_is_not_reopened(assessed, registered, secretary):
    with pytest.raises(WrongState):
        deciding.reopen(registered, remark="Bổ sung", by=secretary)


def test_next_year_copies_what_was_not_reached_with_its_mark(assessed, registered, cell, member, secretary, january):
    """Copy from last year with what was not reached marked."""
    january.move_to(datetime.datetime(2027, 1, 5, 9))
    opening.open_year(cell, 2027, due_on=DAY(2027, 1, 31), by=secretary)
    pledge = writing.start(cell, 2027, member=member.member, copy=True, by=member)
    first = registered.deeds.first().pk
    assert [row.carried_from_id for row in pledge.deeds.all()] == [first, None, None]
    assert [row.due_on for row in pledge.deeds.all()] == [None, None, None]
    assert pledge.commitment == registered.commitment


# ---------------------------------------------------------------- walls


def test_draft_is_seen_by_its_author_alone(draft, cast):
    seen = {name for name, user in cast.items() if Pledge.objects.visible_to(user).exists()}
    assert seen == {"dangvien"}


def test_handed_in_pledge_is_seen_by_author_and_committee(draft, member, cast):
    deciding.submit(draft, by=member)
    seen = {name for name, user in cast.items() if Pledge.objects.visible_to(user).exists()}
    assert seen == {"dangvien", "bithu", "phobithu", "chiuy"}


def test_collective_is_read_by_the_cell_once_registered(opened, cell, secretary, deputy, cast):
    pledge = write(writing.start(cell, 2026, by=secretary), secretary)
    seen = {name for name, user in cast.items() if Pledge.objects.visible_to(user).exists()}
    assert seen == {"bithu", "phobithu", "chiuy"}
    deciding.register(deciding.submit(pledge, by=secretary), by=deputy)
    seen = {name for name, user in cast.items() if Pledge.objects.visible_to(user).exists()}
    assert seen == {"bithu", "phobithu", "chiuy", "thuky", "thuquy", "dangvien", "dubi", "tamthoi"}


def test_diary_tells_no_word_of_a_pledge(assessed, secretary):
    assessing.level(assessed, level="reached", remark="Việc thứ nhất chưa đạt", by=secretary)
    lines = " ".join(Activity.objects.values_list("text", flat=True))
    for word in ("Đọc một", "kỷ luật", "cố gắng", "chưa đạt", "Mới đọc"):
        assert word not in lines
