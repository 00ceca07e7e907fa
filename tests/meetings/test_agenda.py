"""The standard order, proposals, and the items of an agenda."""

import datetime

import pytest

from assignments.services.giving import give
from core.errors import Refused
from meetings import standard
from meetings.models import AgendaItem, Meeting
from meetings.queries import agenda as queries
from meetings.services import agenda, lifecycle
from meetings.states import ItemStatus, Kind, State
from regulations.models import Rule
from tests.factories import at
from tests.meetings.prep import new_meeting

DAY = datetime.date(2026, 12, 5)


class TestStandardOrder:
    @pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.COMBINED, Kind.THEMATIC])
    def test_minutes_reach_the_rule(self, db, kind):
        # 42-HD/BTCTW: 90 minutes, 120 when both share one session; the numbers are the rule table's
        key = "meeting.min_minutes_combined" if kind == Kind.COMBINED else "meeting.min_minutes"
        least = max(int(value) for value in Rule.objects.filter(key=key).values_list("value", flat=True))
        assert sum(item.minutes for item in standard.items(kind, DAY)) >= least

    @pytest.mark.parametrize("kind", Kind.values)
    def test_sections_stand_in_order_and_keys_once(self, kind):
        items = standard.items(kind, DAY)
        letters = [item.section for item in items]
        assert letters == sorted(letters)
        assert len({item.key for item in items}) == len(items) > 0

    def test_months_run_over_the_year(self):
        titles = [item.title for item in standard.items(Kind.REGULAR, DAY)]
        assert "Kiểm điểm việc thực hiện nghị quyết tháng 11/2026" in titles
        assert "Nhiệm vụ tháng 01/2027, dự thảo nghị quyết" in titles

    def test_theme_stands_in_the_title(self):
        titles = [item.title for item in standard.items(Kind.THEMATIC, DAY, "Nêu gương")]
        assert "Trình bày chuyên đề: Nêu gương" in titles

    def test_titles_fit_their_field(self):
        longest = max(len(item.title) for kind in Kind.values for item in standard.items(kind, DAY, "x" * 100))
        assert longest <= 250


pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member)


def held(cell, by, **item):
    """A meeting held twenty days ago with one content item of its own."""
    meeting = new_meeting(cell, by, starts_at=at(days=-20))
    made = AgendaItem.objects.create(meeting=meeting, section="B", position=40, title="Vệ sinh tuyến mương", **item)
    Meeting.objects.filter(pk=meeting.pk).update(state=State.CLOSED)
    return made


class TestPropose:
    def test_chair_and_clerk_present_what_is_theirs(self, draft, cast):
        who = {item.origin: item.presenter for item in draft.items.all()}
        assert who["standard:opening"] == cast["bithu"].member
        assert who["standard:minutes"] == cast["thuky"].member
        assert who["standard:news"] is None

    def test_filled_agenda_is_left_alone(self, draft, cast):
        assert agenda.propose(draft, by=cast["bithu"]) == []
        assert draft.items.count() == 11


class TestWaiting:
    def test_open_assignment_waits_and_is_taken_once(self, draft, cast, cell):
        task = give(cell=cell, owner=cast["dangvien"].member, title="Lắp camera", due_on=draft.day, by=cast["bithu"])
        (row,) = queries.waiting(draft)
        assert (row.key, row.presenter_id) == (f"assignment:{task.pk}", cast["dangvien"].member_id)
        item = agenda.accept_proposal(draft, key=row.key, by=cast["bithu"])
        assert (item.origin, item.section, item.presenter) == (row.key, "B", cast["dangvien"].member)
        assert queries.waiting(draft) == []
        with pytest.raises(Refused, match="không còn chờ"):
            agenda.accept_proposal(draft, key=row.key, by=cast["phobithu"])

    def test_put_off_waits_at_the_next_meeting_only(self, draft, cast, cell):
        give(cell=cell, owner=cast["dangvien"].member, title="Lắp camera", due_on=draft.day, by=cast["bithu"])
        key = queries.waiting(draft)[0].key
        agenda.put_off_proposal(draft, key=key, by=cast["bithu"])
        draft.refresh_from_db()
        assert queries.waiting(draft) == []
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        assert [row.key for row in queries.waiting(later)] == [key]

    @pytest.mark.parametrize("status", [ItemStatus.POSTPONED, ItemStatus.PENDING])
    def test_undiscussed_item_is_carried_with_its_text(self, cast, cell, status):
        old = held(cell, cast["bithu"], status=status, draft_text="Dự thảo cũ", presenter=cast["dangvien"].member)
        draft = new_meeting(cell, cast["bithu"])
        assert [row.key for row in queries.waiting(draft)] == [f"item:{old.pk}"]
        item = agenda.accept_proposal(draft, key=f"item:{old.pk}", by=cast["bithu"])
        assert (item.carried_from, item.draft_text) == (old, "Dự thảo cũ")
        assert queries.waiting(draft) == []
        row = next(row for part in queries.parts(draft) for row in part.rows if row.item == item)
        assert row.carried == f"Chuyển từ {old.meeting.day:%d/%m/%Y}"

    def test_discussed_item_is_not_proposed(self, cast, cell):
        held(cell, cast["bithu"], status=ItemStatus.DISCUSSED)
        assert queries.waiting(new_meeting(cell, cast["bithu"])) == []

    def test_items_of_a_cancelled_meeting_come_back(self, cast, cell):
        meeting = new_meeting(cell, cast["bithu"], starts_at=at(days=3))
        item = AgendaItem.objects.create(meeting=meeting, section="B", title="Việc của buổi đã hủy")
        lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=cast["bithu"])
        assert [row.key for row in queries.waiting(new_meeting(cell, cast["bithu"]))] == [f"item:{item.pk}"]

    def test_the_second_time_is_counted(self, cast, cell):
        first = held(cell, cast["bithu"], status=ItemStatus.POSTPONED)
        second = new_meeting(cell, cast["bithu"], starts_at=at(days=-5))
        again = agenda.accept_proposal(second, key=f"item:{first.pk}", by=cast["bithu"])
        AgendaItem.objects.filter(pk=again.pk).update(status=ItemStatus.POSTPONED)
        Meeting.objects.filter(pk=second.pk).update(state=State.CLOSED)
        draft = new_meeting(cell, cast["bithu"])
        item = agenda.accept_proposal(draft, key=f"item:{again.pk}", by=cast["bithu"])
        row = next(row for part in queries.parts(draft) for row in part.rows if row.item == item)
        assert row.carried.endswith(", lần 2")

    def test_another_cells_items_stay_there(self, cast, cell, other_cell):
        held(other_cell, cast["chibokhac"], status=ItemStatus.POSTPONED)
        assert queries.waiting(new_meeting(cell, cast["bithu"])) == []


class TestItems:
    def test_a_removed_carried_item_waits_again(self, cast, cell):
        old = held(cell, cast["bithu"], status=ItemStatus.POSTPONED)
        draft = new_meeting(cell, cast["bithu"])
        item = agenda.accept_proposal(draft, key=f"item:{old.pk}", by=cast["bithu"])
        agenda.remove_item(item, by=cast["bithu"])
        assert [row.key for row in queries.waiting(draft)] == [f"item:{old.pk}"]

    def test_order_keeps_sections_and_forgets_nobody(self, draft, cast):
        ids = list(draft.items.filter(section="B").values_list("pk", flat=True))
        agenda.order_items(draft, order=[ids[2], ids[0]], by=cast["bithu"])
        now = list(draft.items.filter(section="B").values_list("pk", flat=True))
        assert now == [ids[2], ids[0], ids[1], *ids[3:]]
        assert draft.items.count() == 11

    def test_order_ignores_items_of_another_meeting_and_nonsense(self, draft, cast, cell):
        other = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        before = list(draft.items.values_list("pk", flat=True))
        agenda.order_items(draft, order=[other.items.first().pk, "x", *before], by=cast["bithu"])
        assert list(draft.items.values_list("pk", flat=True)) == before

    def test_at_the_edge_nothing_moves(self, draft, cast):
        first = draft.items.filter(section="B").first()
        agenda.move_item(first, direction="up", by=cast["bithu"])
        assert draft.items.filter(section="B").first() == first

    def test_other_section_puts_the_item_at_its_end(self, draft, cast):
        item = draft.items.filter(section="B").first()
        item.section = "C"
        agenda.change_item(agendaitem=item, by=cast["bithu"])
        assert list(draft.items.filter(section="C"))[-1] == item

    def test_removed_item_is_told_to_the_second_browser(self, draft, cast):
        item = draft.items.first()
        agenda.remove_item(AgendaItem.objects.get(pk=item.pk), by=cast["bithu"])
        with pytest.raises(Refused, match="vừa được đồng chí khác bỏ"):
            agenda.remove_item(item, by=cast["phobithu"])

    def test_times_follow_the_minutes(self, draft):
        a, b, c = queries.parts(draft)
        assert [f"{part.starts_at:%H:%M} {part.minutes}" for part in (a, b, c)] == ["14:00 10", "14:10 80", "15:30 15"]
        assert b.rows[1].number == "B2"

    def test_agreed_agenda_does_not_move(self, draft, cast):
        lifecycle.agree_meeting(draft, by=cast["bithu"])
        with pytest.raises(Refused, match="Chương trình đã khóa"):
            agenda.order_items(draft, order=[], by=cast["bithu"])
