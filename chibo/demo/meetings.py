"""Plays the demo's meetings through the services, each at its own time."""

import datetime
import io

import time_machine
from django.db.models import F
from django.utils import timezone

from assignments.services import progress
from chibo.demo.papers import sign_papers, simple_pdf, write_resolution
from chibo.demo.texts import fill, read
from core.vietnamese import date_text
from meetings.models import AgendaItem, Guest, Meeting, Vote
from meetings.queries.carried import key_of, undiscussed
from meetings.services import agenda, attendance, carrying, lifecycle, papers, speeches, tasks, voting
from meetings.states import Ballot, Kind, Presence
from members.models import User
from notices.models import Notice, Outcome

SECRETARY = {"vanphong": "bithu", "truonghoc": "chibokhac"}
FILES = [*(f"meetings-{number:02d}" for number in range(12, 0, -1)), "meetings-truonghoc", "meetings-next"]

SEEN_AFTER = datetime.timedelta(days=14)


def mark_sent(until):
    """What was due by that moment of the past was sent then: nobody's box is filled on the first start."""
    waiting = Notice.objects.filter(outcome=Outcome.WAITING, due_at__lte=until)
    waiting.update(outcome=Outcome.SENT, done_at=F("due_at"))
    read = Notice.objects.filter(outcome=Outcome.SENT, due_at__lte=until - SEEN_AFTER, seen_at=None)
    read.update(seen_at=F("due_at"))


class MeetingLoader:
    """``load()`` plays everything; the words for the rows are those of the headers of the data files."""

    def __init__(self, organisations, members, almanac, progress):
        self.cells, self.members, self.almanac, self.tell = organisations, members, almanac, progress
        self.users = {user.username: user for user in User.objects.select_related("member")}
        self.standard = read("meetings-standard")
        self.seasonal = read("meetings-seasonal")["item"]
        self.committee = {}  # (cell, offset) -> the committee meeting that prepared it
        self.tasks = {}  # key -> the task given from a conclusion, which a clause of the resolution may name
        self.pending = []  # tasks of the meeting being played, with what becomes of them
        self.rows = [row for name in FILES for row in read(name)["meeting"]]
        self.days = {}
        for row in self.rows:
            if "day" in row:
                self.days.setdefault((row["cell"], row["offset"]), self.day_of(row))

    def load(self):
        for row in sorted(self.rows, key=lambda row: (self.day_of(row), row["time"])):
            self.play(row)
            self.tell(f"{self.day_of(row):%d/%m/%Y} {self.cells[row['cell']].short_name}: {Kind(row['kind']).label}")

    # ── when ──

    def day_of(self, row):
        if "day" in row:
            return self.almanac.meeting_day(row["offset"], row["day"])
        return self.almanac.eve(self.days[row["cell"], row["offset"]], row["days_before"])

    def moment(self, row, minutes=0, days=0):
        """A moment counted from the beginning of the meeting."""
        time = datetime.time.fromisoformat(row["time"])
        start = timezone.make_aware(datetime.datetime.combine(self.day_of(row), time))
        return start + datetime.timedelta(minutes=minutes, days=days)

    def now(self, moment):
        """Act at that moment, never later than the real present; what was due before it has been sent."""
        moment = min(moment, self.present)
        mark_sent(moment)
        return time_machine.travel(moment, tick=True)

    @property
    def present(self):
        """The first hour of the day of the first start: nothing of the past happens after it."""
        return timezone.make_aware(datetime.datetime.combine(self.almanac.today, datetime.time.min))

    # ── one meeting ──

    def play(self, row):
        meeting = self.prepare(row)
        if row["offset"] >= 0:
            return
        with self.now(self.moment(row, days=-3)):
            if meeting.needs_agreement:
                meeting = lifecycle.agree_meeting(meeting, by=self.secretary(row))
            meeting = lifecycle.notify_meeting(meeting, by=self.secretary(row))
        self.hold(meeting, row)
        self.follow_tasks(row)

    def secretary(self, row):
        return self.users[SECRETARY[row["cell"]]]

    def clerk(self, row):
        """Who keeps the record: the clerk if he has an account, else the secretary."""
        return self.users.get(row["clerk"], self.secretary(row))

    def prepare(self, row):
        """The draft with its items; what waits from last time is taken in where the data says so."""
        cell, by = self.cells[row["cell"]], self.secretary(row)
        with self.now(self.moment(row, days=-6)):
            meeting = Meeting(
                cell=cell, kind=row["kind"], theme=row.get("theme", ""), starts_at=self.moment(row),
                place=row["place"], chair=self.members[row["chair"]], clerk=self.members[row["clerk"]],
                parent=self.prepared_by(row),
            )  # fmt: skip
            meeting = lifecycle.create_meeting(meeting=meeting, by=by)
            meeting.items.all().delete()
            for entry in self.items_of(row):
                self.add_item(meeting, entry, row, by)
            if row["offset"] >= 0:
                carrying.settle(cell, by=by)  # what the data does not take up itself comes to the end
        if row["body"] == "committee":
            self.committee[row["cell"], row["offset"]] = meeting
        return meeting

    def items_of(self, row):
        """The meeting's own items within the standard opening and closing, and what belongs to its month."""
        own = row.get("item", [])
        if not row.get("standard"):
            return [{"section": "B", **entry} for entry in own]
        month = self.day_of(row).month
        season = [entry for entry in self.seasonal if entry["only_month"] == month and row["cell"] == "vanphong"]
        standard = [e for e in self.standard["item"] if not e.get("needs_resolution") or "resolution" in row]
        opening = [entry for entry in standard if entry["section"] == "A"]
        closing = [entry for entry in standard if entry["section"] == "C"]
        return [*opening, *own, *({"section": "B", **entry} for entry in season), *closing]

    def add_item(self, meeting, entry, row, by):
        text = {field: fill(entry.get(field, ""), self.day_of(row)) for field in ("title", "decide", "draft_text")}
        person = {"chair": row["chair"], "clerk": row["clerk"]}.get(entry.get("presenter"), entry.get("presenter"))
        item = AgendaItem(
            section=entry.get("section", "B"), minutes=entry.get("minutes", 10),
            presenter=self.members[person] if person else None, **text,
        )  # fmt: skip
        if old := undiscussed(meeting.cell).filter(title=text["title"]).last():
            item.carried_from, item.origin = old, key_of(old.pk)
            item.source = f"Chưa bàn ở buổi họp {date_text(old.meeting.day)}"
        agenda.add_item(meeting, agendaitem=item, by=by)
        for paper in entry.get("papers", ()):
            upload = io.BytesIO(simple_pdf(paper["title"], [fill(t, self.day_of(row)) for t in paper["paragraphs"]]))
            upload.name, upload.size = paper["file"], upload.getbuffer().nbytes
            papers.add_paper(
                meeting, upload=upload, title=paper["title"], classification="normal", item=item,
                by=self.users.get(paper["uploaded_by"], by),
            )  # fmt: skip

    def prepared_by(self, row):
        """The committee meeting of the month prepared its regular meeting; nobody foresaw an extraordinary one."""
        foreseen = row["body"] == "cell" and row["kind"] != Kind.EXTRAORDINARY
        return self.committee.get((row["cell"], row["offset"])) if foreseen else None

    # ── the session ──

    def hold(self, meeting, row):
        clerk = self.clerk(row)
        with self.now(self.moment(row)):
            meeting = lifecycle.open_meeting(meeting, by=self.secretary(row))
        with self.now(self.moment(row, minutes=4)):
            self.call_the_roll(meeting, row, clerk)
        length = row["minutes_long"]
        entries = list(zip(meeting.items.order_by("section", "position", "pk"), self.items_of(row), strict=True))
        step = max(1, (length - 6) // max(1, len(entries)))
        for place, (item, entry) in enumerate(entries):
            self.discuss(item, entry, row, clerk, 5 + place * step, step)
        with self.now(self.moment(row, minutes=length)):
            write_resolution(self, meeting, row, clerk)
            meeting.refresh_from_db()
            lifecycle.close_meeting(
                meeting, closed_at=self.moment(row, minutes=length), by=self.secretary(row),
                quality_score=row.get("quality_score"), quality_grade=row.get("quality_grade", ""),
            )  # fmt: skip
        meeting.refresh_from_db()
        sign_papers(self, meeting, row, clerk)

    def call_the_roll(self, meeting, row, clerk):
        sheet = {line.member_id: line for line in meeting.sheet.select_related("member")}
        for entry in row.get("absent_excused", ()):
            line = sheet[self.members[entry["member"]].pk]
            attendance.mark(line, presence=Presence.ABSENT_EXCUSED, reason=entry["reason"], by=clerk)
        for entry in row.get("absent_unexcused", ()):
            attendance.mark(sheet[self.members[entry["member"]].pk], presence=Presence.ABSENT_UNEXCUSED, by=clerk)
        for key in row.get("also_present", ()):
            attendance.mark(sheet[self.members[key].pk], presence=Presence.PRESENT, by=clerk)
        attendance.mark_all_present(meeting, by=clerk)
        for entry in row.get("guests", ()):
            attendance.add_guest(meeting, name=entry["name"], post=entry["post"], by=clerk)

    def discuss(self, item, entry, row, clerk, minute, step):
        day = self.day_of(row)
        with self.now(self.moment(row, minutes=minute)):
            if entry.get("postponed"):
                speeches.postpone_item(item, by=clerk)
                return
            item = speeches.go_to(item, by=clerk) or item
            AgendaItem.objects.filter(pk=item.pk).update(narrative=fill(entry.get("narrative", ""), day))
            for place, said in enumerate(entry.get("speeches", ())):
                who = self.speaker(item.meeting, said["member"], row)
                at, words = self.moment(row, minutes=minute + 1 + place), fill(said["text"], day)
                speeches.add_speech(item, text=words, by=clerk, spoken_at=min(at, self.present), **who)
            for vote in entry.get("votes", ()):
                self.vote(item, vote, row, clerk)
            if entry.get("conclusion"):
                item.refresh_from_db()
                text = fill(entry["conclusion"], day)
                speeches.save_conclusion(item, text=text, version=item.conclusion_version, by=clerk)
            for task in entry.get("assignments", ()):
                self.give(item, task, row, clerk)

    def speaker(self, meeting, key, row):
        guests = {entry.get("member"): entry["name"] for entry in row.get("guests", ())}
        if key in guests:
            return {"guest": Guest.objects.get(meeting=meeting, name=guests[key])}
        return {"member": self.members[key]}

    def vote(self, item, entry, row, clerk):
        vote = Vote(matter=fill(entry["matter"], self.day_of(row)), decision=entry["decision"], ballot=entry["form"])
        vote = voting.propose_vote(item, vote=vote, by=clerk)
        vote = voting.open_vote(vote, by=clerk)
        invalid = entry.get("invalid", 0)
        counts = {"disagree": entry.get("against", 0), "other": entry.get("other", 0)}
        counts["agree"] = vote.voters - invalid - sum(counts.values())
        if vote.ballot == Ballot.SECRET_PAPER:
            tellers = [self.members[key] for key in entry["tellers"]]
            counts |= {"issued": vote.voters, "returned": vote.voters, "invalid": invalid}
            counts |= {"teller_1": tellers[0], "teller_2": tellers[1]}
        return voting.close_vote(vote, by=clerk, **counts)

    # ── tasks ──

    def give(self, item, entry, row, clerk):
        due = self.day_of(row) + datetime.timedelta(days=entry["due"])
        task = tasks.give_from_item(
            item, owner=self.members[entry["owner"]], title=fill(entry["title"], self.day_of(row)), due_on=due,
            audience=entry.get("audience", "cell"), by=clerk,
        )  # fmt: skip
        self.tasks[entry.get("key", f"task-{task.pk}")] = task
        self.pending.append((task, entry))

    def follow_tasks(self, row):
        """What became of the tasks given at this meeting."""
        waiting, self.pending = self.pending, []
        for task, entry in waiting:
            self.follow(task, entry, row)

    def follow(self, task, entry, row):
        owner = User.objects.filter(member=task.owner_id).first() or self.secretary(row)
        text = fill(entry.get("report", ""), self.day_of(row))
        if entry["outcome"] == "open":
            halfway = task.given_at + (task.due_on - timezone.localdate(task.given_at)) / 2
            if text and halfway < self.present:
                with self.now(halfway):
                    progress.report(task, text=text, by=owner)
            return
        day = task.due_on + datetime.timedelta(days=5 if entry["outcome"] == "late_done" else -2)
        moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(16, 10)))
        done = max(moment, task.given_at + datetime.timedelta(hours=20))
        if done + datetime.timedelta(hours=17) > self.present:
            return  # what would have been done only after the first start stays open
        with self.now(done):
            task = progress.finish(task, text=text, by=owner)
        with self.now(done + datetime.timedelta(hours=17)):
            progress.confirm(task, by=self.secretary(row))
