"""Meetings of the scene: before, while and after they are held."""

import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from pypdf import PdfWriter

from documents import queries as documents
from documents.services import signing
from meetings.models import Clause, Meeting, MeetingPaper, Question, Reply, Vote
from meetings.services import clauses, lifecycle, minutes, resolution, speeches, voting
from meetings.states import Body, Kind
from tests.meetings import prep, story

DUE = datetime.date(2026, 12, 20)
# no page that somebody outside the cell, above it or beside it opens may hold this word
SECRET = "Kín-của-chi-bộ-Một"


def planned(cell, who, **fields):
    """A draft for 20/12 with an item that trinhbay presents and its paper."""
    start = story.moment(14, day=20)
    meeting = prep.new_meeting(cell, who["bithu"], starts_at=start, clerk=who["thuky"].member, **fields)
    return dress(meeting, who)


def dress(meeting, who):
    """An item of trinhbay with its paper; the scene of the meeting."""
    item = meeting.items.order_by("pk").first()
    item.title, item.presenter, item.draft_text = f"{SECRET} nội dung", who["trinhbay"].member, f"{SECRET} dự thảo"
    item.save()
    return {"pk": meeting.pk, "item": item.pk, "paper": paper(meeting, item).pk}


def paper(meeting, item):
    """A small PDF for an item."""
    found = MeetingPaper(meeting=meeting, item=item, title=f"{SECRET} tài liệu", filename="a.pdf", size=9)
    found.mime = "application/pdf"
    found.file.save("a.pdf", ContentFile(b"%PDF-1.7 a"))
    return found


def asked(meeting, scene, who):
    """The same with an opinion and an excuse of dangvien."""
    one = {"meeting": meeting, "member": who["dangvien"].member}
    scene["question"] = Question.objects.create(text=f"{SECRET} ý kiến", **one).pk
    scene["reply"] = Reply.objects.create(answer="asks_excuse", reason=f"{SECRET} lý do", **one).pk
    return scene


def before(cell, who):
    """Meetings that have not begun, by state.

    "assigned" is agreed and chiuy was given the notifying; "dropped" was cancelled before anybody was told.
    """
    by, found = who["bithu"], {}
    for state in ("draft", "agreed", "assigned", "notified", "cancelled", "dropped"):
        notifier = who["chiuy"].member if state == "assigned" else None
        found[state] = planned(cell, who, notifier=notifier)
        meeting = Meeting.objects.get(pk=found[state]["pk"])
        if state in ("agreed", "assigned", "notified", "cancelled"):
            meeting = lifecycle.agree_meeting(meeting, by=by)
        if state in ("notified", "cancelled"):
            meeting = asked(meeting, found[state], who) and lifecycle.notify_meeting(meeting, by=by)
        if state in ("cancelled", "dropped"):
            lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=by)
    return found


def held(cell, who, *, closed=True, chair="bithu", clerk="thuky", speaker="dangvien"):
    """(meeting, scene) of an evening with everything recorded."""
    meeting = story.told(cell, who[chair], who[clerk], who[speaker], closed=closed)
    scene = asked(meeting, dress(meeting, who), who)
    speech = meeting.items.get(title="Thông tin thời sự").speeches.first()
    speech.text = f"{SECRET} phát biểu"
    speech.save()
    scene |= {"speech": speech.pk, "attendance": meeting.sheet.get(member=who["dangvien"].member).pk}
    scene["guest"] = meeting.guests.create(name="Khách mời").pk
    scene["vote"] = Vote.objects.get(item__meeting=meeting).pk
    return meeting, scene


def running(cell, who):
    """In session, with a vote of each state; another one that the deputy chairs."""
    meeting, scene = held(cell, who, closed=False)
    item = meeting.items.last()
    votes = {}
    for state in ("draft", "open"):
        vote = voting.propose_vote(item, vote=Vote(matter=f"{SECRET} vấn đề"), by=who["thuky"])
        votes[f"vote_{state}"] = {"pk": meeting.pk, "vote": vote.pk}
    voting.open_vote(vote, by=who["thuky"])
    _, deputy_chairs = held(cell, who, closed=False, chair="phobithu")
    return {"in_session": scene, "vote_closed": scene, "deputy_chairs": deputy_chairs, **votes}


def written(cell, who, state):
    """Closed, with minutes and resolution up to ``state``; the resolution's own scene is "resolution_<state>".

    What is sealed waits for PKCS#12 files ("signing_<role>" posts as that signer), what is signed was signed in ink.
    """
    meeting, scene = held(cell, who)
    by = who["bithu"]
    draft = resolution.start_resolution(meeting, by=by)
    clause = Clause(text=f"{SECRET} mục", owner=who["dangvien"].member, due_on=DUE)
    scene["clause"] = clauses.add_clause(draft, clause=clause, by=by).pk
    vote = Vote.objects.get(pk=scene["vote"])
    papers = []
    if state in ("adopted", "sealed", "signed"):
        papers = [minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=by)]
        papers += [resolution.adopt_resolution(draft, vote=vote, by=by)]
    if state in ("sealed", "signed"):
        way = "ink" if state == "signed" else "p12"
        papers = [minutes.seal_minutes(meeting, way=way, by=by), resolution.seal_resolution(draft, way=way, by=by)]
    if state == "signed":
        for each in papers:
            signing.accept_scan(each.paper, _scan_of(each.paper), by=by)
    scene["code"] = papers[0].paper.code if papers else ""
    found = {state: scene, f"resolution_{state}": {"pk": draft.pk}, f"clause_{state}": {"pk": scene["clause"]}}
    if state == "sealed":
        found |= {f"signing_{role}": scene | {"POST": {"role": role}} for role in ("chair", "clerk")}
        found["signing_secretary"] = {"pk": draft.pk, "POST": {"role": "secretary"}}
    return found


def _scan_of(paper):
    """A PDF of as many pages as the sealed one, and not that one."""
    out = BytesIO()
    PdfWriter(clone_from=BytesIO(documents.read_checked(documents.current_file(paper)))).write(out)
    return out.getvalue()


def committee_meeting(cell, who):
    """A meeting of the chi ủy with sealed minutes: never the members'."""
    fields = {"kind": Kind.COMMITTEE, "body": Body.COMMITTEE}
    meeting = story.begun(cell, who["bithu"], who["chiuy"], **fields)
    scene = asked(meeting, dress(meeting, who), who)
    for minute, item in enumerate(meeting.items.all()):
        speeches.go_to(item, by=who["bithu"], at=story.moment(14, minute))
    lifecycle.close_meeting(meeting, closed_at=story.moment(15), by=who["bithu"])
    minutes.adopt_minutes(meeting, adopted_at=story.moment(14, 50), by=who["bithu"])
    paper = minutes.seal_minutes(meeting, way="ink", by=who["bithu"]).paper
    return scene | {"attendance": meeting.sheet.first().pk, "code": paper.code}
