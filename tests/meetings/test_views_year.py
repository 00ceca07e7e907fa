"""Pages of the year: the strip and its list, filling, changing, drafting, the printed plan."""

import datetime
import uuid

import pytest
import time_machine

from meetings.models import Meeting, PlannedMeeting
from meetings.queries.year import year_strip
from meetings.queries.year_sheet import lines, sheet_pdf
from meetings.services import lifecycle, year
from meetings.states import Body, Kind
from members.models import Placement
from members.services import days
from members.states import PlacementKind
from regulations.loading import load_days
from tests.documents.reading import text
from tests.factories import LONG_AGO
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db
HANOI = datetime.timezone(datetime.timedelta(hours=7))
D = datetime.date


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(datetime.datetime(2026, 11, 24, 8, tzinfo=HANOI), tick=False):
        load_days()
        yield


@pytest.fixture
def rows(cell, secretary, committee):
    year.plan_year(cell, year=2027, by=secretary)
    return list(PlannedMeeting.objects.filter(cell=cell))


def fields(**more):
    """What the form of a planned meeting sends."""
    plain = {
        "kind": "combined", "on": "11/02/2027", "time": "19:30", "theme": "Nêu gương", "presenter": "",
        "committee_on": "03/02/2027", "committee_time": "", "reason": "Sau Tết", "submission": uuid.uuid4(),
    }  # fmt: skip
    return plain | more


def body(answer):
    return " ".join(answer.content.decode().split())


def said(client):
    return [str(message) for message in client.get("/calendar/2027/").context["messages"]]


def test_address_without_a_year_leads_to_this_one(as_user, member):
    assert as_user(member).get("/calendar/").url == "/calendar/2026/"


def test_empty_year_offers_to_be_filled_and_is(as_user, secretary, cell):
    client = as_user(secretary)
    page = body(client.get("/calendar/2027/"))
    assert ("Lập lịch cả năm 2027" in page, "In lịch năm" in page) == (True, False)
    client.post("/calendar/2027/do/fill/")
    assert (PlannedMeeting.objects.filter(cell=cell).count(), said(client)) == (
        12,
        ["Đã điền 12 buổi vào lịch năm 2027."],
    )
    client.post("/calendar/2027/do/fill/")
    assert said(client) == ["Lịch năm 2027 không còn tháng nào để điền."]
    client.post("/calendar/2040/do/fill/")
    assert said(client) == ["Chưa có ngày nghỉ của năm 2040. Lập lịch được đến hết năm 2029."]


def test_page_shows_day_state_reason_committee_and_estimate(as_user, secretary, rows):
    page = body(as_user(secretary).get("/calendar/2027/"))
    assert page.count('class="yearmonth"') == 12
    assert "Thứ Năm, 11/02" in page
    assert (
        "Theo lịch 05/02, rơi vào giao thừa Tết Nguyên Đán; chuyển sang 11/02 (ngày nghỉ dự kiến)" in page,
        "Họp chi ủy Thứ Tư, 03/02" in page,
        '<span class="nowrap">04/02 đến 10/02</span> Tết Nguyên Đán (dự kiến)' in page,
        page.count("Chưa có chuyên đề"),
    ) == (True, True, True, 8)  # in the strip and in the list


def test_one_red_button_a_page(as_user, secretary, rows):
    """BRIEF §2: the next meeting is drafted; where months are missing they are filled first."""
    client = as_user(secretary)
    page = body(client.get("/calendar/2027/"))
    assert (page.count("btn-primary"), "Lập cuộc họp ngày 05/01" in page) == (1, True)
    year.remove_planned(rows[0], by=secretary)
    page = body(client.get("/calendar/2027/"))
    assert (page.count("btn-primary"), "Lập tiếp các tháng còn thiếu" in page) == (1, True)


def test_member_reads_the_plan_without_buttons_and_warnings(as_user, member, secretary, rows):
    year.draft_from(rows[0], by=secretary)
    page = body(as_user(member).get("/calendar/2027/"))
    words = ("Thứ Ba, 05/01", "Họp chi ủy", "Đang soạn", "Lịch còn thiếu", "/edit/", "/do/")
    assert [word in page for word in words] == [True, False, False, False, False, False]


def test_superior_and_other_cells_see_nothing_of_it(as_user, superior, outsider, secretary, cell, rows):
    """A superior sees which cells met, not what they plan."""
    for user in (superior, outsider):
        client = as_user(user)
        assert client.get(f"/calendar/2027/?chi-bo={cell.slug}").status_code == 404
        assert client.get(f"/calendar/planned/{rows[0].pk}/edit/").status_code == 404
        assert "11/02" not in body(client.get("/calendar/2027/"))


def test_visiting_member_reads_both_cells(as_user, visitor, cell, other_cell, rows, outsider):
    year.plan_year(other_cell, year=2028, by=outsider)
    client = as_user(visitor)
    pages = [body(client.get(f"/calendar/2027/?chi-bo={each.slug}")) for each in (cell, other_cell)]
    assert ["Thứ Năm, 11/02" in page for page in pages] == [True, False]
    assert [page.count('aria-label="Chi bộ"') for page in pages] == [1, 1]
    Placement.objects.filter(kind=PlacementKind.TEMP_HERE).update(starts_on=LONG_AGO, ends_on=LONG_AGO)
    assert client.get(f"/calendar/2027/?chi-bo={cell.slug}").status_code == 404


def test_row_is_changed_with_theme_and_presenter(as_user, secretary, member, rows):
    client = as_user(secretary)
    row = rows[1]
    answer = client.post(f"/calendar/planned/{row.pk}/edit/", fields(presenter=member.member_id))
    assert answer.url == "/calendar/2027/"
    row.refresh_from_db()
    assert (row.time, row.theme, row.presenter, row.committee_time, row.moved_from, row.reason) == (
        datetime.time(19, 30), "Nêu gương", member.member, datetime.time(19, 30), D(2027, 2, 5), "Sau Tết",
    )  # fmt: skip


def test_refusal_comes_back_at_its_field(as_user, secretary, rows):
    answer = as_user(secretary).post(f"/calendar/planned/{rows[1].pk}/edit/", fields(on="1/11/2026", committee_on=""))
    assert (answer.status_code, answer.context["form"].errors["on"]) == (422, ["Chọn ngày họp từ hôm nay trở đi."])


def test_day_off_chosen_on_purpose_is_said(as_user, secretary, rows):
    client = as_user(secretary)
    client.post(f"/calendar/planned/{rows[1].pk}/edit/", fields(on="08/02/2027"))
    assert said(client) == ["Đã sửa lịch năm.", "Ngày 08/02/2027 rơi vào mùng ba Tết Nguyên Đán."]


def test_thematic_meeting_is_added_once(as_user, secretary, cell, rows):
    client = as_user(secretary)
    values = fields(kind="thematic", on="20/06/2027", committee_on="")
    for _ in range(2):
        assert client.post("/calendar/2027/new/", values).url == "/calendar/2027/"
    row = PlannedMeeting.objects.get(kind=Kind.THEMATIC)
    assert (row.on, row.theme, row.cell) == (D(2027, 6, 20), "Nêu gương", cell)
    assert "Ngày này đã có một buổi cùng loại trong lịch năm." in body(
        client.post("/calendar/2027/new/", values | {"submission": uuid.uuid4()})
    )


def test_row_is_removed_after_a_question(as_user, secretary, rows):
    client = as_user(secretary)
    address = f"/calendar/planned/{rows[3].pk}/do/remove/"
    assert "Bỏ buổi này khỏi lịch năm?" in body(client.get(address))
    client.post(address, {"submission": uuid.uuid4()})
    assert PlannedMeeting.objects.count() == 11


def test_draft_leads_to_its_agenda_and_the_row_to_the_meeting(as_user, secretary, rows):
    client = as_user(secretary)
    address = f"/calendar/planned/{rows[0].pk}/do/draft/"
    assert "Lập cuộc họp từ lịch năm?" in body(client.get(address))
    values = {"submission": uuid.uuid4()}
    answer = client.post(address, values)
    meeting = Meeting.objects.get(body=Body.CELL)
    assert (answer.url, meeting.parent.kind) == (f"/meetings/{meeting.pk}/agenda/", Kind.COMMITTEE)
    assert client.post(address, values).url == answer.url  # a double click acts once
    assert Meeting.objects.count() == 2
    edit = client.get(f"/calendar/planned/{rows[0].pk}/edit/")
    assert f'href="/meetings/{meeting.pk}/"' in body(edit)
    assert client.post(f"/calendar/planned/{rows[0].pk}/edit/", fields()).context["form"].non_field_errors() == [
        year.MET
    ]


def test_new_meeting_proposes_what_the_plan_says(as_user, secretary, member, rows, cell):
    year.plan_year(cell, year=2026, by=secretary)
    row = PlannedMeeting.objects.get(on__year=2026)
    row.kind, row.theme, row.presenter = Kind.COMBINED, "Nêu gương", member.member
    year.change_planned(plannedmeeting=row, by=secretary)
    page = as_user(secretary).get("/meetings/new/")
    form = page.context["form"].instance
    assert (form.kind, form.theme, form.day) == (Kind.COMBINED, "Nêu gương", D(2026, 12, 7))
    assert "đ/c Ngô Xuân Trường trình bày chuyên đề" in body(page)


def test_held_told_and_drafted_meetings_look_different(cell, secretary, clerk, rows):
    told = year.draft_from(rows[0], by=secretary)
    lifecycle.notify_meeting(lifecycle.agree_meeting(told, by=secretary), by=secretary)
    year.draft_from(rows[2], by=secretary)
    held = new_meeting(cell, secretary, starts_at=datetime.datetime(2027, 6, 4, 14, tzinfo=HANOI))
    Meeting.objects.filter(pk=held.pk).update(state="closed", opened_at=held.starts_at, needs_agreement=False)
    looks = [month.look.label for month in year_strip(cell, 2027, secretary).months]
    assert looks == ["Đã thông báo", "Dự kiến", "Đang soạn", *["Dự kiến"] * 2, "Đã họp", *["Dự kiến"] * 6]


def test_printed_plan_has_every_month_with_what_was_moved(cell, secretary, member, rows):
    rows[1].theme, rows[1].presenter = "Nêu gương", member.member
    year.change_planned(plannedmeeting=rows[1], by=secretary)
    strip = year_strip(cell, 2027, secretary)
    assert [line["month"] for line in lines(strip)] == list(range(1, 13))
    assert lines(strip)[1] == {
        "month": 2, "day": "Thứ Năm, 11/02", "time": "14:00", "kind": "Kết hợp chuyên đề", "theme": "Nêu gương",
        "presenter": "Ngô Xuân Trường", "committee": "Thứ Tư, 03/02", "held": False,
        "notes": "Theo lịch 05/02, rơi vào giao thừa Tết Nguyên Đán; chuyển sang 11/02. Ngày nghỉ dự kiến",
    }  # fmt: skip
    paper = text(sheet_pdf(cell, strip))
    assert "sinh hoạt chi bộ năm 2027" in paper


def test_print_is_handed_out_as_pdf(as_user, member, rows):
    answer = as_user(member).get("/calendar/2027/plan.pdf")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="lich-nam-2027.pdf"',
    )


@pytest.mark.parametrize("count", [1, 3])
def test_year_asks_the_same_queries(
    as_user, cell, secretary, superior, superior_body, rows, count, django_assert_num_queries
):
    for number in range(count):
        year.draft_from(rows[2 * number + 2] if rows[2 * number + 2].kind == Kind.REGULAR else rows[0], by=secretary)
        days.lay_days(
            organisation=superior_body,
            first=D(2027, 12, 20 + number),
            name="Nghỉ",
            is_off=True,
            source="x",
            by=superior,
        )
    client = as_user(secretary)
    client.get("/calendar/2027/")
    with django_assert_num_queries(9):
        client.get("/calendar/2027/")
