"""Pages of the year and of a pledge: what to do now, writing without losing anything, answers, what others see."""

import datetime
import uuid

import pytest
from django.urls import reverse

from members.models import Exemption
from pledges.models import Deed, Pledge
from pledges.services import deciding, opening, writing
from tests.pledges.conftest import DAY, deed, write

pytestmark = pytest.mark.django_db
YEAR = "/pledges/2026/"
CARD = {"title": "Đọc sách", "area": "ideology", "measure": "Số cuốn", "target": "4 cuốn", "due_on": "15/12/2026",
        "evidence": "", "pk": ""}  # fmt: skip


def text(response):
    """The page with plain spaces."""
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def sent(pledge, cards, *buttons, **changes):
    """What a browser sends of the form."""
    found = {"commitment": "Giữ gìn kỷ luật", "version": pledge.version, "rows": len(cards),
             "submission": str(uuid.uuid4()), **dict.fromkeys(buttons, "1"), **changes}  # fmt: skip
    for number, card in enumerate(cards):
        found |= {f"viec-{number}-{name}": value for name, value in card.items()}
    return found


def titles(pledge):
    return [row.title for row in pledge.deeds.all()]


def cards(response):
    return [card["title"].value() or "" for card in response.context["form"].cards]


@pytest.fixture
def begun(opened, cell, member):
    return writing.start(cell, 2026, member=member.member, by=member)


def url(pledge, more=""):
    return pledge.get_absolute_url() + more


# ---------------------------------------------------------------- the year


def test_home_leads_to_this_year(january, member, as_user):
    assert as_user(member).get("/pledges/").url == YEAR


def test_nothing_can_be_written_before_the_chi_uy_opens_the_year(january, member, secretary, as_user):
    assert "Chi ủy mở đợt đăng ký thì đồng chí được báo" in text(as_user(member).get(YEAR))
    assert text(as_user(secretary).get(YEAR)).count("Mở đợt đăng ký năm 2026</a>") == 1


def test_year_is_opened_by_its_form(january, cell, secretary, as_user):
    page = as_user(secretary).get(f"{YEAR}open/")
    assert page.context["form"]["due_on"].value() == DAY(2026, 1, 31)
    answer = as_user(secretary).post(f"{YEAR}open/", {"due_on": "31/01/2026", "theme": "Nêu gương"})
    assert answer.url == YEAR
    assert cell.pledge_years.get().theme == "Nêu gương"


def test_opening_with_a_past_day_is_refused_at_its_field(january, secretary, as_user):
    answer = as_user(secretary).post(f"{YEAR}open/", {"due_on": "01/01/2026", "theme": "Nêu gương"})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"due_on": ["Hạn phải từ hôm nay trở đi."]})


def test_member_is_told_what_to_do_by_when_with_one_button(opened, member, as_user):
    page = text(as_user(member).get(YEAR))
    assert "viết bản đăng ký và bản cam kết năm 2026, gửi chi ủy trước hết ngày 31/01/2026." in page
    assert page.count("btn-primary") == 1
    assert "Cả chi bộ" not in page


@pytest.mark.parametrize(
    ("moves", "words", "button"),
    [
        ("", "còn là bản nháp, chỉ riêng đồng chí xem được", "Viết tiếp bản đăng ký"),
        ("submit", "đã gửi bản đăng ký ngày 10/01/2026, chi ủy đang xem", "Xem bản đăng ký"),
        ("submit return", "Chi ủy đề nghị sửa bản đăng ký", "Sửa bản đăng ký"),
        ("submit register", "thực hiện và ghi tiến độ khi có kết quả", "Ghi tiến độ"),
    ],
)
def test_next_step_by_state(draft, member, secretary, as_user, moves, words, button):
    for name in moves.split():
        more = {"remark": "Nêu rõ số hộ"} if name == "return" else {}
        deciding.STEPS[name](draft, by=member if name == "submit" else secretary, **more)
    response = as_user(member).get(YEAR)
    assert (words in text(response), response.context["own_step"].verb) == (True, button)
    assert ("Nêu rõ số hộ" in text(response)) == (moves == "submit return")


def test_next_step_says_that_the_day_has_passed(opened, member, as_user, january):
    january.move_to(datetime.datetime(2026, 2, 3, 9))
    assert "gửi chi ủy ngay, hạn 31/01/2026 đã qua." in text(as_user(member).get(YEAR))


def test_next_step_asks_for_the_self_assessment(registered, opened, member, secretary, as_user, january):
    january.move_to(datetime.datetime(2026, 6, 20, 9))
    opening.ask_assessment(opened, period="half", due_on=DAY(2026, 6, 30), by=secretary)
    page = text(as_user(member).get(YEAR))
    assert "Đồng chí tự đánh giá sáu tháng đầu năm, gửi chi ủy trước hết ngày 30/06/2026." in page
    answer = as_user(member).post(f"{url(registered)}half/start/")
    assert answer.url == f"{url(registered)}half/write/"


def test_exempt_member_is_not_asked(opened, member, as_user):
    Exemption.objects.create(member=member.member, kind="exempt", starts_on=DAY(2025, 1, 1))
    page = text(as_user(member).get(YEAR))
    assert "không thuộc diện đăng ký" in page
    assert page.count("btn-primary") == 0


def test_chi_uy_is_offered_the_next_year_to_open_it(opened, member, secretary, as_user):
    years = {user: [chip["label"] for chip in as_user(user).get(YEAR).context["years"]] for user in (member, secretary)}
    assert years == {member: ["2026"], secretary: ["2027", "2026"]}
    assert as_user(secretary).get("/pledges/2027/").context["may_open"]


def test_visitor_registers_at_home(opened, visitor, other_cell, as_user):
    assert as_user(visitor).get(YEAR).context["cell"] == other_cell


def test_chi_uy_sees_who_is_missing_and_no_draft(draft, cell, member, secretary, as_user):
    response = as_user(secretary).get(YEAR)
    chips = [(chip["label"], chip["count"]) for chip in response.context["filters"]]
    assert chips == [("Mọi người", 6), ("Chưa gửi", 6), ("Chờ xác nhận", 0), ("Cần sửa", 0), ("Đã đăng ký", 0)]
    deciding.submit(draft, by=member)
    lines = as_user(secretary).get(f"{YEAR}?loc=cho-xac-nhan").context["lines"]
    assert [(line.member, line.pledge.n_deeds) for line in lines] == [(member.member, 3)]
    assert len(as_user(secretary).get(f"{YEAR}?loc=chua-gui").context["lines"]) == 5


def test_chips_follow_the_self_assessment_that_was_asked_for(registered, opened, secretary, as_user):
    opening.ask_assessment(opened, period="half", due_on=DAY(2026, 6, 30), by=secretary)
    response = as_user(secretary).get(f"{YEAR}?loc=chua-danh-gia")
    assert [line.pledge for line in response.context["lines"]] == [registered]
    assert [words for _, words in response.context["asks"]] == ["Mở đợt tự đánh giá cả năm"]


def test_reminder_and_its_refusal(opened, cell, secretary, as_user):
    client = as_user(secretary)
    answer = client.post(f"{YEAR}remind/", follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["Đã nhắc các đồng chí chưa gửi."]
    assert client.get(f"{YEAR}remind/").status_code == 405


def test_self_assessment_is_asked_for_by_its_form(registered, opened, secretary, as_user):
    answer = as_user(secretary).post(f"{YEAR}assess/half/", {"due_on": "30/06/2026"})
    assert answer.url == YEAR
    opened.refresh_from_db()
    assert opened.half_due_on == DAY(2026, 6, 30)
    assert as_user(secretary).get(f"{YEAR}assess/quarter/").status_code == 404


# ---------------------------------------------------------------- writing


def test_pledge_is_begun_with_three_empty_deeds(opened, cell, member, as_user):
    answer = as_user(member).post(f"{YEAR}start/")
    pledge = Pledge.objects.get()
    assert answer.url == f"{url(pledge)}write/"
    page = as_user(member).get(answer.url)
    assert cards(page) == ["", "", ""]
    assert "chỉ riêng đồng chí xem được cho đến khi gửi chi ủy" in text(page)


def test_beginning_twice_is_said_on_the_page_of_the_year(begun, member, as_user):
    answer = as_user(member).post(f"{YEAR}start/", follow=True)
    said = [str(each) for each in answer.context["messages"]]
    assert said == ["Năm 2026 đã có bản đăng ký; mở bản đó để viết tiếp."]


def test_one_more_deed_keeps_everything_typed(begun, member, as_user):
    typed = sent(begun, [CARD | {"due_on": "15.12"}, CARD | {"title": "x" * 400}], "them")
    page = as_user(member).post(f"{url(begun)}write/", typed)
    assert (page.status_code, cards(page)) == (200, ["Đọc sách", "x" * 400, ""])
    form = page.context["form"]
    assert (form.cards[0]["due_on"].value(), form["commitment"].value()) == ("15.12", "Giữ gìn kỷ luật")
    assert not begun.deeds.exists()


def test_a_card_is_taken_out_without_losing_the_others(draft, member, as_user):
    rows = [CARD | {"pk": row.pk, "title": row.title} for row in draft.deeds.all()]
    page = as_user(member).post(f"{url(draft)}write/", sent(draft, rows, bo="1"))
    assert cards(page) == [rows[0]["title"], rows[2]["title"]]
    assert draft.deeds.count() == 3  # until it is saved


def test_ten_deeds_are_the_most(begun, member, as_user):
    page = as_user(member).post(f"{url(begun)}write/", sent(begun, [CARD] * 9, "them"))
    assert (len(cards(page)), 'name="them"' in text(page)) == (10, False)
    page = as_user(member).post(f"{url(begun)}write/", sent(begun, [CARD] * 10, "them"))
    assert len(cards(page)) == 10


def test_incomplete_draft_is_saved(begun, member, as_user):
    rows = [CARD | {"measure": "", "area": "", "due_on": ""}, dict.fromkeys(CARD, "")]
    answer = as_user(member).post(f"{url(begun)}write/", sent(begun, rows, commitment=""))
    begun.refresh_from_db()
    assert (answer.url, begun.state, titles(begun)) == (url(begun), "draft", ["Đọc sách"])


def test_wrong_day_is_refused_at_its_card(begun, member, as_user):
    page = as_user(member).post(f"{url(begun)}write/", sent(begun, [CARD, CARD | {"due_on": "15.12"}]))
    assert page.status_code == 422
    wrong = [card.errors for card in page.context["form"].cards]
    assert wrong == [{}, {"due_on": ["Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."]}]
    assert "Giữ gìn kỷ luật" in text(page)


def test_handing_in_saves_first_and_puts_each_refusal_at_its_field(begun, member, as_user):
    rows = [CARD, CARD | {"title": "Giúp một hộ", "measure": "", "due_on": "01/02/2027"}]
    page = as_user(member).post(f"{url(begun)}write/", sent(begun, rows, "gui", commitment=""))
    form = page.context["form"]
    assert page.status_code == 422
    assert form.errors == {
        "commitment": ["Đồng chí ghi nội dung cam kết."],
        "__all__": ["Đã ghi 2 việc; cần đăng ký ít nhất 3 việc."],
    }
    assert form.cards[1].errors == {
        "measure": ["Việc 2: ghi cách đo kết quả."],
        "due_on": ["Hạn của việc 2 phải trong năm 2026."],
    }
    assert titles(begun) == ["Đọc sách", "Giúp một hộ"]
    begun.refresh_from_db()
    assert (begun.state, form["version"].value()) == ("draft", str(begun.version))


def test_what_was_refused_is_mended_and_handed_in(begun, member, as_user):
    client = as_user(member)
    client.post(f"{url(begun)}write/", sent(begun, [CARD, CARD], "gui"))
    begun.refresh_from_db()
    kept = [row.pk for row in begun.deeds.all()]
    rows = [CARD | {"pk": kept[0]}, CARD | {"pk": kept[1]}, CARD]
    assert client.post(f"{url(begun)}write/", sent(begun, rows, "gui")).url == url(begun)
    begun.refresh_from_db()
    assert begun.state == "submitted"
    assert [row.pk for row in begun.deeds.all()][:2] == kept


def test_handing_in_twice_by_one_click_is_done_once(begun, member, as_user):
    client, typed = as_user(member), sent(begun, [CARD] * 3, "gui")
    answers = [client.post(f"{url(begun)}write/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert begun.deeds.count() == 3


def test_stale_form_is_refused_with_everything_typed(begun, member, as_user):
    typed = sent(begun, [CARD])
    write(begun, member, [deed("Khác")])
    page = as_user(member).post(f"{url(begun)}write/", typed)
    assert (page.status_code, page.context["form"].non_field_errors()) == (422, [writing.STALE])
    assert (cards(page), titles(begun)) == (["Đọc sách"], ["Khác"])


def test_deed_of_another_pledge_is_not_reached_by_its_number(draft, begun_by_secretary, secretary, as_user):
    foreign = draft.deeds.first()
    typed = sent(begun_by_secretary, [CARD | {"pk": foreign.pk, "title": "Lấy"}])
    as_user(secretary).post(f"{url(begun_by_secretary)}write/", typed)
    assert (titles(begun_by_secretary), Deed.objects.get(pk=foreign.pk).title) == (["Lấy"], foreign.title)


@pytest.fixture
def begun_by_secretary(opened, cell, secretary):
    return writing.start(cell, 2026, member=secretary.member, by=secretary)


def test_handed_in_pledge_shows_no_form(draft, member, as_user):
    deciding.submit(draft, by=member)
    assert as_user(member).get(f"{url(draft)}write/").url == url(draft)
    page = as_user(member).post(f"{url(draft)}write/", sent(draft, [CARD]))
    assert page.status_code == 422


def test_last_years_pledge_is_offered_and_its_unreached_deeds_are_marked(registered, cell, member, secretary, as_user,
                                                                         january):  # fmt: skip
    january.move_to(datetime.datetime(2027, 1, 5, 9))
    opening.open_year(cell, 2027, due_on=DAY(2027, 1, 31), by=secretary)
    page = text(as_user(member).get("/pledges/2027/"))
    assert (page.count("Chép từ năm 2026 rồi sửa"), page.count("Viết bản mới")) == (1, 1)
    answer = as_user(member).post("/pledges/2027/start/", {"chep": "1"})
    assert text(as_user(member).get(answer.url)).count("Năm trước chưa đạt") == 3


def test_draft_is_thrown_away_after_a_question(begun, member, as_user):
    assert as_user(member).get(url(begun)).content.decode().count(f"{url(begun)}discard/") == 1
    assert text(as_user(member).get(f"{url(begun)}discard/")).count("Bỏ bản nháp này?") == 2  # title and heading
    assert as_user(member).post(f"{url(begun)}discard/").url == YEAR
    assert not Pledge.objects.exists()


# ---------------------------------------------------------------- the answer


def test_incomplete_pledge_is_refused_on_the_page_of_the_question(begun, member, as_user):
    page = as_user(member).post(f"{url(begun)}do/submit/")
    assert (page.status_code, page.context["form"].non_field_errors()) == (
        422, ["Đã ghi 0 việc; cần đăng ký ít nhất 3 việc."],
    )  # fmt: skip


def test_chi_uy_confirms_or_sends_back_with_a_remark(draft, member, secretary, as_user):
    deciding.submit(draft, by=member)
    client = as_user(secretary)
    page = client.get(url(draft))
    assert [name for name, _ in page.context["actions"]] == ["register", "return"]
    refused = client.post(f"{url(draft)}do/return/", {"remark": " "})
    assert (refused.status_code, refused.context["form"].errors) == (
        422, {"remark": ["Đồng chí ghi góp ý để người viết sửa."]},
    )  # fmt: skip
    assert client.post(f"{url(draft)}do/return/", {"remark": "Nêu rõ số hộ"}).url == url(draft)
    assert "Nêu rõ số hộ" in text(as_user(member).get(url(draft)))
    deciding.submit(draft, by=member)
    assert as_user(secretary).post(f"{url(draft)}do/register/").url == url(draft)
    assert Pledge.objects.get().state == "registered"


def test_answered_pledge_is_not_taken_back(draft, member, secretary, as_user):
    """What the chi ủy has answered stays before it, with the progress of a pledge that was reopened."""
    for act in (deciding.submit, deciding.register):
        act(draft, by=secretary)
    deciding.submit(deciding.reopen(draft, remark="Bổ sung", by=secretary), by=member)
    assert [name for name, _ in as_user(member).get(url(draft)).context["actions"]] == []
    assert as_user(member).post(f"{url(draft)}do/take_back/").status_code == 422


def test_draft_is_not_found_by_anybody_else(draft, cast, as_user):
    for more in ("", "write/", "print.pdf", "discard/", "do/submit/"):
        found = {name: as_user(user).get(url(draft, more)).status_code for name, user in cast.items()}
        assert {name for name, status in found.items() if status != 404} == {"dangvien"}


def test_another_year_in_the_address_is_not_found(draft, member, as_user):
    assert as_user(member).get(url(draft).replace("2026", "2025")).status_code == 404


def test_registered_collective_is_read_by_the_cell(opened, cell, secretary, deputy, member, as_user):
    pledge = write(writing.start(cell, 2026, by=secretary), secretary)
    assert "tập thể" not in text(as_user(member).get(YEAR))
    deciding.register(deciding.submit(pledge, by=secretary), by=deputy)
    assert "Chi bộ đã đăng ký 3 việc." in text(as_user(member).get(YEAR))
    page = as_user(member).get(url(pledge))
    assert (page.status_code, page.context["actions"], page.context["reports"]) == (200, [], False)
    assert as_user(member).get(f"{url(pledge)}write/").status_code == 403


def test_collective_is_begun_by_the_chi_uy(opened, cell, committee, member, as_user):
    assert as_user(member).post(f"{YEAR}start/", {"cho": "tap-the"}).status_code == 403
    assert as_user(committee).post(f"{YEAR}start/", {"cho": "tap-the"}).status_code == 302
    assert Pledge.objects.get().member is None


def test_pages_are_in_the_menu(january, member, as_user):
    page = as_user(member).get(reverse("pledges:year", args=[2026])).content.decode()
    assert page.count('href="/pledges/" aria-current="page"') == 1
