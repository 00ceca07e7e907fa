"""The roll and the person's page: who sees what, groups, search, numbers, alerts, constant queries."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.vietnamese import date_text
from members.models import Exemption, Membership, Placement, Post
from tests.factories import LONG_AGO, CellFactory, MemberFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "members:list"


def names(answer):
    return [person.full_name for person in answer.context["page"]]


def roll(client, cell=None, **query):
    return client.get(reverse(LIST), ({"chi-bo": cell.slug} if cell else {}) | query)


def test_roll_is_sorted_by_given_name_with_posts_and_badges(as_user, secretary, deputy, visitor, cell):
    answer = roll(as_user(secretary))
    assert names(answer) == [
        "Nguyễn Thị Ánh", "Lê Văn Bảy", "Trần Quốc Bình", "Phạm Đức Cường", "Đỗ Thị Dung", "Lê Thị Hồng", "Cao Bá Ước",
    ]  # fmt: skip
    rows = {person.full_name: (person.titles, person.look.label) for person in answer.context["page"]}
    assert rows["Trần Quốc Bình"] == (["Bí thư", "Chi ủy viên"], "Chính thức")
    assert rows["Cao Bá Ước"] == ([], "Tạm thời tại đây")


def test_counts_line_tells_the_arithmetic(as_user, secretary, probationary, visitor, cell):
    away = MemberFactory(full_name="Lý Văn Đi", cell=cell)
    Placement.objects.create(member=away, cell=cell, kind="temp_elsewhere", place="x", starts_on=LONG_AGO)
    exempt = MemberFactory(full_name="Lý Văn Miễn", cell=cell)
    Exemption.objects.create(member=exempt, kind="exempt", starts_on=LONG_AGO)
    line = roll(as_user(secretary)).context["book"].counts_line
    assert line == (
        "8 đảng viên: 7 chính thức, 1 dự bị; 1 được miễn sinh hoạt; 1 tạm thời nơi khác; 1 sinh hoạt tạm thời tại đây"
    )


def test_groups_hold_those_who_left_and_candidates(as_user, secretary, cell):
    gone = MemberFactory(full_name="Lý Văn Chuyển", cell=cell)
    Membership.objects.filter(member=gone).update(ends_on=datetime.date(2025, 1, 1))
    struck = MemberFactory(full_name="Lý Văn Xóa", cell=cell, status="struck_off")
    MemberFactory(full_name="Lý Văn Mới", cell=cell, status="candidate")
    client = as_user(secretary)
    away = roll(client, muc="thoi")
    looks = {person.full_name: person.look.label for person in away.context["page"]}
    assert looks == {gone.full_name: "Đã rời chi bộ", struck.full_name: "Xóa tên"}
    assert names(roll(client, muc="moi")) == ["Lý Văn Mới"]


def test_search_ignores_marks_and_order_of_words(as_user, secretary, cell):
    assert names(roll(as_user(secretary), q="cuong pham")) == ["Phạm Đức Cường"]


def test_members_see_names_and_posts_only(as_user, member, secretary, probationary, cell):
    """DESIGN §2: roll: member names only."""
    answer = roll(as_user(member), muc="moi")
    page = answer.content.decode()
    assert len(names(answer)) == 7
    assert [word in page for word in ("Bí thư", "Chính thức", "Dự bị", "Chưa có tài khoản")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert answer.context["tabs_shown"] == []


def test_a_member_reads_own_facts_and_nobody_elses(as_user, member, secretary):
    client = as_user(member)
    own = client.get(member.member.get_absolute_url())
    other = client.get(secretary.member.get_absolute_url())
    assert [answer.context.get("facts", False) for answer in (own, other)] == [True, False]
    assert (own.context["changes"], secretary.member.email in other.content.decode()) == (False, False)


@pytest.mark.parametrize(
    ("who", "facts", "changes", "account"),
    [
        ("secretary", True, True, True),
        ("deputy", True, True, True),
        ("committee", True, False, False),
        ("collector", True, False, False),
        ("superior", True, False, False),
        ("sysadmin", False, None, True),
        ("probationary", False, None, False),
        ("visitor", False, None, False),
    ],
)
def test_facts_and_account_by_role(as_user, request, secretary, member, who, facts, changes, account):
    """The row "roll, posts, accounts of the cell" of DESIGN §2."""
    context = as_user(request.getfixturevalue(who)).get(member.member.get_absolute_url()).context
    assert (context.get("facts", False), context.get("changes"), context.get("gives_account", False)) == (
        facts, changes, account,
    )  # fmt: skip


def test_sysadmin_enters_a_cell_only_until_its_first_secretary(as_user, sysadmin, cell, member):
    client = as_user(sysadmin)
    address = reverse("members:row_new", args=[member.member.pk, "post"])
    assert client.get(address).status_code == 200
    day = date_text(timezone.localdate())
    client.post(address, {"title": "secretary", "starts_on": day, "submission": uuid.uuid4()})
    assert Post.objects.get(organisation=cell, title="secretary").member == member.member
    assert client.get(address).status_code == 403


def test_new_cell_leads_the_sysadmin_in_three_steps(as_user, sysadmin, superior_body):
    cell = CellFactory(parent=superior_body)
    client = as_user(sysadmin)

    def states():
        return [step["state"] for step in roll(client, cell).context["steps"]]

    seen = [states()]
    first = MemberFactory(cell=cell)
    MemberFactory(cell=cell)
    seen.append(states())
    PostFactory(member=first, organisation=cell, title="secretary")
    seen.append(states())
    UserFactory(member=first)
    seen.append(states())
    assert seen == [["n", "n", "n"], ["y", "n", "n"], ["y", "y", "n"], []]


def test_alert_for_nine_official_without_committee(as_user, outsider, other_cell):
    """≥ 9 official members elect a chi ủy (294-QĐ/TW, 23.2); fewer than 3 are no cell."""
    client = as_user(outsider)
    alerts = [len(roll(client).context["alerts"])]  # two official members
    for _ in range(3):
        MemberFactory(cell=other_cell)
    alerts.append(len(roll(client).context["alerts"]))
    for _ in range(4):
        MemberFactory(cell=other_cell)
    alerts.append(roll(client).context["alerts"])
    assert alerts == [
        1,
        0,
        [
            "Chi bộ có 9 đảng viên chính thức, từ 9 trở lên thì bầu chi ủy (Quy định 294-QĐ/TW, 26/5/2025, mục 23.2). "
            "Bầu xong, ghi chức vụ chi ủy viên ở trang từng đồng chí."
        ],
    ]


def test_alert_for_too_many_committee_members(as_user, secretary, cell):
    for _ in range(7):
        PostFactory(member=MemberFactory(cell=cell), organisation=cell, title="committee_member")
    assert roll(as_user(secretary)).context["alerts"] == [
        "Đang ghi 8 chi ủy viên, nhiều hơn 7 (Quy định 294-QĐ/TW, 26/5/2025, mục 23.2)."
    ]


@pytest.mark.parametrize("more", [1, 3])
def test_roll_asks_a_constant_number_of_queries(as_user, secretary, cell, more, django_assert_num_queries):
    """Every list page with 1 and 3 rows under one literal query count ≤ 12."""
    for _ in range(more):
        person = MemberFactory(cell=cell)
        PostFactory(member=person, organisation=cell, title="inspector")
        UserFactory(member=person)
    client = as_user(secretary)
    with django_assert_num_queries(8):
        roll(client)


@pytest.mark.parametrize("more", [1, 3])
def test_persons_page_asks_a_constant_number_of_queries(
    as_user, secretary, member, cell, more, django_assert_num_queries
):
    who = member.member
    for number in range(more):
        day = datetime.date(2010 + number, 1, 1)
        last = datetime.date(2010 + number, 6, 1)
        Post.objects.create(member=who, organisation=cell, title="inspector", starts_on=day, ends_on=last)
        Placement.objects.create(member=who, cell=cell, kind="overseas", place="x", starts_on=day, ends_on=last)
        Exemption.objects.create(member=who, kind="exempt", starts_on=day, ends_on=last)
    client = as_user(secretary)
    with django_assert_num_queries(10):
        client.get(who.get_absolute_url())


@pytest.mark.parametrize("more", [1, 3])
def test_superiors_page_asks_a_constant_number_of_queries(
    as_user, sysadmin, superior_body, more, django_assert_num_queries
):
    for _ in range(more):
        PostFactory(member=MemberFactory(), organisation=CellFactory(parent=superior_body), title="secretary")
        PostFactory(member=MemberFactory(), organisation=superior_body, title="superior_officer")
    client = as_user(sysadmin)
    with django_assert_num_queries(8):
        client.get(superior_body.get_absolute_url())


def test_long_lists_page(as_user, secretary, cell):
    for _ in range(31):
        MemberFactory(cell=cell)
    first, second = roll(as_user(secretary)), roll(as_user(secretary), trang=2)
    assert (len(names(first)), len(names(second))) == (30, 6)


@pytest.mark.parametrize("more", [1, 3])
def test_choosing_a_person_asks_a_constant_number_of_queries(
    as_user, sysadmin, superior_body, more, django_assert_num_queries
):
    for _ in range(more):
        MemberFactory(full_name="Lý Văn Tìm")
    client = as_user(sysadmin)
    with django_assert_num_queries(6):
        client.get(reverse("members:post_choose", args=[superior_body.slug]), {"q": "tim"})
