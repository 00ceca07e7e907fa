"""The search page: what is found, what is shown of it. Who finds what: test_search_walls.py."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assignments.models import Assignment
from assignments.services import giving
from chibo.search.queries import MOST, search, shown, statement
from chibo.search.walls import Reach
from core.searching import parse
from documents.models import Paper
from meetings.models import (
    AgendaItem,
    Clause,
    ClauseAssignment,
    Meeting,
    Minutes,
    Resolution,
    Speech,
)
from tests.factories import at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 12, 5)
SOON = timezone.localdate() + datetime.timedelta(days=10)


# What is found


@pytest.fixture
def evening(cell, secretary, member):
    """A closed meeting of the cell with signed minutes."""
    moment = at(-30)
    meeting = Meeting.objects.create(
        cell=cell, state="closed", starts_at=moment, notified_at=moment, opened_at=moment, place="Nhà văn hóa"
    )
    Minutes.objects.create(meeting=meeting, paper=paper(cell, "minutes"))
    return meeting


def paper(cell, kind, number=None):
    return Paper.objects.create(
        organisation=cell, type=kind, term="2025-2030", number=number, subject="-", state="signed", sealed_sha256="0"
    )


def item(meeting, title="Việc chung", **fields):
    return AgendaItem.objects.create(meeting=meeting, section="B", title=title, **fields)


def titles(user, asked, kind=""):
    """ "[kind] title | text" of what is found, what was looked for in brackets."""
    query = parse(asked, timezone.localdate())
    found = search(user, query, timezone.localdate())
    results = shown(found.of(kind), query, timezone.localdate(), found.parts)
    return [f"{one.kind}: {brackets(one.title)} | {brackets(one.text)}" for one in results]


def brackets(pieces):
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


@pytest.mark.parametrize("asked", ["nghi quyet", "NGHỊ QUYẾT", "nghị quyết", '"nghi quyet"'])
def test_found_with_and_without_marks(member, evening, asked):
    item(evening, "Thông qua Nghị quyết")
    mark = "[Nghị quyết]" if '"' in asked else "[Nghị] [quyết]"
    assert titles(member, asked) == [f"Nội dung chương trình: Thông qua {mark} | "]


def test_d_with_a_stroke_is_found_by_d(member, evening):
    item(evening, "Sửa đường làng", decide="Giao đội sửa ĐƯỜNG")
    assert titles(member, "duong") == ["Nội dung chương trình: Sửa [đường] làng | Quyết định: Giao đội sửa [ĐƯỜNG]"]


def test_side_by_side_before_whole_words_before_beginnings(member, evening):
    for title in ("Nghiêm túc quyết toán", "Nghị về việc quyết", "Bàn nghị quyết"):
        item(evening, title)
    assert [line.partition(": ")[2] for line in titles(member, "nghi quyet")] == [
        "Bàn [nghị] [quyết] | ",
        "[Nghị] về việc [quyết] | ",
        "[Nghi]êm túc [quyết] toán | ",
    ]


def test_newest_first_within_equal_rank(member, cell, evening):
    older = Meeting.objects.create(cell=cell, state="closed", starts_at=at(-90), notified_at=at(-90), place="-")
    for meeting, title in ((older, "Mương cũ"), (evening, "Mương mới")):
        item(meeting, title)
    assert titles(member, "mương") == ["Nội dung chương trình: [Mương] mới | ", "Nội dung chương trình: [Mương] cũ | "]


def test_short_words_are_whole_words(member, evening):
    item(evening, "Bình xét")
    item(evening, "Họp tổ 5, khu B 2")
    assert titles(member, "b 2") == ["Nội dung chương trình: Họp tổ 5, khu [B] [2] | "]


def test_parts_of_words_are_found_when_no_word_is(member, evening):
    item(evening, "Thông qua nghị quyết")
    assert titles(member, "uyet") == ["Nội dung chương trình: Thông qua nghị q[uyết] | "]


def test_phrase_is_found_in_its_order_only(member, evening):
    item(evening, "Chuyển đổi số")
    item(evening, "Đổi số, chuyển nhà")
    assert titles(member, '"chuyển đổi số"') == ["Nội dung chương trình: [Chuyển đổi số] | "]


@pytest.mark.parametrize("asked", ["10-NQ/CB", "10-nq", "nghị quyết 10", "nghi quyet so 10"])
def test_resolution_is_found_by_its_number(member, cell, evening, asked):
    found = Resolution.objects.create(meeting=evening, paper=paper(cell, "resolution", 10), subject="về việc mương")
    clause = Clause.objects.create(resolution=found, position=1, text="Dọn mương", due_on=SOON)
    assert titles(member, asked) == [
        "Nghị quyết: Nghị quyết 10-NQ/CB: về việc mương | ",
        "Mục nghị quyết: Mục 1, Nghị quyết 10-NQ/CB | Dọn mương",
    ]
    assert clause.get_absolute_url() == reverse("resolutions:clause", args=[clause.pk])


def test_sign_inside_a_word_is_found_as_it_stands(member, evening):
    item(evening, "Theo Công văn 317-CV/ĐU")
    assert titles(member, "317-cv/đu") == ["Nội dung chương trình: Theo Công văn [317-CV/ĐU] | "]


def test_wildcards_of_the_database_mean_nothing(member, evening):
    item(evening, "Đạt 100% kế hoạch")
    assert (len(titles(member, "100% ke")), titles(member, "a%b"), titles(member, "ke_hoach")) == (1, [], [])


def test_record_and_speech_lead_to_their_place_in_the_minutes(member, evening):
    one = item(evening, "Loa đài", narrative="Chi ủy nêu việc mua loa.", conclusion="Nhất trí mua loa tháng sau.")
    Speech.objects.create(item=one, member=member.member, text="Loa cũ hỏng từ hè.")
    query = parse("loa", TODAY)
    found = {one.kind: one for one in shown(search(member, query, TODAY).hits, query, TODAY)}
    place = f"{reverse('meetings:minutes', args=[evening.pk])}#item-{one.pk}"
    assert (found["Kết luận"].url, found["Phát biểu"].url) == (place, place)
    assert brackets(found["Kết luận"].text) == "Nhất trí mua [loa] tháng sau."
    assert brackets(found["Phát biểu"].title) == f"Đ/c {member.member.full_name}: [Loa] đài"


# Operators


@pytest.fixture
def work(cell, secretary, member, clerk):
    """Tasks: late, soon, reported and done ones of member, a soon one of clerk that member helps with."""
    days = datetime.timedelta
    today, given = timezone.localdate(), {}
    for title, owner, due, state in (
        ("Quá", member, -5, "doing"), ("Sắp", member, 10, "given"), ("Chờ", member, -1, "reported"),
        ("Xong", member, -3, "done"), ("Khác", clerk, 10, "given"),
    ):  # fmt: skip
        task = giving.give(cell=cell, owner=owner.member, title=f"Mương {title}", due_on=today, by=secretary)
        Assignment.objects.filter(pk=task.pk).update(due_on=today + days(due), state=state)
        given[title] = task
    given["Khác"].helpers.add(member.member)
    return given


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("chưa xong", ["Quá", "Chờ", "Khác", "Sắp"]),
        ("@tôi chưa xong", ["Quá", "Chờ", "Khác", "Sắp"]),
        ("hạn:quá", ["Quá"]),
        ("@tôi mương xong", ["Xong"]),
        ("mương sắp chưa xong", ["Sắp"]),
    ],
)
def test_operators_narrow_tasks_by_day(member, work, asked, found):
    """What waits for confirmation is unfinished, but late no more."""
    words = [line.replace("[", "").replace("]", "").split()[-2] for line in titles(member, asked, "task")]
    assert sorted(words) == sorted(found)
    if "chưa xong" in asked:
        assert words[0] == ("Quá" if len(found) > 1 else found[0])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("@trường chưa xong", ["Quá", "Chờ", "Khác", "Sắp"]),
        ("@TRUONG hạn:quá", ["Quá"]),
        ('@"xuân trường" mương xong', ["Xong"]),
        ('@"trường xuân"', []),
        ("@trư chưa xong", []),
        ("@khongai", []),
    ],
)
def test_work_of_somebody_is_found_by_the_name(clerk, member, work, asked, found):
    """Whole words of the name, marks and case apart; what they help with is theirs too."""
    assert member.member.full_name == "Ngô Xuân Trường"
    words = [line.replace("[", "").replace("]", "").split()[-2] for line in titles(clerk, asked, "task")]
    assert sorted(words) == sorted(found)


def test_several_names_find_the_work_of_each(secretary, work, member, clerk):
    asked = f'@"{clerk.member.full_name}" @"{member.member.full_name}" mương'
    assert len(titles(secretary, asked, "task")) == 5


def test_speeches_and_items_are_found_by_name(member, clerk, evening):
    one = item(evening, "Đường hoa", presenter=clerk.member)
    Speech.objects.create(item=one, member=member.member, text="Mua loa", spoken_at=evening.starts_at)
    name = clerk.member.full_name.lower()
    assert titles(member, f'@"{name}"') == ["Nội dung chương trình: Đường hoa | "]
    assert titles(member, "@trường loa") == ["Phát biểu: Đ/c Ngô Xuân Trường: Đường hoa | Mua [loa]"]


def test_only_people_whom_one_sees_are_found_by_name(member, outsider, other_cell):
    """A task of a stranger that one helps with is seen, but strangers' names are not for searching."""
    task = Assignment.objects.create(cell=other_cell, owner=outsider.member, title="Mương giúp", due_on=SOON)
    task.helpers.add(member.member)
    assert len(titles(member, "muong")) == 1
    assert titles(member, f'@"{outsider.member.full_name}"') == []


def test_tasks_of_others_are_not_mine(clerk, work):
    assert titles(clerk, "@tôi chưa xong") == ["Nhiệm vụ: Mương Khác | "]


def test_own_tasks_outside_the_cell_are_found_too(member, outsider, other_cell):
    """Of a cell one has left, or to help there; never the others of that cell."""
    tasks = [
        Assignment.objects.create(cell=other_cell, owner=owner.member, title=f"Mương {title}", due_on=SOON)
        for owner, title in ((member, "mình"), (outsider, "giúp"), (outsider, "người"))
    ]
    tasks[1].helpers.add(member.member)
    assert sorted(titles(member, "muong")) == ["Nhiệm vụ: [Mương] giúp | ", "Nhiệm vụ: [Mương] mình | "]


def test_due_in_a_month_finds_tasks_and_clauses(member, secretary, cell, evening):
    due = datetime.date(2026, 11, 20)
    found = Resolution.objects.create(meeting=evening, paper=paper(cell, "resolution", 3), subject="-")
    Clause.objects.create(resolution=found, position=1, text="Dọn mương", due_on=due)
    task = giving.give(cell=cell, owner=member.member, title="Quét vôi", due_on=SOON, by=secretary)
    Assignment.objects.filter(pk=task.pk).update(due_on=due + datetime.timedelta(days=1))
    assert titles(member, "hạn:11/2026") == [
        "Mục nghị quyết: Mục 1, Nghị quyết 03-NQ/CB | Dọn mương",
        "Nhiệm vụ: Quét vôi | ",
    ]
    assert (titles(member, "hạn:10/2026"), len(titles(member, "hạn:20/11/2026"))) == ([], 1)


def test_open_clause_is_unfinished_until_its_tasks_are_done(member, secretary, cell, evening):
    """Also one without a due day; a draft's clause binds nobody yet."""
    found = Resolution.objects.create(meeting=evening, paper=paper(cell, "resolution", 3), subject="-")
    clause = Clause.objects.create(resolution=found, position=1, text="Dọn mương")
    assert len(titles(member, "chưa xong", "clause")) == 1
    task = giving.give(cell=cell, owner=member.member, title="Dọn", due_on=SOON, by=secretary)
    ClauseAssignment.objects.create(clause=clause, assignment=task)
    Assignment.objects.filter(pk=task.pk).update(state="done")
    assert titles(member, "chưa xong", "clause") == []


# The page


@pytest.fixture
def ask(as_user, member):
    def get(**query):
        return as_user(member).get(reverse("search"), query)

    return get


def test_page_shows_what_was_found_marked_and_escaped(ask, evening):
    item(evening, "<b>Mương</b> & cống")
    page = ask(q="muong").content.decode()
    assert "&lt;b&gt;<mark>Mương</mark>&lt;/b&gt; &amp; cống" in page
    assert page.count('role="search"') == 1  # the box of the top bar would be a second one


def test_filter_shows_one_kind_with_the_counts_of_all(ask, evening):
    item(evening, "Mương", conclusion="Dọn mương")
    response = ask(q="muong", loai="record")
    assert [(chip["label"], chip["count"], chip["current"]) for chip in response.context["filters"]] == [
        ("Tất cả", 2, False),
        ("Chương trình", 1, False),
        ("Kết luận", 1, True),
    ]
    assert [result.kind for result in response.context["page"].object_list] == ["Kết luận"]


def test_results_page_and_counts_are_capped(ask, evening):
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=evening, section="B", title=f"Mương {n}", position=n) for n in range(MOST + 5)
    )
    response = ask(q="muong", trang=2)
    page = response.context["page"]
    assert (page.number, page.paginator.num_pages, len(page.object_list), page.paginator.count) == (2, 10, 20, MOST)
    assert response.context["filters"][1]["count"] == "hơn 200"
    assert "Mỗi loại chỉ hiện 200 kết quả" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("", "Gõ từ cần tìm"),
        ("a", "Từ tìm quá ngắn. Gõ ít nhất hai chữ cái."),
        ("zzz", "Không tìm thấy"),
        ("hạn:tháng 13", "Không đọc được “hạn:tháng 13”."),
        ("\0 %00", "Không tìm thấy"),
    ],
)
def test_page_says_what_to_do(ask, asked, sentence):
    response = ask(q=asked, loai="khong-co", trang="x")
    assert (response.status_code, sentence in response.content.decode()) == (200, True)


def test_every_example_is_a_query_that_is_understood(ask):
    for text, _ in ask().context["examples"]:
        query = parse(text, TODAY)
        assert (query.unread, query.is_empty, query.is_too_short) == ((), False, False)


def test_search_box_stands_on_other_pages(as_user, member):
    page = as_user(member).get(reverse("all")).content.decode()
    assert page.count(f'action="{reverse("search")}"') == 1


def test_nobody_searches_without_login(client: Client):
    assert client.get(reverse("search")).headers["Location"].startswith(reverse("account_login"))


# The indexes


@pytest.fixture
def many(evening, member):
    """6,000 speeches, three with a rare word, three with a rare sign."""
    one = item(evening)
    texts = ["Cống ngầm", "Công văn 317-CV/ĐU", "Ý kiến về nghị quyết của chi bộ"]
    rows = [
        Speech(item=one, member=member.member, text=texts[min(n % 2000, 2)], spoken_at=evening.starts_at)
        for n in range(6000)
    ]
    Speech.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('speech_words'), gin_clean_pending_list('speech_parts')")
        cursor.execute("ANALYZE meetings_speech")


@pytest.mark.parametrize(
    ("asked", "parts", "index"),
    [("cong ngam", False, "speech_words"), ("317-cv/đu", False, "speech_parts"), ("gam", True, "speech_parts")],
)
def test_rare_words_are_found_by_their_index(member, many, asked, parts, index):
    rows = statement(Reach(member), parse(asked, TODAY), TODAY, parts)
    assert len(rows) == 3
    plan = rows.explain()
    assert f"Bitmap Index Scan on {index}" in plan
    assert "Seq Scan on meetings_speech" not in plan
