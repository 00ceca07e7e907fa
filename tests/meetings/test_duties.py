"""The yearly assignment of work: "Mọi đảng viên, kể cả sinh hoạt tạm thời, đều có nhiệm vụ cụ thể; chi bộ thảo luận
và ra nghị quyết" (06-HD/TW, mục 2.3)."""

import pytest
import time_machine

from core.errors import Refused
from core.states import WrongState
from meetings.models import DutyPlan, Vote
from meetings.queries import drafts
from meetings.queries import duties as queries
from meetings.queries.duty_sheet import sheet_pdf
from meetings.queries.official import resolution_context
from meetings.services import duties, resolution
from members.models import Activity
from tests.documents.reading import text
from tests.factories import MemberFactory
from tests.meetings import story
from tests.meetings.racing import behind


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def plan(cell, secretary, committee, member, visitor):
    return duties.start_plan(cell, year=2026, by=secretary)


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


def write(plan, user, words, by, follower=None):
    duty = plan.duties.get(member=user.member)
    duty.text, duty.follower = words, follower and follower.member
    return duties.change_duty(duty=duty, by=by)


def adopt(plan, meeting, by):
    """The plan goes through the resolution of the evening."""
    found = resolution.start_resolution(meeting, by=by)
    duties.lay_plan(plan, resolution=found, by=by)
    return resolution.adopt_resolution(found, vote=Vote.objects.get(item__meeting=meeting), by=by)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def test_plan_has_a_line_for_everybody_also_for_who_is_here_for_a_time(plan, member, visitor):
    names = [row.member.full_name for row in queries.lines(plan)]
    assert (len(names), {member.member.full_name, visitor.member.full_name} <= set(names)) == (8, True)
    assert Activity.objects.order_by("pk").last().verb == "duties.started"


def test_plan_is_drafted_once_at_a_time(plan, cell, secretary):
    assert refusal(duties.start_plan, cell, year=2026, by=secretary) == (
        "Năm 2026 đang có một bản phân công chưa thông qua. Soạn tiếp bản đó.",
        "year",
    )
    assert duties.start_plan(cell, year=2027, by=secretary).number == 1


def test_plan_comes_into_force_by_the_adopted_resolution(plan, cell, meeting, secretary, committee, member):
    """Chi bộ thảo luận và ra nghị quyết: the sheet alone binds nobody."""
    write(plan, member, "Theo dõi tổ tự quản số 2", secretary, follower=committee)
    assert (queries.in_force(cell, 2026), queries.duty_of(member.member_id, cell, 2026)) == (None, None)
    adopted = adopt(plan, meeting, secretary)
    assert queries.in_force(cell, 2026) == plan
    duty = queries.duty_of(member.member_id, cell, 2026)
    assert (duty.text, duty.follower) == ("Theo dõi tổ tự quản số 2", committee.member)
    line = "1. Thông qua bản phân công công tác đảng viên năm 2026 kèm theo nghị quyết này."
    assert [section[3] for section in resolution_context(adopted)["sections"]] == [[line]]


def test_plan_changed_after_the_vote_is_seen(plan, meeting, secretary, member):
    """What was voted on is what is adopted: the plan is part of the text."""
    write(plan, member, "Việc", secretary)
    found = resolution.start_resolution(meeting, by=secretary)
    duties.lay_plan(plan, resolution=found, by=secretary)
    before = drafts.text_lines(found)
    write(plan, member, "Việc khác", secretary)
    assert [label for label, _ in drafts.changes_since(found, before)] == ["Phân công công tác"]


def test_empty_plan_is_not_laid(plan, meeting, secretary):
    found = resolution.start_resolution(meeting, by=secretary)
    assert refusal(duties.lay_plan, plan, resolution=found, by=secretary) == (duties.EMPTY, None)


def test_plan_is_laid_only_into_a_draft_of_the_cell(plan, cell, meeting, other_cell, outsider, secretary, member):
    write(plan, member, "Việc", secretary)
    other = duties.start_plan(other_cell, year=2026, by=outsider)
    write(other, outsider, "Việc", outsider)
    draft = resolution.start_resolution(meeting, by=secretary)
    assert refusal(duties.lay_plan, other, resolution=draft, by=outsider) == (
        "Chọn dự thảo nghị quyết của chi bộ.",
        "resolution",
    )
    adopt(plan, meeting, secretary)
    next_one = duties.start_plan(cell, year=2026, by=secretary)
    assert refusal(duties.lay_plan, next_one, resolution=draft, by=secretary) == (
        "Nghị quyết này đã thông qua. Chọn dự thảo nghị quyết khác.",
        "resolution",
    )


def test_adopted_plan_is_frozen_and_adjusted_by_another(plan, cell, meeting, secretary, committee, member):
    """Điều chỉnh trong năm: a new plan begins with what holds; the old one holds until it is adopted."""
    duty = write(plan, member, "Việc cũ", secretary, follower=committee)
    adopt(plan, meeting, secretary)
    frozen = (
        lambda: duties.change_duty(duty=duty, by=secretary),
        lambda: duties.add_newcomers(plan, by=secretary),
        lambda: duties.remove_plan(plan, by=secretary),
    )
    for act in frozen:
        with pytest.raises(WrongState, match=r"^Bản phân công đã được chi bộ thông qua nên không sửa nữa"):
            act()
    second = duties.start_plan(cell, year=2026, by=secretary)
    copied = second.duties.get(member=member.member)
    assert (second.number, copied.text, copied.follower) == (2, "Việc cũ", committee.member)
    write(second, member, "Việc mới", secretary)
    assert queries.duty_of(member.member_id, cell, 2026).text == "Việc cũ"
    following = duties.start_plan(cell, year=2027, by=secretary)
    assert following.duties.get(member=member.member).text == "Việc cũ"


def test_newcomers_are_added_to_the_draft(plan, cell, secretary):
    new = MemberFactory(full_name="Đinh Thị Mới", cell=cell)
    assert queries.unassigned(plan) == [new]
    assert (duties.add_newcomers(plan, by=secretary), duties.add_newcomers(plan, by=secretary)) == (1, 0)
    assert plan.duties.filter(member=new).count() == 1


def test_draft_is_thrown_away(plan, secretary):
    duties.remove_plan(plan, by=secretary)
    assert (DutyPlan.objects.count(), Activity.objects.order_by("pk").last().verb) == (0, "duties.removed")


def test_sheet_prints_who_does_what_and_by_which_resolution(plan, meeting, secretary, committee, member):
    write(plan, member, "Theo dõi tổ tự quản số 2\nDạy chữ số", secretary, follower=committee)
    draft = text(sheet_pdf(DutyPlan.objects.get(pk=plan.pk)))
    assert "DỰ THẢO" in draft
    adopt(plan, meeting, secretary)
    sheet = text(sheet_pdf(DutyPlan.objects.get(pk=plan.pk)))
    assert "DỰ THẢO" not in sheet
    assert "(Kèm theo Nghị quyết số 01-NQ/CB, ngày 05 tháng 12 năm 2026)" in sheet
    assert "- Theo dõi tổ tự quản số 2" in sheet


def test_members_see_the_plan_only_once_it_is_adopted(plan, meeting, secretary, member, outsider, superior, as_user):
    write(plan, member, "Việc", secretary)
    assert [as_user(user).get(plan.get_absolute_url()).status_code for user in (member, outsider, superior)] == [
        404
    ] * 3
    adopt(plan, meeting, secretary)
    assert [as_user(user).get(plan.get_absolute_url()).status_code for user in (member, outsider, superior)] == [
        200, 404, 404,
    ]  # fmt: skip


def test_pages_write_lay_and_print(plan, meeting, secretary, committee, member, as_user):
    client = as_user(secretary)
    found = resolution.start_resolution(meeting, by=secretary)
    values = {"text": "Theo dõi tổ tự quản số 2", "follower": committee.member_id}
    assert client.post(f"/duties/{plan.pk}/members/{member.member_id}/", values).status_code == 302
    assert client.post(f"/duties/{plan.pk}/do/lay/", {}).context["form"].errors == {
        "resolution": ["Chọn dự thảo nghị quyết sẽ thông qua bản phân công."]
    }
    assert client.post(f"/duties/{plan.pk}/do/lay/", {"resolution": found.pk}).url == plan.get_absolute_url()
    assert client.get(f"/duties/{plan.pk}/sheet.pdf")["Content-Type"] == "application/pdf"
    page = client.get("/duties/").content.decode()
    assert "Chờ biểu quyết" in page


def test_new_offers_this_year_and_the_next(cell, secretary, as_user):
    response = as_user(secretary).post("/duties/new/", {"year": "2027"})
    assert (response.url, DutyPlan.objects.get().year) == ("/duties/", 2027)


@pytest.mark.parametrize("count", [1, 3])
def test_plan_asks_the_same_queries(cell, secretary, committee, as_user, django_assert_num_queries, count):
    for number in range(count):
        MemberFactory(full_name=f"Lê Văn {'ABC'[number]}", cell=cell)
    plan = duties.start_plan(cell, year=2026, by=secretary)
    client = as_user(secretary)
    client.get(plan.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(plan.get_absolute_url())


@pytest.mark.django_db(transaction=True)
class TestAdoptedMeanwhile:
    """What the cell voted on is what is in force: whoever writes at that moment comes too late, nobody deadlocks."""

    @pytest.fixture
    def laid(self, plan, meeting, member, secretary):
        write(plan, member, "Phụ trách loa", secretary)
        duties.lay_plan(plan, resolution=resolution.start_resolution(meeting, by=secretary), by=secretary)
        return DutyPlan.objects.get(pk=plan.pk)

    def adopt(self, plan, by):
        vote = Vote.objects.get(item__meeting=plan.resolution.meeting)
        return resolution.adopt_resolution(plan.resolution, vote=vote, by=by)

    def test_duty_is_not_changed_behind_the_adoption(self, laid, member, secretary):
        found = behind(lambda: self.adopt(laid, secretary), lambda: write(laid, member, "Khác", secretary))
        assert (str(found), laid.duties.get(member=member.member).text) == (duties.FROZEN, "Phụ trách loa")

    def test_plan_is_not_removed_nor_laid_elsewhere_behind_the_adoption(self, laid, cell, clerk, secretary):
        other = resolution.start_resolution(story.begun(cell, secretary, clerk, present=False), by=secretary)
        remove = behind(lambda: self.adopt(laid, secretary), lambda: duties.remove_plan(laid, by=secretary))
        assert (str(remove), DutyPlan.objects.get().resolution_id) == (duties.FROZEN, laid.resolution_id)
        with pytest.raises(WrongState):
            duties.lay_plan(laid, resolution=other, by=secretary)

    def test_adoption_behind_a_removal_has_nothing_to_adopt(self, laid, secretary):
        found = behind(lambda: duties.remove_plan(laid, by=secretary), lambda: self.adopt(laid, secretary))
        assert str(found).startswith("Nghị quyết chưa có mục nhiệm vụ nào.")

    def test_line_of_a_plan_that_is_gone_is_refused(self, laid, member, secretary):
        found = behind(lambda: duties.remove_plan(laid, by=secretary), lambda: write(laid, member, "Khác", secretary))
        assert str(found) == duties.GONE
