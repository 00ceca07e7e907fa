"""Planning: one row per person and key, taken back or planned anew by whoever changes the fact (DESIGN §3 Notices)."""

import datetime
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from notices.models import Notice
from notices.services import planning
from tests.factories import MemberFactory, at

pytestmark = pytest.mark.django_db


def test_plan_twice_keeps_one_row_with_the_newest_text(cell, tell):
    person = MemberFactory(cell=cell)
    first = tell(person, subject="Một")
    second = tell(person, subject="Hai")
    assert first.pk == second.pk
    assert list(Notice.objects.values_list("subject", flat=True)) == ["Hai"]


def test_plan_gathers_what_is_not_urgent(cell, tell):
    person = MemberFactory(cell=cell)
    before = timezone.now()
    slow = tell(person, due_at=None)
    fast = tell(person, key="khac", due_at=None, urgent=True)
    assert datetime.timedelta(minutes=10) <= slow.due_at - before < datetime.timedelta(minutes=11)
    assert fast.due_at - before < datetime.timedelta(minutes=1)


def test_plan_again_keeps_the_time_of_a_waiting_row(cell, tell):
    person = MemberFactory(cell=cell)
    first = tell(person, due_at=at(days=3))
    assert tell(person, due_at=None).due_at == first.due_at
    assert tell(person, due_at=at(days=4)).due_at == at(days=4)


def test_plan_leaves_a_sent_row_alone(cell, tell):
    person = MemberFactory(cell=cell)
    notice = tell(person, subject="Đã nói")
    Notice.objects.update(outcome="sent")
    tell(person, subject="Nói lại")
    notice.refresh_from_db()
    assert (notice.outcome, notice.subject) == ("sent", "Đã nói")


def test_plan_after_withdrawal_brings_the_row_back(cell, tell):
    person = MemberFactory(cell=cell)
    tell(person)
    planning.withdraw("assignment:1")
    notice = tell(person, subject="Lại giao")
    assert (notice.outcome, notice.subject, notice.done_at) == ("", "Lại giao", None)


def test_withdraw_takes_the_key_and_those_below_it_but_no_neighbour(cell, tell):
    person = MemberFactory(cell=cell)
    for key in ("meeting:1", "meeting:1:notified", "meeting:11:notified"):
        tell(person, key=key)
    assert planning.withdraw("meeting:1") == set()
    assert dict(Notice.objects.values_list("key", "outcome")) == {
        "meeting:1": "withdrawn",
        "meeting:1:notified": "withdrawn",
        "meeting:11:notified": "",
    }


def test_withdraw_can_be_narrowed_to_people(cell, tell):
    stays, goes = MemberFactory(cell=cell), MemberFactory(cell=cell)
    tell(stays)
    tell(goes)
    planning.withdraw("assignment:1:given", recipients=[goes])
    assert dict(Notice.objects.values_list("recipient", "outcome")) == {stays.pk: "", goes.pk: "withdrawn"}


def test_withdraw_names_those_already_told_or_being_told(cell, tell):
    """A notice withdrawn while a worker holds it stays, and a correction is planned."""
    sent, held, waiting = (MemberFactory(cell=cell) for _ in range(3))
    for person in (sent, held, waiting):
        tell(person)
    Notice.objects.filter(recipient=sent).update(outcome="sent")
    Notice.objects.filter(recipient=held).update(claim=uuid.uuid4(), claimed_at=timezone.now())
    assert planning.withdraw("assignment:1") == {sent.pk, held.pk}
    assert dict(Notice.objects.values_list("recipient", "outcome")) == {
        sent.pk: "sent", held.pk: "", waiting.pk: "withdrawn",
    }  # fmt: skip


def test_every_kind_has_both_renderings():
    """A kind is a pair of fragments of the shared frame; base and part are the frame itself."""
    folder = Path(settings.BASE_DIR) / "templates" / "email"
    kinds = {path.stem for path in folder.glob("*.html")} - {"base", "part"}
    assert kinds == {path.stem for path in folder.glob("*.txt")} - {"base", "part"}
    for kind in kinds:
        for ending in ("html", "txt"):
            first = (folder / f"{kind}.{ending}").read_text(encoding="utf-8").split("\n")[0]
            assert first.startswith(f'{{% extends "email/part.{ending}" %}}'), kind
