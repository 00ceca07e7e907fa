"""Forms of people, dated rows and organisations: what is written, what comes back, whose rows stay closed."""

import datetime
import uuid

import pytest
from django.urls import reverse

from members.models import Member, Organisation, Placement, Post, Status
from members.states import PostTitle
from tests.factories import MemberFactory, PostFactory

pytestmark = pytest.mark.django_db


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
        "symbol": "CB", "term": "2025-2030", "rhythm": "day", "regular_day": 31, "regular_time": "19:30",
        "meeting_place": "Nhà văn hóa",
    }  # fmt: skip
    address = reverse("members:cell_edit", args=[cell.slug])
    wrong = client.post(address, data | {"submission": uuid.uuid4()})
    sentence = "Chọn ngày từ 1 đến 28, để tháng nào cũng có ngày ấy."
    assert (wrong.status_code, wrong.context["form"].errors["regular_day"]) == (422, [sentence])
    client.post(address, data | {"regular_day": 3, "submission": uuid.uuid4()})
    cell.refresh_from_db()
    assert (cell.regular_day, cell.document_name) == (3, "CHI BỘ MỘT")
    assert client.get(reverse("members:cell_new", args=[cell.slug])).status_code == 403


def test_person_without_a_cell_gets_a_status_but_no_post_of_a_cell(as_user, sysadmin, superior_body):
    """Officers of a superior may stand in no cell of this system; the sysadmin keeps their facts."""
    member = MemberFactory(full_name="Hồ Thị Cán")
    client = as_user(sysadmin)
    assert client.get(member.get_absolute_url()).status_code == 200
    assert client.get(reverse("members:row_new", args=[member.pk, "post"])).status_code == 404
    day = {"kind": "suspended", "starts_on": "1/1/2026", "submission": uuid.uuid4()}
    assert client.post(reverse("members:row_new", args=[member.pk, "status"]), day).status_code == 302
