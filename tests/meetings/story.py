"""One evening of a cell, told through the services: 05/12/2026, from 14:00 to 15:40, closed, everything recorded."""

import datetime

from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Vote
from meetings.services import lifecycle, speeches, tasks, voting
from meetings.states import Ballot, Decision, Kind, Presence, State

NOW = datetime.datetime(2026, 12, 5, 20, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
ITEMS = (
    ("A", "Tuyên bố lý do"),
    ("B", "Thông tin thời sự"),
    ("B", "Nhiệm vụ tháng 01/2027"),
    ("C", "Thông qua biên bản"),
)


MATTER = "Thông qua Nghị quyết tháng 12/2026"
DUE = datetime.date(2027, 1, 4)


def moment(hour, minute=0, day=5):
    """A local moment of December 2026."""
    return timezone.make_aware(datetime.datetime(2026, 12, day, hour, minute))


def begun(cell, chair, clerk, *, starts_at=None, present=True, **fields):
    """In session since 14:00 with four items; everybody present unless told otherwise."""
    starts_at = starts_at or moment(14)
    values = {"kind": Kind.REGULAR, "place": "Nhà văn hóa Tổ dân phố số 5", "needs_agreement": False} | fields
    told_at = starts_at - datetime.timedelta(days=3)
    meeting = Meeting.objects.create(
        cell=cell, state=State.NOTIFIED, starts_at=starts_at, notified_at=told_at, **values
    )
    for place, (section, title) in enumerate(ITEMS):
        AgendaItem.objects.create(meeting=meeting, section=section, position=place, title=title, minutes=10)
    meeting = lifecycle.open_meeting(meeting, by=chair, chair=chair.member, clerk=clerk.member, opened_at=starts_at)
    if present:
        meeting.sheet.filter(presence="").update(presence=Presence.PRESENT)
    return meeting


def vote_on(item, by, *, agree=None, disagree=0, other=0, matter=MATTER, at=None, **fields):
    """A vote opened and closed; everybody agrees unless told otherwise."""
    values = {"decision": Decision.RESOLUTION, "ballot": Ballot.CARD} | fields
    secret = values.pop("secret", {})
    vote = voting.open_vote(voting.propose_vote(item, vote=Vote(matter=matter, **values), by=by), by=by, at=at)
    agree = vote.voters - disagree - other if agree is None else agree
    return voting.close_vote(vote, agree=agree, disagree=disagree, other=other, by=by, at=at, **secret)


def told(cell, chair, clerk, speaker, *, closed=True):
    """The whole evening: a speech, a conclusion, a passed resolution, a task; closed at 15:40 with 91 points."""
    meeting = begun(cell, chair, clerk)
    opening, news, work, closing = meeting.items.all()
    news.presenter = speaker.member
    news.save()
    speeches.go_to(opening, by=clerk, at=moment(14, 1))
    speeches.go_to(news, by=clerk, at=moment(14, 10))
    speeches.add_speech(news, member=speaker.member, text="Đề nghị in bản chữ lớn.", by=clerk, spoken_at=moment(14, 20))
    speeches.save_conclusion(news, text="Từ tháng sau có bản chữ lớn.", version=0, by=clerk)
    speeches.go_to(work, by=clerk, at=moment(14, 30))
    vote_on(work, clerk, disagree=1, at=moment(15))
    tasks.give_from_item(work, owner=speaker.member, title="In tài liệu chữ lớn", due_on=DUE, by=chair)
    speeches.go_to(closing, by=clerk, at=moment(15, 30))
    meeting.refresh_from_db()
    if closed:
        meeting = lifecycle.close_meeting(
            meeting, closed_at=moment(15, 40), quality_score=91, quality_grade="tốt", by=chair
        )
    return meeting
