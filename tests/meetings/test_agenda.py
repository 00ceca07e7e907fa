"""The standard order, proposals, and the items of an agenda."""

import datetime

import pytest
from django.urls import reverse

from core.contributions import ProposedItem
from core.errors import Refused
from meetings import offers, standard
from meetings.models import AgendaItem
from meetings.queries import agenda as queries
from meetings.services import agenda, lifecycle
from meetings.states import Kind
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


class TestPropose:
    def test_chair_and_clerk_present_what_is_theirs(self, draft, cast):
        who = {item.origin: item.presenter for item in draft.items.all()}
        assert who["standard:opening"] == cast["bithu"].member
        assert who["standard:minutes"] == cast["thuky"].member
        assert who["standard:news"] is None


@pytest.fixture
def offered(monkeypatch):
    """One offer of an app, as fees or pledges will make them: a thing of the cell, proposed until it is taken."""

    def arrears(cell, on):
        return [ProposedItem(f"arrears:{cell.pk}", "B", "Đảng phí còn thiếu", "Biện pháp thu đủ", 5, "Sổ đảng phí")]

    monkeypatch.setattr(offers, "OFFERS", [])
    monkeypatch.setattr(queries, "OFFERS", offers.OFFERS)
    agenda.offer(arrears)
    agenda.offer(arrears)  # twice is once
    return "arrears:{}".format


class TestWaiting:
    """What an app offers waits beside the agenda until it is taken or put off (DESIGN §3, Contributions)."""

    def test_nothing_waits_where_nobody_offers(self, draft):
        assert queries.waiting(draft) == []

    def test_offer_waits_and_is_taken_once(self, offered, draft, cast, cell):
        (row,) = queries.waiting(draft)
        assert row.key == offered(cell.pk)
        item = agenda.accept_proposal(draft, key=row.key, by=cast["bithu"])
        assert (item.origin, item.section, item.title, item.minutes) == (row.key, "B", "Đảng phí còn thiếu", 5)
        assert queries.waiting(draft) == []
        with pytest.raises(Refused, match="không còn chờ"):
            agenda.accept_proposal(draft, key=row.key, by=cast["phobithu"])

    def test_put_off_waits_at_the_next_meeting_only(self, offered, draft, cast, cell):
        key = offered(cell.pk)
        agenda.put_off_proposal(draft, key=key, by=cast["bithu"])
        draft.refresh_from_db()
        assert queries.waiting(draft) == []
        later = new_meeting(cell, cast["bithu"], starts_at=at(days=40))
        assert [row.key for row in queries.waiting(later)] == [key]

    def test_committee_meeting_is_offered_nothing(self, offered, cast, cell):
        assert queries.waiting(new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE)) == []

    def test_page_shows_the_offer_and_takes_it(self, offered, draft, cast, cell, as_user):
        client = as_user(cast["bithu"])
        page = client.get(reverse("meetings:agenda", args=[draft.pk])).content.decode()
        assert "Chờ đưa vào chương trình" in page
        assert "Sổ đảng phí · 5 phút" in page
        client.post(reverse("meetings:proposals", args=[draft.pk]), {"choice": "accept", "key": offered(cell.pk)})
        assert draft.items.filter(origin=offered(cell.pk)).count() == 1


class TestItems:
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
