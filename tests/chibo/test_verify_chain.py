"""What the apps above let the diary protect: closed votes and official papers, and the line printed on each paper."""

import pytest

from documents.models import Paper
from meetings.services import voting
from members.activity import record
from members.verification import verify
from tests.meetings.hall import everybody_present, held, opened
from tests.members.chains import note_cast, sql

pytestmark = pytest.mark.django_db


def found():
    return [(finding.kind, finding.text) for finding in verify()]


@pytest.fixture
def vote(cell, secretary, clerk):
    """A closed vote of six: five for, one of another opinion."""
    note_cast(cell)
    meeting = held(cell, chair=secretary, clerk=clerk)
    everybody_present(meeting)
    vote = opened(meeting.items.first(), by=clerk)
    return voting.close_vote(vote, agree=5, disagree=0, other=1, by=clerk)


def test_closed_vote_as_it_was_counted_gives_no_finding(vote):
    assert vote.voters == 6
    assert found() == []


@pytest.mark.parametrize("change", ["agree = 6, other = 0", "denominator = 3", "passed = false", "state = 'open'"])
def test_vote_altered_by_sql_is_found(vote, change):
    sql(f"UPDATE meetings_vote SET {change} WHERE id = %s", vote.pk)
    words = f"biểu quyết {vote.pk} (meetings.vote): khác với lần ghi cuối trong nhật ký"
    assert found() == [("altered", words)]


def test_vote_removed_by_sql_is_found(vote):
    sql("DELETE FROM meetings_vote WHERE id = %s", vote.pk)
    assert found() == [("removed", f"biểu quyết {vote.pk} (meetings.vote): đã bị xóa khỏi dữ liệu")]


def test_anchor_printed_on_a_paper_is_held_against_the_diary(cell, secretary):
    """Each sealed paper prints number and hash of the diary's last line before it (DESIGN §3 Proof)."""
    note_cast(cell)
    line = record(cell, "organisation.changed", by=secretary)
    paper = Paper.objects.create(
        organisation=cell, type="minutes", term="2025-2030", number=7, subject="Thử", state="sealed",
        sealed_sha256="0" * 64, anchor_seq=line.seq, anchor_hash=line.hash,
    )  # fmt: skip
    record(paper, "paper.sealed", by=secretary)
    assert found() == []
    Paper.objects.filter(pk=paper.pk).update(anchor_seq=line.seq - 1)
    assert [kind for kind, _ in found()] == ["altered", "anchor"]
