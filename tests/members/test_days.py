"""Days off and working days that a superior lays over the national ones, and the rhythm of a cell."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from core.errors import Refused
from members.models import Activity, LocalDay, Organisation
from members.queries import DayOff, days_off, official_days
from members.services import days
from regulations.loading import load_days
from tests.factories import CellFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
D = datetime.date
NEW = "Thông báo 1/TB-BNV"
TET = D(2027, 2, 11)


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(datetime.datetime(2026, 6, 1, 3, tzinfo=datetime.UTC), tick=False):
        load_days()
        yield


@pytest.fixture
def lay(superior_body, superior):
    def act(first=TET, organisation=superior_body, name="Tết Nguyên đán", is_off=True, **more):
        values = {"organisation": organisation, "first": first, "name": name, "is_off": is_off, "source": NEW}
        return days.lay_days(**values, by=superior, **more)

    return act


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def last_verb():
    return Activity.objects.order_by("pk").last().verb


# What holds


def test_national_days_hold_where_nobody_laid_another(cell, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = days_off(cell, D(2026, 8, 1), D(2026, 9, 30))
    assert list(found) == [D(2026, 8, 31), D(2026, 9, 1), D(2026, 9, 2)]
    assert list(official_days(cell, D(2026, 8, 1), D(2026, 9, 30)).worked) == [D(2026, 8, 22)]


def test_superior_adds_a_day_off_for_the_cells_below(cell, other_cell, superior_body, lay):
    beside = CellFactory(parent=OrganisationFactory())
    row = lay()[0]
    day = DayOff("Tết Nguyên đán", True, NEW, "Phường Thử", True, row.pk, superior_body.pk)
    found = [days_off(each, D(2027, 2, 11), D(2027, 2, 11)) for each in (cell, other_cell, beside)]
    assert found == [{D(2027, 2, 11): day}, {D(2027, 2, 11): day}, {}]
    assert last_verb() == "day.laid"


def test_superior_makes_an_estimated_day_off_a_working_day(cell, lay):
    """A decree that shortens Tết: the national row of the estimate no longer counts."""
    assert days_off(cell, D(2027, 2, 10), D(2027, 2, 10))[D(2027, 2, 10)].decreed is False
    lay(first=D(2027, 2, 10), is_off=False, name="Làm việc")
    assert days_off(cell, D(2027, 2, 10), D(2027, 2, 10)) == {}


def test_saturday_worked_in_lieu_is_a_working_day(cell, lay):
    lay(first=D(2027, 2, 20), is_off=False, name="Làm bù")
    assert list(official_days(cell, D(2027, 2, 20), D(2027, 2, 20)).worked) == [D(2027, 2, 20)]


def test_nearest_superior_wins(superior, lay):
    top = OrganisationFactory()
    middle = OrganisationFactory(parent=top)
    cell = CellFactory(parent=middle)
    lay(organisation=top, first=D(2027, 3, 1), name="Của cấp trên nữa")
    lay(organisation=middle, first=D(2027, 3, 1), name="Làm việc", is_off=False)
    lay(organisation=top, first=D(2027, 3, 2), name="Của cấp trên nữa")
    assert list(days_off(cell, D(2027, 3, 1), D(2027, 3, 2))) == [D(2027, 3, 2)]


# Laying and taking back


def test_several_days_are_laid_at_once(cell, lay):
    assert [row.date.day for row in lay(last=D(2027, 2, 13))] == [11, 12, 13]


def test_refusals_of_laying(lay):
    assert refusal(lay, first=D(2026, 5, 31)) == (
        "Ghi ngày từ hôm nay trở đi. Lịch họp đã qua giữ nguyên.",
        "first",
    )
    assert refusal(lay, last=D(2027, 2, 10)) == ("Ngày cuối phải từ ngày đầu trở đi.", "last")
    assert refusal(lay, last=D(2027, 2, 26)) == ("Mỗi lần ghi không quá 15 ngày. Chia thành nhiều lần.", "last")
    lay()
    assert refusal(lay, first=D(2027, 2, 10), last=D(2027, 2, 12)) == (
        "Ngày 11/02/2027 đã được ghi. Bỏ dòng đó rồi ghi lại.",
        "first",
    )


def test_laid_day_is_taken_back(cell, superior, lay):
    row = lay()[0]
    days.remove_day(row, by=superior)
    assert (LocalDay.objects.count(), last_verb()) == (0, "day.removed")
    assert refusal(days.remove_day, row, by=superior)[0] == (
        "Ngày này vừa được bỏ. Trang Ngày nghỉ hiện các ngày đang áp dụng."
    )


def test_day_gone_by_stays(superior, lay):
    row = lay(first=D(2026, 6, 1))[0]
    with time_machine.travel(datetime.datetime(2026, 6, 2, 3, tzinfo=datetime.UTC), tick=False):
        assert refusal(days.remove_day, row, by=superior)[0] == (
            "Ngày đã qua được giữ nguyên, vì lịch họp đã theo ngày ấy."
        )


# Pages


def values(**more):
    return {
        "kind": "off",
        "first": "11/02/2027",
        "last": "",
        "name": "Tết",
        "source": NEW,
        "submission": uuid.uuid4(),
    } | more


def test_page_shows_the_estimate_and_what_was_laid(as_user, member, lay):
    lay()
    page = as_user(member).get(reverse("members:days", args=[2027]))
    text = page.content.decode()
    assert "<h1>Ngày nghỉ năm 2027</h1>" in text
    assert list(page.context["days"])[:2] == [D(2027, 1, 1), D(2027, 2, 4)]
    assert text.count("dự kiến</span>") == sum(not row.decreed for row in page.context["days"].values())
    assert "Ngày nghỉ năm 2027 là dự kiến theo luật" in text
    assert "Phường Thử: Thông báo 1/TB-BNV" in text.replace('<span class="nowrap">', "").replace("</span>", "")
    assert (reverse("members:day_new", args=[2027]) in text, "/remove/" in text) == (False, False)


def test_decreed_year_has_no_mark(as_user, member):
    assert "dự kiến" not in as_user(member).get(reverse("members:days", args=[2026])).content.decode()


def test_address_without_a_year_leads_to_this_one(as_user, member):
    assert as_user(member).get("/rules/days/").url == "/rules/days/2026/"
    assert as_user(member).get("/rules/days/2024/").status_code == 404


def test_superior_writes_and_takes_back(as_user, superior, superior_body):
    client = as_user(superior)
    client.post(reverse("members:day_new", args=[2027]) + f"?noi={superior_body.slug}", values())
    row = LocalDay.objects.get()
    assert (row.date, row.organisation, row.is_off) == (D(2027, 2, 11), superior_body, True)
    address = reverse("members:day_remove", args=[row.pk])
    assert address in client.get(f"/rules/days/2027/?noi={superior_body.slug}").content.decode()
    client.post(address, {"submission": uuid.uuid4()})
    assert LocalDay.objects.count() == 0


def test_cell_cannot_lay_days(as_user, secretary, lay):
    row = lay()[0]
    client = as_user(secretary)
    assert client.post(reverse("members:day_new", args=[2027]), values()).status_code == 403
    assert client.post(reverse("members:day_remove", args=[row.pk]), {}).status_code == 404


# The rhythm of a cell


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"rhythm": "day", "regular_day": 5}, "mùng 5 hằng tháng"),
        ({"rhythm": "day", "regular_day": 15}, "ngày 15 hằng tháng"),
        ({"rhythm": "weekday", "regular_week": 1, "regular_weekday": 0}, "Thứ Hai đầu tiên hằng tháng"),
        ({"rhythm": "weekday", "regular_week": 5, "regular_weekday": 5}, "Thứ Bảy cuối cùng hằng tháng"),
        ({"rhythm": "weekday", "regular_week": 2, "regular_weekday": 3}, "Thứ Năm lần thứ hai hằng tháng"),
    ],
)
def test_rhythm_in_words(facts, words):
    assert Organisation(**facts).regular_words == words


@pytest.fixture
def change(as_user, secretary, cell):
    facts = {
        "name": cell.name, "short_name": "Một", "slug": cell.slug, "document_name": "CHI BỘ MỘT", "place": "Thử",
        "symbol": "CB", "term": "2025-2030", "regular_time": "19:30", "meeting_place": "Nhà văn hóa",
    }  # fmt: skip

    def post(**more):
        answer = as_user(secretary).post(
            reverse("members:cell_edit", args=[cell.slug]), facts | more | {"submission": uuid.uuid4()}
        )
        cell.refresh_from_db()
        return answer

    return post


def test_secretary_sets_the_rhythm(change, cell):
    change(rhythm="weekday", regular_week="1", regular_weekday="0")
    assert (cell.regular_words, cell.regular_day) == ("Thứ Hai đầu tiên hằng tháng", 5)
    change(rhythm="day", regular_day="12", meets_on_weekends="on")
    assert (cell.regular_words, cell.meets_on_weekends) == ("ngày 12 hằng tháng", True)


def test_saturday_as_the_day_needs_weekends(change, cell):
    answer = change(rhythm="weekday", regular_week="1", regular_weekday="5")
    assert (answer.status_code, answer.context["form"].errors["meets_on_weekends"]) == (
        422,
        ["Chọn mục này để họp vào thứ Bảy, Chủ nhật, hoặc chọn thứ khác."],
    )
    change(rhythm="weekday", regular_week="1", regular_weekday="5", meets_on_weekends="on")
    assert cell.regular_words == "Thứ Bảy đầu tiên hằng tháng"
