"""Members and dated rows: what the services write and what they refuse (each sentence)."""

import datetime

import pytest
from django.utils import timezone

from core.errors import Refused
from members.activity import digest_of
from members.models import Activity, Exemption, FeeCategory, Member, Membership, Placement, Post, Status, User
from members.rules import is_secretary
from members.services import people
from members.states import STANDING_UI, ExemptionKind, PlacementKind, PostTitle, StatusKind
from tests.factories import LONG_AGO, MemberFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

D = datetime.date


def refused(service, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.field, caught.value.message


def test_new_member_stands_on_the_roll_from_that_day(cell, secretary):
    member = people.add_member(
        member=Member(full_name="Lý Văn Mới"), cell=cell, status="official", starts_on=D(2026, 3, 1), by=secretary
    )
    assert list(Member.objects.on_roll(cell, D(2026, 2, 28)).filter(pk=member.pk)) == []
    assert list(Member.objects.on_roll(cell, D(2026, 3, 1)).filter(pk=member.pk)) == [member]
    assert Activity.objects.filter(organisation=cell).get().verb == "member.added"


def test_visitor_stands_in_no_membership(cell, secretary):
    member = people.add_visitor(
        member=Member(full_name="Lý Văn Khách"),
        cell=cell,
        status="official",
        place="Chi bộ Học viện",
        starts_on=D(2026, 3, 1),
        ends_on=D(2026, 9, 1),
        by=secretary,
    )
    assert list(Member.objects.visiting(cell, D(2026, 9, 1))) == [member]
    assert list(Member.objects.visiting(cell, D(2026, 9, 2))) == []
    assert (member.membership_rows.count(), Member.objects.get(pk=member.pk).cell_id) == (0, cell.pk)


@pytest.mark.parametrize("name", ["A" * 100, "NGUYỄN VĂN ANH", "Nguyễn Công Tằng Tôn Nữ Thị Hằng"])
def test_long_and_capital_names_are_kept(cell, secretary, name):
    member = people.add_member(
        member=Member(full_name=name), cell=cell, status="official", starts_on=LONG_AGO, by=secretary
    )
    assert Member.objects.get(pk=member.pk).full_name == name


def test_name_of_101_characters_is_refused_at_its_field(cell, secretary):
    member = Member(full_name="A" * 101)
    field, _ = refused(people.add_member, member=member, cell=cell, status="official", starts_on=LONG_AGO, by=secretary)
    assert (field, Member.objects.filter(full_name__startswith="AAA").count()) == ("full_name", 0)


def test_a_new_status_ends_the_one_before_on_the_eve(cell, secretary, probationary):
    row = Status(member=probationary.member, kind="official", starts_on=D(2026, 5, 19))
    people.add_row(row=row, cell=cell, by=secretary)
    rows = list(Status.objects.filter(member=probationary.member).values_list("kind", "starts_on", "ends_on"))
    assert rows == [("official", D(2026, 5, 19), None), ("probationary", LONG_AGO, D(2026, 5, 18))]


def test_a_status_before_the_open_one_is_refused(cell, secretary, member):
    row = Status(member=member.member, kind="suspended", starts_on=LONG_AGO)
    sentence = "Dòng hiện tại bắt đầu từ 01/01/2020. Chọn ngày sau đó, hoặc sửa dòng hiện tại."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("starts_on", sentence)


def test_two_statuses_on_one_day_are_refused(cell, secretary, member):
    row = Status.objects.get(member=member.member)
    row.ends_on = D(2026, 1, 31)
    row.save()
    Status.objects.create(member=member.member, kind="suspended", starts_on=D(2026, 2, 1))
    row.ends_on = D(2026, 2, 1)
    sentence = "Mỗi ngày một đảng viên chỉ có một tình trạng."
    assert refused(people.change_row, row=row, cell=cell, by=secretary) == ("starts_on", sentence)


def test_second_secretary_with_an_overlapping_term_is_refused(cell, secretary, deputy):
    row = Post(member=deputy.member, organisation=cell, title="secretary", starts_on=D(2026, 1, 1))
    sentence = "Chi bộ đã có bí thư trong thời gian này. Ghi ngày kết thúc của bí thư trước rồi thêm."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("starts_on", sentence)
    first = Post.objects.get(member=secretary.member, title="secretary")
    first.ends_on = D(2025, 12, 31)
    people.change_row(row=first, cell=cell, by=secretary)
    people.add_row(row=row, cell=cell, by=secretary)  # the eve and the day do not overlap
    assert Post.objects.filter(organisation=cell, title="secretary").count() == 2


def test_the_same_post_twice_for_one_person_is_refused(cell, secretary, committee):
    row = Post(member=committee.member, organisation=cell, title="committee_member", starts_on=D(2026, 1, 1))
    sentence = "Đồng chí đã giữ chức vụ này."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("starts_on", sentence)


def test_a_probationary_member_holds_no_post_of_the_committee(cell, secretary, probationary):
    """Chi ủy, bí thư are elected among official members (294-QĐ/TW, 23.2)."""
    row = Post(member=probationary.member, organisation=cell, title="committee_member", starts_on=D(2026, 1, 1))
    sentence = "Chi ủy viên phải là đảng viên chính thức; ngày 01/01/2026 đồng chí này là “Dự bị”."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("title", sentence)


def test_an_end_before_its_start_is_refused(cell, secretary, member):
    row = Post(
        member=member.member, organisation=cell, title="inspector", starts_on=D(2026, 2, 1), ends_on=D(2026, 1, 1)
    )
    sentence = "Ngày kết thúc phải từ ngày bắt đầu trở đi."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("ends_on", sentence)


def test_own_member_is_no_visitor(cell, secretary, member):
    row = Placement(member=member.member, cell=cell, kind="temp_here", place="x", starts_on=D(2026, 1, 1))
    sentence = "Đồng chí này thuộc chi bộ, không sinh hoạt tạm thời tại đây. Chọn “Sinh hoạt tạm thời nơi khác”."
    assert refused(people.add_row, row=row, cell=cell, by=secretary) == ("kind", sentence)


def test_overlapping_placements_and_exemptions_are_refused(cell, secretary, member):
    who = member.member
    Placement.objects.create(member=who, cell=cell, kind="temp_elsewhere", place="x", starts_on=D(2026, 1, 1))
    Exemption.objects.create(member=who, kind="exempt", starts_on=D(2026, 1, 1))
    row = Placement(member=who, cell=cell, kind="overseas", place="y", starts_on=D(2026, 2, 1))
    exemption = Exemption(member=who, kind="exempt", starts_on=D(2026, 2, 1))
    assert refused(people.add_row, row=row, cell=cell, by=secretary)[1] == ("Đã có giấy tạm thời trong thời gian này.")
    assert refused(people.add_row, row=exemption, cell=cell, by=secretary)[1] == (
        "Đã có quyết định miễn trong thời gian này."
    )


def test_temporary_exemption_needs_an_end(cell, secretary, member):
    row = Exemption(member=member.member, kind="exempt_temporary", starts_on=D(2026, 1, 1))
    assert refused(people.add_row, row=row, cell=cell, by=secretary)[1] == "Tạm miễn phải có ngày kết thúc."


def test_fee_category_follows_the_one_before(cell, secretary, member):
    for kind, day in (("si_salary", D(2026, 1, 1)), ("pension", D(2026, 7, 1))):
        people.add_row(row=FeeCategory(member=member.member, kind=kind, starts_on=day), cell=cell, by=secretary)
    rows = list(FeeCategory.objects.filter(member=member.member).values_list("kind", "ends_on"))
    assert rows == [("pension", None), ("si_salary", D(2026, 6, 30))]


def test_a_row_written_by_mistake_is_taken_out_with_a_diary_line(cell, secretary, committee):
    row = Post.objects.get(member=committee.member)
    people.remove_row(row, cell=cell, by=secretary)
    line = Activity.objects.filter(organisation=cell).get()
    assert (line.verb, line.digest, '"gone":"1"' in line.text) == ("post.removed", "", True)
    assert not Post.objects.filter(member=committee.member).exists()


@pytest.mark.parametrize("model", [Status, Membership])
def test_the_only_status_and_membership_stay(cell, secretary, member, model):
    row = model.objects.get(member=member.member)
    sentence = "Đây là dòng duy nhất của đảng viên, không xóa được. Sửa lại ngày hoặc nội dung của dòng."
    assert refused(people.remove_row, row, cell=cell, by=secretary) == (None, sentence)


def test_the_last_sysadmin_keeps_the_post(superior_body, sysadmin):
    row = Post.objects.get(member=sysadmin.member)
    row.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    sentence = "Hệ thống phải còn ít nhất một người quản trị có tài khoản. Ghi người thay trước."
    assert refused(people.change_row, row=row, cell=superior_body, by=sysadmin)[1] == sentence
    assert refused(people.remove_row, Post.objects.get(pk=row.pk), cell=superior_body, by=sysadmin)[1] == sentence


def test_posts_are_digested_for_verify_chain(cell, secretary, member):
    row = Post(member=member.member, organisation=cell, title="inspector", starts_on=D(2026, 1, 1))
    people.add_row(row=row, cell=cell, by=secretary)
    row.ends_on = D(2026, 6, 1)
    people.change_row(row=row, cell=cell, by=secretary)
    line = Activity.objects.filter(object_label="members.post", object_id=row.pk).order_by("-seq").first()
    assert line.digest == digest_of(Post.objects.get(pk=row.pk)) != ""


def test_vietnamese_order_and_search_without_marks(cell):
    """Sorted by given name, then family name, letters a ă â, tones in dictionary order; marks do not hinder search."""
    names = ["Trần Văn Ân", "Lê Thị Ánh", "Đỗ Thị An", "Bùi An", "Phạm Ăn", "Vũ Đức", "Vũ Dũng", "Lê Ả", "Lê Á"]
    for name in names:
        MemberFactory(full_name=name)
    found = list(Member.objects.filter(full_name__in=names).values_list("full_name", flat=True))
    assert found == [
        "Lê Ả", "Lê Á", "Bùi An", "Đỗ Thị An", "Lê Thị Ánh", "Phạm Ăn", "Trần Văn Ân", "Vũ Dũng", "Vũ Đức",
    ]  # fmt: skip
    hits = list(Member.objects.filter(full_name__in=names).search("an").values_list("full_name", flat=True))
    assert hits == ["Bùi An", "Đỗ Thị An", "Lê Thị Ánh", "Phạm Ăn", "Trần Văn Ân"]
    assert list(Member.objects.search("DUC vu").values_list("full_name", flat=True)) == ["Vũ Đức"]
    assert [name for name in found if Member(folded_name="vu duc").matches("Đức")] == found


def test_standing_of_a_visitor_depends_on_whose_book(cell, other_cell, visitor):
    Placement.objects.create(
        member=visitor.member, kind=PlacementKind.TEMP_ELSEWHERE, cell=other_cell, place="x", starts_on=LONG_AGO
    )
    today = timezone.localdate()
    here = Member.objects.with_standing(today, cell).get(pk=visitor.member.pk)
    there = Member.objects.with_standing(today, other_cell).get(pk=visitor.member.pk)
    assert (here.standing, there.standing) == (PlacementKind.TEMP_HERE, PlacementKind.TEMP_ELSEWHERE)


def test_officer_of_a_superior_needs_no_cell(superior_body, sysadmin):
    post = Post(organisation=superior_body, title=PostTitle.SUPERIOR_OFFICER, starts_on=D(2026, 1, 1))
    people.add_officer(member=Member(full_name="Hồ Thị Cán"), post=post, by=sysadmin)
    assert Post.objects.get(member__full_name="Hồ Thị Cán").title == PostTitle.SUPERIOR_OFFICER
    assert list(Activity.objects.values_list("organisation", "verb")) == [(superior_body.pk, "post.added")]


def test_status_words_cover_every_kind():
    """Each status, exemption and placement has a badge."""
    assert set(STANDING_UI) == {*StatusKind, *ExemptionKind, *PlacementKind}


def test_past_secretary_has_no_rights_today(cell):
    user = UserFactory(member=MemberFactory(cell=cell))
    PostFactory(member=user.member, organisation=cell, title="secretary", ends_on=D(2021, 1, 1))
    assert not is_secretary.test(user, cell)


def test_leaving_a_cell_ends_the_posts_there(cell, other_cell, secretary, sysadmin):
    """Rights follow from posts on the day: whoever moves away keeps none in the old cell."""
    today = timezone.localdate()
    row = Membership(member=secretary.member, cell=other_cell, starts_on=today)
    people.add_row(row=row, cell=cell.pk, by=sysadmin)
    eve = today - datetime.timedelta(days=1)
    assert set(Post.objects.filter(member=secretary.member).values_list("ends_on", flat=True)) == {eve}
    assert User.objects.get(pk=secretary.pk).posts == frozenset()
