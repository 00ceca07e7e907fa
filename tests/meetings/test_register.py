"""The register of resolutions: its pages, the book to print, what was laid and voted on, who is told of signatures."""

import datetime
import html
import json
import re

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse

from assignments.models import Assignment
from assignments.services import progress
from core.errors import Refused
from meetings.forms.resolution import NO_MEETING
from meetings.models import AgendaItem, Clause, Meeting, Resolution, ReviewLine, Vote
from meetings.queries import clauses as queries
from meetings.queries.drafts import changes_since_laid, changes_since_vote, text_lines
from meetings.queries.official import draft_resolution
from meetings.queries.register_book import book_pdf, entries
from meetings.services import clauses, duties, lifecycle, minutes, publishing, resolution, voting
from meetings.services.resolution import CHANGED
from meetings.states import Kind
from members.models import Activity
from notices.models import Notice, Outcome
from tests.documents.reading import text, words
from tests.meetings import story
from tests.meetings.test_views_minutes import page_text

DUE = datetime.date(2027, 1, 20)


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


@pytest.fixture
def paper(meeting, secretary, member):
    """In force: clause 1 of member, clause 2 of the whole cell."""
    return adopted(meeting, secretary, ("Dọn tuyến mương", member), ("Nêu gương", None))


def adopted(meeting, by, *rows):
    draft = resolution.start_resolution(meeting, by=by)
    for line, owner in rows:
        add(draft, by, line, owner)
    return resolution.adopt_resolution(draft, vote=Vote.objects.get(item__meeting=meeting), by=by)


def add(draft, by, line, owner=None):
    clause = Clause(text=line, owner=owner and owner.member, due_on=DUE if owner else None)
    return clauses.add_clause(draft, clause=clause, by=by)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


# Laid before the meeting, voted on, adopted


@pytest.fixture
def prepared(cell, secretary, clerk, member):
    """A notified meeting whose draft resolution is written; ``opened`` opens it."""
    meeting = Meeting.objects.create(
        cell=cell, state="notified", kind=Kind.REGULAR, starts_at=story.moment(14), notified_at=story.moment(9, day=2),
        place="Nhà văn hóa",
    )  # fmt: skip
    AgendaItem.objects.create(meeting=meeting, section="B", title="Nghị quyết", minutes=10)
    draft = resolution.start_resolution(meeting, by=secretary)
    add(draft, secretary, "Dọn tuyến mương", member)
    return draft


def opened(draft, by, clerk):
    meeting = lifecycle.open_meeting(
        draft.meeting, by=by, chair=by.member, clerk=clerk.member, opened_at=story.moment(14)
    )
    meeting.sheet.update(presence="present")
    draft.refresh_from_db()
    return meeting


def put(meeting, by):
    """An open vote on the resolution."""
    vote = Vote(matter="Thông qua nghị quyết", decision="resolution", ballot="card")
    return voting.open_vote(voting.propose_vote(meeting.items.get(), vote=vote, by=by), by=by)


def passed(vote, by):
    return voting.close_vote(vote, agree=vote.voters, disagree=0, other=0, by=by)


def readable(changes):
    return [(label, [change.pieces for change in lines]) for label, lines in changes]


def test_opening_keeps_the_draft_and_changes_in_session_are_seen(prepared, secretary, clerk, member):
    """Issue 3: "changes made in session are seen as a difference"."""
    opened(prepared, secretary, clerk)
    assert prepared.laid == text_lines(prepared)
    assert changes_since_laid(prepared) == []
    clause = prepared.clauses.get()
    clause.text = "Dọn sạch tuyến mương"
    clauses.change_clause(clause=clause, by=secretary)
    resolution.save_text(prepared, "assessment", text="Tốt.", version=0, by=secretary)
    prepared.refresh_from_db()
    assert readable(changes_since_laid(prepared)) == [
        ("Đánh giá kết quả thực hiện nhiệm vụ", [(("new", "Tốt."),)]),
        (
            "Các mục nhiệm vụ",
            [
                (
                    ("kept", "Dọn "),
                    ("new", "sạch "),
                    (
                        "kept",
                        "tuyến mương. Đồng\u00a0chí\u00a0Ngô Xuân Trường chịu trách nhiệm, "
                        "hạn hoàn thành ngày 20/01/2027.".replace("\u00a0", " "),
                    ),
                )
            ],
        ),
    ]


def test_a_draft_that_holds_only_its_usual_bases_was_not_laid(prepared, secretary, clerk):
    prepared.clauses.all().delete()
    opened(prepared, secretary, clerk)
    assert (prepared.laid, changes_since_laid(prepared)) == (None, [])


def test_order_of_clauses_alone_is_a_change_and_their_numbers_are_not(prepared, secretary, clerk):
    add(prepared, secretary, "Nêu gương")
    opened(prepared, secretary, clerk)
    clauses.remove_clause(prepared.clauses.get(position=1), by=secretary)
    assert [[change.is_gone for change in lines] for _, lines in changes_since_laid(prepared)] == [[True]]


def test_text_changed_after_the_vote_opened_needs_the_word_of_the_cell(prepared, secretary, clerk, as_user):
    """The text voted on becomes the resolution; what was mended since is agreed to expressly, which is recorded."""
    meeting = opened(prepared, secretary, clerk)
    vote = passed(put(meeting, clerk), clerk)
    resolution.change_subject(prepared, subject="về nhiệm vụ tháng 01/2027", by=secretary)
    assert refusal(resolution.adopt_resolution, prepared, vote=vote, by=secretary) == (CHANGED, "agreed")
    url, client = reverse("meetings:resolution_adopt", args=[meeting.pk]), as_user(secretary)
    page = client.get(url).content.decode()
    assert ("Chỗ sửa sau khi mở biểu quyết" in page, page.count("<ins>"), page.count("<del>")) == (True, 1, 1)
    again = client.post(url, {"vote": vote.pk})
    assert (again.status_code, again.context["form"].errors) == (422, {"agreed": [CHANGED]})
    assert client.post(url, {"vote": vote.pk, "agreed": "on"}).status_code == 302
    line = Activity.objects.get(verb="resolution.adopted")
    assert json.loads(line.text)["data"]["changed"] == "2"  # one line gone, one new
    detail = client.get(prepared.get_absolute_url()).content.decode()
    assert "Sửa sau biểu quyết, chi bộ đã thống nhất" in detail


def test_text_as_voted_is_adopted_without_a_question(prepared, secretary, clerk, as_user):
    meeting = opened(prepared, secretary, clerk)
    vote = passed(put(meeting, clerk), clerk)
    page = as_user(secretary).get(reverse("meetings:resolution_adopt", args=[meeting.pk]))
    assert ("agreed" in page.context["form"].fields, page.content.decode().count("<ins>")) == (False, 0)
    assert resolution.adopt_resolution(prepared, vote=vote, by=secretary).paper.number == 1


def test_each_vote_keeps_the_text_it_was_opened_on_and_a_reset_one_none(prepared, secretary, clerk):
    meeting = opened(prepared, secretary, clerk)
    first = put(meeting, clerk)
    voting.reset_vote(first, by=clerk)
    prepared.refresh_from_db()
    assert prepared.voted is None
    resolution.change_subject(prepared, subject="lần một", by=secretary)
    first = passed(voting.open_vote(first, by=clerk), clerk)
    resolution.change_subject(prepared, subject="lần hai", by=secretary)
    second = passed(put(meeting, clerk), clerk)
    prepared.refresh_from_db()
    assert [len(changes_since_vote(prepared, vote)) for vote in (first, second, None)] == [1, 0, 0]


def test_vote_on_something_else_keeps_no_text(prepared, secretary, clerk):
    meeting = opened(prepared, secretary, clerk)
    story.vote_on(meeting.items.get(), clerk, decision="other")
    prepared.refresh_from_db()
    assert prepared.voted is None


def test_adopt_page_says_when_there_was_no_draft_to_compare(meeting, secretary, member, as_user):
    draft = resolution.start_resolution(meeting, by=secretary)
    add(draft, secretary, "Dọn mương", member)
    page = page_text(as_user(secretary).get(reverse("meetings:resolution_adopt", args=[meeting.pk])))
    assert "chưa có dự thảo nghị quyết ở đây, nên không đối chiếu được nội dung đã biểu quyết" in page


def test_members_read_the_changes_on_the_page_and_markup_stays_text(prepared, secretary, clerk, member, as_user):
    meeting = opened(prepared, secretary, clerk)
    add(prepared, secretary, "<script>alert(1)</script><b>đậm</b>")
    vote = passed(put(meeting, clerk), clerk)
    resolution.adopt_resolution(prepared, vote=vote, by=secretary)
    page = as_user(member).get(prepared.get_absolute_url()).content.decode()
    assert ("Thay đổi so với dự thảo trình chi bộ" in page, "<b>đậm</b>" in page, "alert(1)</script>" in page) == (
        True, False, False,
    )  # fmt: skip
    assert "<ins>" in page


# Pages


def test_register_counts_what_is_done_and_late_and_filters(cell, secretary, clerk, member, as_user):
    for month, day in ((0, 5), (1, 4)):
        meeting = story.told(cell, secretary, clerk, member)
        found = adopted(meeting, secretary, (f"Việc {month} a", member), (f"Việc {month} b", member))
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=story.moment(14, day=day))
        if month == 0:
            for task in Assignment.objects.filter(of_clause__clause__resolution=found):
                progress.confirm(progress.finish(task, text="Xong.", by=member), by=secretary)
        else:
            Assignment.objects.filter(of_clause__clause=found.clauses.first()).update(due_on="2026-12-01")
    resolution.start_resolution(story.told(cell, secretary, clerk, member), by=secretary)
    client, url = as_user(secretary), reverse("resolutions:list")

    def rows(query=""):
        found = client.get(f"{url}{query}").context["rows"]
        return [(row.paper.number, (done.ended, done.total, done.late)) for row, done in found if row.paper]

    assert client.get(url).context["page"].paginator.count == 3
    assert rows("?loc=da-xong") == [(1, (2, 2, 0))]
    assert rows("?loc=con-mo") == rows("?loc=qua-han") == [(2, (0, 2, 1))]
    assert rows("?nam=2025") == []
    assert rows("?loc=khong-co&nam=hai&trang=99") == rows()
    said = page_text(client.get(url))
    assert [words in said for words in ("2/2 mục đã xong", "0/2 mục đã xong", "1 mục quá hạn", "Dự thảo")] == [True] * 4


def test_board_filters_by_state_owner_and_year(paper, meeting, secretary, deputy, member, as_user):
    client, url = as_user(member), reverse("resolutions:clauses")
    first, second = paper.clauses.all()

    def rows(query=""):
        return [clause.position for clause in client.get(f"{url}{query}").context["page"]]

    assert (rows(), rows("?loc=tat-ca"), rows("?loc=da-xong"), rows("?nam=2026"), rows("?nam=2025")) == (
        [1, 2], [1, 2], [], [1, 2], [],
    )  # fmt: skip
    clauses.give_more(second, owner=deputy.member, title="Viết bài", due_on=datetime.date(2026, 12, 9), by=secretary)
    assert (rows(), rows(f"?nguoi={member.member_id}"), rows(f"?nguoi={deputy.member_id}")) == ([2, 1], [1], [2])
    assert rows("?nguoi=abc&nam=0000&loc=x") == [2, 1]
    clauses.end_clause(first, ending="replaced", text="Gộp.", replaced_by=second, by=secretary)
    assert (rows(), rows("?loc=da-thay")) == ([2], [1])


def test_draft_clauses_are_not_on_the_board_and_lead_to_their_draft(meeting, secretary, member, as_user):
    draft = resolution.start_resolution(meeting, by=secretary)
    clause = add(draft, secretary, "Dọn mương", member)
    client = as_user(secretary)
    assert list(client.get(reverse("resolutions:clauses") + "?loc=tat-ca").context["page"]) == []
    assert client.get(clause.get_absolute_url()).headers["Location"] == draft.get_absolute_url()
    assert client.get(reverse("resolutions:clause_end", args=[clause.pk])).status_code == 404
    assert as_user(member).get(clause.get_absolute_url()).status_code == 404


def test_clause_page_shows_tasks_with_the_last_report_and_what_may_be_done(paper, secretary, member, as_user):
    clause = paper.clauses.first()
    progress.report(clause.given.get().assignment, text="Đã dọn 200 mét.", by=member)
    wanted = ("05/12/2026: Đã dọn 200 mét.", "Giao thêm nhiệm vụ", "Ghi quyết định kết thúc mục")
    for user, shown in ((secretary, [True, True, True]), (member, [True, False, False])):
        page = page_text(as_user(user).get(clause.get_absolute_url()))
        assert [one in page for one in wanted] == shown


def test_clause_is_ended_and_given_on_its_pages(paper, meeting, secretary, deputy, as_user):
    first, second = paper.clauses.all()
    client = as_user(secretary)
    url = reverse("resolutions:clause_give", args=[second.pk])
    assert client.get(url).status_code == 200
    empty = client.post(url, {"title": ""})
    assert empty.context["form"].errors == {
        "owner": ["Chọn người thực hiện."], "title": ["Ghi tên nhiệm vụ."], "due_on": ["Ghi hạn hoàn thành."],
    }  # fmt: skip
    data = {"owner": deputy.member_id, "title": "Viết bài", "due_on": "20/01/2027"}
    assert client.post(url, data).status_code == 302
    url = reverse("resolutions:clause_end", args=[first.pk])
    empty = client.post(url, {"text": ""})
    assert empty.context["form"].errors == {
        "ending": ["Chọn cách kết thúc mục này."], "text": ["Ghi quyết định của chi bộ."], "meeting": [NO_MEETING],
    }  # fmt: skip
    wrong = client.post(url, {"ending": "replaced", "text": "Gộp.", "meeting": meeting.pk, "elsewhere": "on"})
    assert wrong.context["form"].errors == {"meeting": ["Đã chọn buổi họp thì bỏ dấu ở dòng dưới."]}
    wrong = client.post(url, {"ending": "replaced", "text": "Gộp.", "elsewhere": "on"})
    assert wrong.context["form"].errors == {"replaced_by": ["Chọn mục thay thế."]}
    data = {"ending": "replaced", "text": "Gộp.", "replaced_by": second.pk, "meeting": meeting.pk}
    assert client.post(url, data).status_code == 302
    page = page_text(client.get(first.get_absolute_url()))
    assert ("Đã thay" in page, "Gộp." in page, "Giao thêm nhiệm vụ" in page) == (True, True, False)
    assert page.count(f"Quyết định tại {meeting.title}") == 1
    stale = client.post(url, data)
    assert stale.context["form"].errors == {"__all__": ["Mục này đã kết thúc: đã thay."]}


def test_clause_form_offers_the_items_of_the_meeting(meeting, secretary, as_user):
    """So the life of a thing is one chain: item → clause → task."""
    draft = resolution.start_resolution(meeting, by=secretary)
    client, url = as_user(secretary), reverse("meetings:clause_new", args=[meeting.pk])
    found = client.get(url).context["form"].fields["item"].queryset
    assert [item.title for item in found] == ["Thông tin thời sự", "Nhiệm vụ tháng 01/2027"]
    assert client.post(url, {"text": "Mua loa", "item": found[1].pk}).status_code == 302
    assert draft.clauses.get().item == found[1]
    assert "từ nội dung “Nhiệm vụ tháng 01/2027”" in page_text(
        client.get(reverse("meetings:resolution", args=[meeting.pk]))
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_clause_page_takes_the_same_queries(paper, secretary, member, rows, as_user, django_assert_num_queries):
    clause = paper.clauses.first()
    for number in range(rows):
        task = clauses.give_more(clause, owner=secretary.member, title=f"Việc {number}", due_on=DUE, by=secretary)
        progress.report(task, text="Đang làm.", by=secretary)
        meeting = Meeting.objects.create(
            cell=paper.meeting.cell, state="closed", kind=Kind.REGULAR, starts_at=story.moment(8, number), place="x"
        )
        ReviewLine.objects.create(meeting=meeting, clause=clause, finding="doing", frozen_at=story.NOW)
    client = as_user(secretary)
    with django_assert_num_queries(9):
        client.get(clause.get_absolute_url())
    with django_assert_num_queries(9):
        client.get(reverse("resolutions:clauses"))


# The book


def test_book_prints_numbers_clauses_decisions_and_a_withdrawn_number(cell, secretary, clerk, member, meeting):
    first = adopted(meeting, secretary, ("Dọn tuyến mương", member), ("Nêu gương", None))
    resolution.seal_resolution(first, way="p12", by=secretary)
    resolution.withdraw_resolution(first, reason="Sai", by=secretary)
    resolution.adopt_resolution(first, vote=Vote.objects.get(), by=secretary)
    one, two = first.clauses.all()
    progress.confirm(progress.finish(one.given.get().assignment, text="Xong.", by=member), by=secretary)
    clauses.end_clause(two, ending="dropped", text="Không còn cần.", meeting=meeting, by=secretary)
    assert [(entry["number"], entry.get("void", False)) for entry in entries(cell, secretary, 2026)] == [
        ("01-NQ/CB", True), ("02-NQ/CB", False),
    ]  # fmt: skip
    found = text(book_pdf(cell, secretary, 2026))
    for part in (
        "CHI BỘ MỘT", "SỔ NGHỊ QUYẾT", "Năm 2026", "Kết quả, quyết định", "Số này đã hủy.", "02-NQ/CB",
        "1. Dọn tuyến mương", "Ngô Xuân Trường", "20/01/2027", "Đã xong 05/12/2026", "2. Nêu gương", "Cả chi bộ",
        "Không thực hiện nữa: Không còn cần. Quyết định tại buổi họp 05/12/2026.",
    ):  # fmt: skip
        assert part in found, part
    assert "Năm 2025 chưa có nghị quyết nào." in text(book_pdf(cell, secretary, 2025))


def test_book_repeats_its_head_and_tears_no_clause(cell, secretary, member, meeting):
    adopted(
        meeting, secretary, *[(f"Việc số {number} " + "làm cho xong trong tháng " * 6, None) for number in range(30)]
    )
    pages = [" ".join(word.text for word in page) for page in words(book_pdf(cell, secretary, 2026))]
    assert len(pages) > 2
    assert [page.count("Nội dung các mục") for page in pages] == [1] * len(pages)
    for number in range(30):  # first and last words of a clause stand on one page
        (page,) = [page for page in pages if f" {number + 1}. Việc số {number} " in page]
        rest = page.partition(f" {number + 1}. Việc số {number} ")[2]
        assert rest.partition("Đang thực hiện")[0].count("trong tháng") == 6


def test_book_page_is_of_the_own_cell(paper, cell, secretary, outsider, as_user):
    url = reverse("resolutions:book")
    found = as_user(secretary).get(url, {"nam": "2026"})
    assert (found.status_code, found["Content-Disposition"]) == (200, 'attachment; filename="so-nghi-quyet-2026.pdf"')
    assert "Dọn tuyến mương" in text(found.content)
    assert "Dọn tuyến mương" not in text(as_user(outsider).get(url, {"nam": "2026"}).content)


def test_book_of_a_member_leaves_out_the_committees_own(paper, cell, member, committee):
    Meeting.objects.update(body="committee", kind=Kind.COMMITTEE)
    assert (len(entries(cell, member, 2026)), len(entries(cell, committee, 2026))) == (0, 1)


def test_entries_take_the_same_queries(cell, secretary, clerk, member, django_assert_num_queries):
    for _ in range(3):
        adopted(story.told(cell, secretary, clerk, member), secretary, ("Dọn mương", member), ("Nêu gương", None))
        secretary.posts, secretary.cells  # noqa: B018 - read once per request
        with django_assert_num_queries(4):
            entries(cell, secretary, 2026)


def test_resolution_prints_the_assignment_of_work_that_it_adopts(meeting, cell, secretary, member):
    """06-HD/TW 2.3: the sheet of the year is an annex of its resolution."""
    plan = duties.start_plan(cell, year=2026, by=secretary)
    duty = plan.duties.get(member=member.member)
    duty.text = "Phụ trách tổ 2"
    duties.change_duty(duty=duty, by=secretary)
    draft = resolution.start_resolution(meeting, by=secretary)
    duties.lay_plan(plan, resolution=draft, by=secretary)
    found = text(draft_resolution(Resolution.objects.get(pk=draft.pk)))
    assert found.index("Nơi nhận:") < found.index("PHỤ LỤC") < found.index("Phụ trách tổ 2")


# Signatures asked for, readers told


def notices(kind):
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return {(row.recipient.full_name, row.outcome) for row in rows.select_related("recipient")}


NAMES = {"clerk": "Đỗ Mai Anh", "chair": "Trần Quốc Bình"}


def test_sealing_asks_each_signer_and_withdrawing_takes_it_back(meeting, secretary):
    minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=secretary)
    sealed = minutes.seal_minutes(meeting, way="p12", by=secretary)
    assert notices("minutes.to_sign") == {(name, Outcome.WAITING) for name in NAMES.values()}
    row = Notice.objects.filter(kind="minutes.to_sign").first()
    assert (row.key, row.url, row.subject) == (
        f"meeting:{meeting.pk}:to_sign:{sealed.paper.pk}",
        reverse("meetings:sign", args=[meeting.pk]),
        f"Ký biên bản: {meeting.title}",
    )
    minutes.withdraw_minutes(meeting, reason="Nhầm", by=secretary)
    assert notices("minutes.to_sign") == {(name, Outcome.WITHDRAWN) for name in NAMES.values()}


def scan_of(paper):
    from tests.matrix.evenings import _scan_of

    return _scan_of(paper)


def test_who_signed_is_asked_no_more_and_readers_are_told_once(
    paper, cell, secretary, clerk, member, visitor, probationary
):
    """In one transaction with the signature: whoever is in the cell today, visitors too."""
    sealed = resolution.seal_resolution(paper, way="ink", by=secretary).paper
    assert notices("minutes.to_sign") == {("Trần Quốc Bình", Outcome.WAITING)}
    assert notices("resolution.published") == set()
    publishing.SIGNING.accept_scan(sealed, scan=scan_of(sealed), by=secretary)
    assert notices("minutes.to_sign") == {("Trần Quốc Bình", Outcome.WITHDRAWN)}
    told = notices("resolution.published")
    assert {visitor.member.full_name, probationary.member.full_name, member.member.full_name} <= {
        name for name, _ in told
    }
    row = Notice.objects.filter(kind="resolution.published").first()
    assert (row.key, row.url, row.subject, row.context) == (
        f"resolution:{paper.pk}:published",
        paper.get_absolute_url(),
        "Nghị quyết 01-NQ/CB đã ban hành",
        {"number": "01-NQ/CB", "title": paper.subject, "day": "05/12/2026"},
    )
    assert row.due_at > story.NOW  # not urgent: several meet in one mail


def test_committees_own_resolution_is_told_to_the_committee(meeting, secretary, committee, member):
    Meeting.objects.update(body="committee", kind=Kind.COMMITTEE)
    found = adopted(Meeting.objects.get(pk=meeting.pk), secretary, ("Dọn mương", secretary))
    sealed = resolution.seal_resolution(found, way="ink", by=secretary).paper
    publishing.SIGNING.accept_scan(sealed, scan=scan_of(sealed), by=secretary)
    assert {name for name, _ in notices("resolution.published")} == {"Trần Quốc Bình", "Phan Văn Chương"}


def test_refused_signature_plans_nothing(paper, secretary):
    sealed = resolution.seal_resolution(paper, way="ink", by=secretary).paper
    assert refusal(publishing.SIGNING.accept_scan, sealed, scan=b"x", by=secretary)[1] == "scan"
    assert (notices("resolution.published"), notices("minutes.to_sign")) == (
        set(), {("Trần Quốc Bình", Outcome.WAITING)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "context", "said"),
    [
        (
            "resolution.published",
            {"number": "01-NQ/CB", "title": "về <b>việc</b>", "day": "05/12/2026"},
            "Nghị quyết 01-NQ/CB ngày 05/12/2026 đã đủ chữ ký.",
        ),
        (
            "minutes.to_sign",
            {"what": "biên bản", "title": "Sinh hoạt", "number": "", "by_hand": True},
            "Biên bản đã khóa, chờ đồng chí ký.",
        ),
    ],
)
def test_mails_say_it_in_both_forms(kind, context, said):
    context = context | {"subject": "Việc", "link": "https://chibo.example.vn/"}
    plain = render_to_string(f"email/{kind}.txt", context)
    rich = render_to_string(f"email/{kind}.html", context)
    assert said in plain
    assert said in html.unescape(re.sub(r"<[^>]*>", "", rich)).replace("\u00a0", " ")
    assert "<b>việc</b>" not in rich


def test_progress_of_counts_every_state():
    found = queries.Progress({"done": 2, "replaced": 1, "late": 3, "open": 1})
    assert (found.total, found.ended, found.late) == (7, 3, 3)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/resolutions/", 200), ("/resolutions/clauses/", 200), ("/meetings/", 200), ("/meetings/new/", 403)],
)
def test_superior_is_told_what_is_seen_where(superior, member, as_user, address, status):
    """DESIGN §1: a superior sees which cells met and what is late, never what was said."""
    told = 'còn bao nhiêu nhiệm vụ quá hạn ở <a href="/">Trang chính</a>'
    answers = [as_user(user).get(address) for user in (superior, member)]
    assert [(answer.status_code, told in answer.content.decode()) for answer in answers] == [
        (status, True), (status, False),
    ]  # fmt: skip
