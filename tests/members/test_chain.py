"""The diary cannot be changed silently (DESIGN §3 Proof): every edit, removal or reordering by SQL is found."""

import datetime
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members import activity, chain
from members.activity import record
from members.models import Activity, ChainHead, Post, Setting
from members.services import rules
from members.states import PostTitle
from members.verification import verify
from tests.members.chains import found, note_cast, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def lines(cell, secretary, member):
    """Lines 1 to 3 about posts and accounts, then five acts: eight lines in the cell's diary."""
    note_cast(cell)
    for number in range(4):
        record(cell, "organisation.changed", by=secretary, number=number)
    assert ChainHead.objects.get(pk=cell.pk).seq == 8
    return Activity.objects.filter(organisation=cell)


def test_untouched_diary_gives_no_finding(lines):
    counted = Counter()
    assert list(verify(counted)) == []
    assert counted["objects", "members.post"] == 2
    assert counted["objects", "members.user"] == 2
    assert sum(count for key, count in counted.items() if key[0] == "lines") == 8


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("text", '{"verb":"khác"}', [("hash", 5), ("columns", 5)]),
        ("at", "2026-01-01T00:00:00Z", [("columns", 5)]),
        ("verb", "meeting.closed", [("columns", 5)]),
        ("actor_id", None, [("columns", 5)]),
        ("object_id", 999, [("columns", 5)]),
        ("digest", "0" * 64, [("columns", 5)]),
        ("hash", "0" * 64, [("hash", 5), ("hash", 6)]),
    ],
)
def test_update_of_a_line_is_found(lines, cell, column, value, expected):
    sql(f"UPDATE members_activity SET {column} = %s WHERE organisation_id = %s AND seq = 5", value, cell.pk)
    assert found() == expected


def test_line_altered_with_its_column_and_a_plain_hash_is_found(lines, cell):
    """The hash is keyed: sha256() of the database cannot forge a chain."""
    sql("UPDATE members_activity SET verb = 'x.y', text = replace(text, 'organisation.changed', 'x.y') WHERE seq = 8")
    sql(
        "UPDATE members_activity a SET hash = encode(sha256(convert_to(b.hash || chr(10) || a.text, 'UTF8')), 'hex') "
        "FROM members_activity b WHERE a.seq = 8 AND b.seq = 7 AND a.organisation_id = b.organisation_id"
    )
    sql("UPDATE members_chainhead h SET hash = a.hash FROM members_activity a WHERE a.seq = 8")
    assert found() == [("hash", 8)]


def test_delete_in_the_middle_is_found(lines, cell):
    sql("DELETE FROM members_activity WHERE organisation_id = %s AND seq IN (6, 7)", cell.pk)
    assert found() == [("gap", 8)]
    assert [finding.text for finding in verify()] == ["thiếu các dòng 6 đến 7 trước dòng này"]


def test_delete_of_the_tail_is_found_by_the_head(lines, cell):
    sql("DELETE FROM members_activity WHERE organisation_id = %s AND seq = 8", cell.pk)
    assert found() == [("head", 7)]


def test_delete_of_a_whole_diary_is_found_by_what_it_protected(lines, cell):
    sql("DELETE FROM members_activity WHERE organisation_id = %s", cell.pk)
    sql("DELETE FROM members_chainhead WHERE organisation_id = %s", cell.pk)
    assert Counter(kind for kind, _ in found()) == {"unrecorded": 4}


def test_missing_head_is_found(lines, cell):
    sql("DELETE FROM members_chainhead WHERE organisation_id = %s", cell.pk)
    assert found() == [("head", 8)]


def test_swapped_pair_is_found(lines, cell):
    for old, new in ((6, 0), (7, 6), (0, 7)):
        sql("UPDATE members_activity SET seq = %s WHERE organisation_id = %s AND seq = %s", new, cell.pk, old)
    assert found() == [("hash", 6), ("columns", 6), ("hash", 7), ("columns", 7), ("hash", 8)]


def test_post_inserted_by_sql_is_found(lines, cell, member):
    Post.objects.create(
        member=member.member, organisation=cell, title=PostTitle.DEPUTY, starts_on=datetime.date(2026, 1, 1)
    )
    [finding] = verify()
    assert (finding.kind, finding.organisation_id) == ("unrecorded", cell.pk)


def test_post_altered_or_removed_by_sql_is_found(lines, cell, secretary):
    post = Post.objects.filter(member=secretary.member).first()
    seq = lines.get(object_label="members.post", object_id=post.pk).seq
    Post.objects.filter(pk=post.pk).update(ends_on=datetime.date(2030, 1, 1))
    assert found() == [("altered", seq)]
    sql("DELETE FROM members_post WHERE id = %s", post.pk)
    assert found() == [("removed", seq)]


def test_post_removed_by_a_service_is_no_finding_and_its_return_is_one(lines, cell, secretary):
    post = Post.objects.filter(member=secretary.member).first()
    pk = post.pk
    record(post, "post.removed", by=secretary, gone=True)
    assert [kind for kind, _ in found()] == ["returned"]
    Post.objects.filter(pk=pk).delete()
    assert found() == []


def test_setting_altered_by_sql_is_found(lines, cell, secretary, today):
    row = rules.lay_rule(
        organisation=cell, key="meeting.notice_min_days", value="2", starts_on=today, source="Nghị quyết", by=secretary
    )
    assert found() == []
    Setting.objects.filter(pk=row.pk).update(value="0")
    assert found() == [("altered", 9)]


def test_printed_anchor_that_differs_is_found(lines, cell, monkeypatch):
    """A sealed paper carries number and hash of the last line outside the database."""
    line = lines.get(seq=4)
    printed = [(cell.pk, 4, line.hash, "văn bản 1"), (cell.pk, 0, chain.GENESIS, "văn bản 2")]
    monkeypatch.setattr(activity, "ANCHORS", [lambda: printed])
    assert found() == []
    printed += [(cell.pk, 5, line.hash, "văn bản 3"), (cell.pk, 99, line.hash, "văn bản 4")]
    assert found() == [("anchor", 5), ("anchor", 99)]


def test_command_says_what_it_covers(lines, cell):
    out = StringIO()
    call_command("verify_chain", stdout=out)
    text = out.getvalue()
    assert "  Chi bộ Một: 8 dòng\n" in text
    assert "  chức vụ (members.post): 2\n" in text
    assert "  biểu quyết (meetings.vote): 0\n" in text
    assert text.endswith("Không phát hiện sửa đổi nào.\n")


def test_command_names_each_finding_and_ends_with_code_1(lines, cell):
    sql("DELETE FROM members_activity WHERE organisation_id = %s AND seq = 6", cell.pk)
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_chain", stdout=out)
    assert caught.value.returncode == 1
    assert out.getvalue().splitlines()[0] == "SAI  Chi bộ Một, dòng 7: thiếu dòng 6 trước dòng này"
