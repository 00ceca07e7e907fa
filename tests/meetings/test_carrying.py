"""Undiscussed items come into the next draft by themselves, with where they came from; nothing agreed is forgotten."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from meetings.models import AgendaItem, DroppedItem, Meeting, MeetingPaper
from meetings.queries import agenda as queries
from meetings.queries import carried
from meetings.services import agenda, carrying, lifecycle, papers, speeches
from meetings.states import ItemStatus, Kind, State
from members.models import Activity, Membership
from tests.factories import at
from tests.meetings.months import START, World
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db


def held(cell, by, *, days=-20, **item):
    """A meeting held some days ago with one content item of its own; nothing was settled after it yet."""
    meeting = new_meeting(cell, by, starts_at=at(days=days))
    made = AgendaItem.objects.create(meeting=meeting, section="B", position=40, title="Vệ sinh tuyến mương", **item)
    Meeting.objects.filter(pk=meeting.pk).update(state=State.CLOSED)
    return AgendaItem.objects.select_related("meeting__cell").get(pk=made.pk)


def carried_of(old):
    return old.carried_to.select_related("meeting__cell").get()


def row_of(item):
    rows = [row for part in queries.parts(item.meeting) for row in part.rows]
    return next(row for row in rows if row.item == item)


@pytest.fixture
def old(cast, cell):
    return held(cell, cast["bithu"], status=ItemStatus.POSTPONED, presenter=cast["dangvien"].member, draft_text="Cũ")


@pytest.fixture
def item(old, cast, cell):
    """The old item in the draft made ten days ahead."""
    new_meeting(cell, cast["bithu"])
    return carried_of(old)


class TestCarry:
    @pytest.mark.parametrize("status", [ItemStatus.POSTPONED, ItemStatus.PENDING])
    def test_undiscussed_item_comes_into_the_next_draft_with_its_text(self, cast, cell, status):
        old = held(cell, cast["bithu"], status=status, draft_text="Dự thảo cũ", presenter=cast["dangvien"].member)
        new_meeting(cell, cast["bithu"])
        item = carried_of(old)
        assert (item.origin, item.section, item.draft_text) == (f"item:{old.pk}", "B", "Dự thảo cũ")
        assert (item.presenter, item.source) == (
            cast["dangvien"].member,
            f"Chưa bàn ở buổi họp {old.meeting.day:%d/%m/%Y}",
        )
        assert item.meeting.items.filter(section="B").last() == item
        assert row_of(item).carried == f"Chuyển từ {old.meeting.day:%d/%m/%Y}"

    def test_closing_carries_into_the_draft_that_stands(self, cast, cell):
        draft = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        meeting = new_meeting(cell, cast["bithu"], starts_at=at(days=-1))
        made = AgendaItem(section="B", title="Chưa tới lượt")
        agenda.add_item(meeting, agendaitem=made, by=cast["bithu"])
        meeting = lifecycle.notify_meeting(lifecycle.agree_meeting(meeting, by=cast["bithu"]), by=cast["bithu"])
        lifecycle.open_meeting(meeting, by=cast["bithu"], clerk=cast["thuky"].member, opened_at=at(days=-1))
        lifecycle.close_meeting(meeting, closed_at=at(days=-1, hour=16), by=cast["bithu"])
        assert carried_of(made).meeting == draft
        # what the standard order brings to every meeting does not come a second time
        assert draft.items.filter(carried_from__isnull=False).count() == 1
        line = Activity.objects.filter(verb="agenda.carried").get()
        assert (line.object_id, line.actor) == (draft.pk, cast["bithu"])

    def test_discussed_item_stays_where_it_was(self, cast, cell):
        old = held(cell, cast["bithu"], status=ItemStatus.DISCUSSED)
        new_meeting(cell, cast["bithu"])
        assert old.carried_to.count() == 0

    def test_another_cells_items_stay_there(self, cast, cell, other_cell):
        old = held(other_cell, cast["chibokhac"], status=ItemStatus.POSTPONED)
        new_meeting(cell, cast["bithu"])
        assert list(carried.undiscussed(other_cell)) == [old]

    @pytest.mark.parametrize("kind", [Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE])
    def test_only_a_regular_meeting_takes_it_over(self, cast, cell, old, kind):
        new_meeting(cell, cast["bithu"], kind=kind)
        assert list(carried.undiscussed(cell)) == [old]
        assert not old.carried_to.exists()

    def test_items_of_a_cancelled_meeting_go_on_and_the_times_are_counted(self, cast, cell, item):
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        lifecycle.cancel_meeting(item.meeting, cancel_reason="Bão", by=cast["bithu"])
        again = carried_of(item)
        assert again.meeting == later
        assert row_of(again).carried == f"Chuyển từ {item.meeting.day:%d/%m/%Y}, lần 2"

    def test_lineage_is_followed_to_any_depth(self, cast, cell, item):
        for number in range(5):
            new_meeting(cell, cast["bithu"], starts_at=at(days=40 + number))
            lifecycle.cancel_meeting(item.meeting, cancel_reason="Bão", by=cast["bithu"])
            item = carried_of(item)
        assert row_of(item).carried.endswith(", lần 6")
        assert len(carried.family(item.pk)) == 7

    def test_presenter_who_left_the_roll_is_not_carried(self, cast, cell, old):
        Membership.objects.filter(member=old.presenter).update(ends_on=datetime.date(2021, 1, 1))
        new_meeting(cell, cast["bithu"])
        assert carried_of(old).presenter is None

    def test_two_drafts_the_earliest_takes_it(self, cast, cell, item):
        # "the next draft": an earlier one that appears takes over what nobody has worked on
        sooner = new_meeting(cell, cast["bithu"], starts_at=at(days=5))
        item.refresh_from_db()
        assert item.meeting == sooner

    def test_what_was_worked_on_stays_in_its_draft(self, cast, cell, item):
        agenda.change_draft(item, draft_text="Đã sửa", by=cast["bithu"])
        new_meeting(cell, cast["bithu"], starts_at=at(days=5))
        before = item.meeting
        item.refresh_from_db()
        assert item.meeting == before

    def test_a_new_date_changes_which_draft_is_next(self, cast, cell, item):
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        later.starts_at = at(days=4)
        lifecycle.update_meeting(meeting=later, by=cast["bithu"])
        item.refresh_from_db()
        assert item.meeting == later

    def test_a_draft_that_is_no_regular_meeting_any_more_gives_it_up(self, cast, cell, item, old):
        meeting = item.meeting
        meeting.kind, meeting.theme = Kind.THEMATIC, "Nêu gương"
        lifecycle.update_meeting(meeting=meeting, by=cast["bithu"])
        assert list(carried.undiscussed(cell)) == [old]

    def test_what_turns_out_to_be_discussed_leaves_the_draft_again(self, cast, cell):
        old = held(cell, cast["bithu"], status=ItemStatus.PENDING)
        new_meeting(cell, cast["bithu"])
        item = carried_of(old)
        speeches.save_conclusion(old, text="Thống nhất", version=0, by=cast["bithu"])
        assert not AgendaItem.objects.filter(pk=item.pk).exists()
        assert list(carried.undiscussed(cell)) == []

    def test_what_is_postponed_after_the_close_comes_too(self, cast, cell):
        old = held(cell, cast["bithu"], status=ItemStatus.DISCUSSED)
        draft = new_meeting(cell, cast["bithu"])
        speeches.postpone_item(old, by=cast["bithu"])
        assert carried_of(old).meeting == draft


class TestPapers:
    @pytest.fixture
    def paper(self, old, cast, media):
        found = MeetingPaper(meeting=old.meeting, item=old, title="Dự toán", filename="a.pdf", size=9, mime="a/b")
        found.file.save("a.pdf", ContentFile(b"%PDF-1.7 a"))
        return found

    @pytest.fixture
    def media(self, tmp_path, settings):
        settings.MEDIA_ROOT = tmp_path

    def test_papers_are_laid_again(self, paper, item):
        laid = item.papers.get()
        assert (laid.meeting, laid.title, laid.file.name) == (item.meeting, "Dự toán", paper.file.name)

    def test_papers_move_with_the_item(self, paper, item, cast, cell):
        sooner = new_meeting(cell, cast["bithu"], starts_at=at(days=5))
        assert item.papers.get().meeting == sooner

    def test_the_file_stays_while_a_paper_needs_it(self, paper, item, cast, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            papers.remove_paper(item.papers.get(), by=cast["bithu"])
        assert paper.file.storage.exists(paper.file.name)

    def test_papers_leave_with_a_dropped_item(self, paper, item, cast):
        meeting = item.meeting
        carrying.drop_item(item, reason="Đã xong", by=cast["bithu"])
        assert list(meeting.papers.all()) == []


class TestLeaveOut:
    def test_carried_item_is_not_just_removed(self, item, cast):
        with pytest.raises(Refused, match="Chọn “Để buổi sau”, hoặc “Không bàn nữa” và nêu lý do"):
            agenda.remove_item(item, by=cast["bithu"])

    def test_put_off_waits_and_comes_with_the_next_draft(self, item, old, cast, cell):
        carrying.put_off_item(item, by=cast["bithu"])
        assert list(carried.undiscussed(cell)) == [old]
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        assert carried_of(old).meeting == later

    def test_put_off_goes_to_a_later_draft_as_it_stands(self, item, cast, cell):
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        agenda.change_draft(item, draft_text="Đã sửa", by=cast["bithu"])
        carrying.put_off_item(item, by=cast["bithu"])
        item.refresh_from_db()
        assert (item.meeting, item.draft_text) == (later, "Đã sửa")

    def test_put_off_is_remembered_when_the_later_draft_is_cancelled(self, item, old, cast, cell):
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        carrying.put_off_item(item, by=cast["bithu"])
        lifecycle.cancel_meeting(later, cancel_reason="Bão", by=cast["bithu"])
        assert [row.meeting for row in carried.undiscussed(cell)] == [later]

    def test_dropped_item_never_comes_back_and_says_why(self, item, old, cast, cell):
        carrying.drop_item(item, reason="Phường đã làm.", by=cast["bithu"])
        new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        assert old.carried_to.count() == 0
        assert DroppedItem.objects.get(item=old).reason == "Phường đã làm."

    def test_dropping_needs_a_reason(self, item, cast):
        with pytest.raises(Refused, match="Ghi lý do không bàn nữa") as refused:
            carrying.drop_item(item, reason=" ", by=cast["bithu"])
        assert refused.value.field == "reason"

    def test_an_item_added_by_hand_is_just_removed(self, item, cast):
        other = AgendaItem(section="B", title="Việc khác")
        agenda.add_item(item.meeting, agendaitem=other, by=cast["bithu"])
        with pytest.raises(Refused, match="Chỉ nội dung chuyển từ buổi trước"):
            carrying.put_off_item(other, by=cast["bithu"])
        agenda.remove_item(other, by=cast["bithu"])
        assert not AgendaItem.objects.filter(pk=other.pk).exists()

    def test_agreed_agenda_keeps_it(self, item, cast):
        lifecycle.agree_meeting(item.meeting, by=cast["bithu"])
        with pytest.raises(Refused, match="Chương trình đã khóa"):
            carrying.put_off_item(item, by=cast["bithu"])

    def test_page_asks_and_does_either(self, item, old, cast, as_user):
        client = as_user(cast["bithu"])
        url = reverse("meetings:item_delete", args=[item.meeting_id, item.pk])
        agenda_page = client.get(reverse("meetings:agenda", args=[item.meeting_id])).content.decode()
        for page in (client.get(url).content.decode(), agenda_page):
            assert ("?cach=later" in page, "?cach=drop" in page) == (True, True)
        asked = [client.get(f"{url}?cach={way}").context["step"].label for way in ("later", "drop")]
        assert asked == ["Để buổi sau", "Không bàn nữa"]
        refused = client.post(url, {"choice": "drop"})
        assert (refused.status_code, refused.context["form"].errors["reason"]) == (422, ["Ghi lý do không bàn nữa."])
        assert client.post(url, {"choice": "drop", "reason": "Đã xong"}).status_code == 302
        assert DroppedItem.objects.get().item == old

    def test_page_puts_off_with_its_reason(self, item, old, cast, as_user):
        url = reverse("meetings:item_delete", args=[item.meeting_id, item.pk])
        answer = as_user(cast["bithu"]).post(url, {"choice": "later", "reason": "Chờ ý kiến phường"})
        assert (answer.status_code, old.put_offs.get().reason, old.carried_to.exists()) == (
            302, "Chờ ý kiến phường", False,
        )  # fmt: skip

    def test_agenda_says_what_came_by_itself(self, item, old, cast, as_user):
        page = as_user(cast["bithu"]).get(reverse("meetings:agenda", args=[item.meeting_id])).content.decode()
        assert f"Chưa bàn ở buổi họp {old.meeting.day:%d/%m/%Y}" in page
        assert page.count(reverse("meetings:topic", args=[item.pk])) == 2


@pytest.mark.django_db(transaction=True)
def test_two_drafts_made_at_once_take_an_item_once(cast, cell):
    """Two of the committee press the button at the same moment: one waits for the other, nothing is carried twice."""
    old = held(cell, cast["bithu"], status=ItemStatus.POSTPONED)

    def make(days):
        try:
            return new_meeting(cell, cast["bithu"], starts_at=at(days=days)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, (30, 20, 40, 10)))
    assert carried_of(old).meeting_id == made[3]
    assert AgendaItem.objects.filter(carried_from=old).count() == 1


@pytest.mark.django_db(transaction=True)
def test_moves_and_edits_of_several_drafts_at_once_wait_for_each_other(cast, cell):
    """Locks are taken in one order (the cell, its drafts, the diary's head), so nobody is turned away."""
    held(cell, cast["bithu"], status=ItemStatus.POSTPONED)
    drafts = [new_meeting(cell, cast["bithu"], starts_at=at(days=10 + place)) for place in range(4)]

    def change(place):
        try:
            meeting = Meeting.objects.get(pk=drafts[place % 4].pk)
            if place % 3 == 0:
                agenda.add_item(meeting, agendaitem=AgendaItem(section="B", title="Việc"), by=cast["bithu"])
            else:
                meeting.starts_at = at(days=30 - place)
                lifecycle.update_meeting(meeting=meeting, by=cast["bithu"])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(change, range(12)))
    assert AgendaItem.objects.filter(carried_from__isnull=False).count() == 1


WORDS = (
    "create", "create", "create", "hold", "hold", "hold", "redate", "notify", "open", "close", "cancel",
    "late_word", "late_word", "put_off", "drop", "touch", "give", "work", "work", "decide", "wait",
)  # fmt: skip
ACTS = st.tuples(st.sampled_from(WORDS), st.integers(0, 11), st.integers(0, 59))


class TestWhateverHappens:
    """Issue 3: whatever the order of meetings, postponements and cancellations, every open thing is in exactly one
    next draft of a regular meeting, and nothing that was closed comes back.
    """

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(ACTS, min_size=12, max_size=24))
    def test_every_open_thing_stands_in_exactly_one_place(self, acts):
        with transaction.atomic():
            with time_machine.travel(START, tick=False):
                world = World()
                world.make(Kind.REGULAR, 5)
            for name, a, b in acts:
                world.act(name, a, b)
            transaction.set_rollback(True)
