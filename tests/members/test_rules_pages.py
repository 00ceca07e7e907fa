"""The dated rules: what holds where, and the values that a superior or a cell lays over them."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Refused
from members.models import Activity, Organisation, Setting
from members.queries import rule_for
from members.services import rules
from regulations.models import Rule
from tests.members.chains import found, note_cast

pytestmark = pytest.mark.django_db
LOCAL = "meeting.notice_min_days"  # left to the cell
COMMON = "meeting.min_minutes"  # not left to the cell
DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def lay(cell, secretary, today):
    def act(organisation=cell, key=LOCAL, value="2", starts_on=today, by=secretary):
        return rules.lay_rule(
            organisation=organisation, key=key, value=value, starts_on=starts_on, source="Nghị quyết 5", by=by
        )

    return act


def holds(organisation, key, on=None):
    """(value, origin) as asked by the apps above."""
    answer = rule_for(Organisation.objects.get(pk=organisation.pk), key, on)
    return answer.value, answer.origin


def post(client, key=LOCAL, noi=None, **values):
    values = {"value": "2", "starts_on": f"{timezone.localdate():%d/%m/%Y}", "source": "Nghị quyết 5"} | values
    return client.post(f"/rules/{key}/edit/{f'?noi={noi.slug}' if noi else ''}", values)


def refused(response):
    return response.status_code, {name: errors[0] for name, errors in response.context["form"].errors.items()}


# Which value holds


def test_rule_for_takes_the_own_value_then_the_superiors_then_the_national_one(
    cell, other_cell, superior_body, lay, superior
):
    """DESIGN §3 Dated rules: the cell's own where the key may be set locally, else its superior's, else national."""
    assert holds(cell, LOCAL) == ("1", "Trung ương")
    lay(superior_body, value="3", by=superior)
    assert (holds(cell, LOCAL), holds(other_cell, LOCAL)) == (("3", "Phường Thử"), ("3", "Phường Thử"))
    lay(cell, value="2")
    assert (holds(cell, LOCAL), holds(other_cell, LOCAL)) == (("2", "Một"), ("3", "Phường Thử"))


def test_rule_for_passes_over_a_cells_value_for_a_key_that_is_not_local(cell, today):
    Setting.objects.create(organisation=cell, key=COMMON, value="30", starts_on=today, source="x")
    assert holds(cell, COMMON) == ("90", "Trung ương")


def test_rule_for_answers_by_the_day(cell, lay, today):
    lay(value="4", starts_on=today + 10 * DAY)
    assert holds(cell, LOCAL) == ("1", "Trung ương")
    assert holds(cell, LOCAL, today + 9 * DAY) == ("1", "Trung ương")
    assert holds(cell, LOCAL, today + 10 * DAY) == ("4", "Một")


def test_rule_for_says_whether_the_text_of_the_rule_was_read(cell, lay):
    key = "meeting.notice_recommended_days"
    assert rule_for(cell, key).verified is False
    lay(key=key, value="5")
    assert rule_for(Organisation.objects.get(pk=cell.pk), key).verified is True  # the organisation's own decision


def test_rule_for_knows_no_unknown_key(cell):
    with pytest.raises(Rule.DoesNotExist):
        rule_for(cell, "meeting.unknown")


# Laying and taking back


def test_new_value_ends_the_open_one_on_the_eve(cell, lay, today):
    first = lay(value="2")
    second = lay(value="3", starts_on=today + 7 * DAY)
    first.refresh_from_db()
    assert (first.ends_on, second.ends_on) == (today + 6 * DAY, None)
    verbs = Activity.objects.filter(organisation=cell).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["setting.laid", "setting.ended", "setting.laid"]


def test_two_values_from_one_day_or_before_a_laid_one_are_refused(lay, today):
    lay(starts_on=today + 5 * DAY)
    for day in (today, today + 5 * DAY):
        with pytest.raises(Refused) as caught:
            lay(starts_on=day)
        assert caught.value.field == "starts_on"
        assert caught.value.message == (
            f"Đã có giá trị có hiệu lực từ {today + 5 * DAY:%d/%m/%Y}. Bỏ giá trị đó ở trang Quy định rồi đặt lại."
        )


def test_value_in_force_ends_today(cell, lay, today, secretary):
    row = lay()
    Setting.objects.filter(pk=row.pk).update(starts_on=today - 5 * DAY)
    rules.end_rule(row, by=secretary)
    assert holds(cell, LOCAL) == ("2", "Một")
    assert holds(cell, LOCAL, today + DAY) == ("1", "Trung ương")


def test_value_laid_today_is_removed_and_the_one_before_goes_on(cell, lay, today, secretary):
    first = lay(value="2")
    second = lay(value="3", starts_on=today + DAY)
    rules.end_rule(second, by=secretary)
    first.refresh_from_db()
    assert first.ends_on is None
    assert Setting.objects.count() == 1
    rules.end_rule(first, by=secretary)
    assert Setting.objects.count() == 0


def test_value_of_the_past_is_not_taken_back(cell, today, secretary):
    row = Setting.objects.create(
        organisation=cell, key=LOCAL, value="2", starts_on=today - 9 * DAY, ends_on=today - DAY, source="x"
    )
    with pytest.raises(Refused):
        rules.end_rule(row, by=secretary)


def test_every_step_is_covered_by_the_diary(cell, lay, today, secretary):
    note_cast(cell)
    first = lay(value="2")
    second = lay(value="3", starts_on=today + DAY)
    assert found() == []
    rules.end_rule(second, by=secretary)
    assert found() == []
    rules.end_rule(first, by=secretary)
    assert found() == []


# The pages


def test_page_shows_value_source_and_what_is_not_verified(cell, member, as_user):
    text = as_user(member).get("/rules/").content.decode()
    assert "90 phút" in text
    assert "Hướng dẫn 42-HD/BTCTW" in text.replace('<span class="nowrap">', "").replace("</span>", "")
    assert "chưa kiểm chứng" in text
    assert "/edit/" not in text


def test_page_says_what_is_not_configured(cell, member, as_user):
    Rule.objects.filter(key=COMMON, valid_to=None).update(value="")
    assert "chưa cấu hình" in as_user(member).get("/rules/").content.decode()


def test_links_to_lay_values_follow_the_right(cell, secretary, superior, sysadmin, deputy, as_user):
    def keys(user):
        groups = as_user(user).get("/rules/").context["groups"]
        return {line.key for _, lines in groups for line in lines if line.may_lay}

    local = set(Rule.objects.filter(locally_settable=True, valid_to=None).values_list("key", flat=True))
    local.add("fee.amount.other")  # holds no more, but back months are counted by it
    assert keys(secretary) == local
    assert keys(deputy) == set()
    assert keys(superior) == set(Rule.objects.values_list("key", flat=True))
    assert keys(sysadmin) == set()


def test_secretary_lays_a_local_value(cell, secretary, as_user):
    response = post(as_user(secretary))
    assert (response.status_code, response["Location"]) == (302, f"/rules/?noi={cell.slug}")
    assert holds(cell, LOCAL) == ("2", "Một")


def test_unknown_value_may_be_laid_from_a_past_day(cell, superior, superior_body, as_user):
    """Nothing was counted by what was "chưa cấu hình"; a known value never changes backwards."""
    day = datetime.date(2026, 2, 1)
    lay = {"organisation": superior_body, "starts_on": day, "source": "Quyết định 9-QĐ/ĐU", "by": superior}
    rules.lay_rule(key="fee.retained_percent", value="30.5", **lay)
    assert rule_for(cell, "fee.retained_percent", day).decimal == Decimal("30.5")
    with pytest.raises(Refused, match=r"số, như 1\.5"):
        rules.lay_rule(key="fee.rate.abroad_state", value="một", **lay)
    with pytest.raises(Refused, match="từ hôm nay trở đi"):
        rules.lay_rule(key="fee.rounding", value="1000", **lay)


def test_superior_lays_a_value_for_all_cells_below(cell, other_cell, superior, superior_body, as_user):
    assert post(as_user(superior), key=COMMON, value="100").status_code == 302
    assert holds(cell, COMMON) == holds(other_cell, COMMON) == ("100", "Phường Thử")
    assert Activity.objects.get(verb="setting.laid").organisation_id == superior_body.pk


@pytest.mark.parametrize(
    ("who", "key", "status"),
    [
        ("bithu", LOCAL, 302),
        ("bithu", COMMON, 403),
        ("bithu", "meeting.unknown", 404),
        ("phobithu", LOCAL, 403),
        ("chiuy", LOCAL, 403),
        ("dangvien", LOCAL, 403),
        ("captren", LOCAL, 302),
        ("quantri", LOCAL, 403),
    ],
)
def test_who_may_lay_a_value(cast, as_user, who, key, status):
    """DESIGN §2: the superior; the secretary for the keys left to the cell; nobody else."""
    assert post(as_user(cast[who]), key=key).status_code == status
    assert Setting.objects.count() == (status == 302)


def test_place_of_others_is_not_taken_from_the_address(cell, other_cell, secretary, as_user):
    """?noi= chooses among one's own organisations only, and another's is not taken for one's own."""
    assert post(as_user(secretary), noi=other_cell).status_code == 404
    assert Setting.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        (LOCAL, "1.5", "Giá trị phải là số nguyên, cùng dạng với quy định chung (1)."),
        (LOCAL, "-1", "Giá trị phải là số nguyên, cùng dạng với quy định chung (1)."),
        (LOCAL, "hai", "Giá trị phải là số nguyên, cùng dạng với quy định chung (1)."),
        (LOCAL, "1 2", "Giá trị phải là số nguyên, cùng dạng với quy định chung (1)."),
    ],
)
def test_value_of_another_shape_comes_back_at_its_field(secretary, as_user, key, value, sentence):
    response = post(as_user(secretary), key=key, value=value)
    assert refused(response) == (422, {"value": sentence})
    assert f'value="{value}"' in response.content.decode()


def test_share_above_one_is_refused(superior, as_user):
    response = post(as_user(superior), key="vote.two_thirds", value="3/2")
    sentence = "Giá trị phải là phân số không quá 1, như 2/3, cùng dạng với quy định chung (2/3)."
    assert refused(response) == (422, {"value": sentence})


def test_day_before_today_is_refused(secretary, today, as_user):
    response = post(as_user(secretary), starts_on=f"{today - DAY:%d/%m/%Y}")
    sentence = "Quy định riêng có hiệu lực từ hôm nay trở đi. Các buổi họp đã qua vẫn tính theo quy định cũ."
    assert refused(response) == (422, {"starts_on": sentence})


def test_question_page_takes_a_value_back(cell, secretary, deputy, outsider, superior, lay, as_user):
    row = lay()
    url = f"/rules/{row.pk}/remove/"
    answers = [as_user(user).get(url).status_code for user in (secretary, deputy, superior, outsider)]
    assert answers == [200, 403, 403, 404]
    assert as_user(secretary).post(url).status_code == 302
    assert Setting.objects.count() == 0


def test_question_page_says_what_holds_afterwards(secretary, lay, today, as_user):
    def consequence(row):
        return as_user(secretary).get(f"/rules/{row.pk}/remove/").context["consequence"]

    title = "Gửi thông báo và tài liệu trước buổi họp ít nhất"
    first = lay(value="2")
    general = f"Từ {today:%d/%m/%Y} áp dụng quy định của cấp trên hoặc quy định chung."
    assert consequence(first) == f"{title}: 2 ngày. {general}"
    second = lay(value="3", starts_on=today + 3 * DAY)
    before = f"Giá trị trước đó (2) tiếp tục có hiệu lực sau {today + 2 * DAY:%d/%m/%Y}."
    assert consequence(second) == f"{title}: 3 ngày. {before}"
    Setting.objects.filter(pk=first.pk).update(starts_on=today - DAY)
    ends = "Giá trị này hết hiệu lực sau hôm nay; từ ngày mai áp dụng quy định của cấp trên hoặc quy định chung."
    assert consequence(first) == f"{title}: 2 ngày. {ends}"


def test_person_above_and_in_a_cell_chooses_the_place(superior, superior_body, as_user):
    response = as_user(superior).get("/rules/")
    assert [choice["label"] for choice in response.context["choices"]] == ["Phường Thử", "Cơ quan"]
    assert as_user(superior).get("/rules/?noi=x").context["place"] == superior_body


def test_page_asks_few_queries(cell, secretary, lay, as_user, django_assert_max_num_queries):
    lay()
    client = as_user(secretary)
    with django_assert_max_num_queries(12):
        client.get("/rules/")
