"""Months of a small cell, one act after the other, and what must hold after each: for the property of carrying.

``World.act(name, a, b)`` does one act on the ``a``-th object that allows it, or nothing; ``check()`` asserts, counting
everything by itself in Python, what issue 3 promises: "whatever the order of meetings, postponements and cancellations,
every open thing is in exactly one next draft of a regular meeting".
"""

import datetime

import time_machine
from django.utils import timezone

from assignments.models import Assignment
from assignments.services import giving, progress
from assignments.states import State as Task
from meetings.models import AgendaItem, Clause, DroppedItem, Meeting, Vote
from meetings.queries import carried, review
from meetings.services import agenda, carrying, clauses, lifecycle, resolution, speeches, voting
from meetings.states import CLAUSE_OPEN, REGULAR_KINDS, ClauseState, Decision, Ending, Finding, ItemStatus, Kind, State
from tests.factories import CellFactory, person
from tests.meetings.clause_rule import state_of

START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
KINDS = (Kind.REGULAR, Kind.REGULAR, Kind.COMBINED, Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE)
DAY = datetime.timedelta(days=1)
UPCOMING = (State.DRAFT, State.AGREED, State.NOTIFIED, State.IN_SESSION)
ADOPTED = ("adopted", "sealed", "signed")


class World:
    def __init__(self):
        self.cell = CellFactory()
        self.by = person(self.cell, "secretary", "committee_member", name="Trần Quốc Bình")
        self.clerk = person(self.cell, name="Đỗ Mai Anh")
        self.now, self.count = START, 0

    def act(self, name, a, b):
        self.now += datetime.timedelta(hours=2)
        with time_machine.travel(self.now, tick=False):
            getattr(self, f"do_{name}")(a, b)
            self.check()

    def meetings(self, *states):
        return list(Meeting.objects.filter(cell=self.cell, state__in=states).select_related("cell").order_by("pk"))

    def pick(self, rows, number):
        return rows[number % len(rows)] if rows else None

    def title(self):
        self.count += 1
        return f"Việc {self.count}"

    # ── acts ──

    def do_create(self, a, b):
        self.make(KINDS[a % len(KINDS)], b)

    def make(self, kind, days):
        meeting = Meeting(
            cell=self.cell, kind=kind, starts_at=self.now + (1 + days) * DAY, place="Nhà văn hóa",
            chair=self.by.member, clerk=self.clerk.member,
        )  # fmt: skip
        meeting = lifecycle.create_meeting(meeting=meeting, by=self.by)
        item = AgendaItem(section="B", title=self.title())
        agenda.add_item(meeting, agendaitem=item, by=self.by)
        return meeting

    def do_redate(self, a, b):
        if meeting := self.pick(self.meetings(State.DRAFT), a):
            meeting.starts_at = self.now + (1 + b) * DAY
            meeting.kind = KINDS[b % len(KINDS)]
            lifecycle.update_meeting(meeting=meeting, by=self.by)

    def do_notify(self, a, b):
        """Agreed, then told; every third time only agreed and taken back."""
        if meeting := self.pick(self.meetings(State.DRAFT), a):
            if meeting.needs_agreement:
                meeting = lifecycle.agree_meeting(meeting, by=self.by)
                if b % 3 == 0:
                    lifecycle.revise_meeting(meeting, by=self.by)
                    return
            lifecycle.notify_meeting(meeting, by=self.by)

    def do_open(self, a, b):
        if meeting := self.pick(self.meetings(State.NOTIFIED), a):
            self.open(meeting, a + b)

    def open(self, meeting, number):
        """Some items are treated, some postponed, some never reached."""
        meeting = lifecycle.open_meeting(meeting, by=self.by)
        for place, item in enumerate(meeting.items.filter(section="B"), start=number):
            if place % 3 == 0:
                speeches.go_to(item, by=self.by)
            elif place % 3 == 1:
                speeches.postpone_item(item, by=self.by)
        return meeting

    def do_close(self, a, b):
        if meeting := self.pick(self.meetings(State.IN_SESSION), a):
            self.close(meeting, b)

    def close(self, meeting, number):
        if number % 2:
            self.pass_resolution(meeting, number)
        lifecycle.close_meeting(meeting, closed_at=timezone.now(), by=self.by)

    def do_hold(self, a, b):
        """A whole meeting, the usual way."""
        if meeting := self.pick(self.meetings(State.DRAFT), a):
            if meeting.needs_agreement:
                meeting = lifecycle.agree_meeting(meeting, by=self.by)
            meeting = self.open(lifecycle.notify_meeting(meeting, by=self.by), a + b)
            self.now += datetime.timedelta(hours=1)
            with time_machine.travel(self.now, tick=False):
                self.close(meeting, b)

    def pass_resolution(self, meeting, b):
        draft = resolution.start_resolution(meeting, by=self.by)
        due = timezone.localdate() + (b % 40) * DAY
        for owner in (self.by.member, None):
            clause = Clause(text=self.title(), owner=owner, due_on=due if owner else None)
            clauses.add_clause(draft, clause=clause, by=self.by)
        item = meeting.items.filter(section="C").first()
        meeting.sheet.update(presence="present")
        vote = Vote(matter="Thông qua nghị quyết", decision=Decision.RESOLUTION)
        vote = voting.open_vote(voting.propose_vote(item, vote=vote, by=self.by), by=self.by)
        vote = voting.close_vote(vote, agree=vote.voters, disagree=0, other=0, by=self.by)
        resolution.adopt_resolution(draft, vote=vote, by=self.by)

    def do_cancel(self, a, b):
        if meeting := self.pick(self.meetings(State.DRAFT, State.AGREED, State.NOTIFIED), a):
            lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=self.by)

    def do_late_word(self, a, b):
        """After the close: an item turns out to have been treated, or to have been left."""
        rows = AgendaItem.objects.filter(meeting__cell=self.cell, meeting__state=State.CLOSED, section="B")
        if b % 2:
            rows = rows.filter(status=ItemStatus.PENDING).exclude(origin__startswith="standard:")
        if item := self.pick(list(rows.select_related("meeting__cell").order_by("pk")), a):
            if b % 2:
                version = item.conclusion_version
                speeches.save_conclusion(item, text=f"Kết luận {b}", version=version, by=self.by)
            elif item.status != ItemStatus.POSTPONED:
                speeches.postpone_item(item, by=self.by)

    def carried_item(self, number):
        rows = AgendaItem.objects.filter(meeting__cell=self.cell, meeting__state=State.DRAFT)
        rows = rows.filter(carried_from__isnull=False).select_related("meeting__cell").order_by("pk")
        return self.pick(list(rows), number)

    def do_put_off(self, a, b):
        if item := self.carried_item(a):
            carrying.put_off_item(item, by=self.by)

    def do_drop(self, a, b):
        if item := self.carried_item(a):
            carrying.drop_item(item, reason="Không cần nữa", by=self.by)

    def do_touch(self, a, b):
        if item := self.carried_item(a):
            agenda.change_draft(item, draft_text=f"Dự thảo {b}", by=self.by)

    def do_give(self, a, b):
        audience = ("cell", "cell", "committee", "owner")[a % 4]
        due = timezone.localdate() + (b % 30) * DAY
        giving.give(cell=self.cell, owner=self.clerk.member, title=self.title(), due_on=due, audience=audience,
                    by=self.by)  # fmt: skip

    def do_work(self, a, b):
        """The next step of a task: report, finish, confirm; every fifth is withdrawn."""
        task = self.pick(list(Assignment.objects.filter(cell=self.cell).unfinished().order_by("pk")), a)
        if task is None:
            return
        if b % 5 == 4:
            progress.cancel(task, reason="Không cần", by=self.by)
        elif task.state == Task.REPORTED:
            progress.confirm(task, by=self.by)
        elif b % 2:
            progress.report(task, text="Đã làm một phần.", by=self.clerk)
        else:
            progress.finish(task, text="Đã xong.", by=self.clerk)

    def do_decide(self, a, b):
        """A recorded decision ends a clause."""
        found = [clause for clause, state in self.clauses() if state in CLAUSE_OPEN]
        if clause := self.pick(found, a):
            ending = (Ending.DONE, Ending.DROPPED)[b % 2]
            clauses.end_clause(clause, ending=ending, text="Chi bộ quyết định", by=self.by)

    def do_wait(self, a, b):
        self.now += (1 + b) * DAY

    # ── what must hold ──

    def check(self):
        items = list(AgendaItem.objects.filter(meeting__cell=self.cell).select_related("meeting", "carried_from"))
        self.check_items(items, set(DroppedItem.objects.values_list("item", flat=True)))
        self.check_review()

    def check_items(self, items, dropped):
        copies, parents = {}, {item.pk: item.carried_from_id for item in items}
        for item in items:
            copies.setdefault(item.carried_from_id, []).append(item)
        waiting = []
        for item in items:
            places = copies.get(item.pk, [])
            if is_left(item) and item.pk not in dropped:
                fits = self.fitting(chain(item.pk, parents))
                assert len(places) <= 1
                if not places:
                    assert not fits, f"{item} waits although {fits} could take it"
                    waiting.append(item)
                elif places[0].meeting.state == State.DRAFT and untouched(places[0]):
                    assert places[0].meeting == fits[0], f"{item} is not in the first draft that takes it"
                elif places[0].meeting.state == State.DRAFT and fits:
                    assert is_regular(places[0].meeting)
            else:
                drafts = [one for one in places if one.meeting.state == State.DRAFT and untouched(one)]
                assert drafts == [], f"{item} is settled and stands in a draft again"
        assert sorted(item.pk for item in carried.undiscussed(self.cell)) == sorted(item.pk for item in waiting)

    def fitting(self, ancestors):
        keys = {f"item:{pk}" for pk in ancestors}
        drafts = [one for one in self.meetings(State.DRAFT) if is_regular(one) and not keys & set(one.put_off)]
        return sorted(drafts, key=lambda one: (one.starts_at, one.pk))

    def clauses(self):
        rows = Clause.objects.filter(resolution__meeting__cell=self.cell, resolution__paper__state__in=ADOPTED)
        today = timezone.localdate()
        for clause in rows.select_related("resolution__meeting", "decision").order_by("pk"):
            decision = getattr(clause, "decision", None)
            tasks = [(link.assignment.state, link.assignment.due_on) for link in clause.given.all()]
            yield clause, state_of(decision.ending if decision else "", tasks, clause.due_on, today)

    def check_review(self):
        coming = [one for one in self.meetings(*UPCOMING) if is_regular(one)]
        coming.sort(key=lambda one: (one.state != State.IN_SESSION, one.starts_at, one.pk))
        found = {one: review.lines(one) for one in coming}
        for one in coming[1:]:
            assert found[one] == []
        if coming:
            states = {
                f"clause:{clause.pk}": state
                for clause, state in self.clauses()
                if clause.resolution.meeting.body == "cell" and clause.resolution.meeting != coming[0]
            }
            shown = {line.key: line.finding for line in found[coming[0]]}
            still = {key for key, finding in shown.items() if finding != Finding.DONE}
            assert still == {key for key, state in states.items() if state in CLAUSE_OPEN} | self.due(coming[0])
            done = {key for key, finding in shown.items() if finding == Finding.DONE}
            tasks = Assignment.objects.filter(cell=self.cell, state=Task.DONE, audience="cell", of_clause=None)
            over = {f"task:{task.pk}" for task in tasks}
            assert done <= over | {key for key, state in states.items() if state == ClauseState.DONE}

    def due(self, meeting):
        tasks = Assignment.objects.filter(cell=self.cell, audience="cell", of_clause=None).unfinished()
        return {f"task:{task.pk}" for task in tasks if task.due_on <= meeting.day or task.due_on < timezone.localdate()}


def is_regular(meeting) -> bool:
    return meeting.body == "cell" and meeting.kind in REGULAR_KINDS


def is_left(item) -> bool:
    meeting = item.meeting
    if meeting.state not in (State.CLOSED, State.CANCELLED):
        return False
    if item.carried_from_id is None and (item.section != "B" or meeting.body != "cell"):
        return False
    missed = item.status == ItemStatus.PENDING and not item.origin.startswith("standard:")
    return missed or item.status == ItemStatus.POSTPONED


def untouched(item) -> bool:
    return item.draft_text == item.carried_from.draft_text


def chain(pk, parents) -> list:
    found = []
    while pk is not None:
        found.append(pk)
        pk = parents[pk]
    return found
