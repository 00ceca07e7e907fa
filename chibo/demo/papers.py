"""The demo's resolutions and signed papers, and the small PDFs that lie before its next meeting."""

import datetime

from django.conf import settings

from chibo.demo.texts import PASSWORD, fill
from chibo.demo.year import lay_duties
from documents import rendering
from documents.states import SigningWay
from meetings.contradictions import unsettled
from meetings.models import Clause, ClauseAssignment, Vote
from meetings.queries.record import record_of
from meetings.services import clauses, minutes, publishing, resolution
from meetings.states import Decision, Ending

CLAUSE_DONE = "Đã thực hiện xong nội dung được giao trong nghị quyết."


def simple_pdf(title, paragraphs) -> bytes:
    """A paper of the meeting: a title and its paragraphs."""
    return rendering.render("demo/paper.html", {"title": title, "paragraphs": paragraphs})


def write_resolution(loader, meeting, row, by):
    """The month's resolution with its clauses, adopted by the vote that passed it; None where there is none."""
    text = row.get("resolution")
    if text is None:
        return None
    day, usual = loader.day_of(row), loader.standard["resolution"]
    paper = resolution.start_resolution(meeting, by=by)
    paper = resolution.change_subject(paper, subject=fill(text["subject"], day), by=by)
    parts = {
        "assessment": text["assessment"],
        "organisation_text": text.get("organisation") or usual["organisation"],
        "bases": "\n".join(text.get("bases") or usual["bases"]),
    }
    for field, words in parts.items():
        version = getattr(paper, f"{field}_version")
        paper = resolution.save_text(paper, field, text=fill(words, day), version=version, by=by)
    for task in text["tasks"]:
        given = loader.tasks.get(task.get("assignment"))
        clause = Clause(
            text=fill(task["text"], day), owner=loader.members[task["owner"]],
            due_on=given.due_on if given else day + datetime.timedelta(days=task["due"]),
        )  # fmt: skip
        clause = clauses.add_clause(paper, clause=clause, by=by)
        if given:
            ClauseAssignment.objects.create(clause=clause, assignment=given)
    lay_duties(loader, paper, row, by)
    vote = Vote.objects.filter(item__meeting=meeting, decision=Decision.RESOLUTION, passed=True).last()
    known = {task.pk for task in loader.tasks.values()}
    paper = resolution.adopt_resolution(paper, vote=vote, by=by)
    links = ClauseAssignment.objects.filter(clause__resolution=paper).exclude(assignment__in=known)
    for link in links.select_related("assignment"):
        loader.pending.append((link.assignment, {"outcome": "done", "report": CLAUSE_DONE}))
    return paper


def sign_papers(loader, meeting, row, by):
    """Minutes read back, adopted, sealed and signed by clerk and chair; the resolution by whoever signs it."""
    end = loader.moment(row, minutes=row["minutes_long"])
    with loader.now(end + datetime.timedelta(minutes=2)):
        minutes.adopt_minutes(meeting, adopted_at=end - datetime.timedelta(minutes=1), by=by)
        for found in unsettled(record_of(meeting)):
            minutes.explain(meeting, key=found.key, text="Đã đối chiếu với sổ ghi chép của thư ký.", by=by)
        sealed = minutes.seal_minutes(meeting, way=SigningWay.P12, by=by)
        _sign(loader, sealed.paper)
        if "resolution" in row:
            _sign(loader, resolution.seal_resolution(meeting.resolution, way=SigningWay.P12, by=by).paper)
            replace_clauses(loader, meeting, row)


def replace_clauses(loader, meeting, row):
    """Clauses of earlier resolutions whose place one of this meeting takes, as the data says."""
    for task in row["resolution"]["tasks"]:
        if task.get("replaces") in loader.tasks:  # the earlier month may not have been played
            clauses.end_clause(
                loader.tasks[task["replaces"]].of_clause.clause, ending=Ending.REPLACED, meeting=meeting,
                replaced_by=loader.tasks[task["assignment"]].of_clause.clause,
                text=fill(task["decision"], loader.day_of(row)), by=loader.secretary(row),
            )  # fmt: skip


def _sign(loader, paper):
    """Each signer with the demo certificate of the person."""
    keys = {member.pk: key for key, member in loader.members.items()}
    for signer in paper.signers.all():
        name = keys[signer.member_id]
        file = settings.DEMO_PKI / f"{name}.p12"
        by = loader.users.get(name) or loader.users["bithu"]
        publishing.SIGNING.sign_with_p12(paper, signer.role, p12=file.read_bytes(), passphrase=PASSWORD, by=by)
