"""The roll and the person's page: who sees what, groups, search, numbers, alerts, constant queries."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.vietnamese import date_text
from members.models import Exemption, Member, Membership, Organisation, Placement, Post, Status
from members.states import PostTitle
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
    with django_assert_num_queries(10):
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
    with django_assert_num_queries(12):
        client.get(who.get_absolute_url())


@pytest.mark.parametrize("more", [1, 3])
def test_superiors_page_asks_a_constant_number_of_queries(
    as_user, sysadmin, superior_body, more, django_assert_num_queries
):
    for _ in range(more):
        PostFactory(member=MemberFactory(), organisation=CellFactory(parent=superior_body), title="secretary")
        PostFactory(member=MemberFactory(), organisation=superior_body, title="superior_officer")
    client = as_user(sysadmin)
    with django_assert_num_queries(10):
        client.get(superior_body.get_absolute_url())


def test_long_lists_page(as_user, secretary, cell):
    for _ in range(31):
        MemberFactory(cell=cell)
    first, second = roll(as_user(secretary)), roll(as_user(secretary), trang=2)
    assert (len(names(first)), len(names(second))) == (30, 6)


def fill(**more):
    return {"full_name": "Lý Văn Mới", "submission": uuid.uuid4(), **more}


def test_new_person_by_form(as_user, secretary, cell):
    address = f"{reverse('members:new')}?chi-bo={cell.slug}"
    answer = as_user(secretary).post(address, fill(status="probationary", starts_on="1/3/2026", sex="nữ"))
    member = Member.objects.get(full_name="Lý Văn Mới")
    assert (answer.status_code, answer.url) == (302, member.get_absolute_url())
    assert Status.objects.get(member=member).kind == "probationary"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"birth_date": "1/1/2099"}, "birth_date", "Ngày sinh phải trước hôm nay."),
        (
            {"admitted_on": "2/1/2020", "official_on": "1/1/2020"},
            "official_on",
            "Ngày chính thức phải sau ngày vào Đảng.",
        ),
    ],
)
def test_wrong_dates_come_back_with_everything_typed(as_user, secretary, cell, typed, field, sentence):
    address = f"{reverse('members:new')}?chi-bo={cell.slug}"
    answer = as_user(secretary).post(address, fill(status="official", starts_on="1/3/2026", **typed))
    form = answer.context["form"]
    assert (answer.status_code, form.errors[field], form["full_name"].value()) == (422, [sentence], "Lý Văn Mới")


def test_second_secretary_is_told_at_the_field(as_user, secretary, deputy):
    """Bad input: a second secretary with an overlapping term."""
    address = reverse("members:row_new", args=[deputy.member.pk, "post"])
    answer = as_user(secretary).post(
        address, {"title": "secretary", "term": "2025-2030", "starts_on": "1/1/2026", "submission": uuid.uuid4()}
    )
    form = answer.context["form"]
    sentence = "Chi bộ đã có bí thư trong thời gian này. Ghi ngày kết thúc của bí thư trước rồi thêm."
    assert (answer.status_code, form.errors["starts_on"], form["starts_on"].value()) == (422, [sentence], "1/1/2026")


def test_heads_cannot_make_themselves_sysadmin(as_user, secretary):
    address = reverse("members:row_new", args=[secretary.member.pk, "post"])
    answer = as_user(secretary).post(
        address, {"title": "sysadmin", "starts_on": "1/1/2026", "submission": uuid.uuid4()}
    )
    assert (answer.status_code, Post.objects.filter(title="sysadmin").count()) == (422, 0)


def test_heads_cannot_touch_posts_above_the_cell(as_user, secretary, member, superior_body):
    row = PostFactory(member=member.member, organisation=superior_body, title="superior_officer")
    client = as_user(secretary)
    addresses = [reverse(f"members:row_{act}", args=[member.member.pk, "post", row.pk]) for act in ("edit", "delete")]
    assert [client.get(address).status_code for address in addresses] == [403, 403]


def test_rows_of_another_person_are_not_reached_through_a_member(as_user, secretary, member, outsider):
    row = Post.objects.get(member=outsider.member)
    address = reverse("members:row_delete", args=[member.member.pk, "post", row.pk])
    assert as_user(secretary).post(address, {"submission": uuid.uuid4()}).status_code == 404


def test_membership_is_offered_only_for_cells_one_keeps(as_user, secretary, member, cell, other_cell):
    form = as_user(secretary).get(reverse("members:row_new", args=[member.member.pk, "membership"])).context["form"]
    assert list(form.fields["cell"].queryset) == [cell]


def test_host_ends_the_row_of_a_visitor_but_not_other_facts(as_user, secretary, visitor, cell):
    client = as_user(secretary)
    row = Placement.objects.get(member=visitor.member)
    edit = reverse("members:row_edit", args=[visitor.member.pk, "placement", row.pk])
    answer = client.post(
        edit, {"kind": "temp_here", "place": "x", "starts_on": "1/1/2020", "ends_on": "1/2/2026", "submission": ""}
    )
    row.refresh_from_db()
    assert (answer.status_code, row.ends_on) == (302, datetime.date(2026, 2, 1))
    assert client.get(reverse("members:edit", args=[visitor.member.pk])).status_code == 403


def test_deleting_asks_first_and_a_get_changes_nothing(as_user, secretary, committee):
    row = Post.objects.get(member=committee.member)
    address = reverse("members:row_delete", args=[committee.member.pk, "post", row.pk])
    client = as_user(secretary)
    assert (client.get(address).status_code, Post.objects.filter(pk=row.pk).count()) == (200, 1)
    assert client.post(address, {"submission": uuid.uuid4()}).status_code == 302
    assert not Post.objects.filter(pk=row.pk).exists()


def test_superior_names_a_secretary_where_nobody_leads(as_user, superior, cell, member):
    """294-QĐ/TW, 23.3: the superior appoints; without this an ended term would lock the cell's book for good."""
    client = as_user(superior)
    choose = reverse("members:post_choose", args=[cell.slug])
    give = reverse("members:post_give", args=[cell.slug, member.member.pk])
    assert client.get(choose).status_code == 200
    data = {"title": "deputy", "starts_on": "1/1/2026", "submission": uuid.uuid4()}
    assert client.post(give, data).status_code == 422
    assert client.post(give, data | {"title": PostTitle.SECRETARY, "submission": uuid.uuid4()}).status_code == 302
    assert client.get(choose).status_code == 403  # somebody leads now


def test_organisation_is_added_below_a_superior(as_user, sysadmin, superior_body):
    address = reverse("members:cell_new", args=[superior_body.slug])
    data = {"kind": "cell", "name": "Chi bộ Tổ dân phố số 5", "place": "Thử", "term": "2025-2030"}
    for _ in range(2):
        as_user(sysadmin).post(address, data | {"submission": uuid.uuid4()})
    made = list(Organisation.objects.filter(name=data["name"]).order_by("pk"))
    assert [(o.slug, o.symbol, o.document_name, o.parent) for o in made] == [
        ("chi-bo-to-dan-pho-so-5", "CB", "CHI BỘ TỔ DÂN PHỐ SỐ 5", superior_body),
        ("chi-bo-to-dan-pho-so-5-2", "CB", "CHI BỘ TỔ DÂN PHỐ SỐ 5", superior_body),
    ]


def test_secretary_corrects_the_cell_but_adds_none(as_user, secretary, cell):
    client = as_user(secretary)
    data = {
        "name": "Chi bộ Một", "short_name": "Một", "slug": cell.slug, "document_name": "", "place": "Thử",
        "symbol": "CB", "term": "2025-2030", "regular_day": 31, "regular_time": "19:30", "meeting_place": "Nhà văn hóa",
    }  # fmt: skip
    address = reverse("members:cell_edit", args=[cell.slug])
    wrong = client.post(address, data | {"submission": uuid.uuid4()})
    sentence = "Chọn ngày từ 1 đến 28, để tháng nào cũng có ngày ấy."
    assert (wrong.status_code, wrong.context["form"].errors["regular_day"]) == (422, [sentence])
    client.post(address, data | {"regular_day": 3, "submission": uuid.uuid4()})
    cell.refresh_from_db()
    assert (cell.regular_day, cell.document_name) == (3, "CHI BỘ MỘT")
    assert client.get(reverse("members:cell_new", args=[cell.slug])).status_code == 403


@pytest.mark.parametrize("more", [1, 3])
def test_choosing_a_person_asks_a_constant_number_of_queries(
    as_user, sysadmin, superior_body, more, django_assert_num_queries
):
    for _ in range(more):
        MemberFactory(full_name="Lý Văn Tìm")
    client = as_user(sysadmin)
    with django_assert_num_queries(8):
        client.get(reverse("members:post_choose", args=[superior_body.slug]), {"q": "tim"})


def test_person_without_a_cell_gets_a_status_but_no_post_of_a_cell(as_user, sysadmin, superior_body):
    """Officers of a superior may stand in no cell of this system; the sysadmin keeps their facts."""
    member = MemberFactory(full_name="Hồ Thị Cán")
    client = as_user(sysadmin)
    assert client.get(member.get_absolute_url()).status_code == 200
    assert client.get(reverse("members:row_new", args=[member.pk, "post"])).status_code == 404
    day = {"kind": "suspended", "starts_on": "1/1/2026", "submission": uuid.uuid4()}
    assert client.post(reverse("members:row_new", args=[member.pk, "status"]), day).status_code == 302
