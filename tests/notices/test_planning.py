"""Planning: one row per person and key, taken back or planned anew by whoever changes the fact (DESIGN §3 Notices)."""

import datetime
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from notices import hours
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


def test_plan_stores_what_the_button_does_and_whether_it_may_leave_at_night(cell, tell):
    notice = tell(MemberFactory(cell=cell), urgent=True, action="assignment.receive", target=17)
    notice.refresh_from_db()
    assert (notice.urgent, notice.action, notice.target) == (True, "assignment.receive", 17)


def test_plan_renews_the_text_of_a_row_whose_worker_died(cell, tell):
    """Such a row is sent again, with the newest text; that it may go twice is not forgotten."""
    person = MemberFactory(cell=cell)
    tell(person, subject="Một")
    Notice.objects.update(claim=uuid.uuid4(), claimed_at=at(days=-1))
    notice = tell(person, subject="Hai")
    assert (notice.subject, notice.claim is not None) == ("Hai", True)


def test_withdraw_names_those_who_may_have_been_told(cell, tell):
    """A worker died with the mail in its hand, or the answer was lost: a correction is due to them too."""
    died, lost, waiting = (MemberFactory(cell=cell) for _ in range(3))
    for person in (died, lost, waiting):
        tell(person)
    Notice.objects.filter(recipient=died).update(claim=uuid.uuid4(), claimed_at=at(days=-1))
    Notice.objects.filter(recipient=lost).update(maybe_twice=True)
    assert planning.withdraw("assignment:1") == {died.pk, lost.pk}
    assert set(Notice.objects.values_list("outcome", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize("outcome", ["sent", "refused", "no_address", "in_app"])
def test_withdraw_names_those_told_whatever_became_of_the_mail(cell, tell, outcome):
    """Whom no mail reached reads it in the app or is on the phone list: a correction is due to them too."""
    person = MemberFactory(cell=cell)
    tell(person)
    Notice.objects.update(outcome=outcome, done_at=timezone.now())
    assert planning.withdraw("assignment:1") == {person.pk}
    assert Notice.objects.get().outcome == outcome


def test_withdraw_names_those_who_saw_it_in_the_app_before_its_mail(cell, tell):
    saw, waits = MemberFactory(cell=cell), MemberFactory(cell=cell)
    for person in (saw, waits):
        tell(person)
    Notice.objects.filter(recipient=saw).update(seen_at=timezone.now())
    assert planning.withdraw("assignment:1") == {saw.pk}
    assert set(Notice.objects.values_list("outcome", flat=True)) == {"withdrawn"}
    assert planning.withdraw("assignment:1") == set()  # a correction was due once


def test_withdraw_says_why_until_it_is_planned_anew(cell, tell):
    person = MemberFactory(cell=cell)
    tell(person)
    planning.withdraw("assignment:1", reason="Nhiệm vụ đã rút.")
    assert Notice.objects.get().withdrawn_because == "Nhiệm vụ đã rút."
    assert tell(person).withdrawn_because == ""


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("21:30-06:00", ["00:00", "05:59", "21:30"]),
        ("12:00-13:30", ["12:00"]),
        ("06:00 - 21:30", ["06:00", "12:00", "21:29"]),
        ("", []),
    ],
)
def test_quiet_hours_may_lie_over_midnight(text, quiet):
    moments = ("00:00", "05:59", "06:00", "12:00", "21:29", "21:30")
    found = [moment for moment in moments if hours.is_quiet(hours.parse(text), datetime.time.fromisoformat(moment))]
    assert found == quiet


@pytest.mark.parametrize("text", ["21:30", "nửa đêm", "25:00-06:00"])
def test_quiet_hours_written_wrongly_are_refused(text):
    with pytest.raises(ValueError, match=r"NOTICE_QUIET_HOURS|hour|Invalid isoformat"):
        hours.parse(text)


def test_every_kind_has_both_renderings():
    """A kind is a pair of fragments of the shared frame; base and part are the frame itself."""
    folder = Path(settings.BASE_DIR) / "templates" / "email"
    kinds = {path.stem for path in folder.glob("*.html")} - {"base", "part"}
    assert kinds == {path.stem for path in folder.glob("*.txt")} - {"base", "part"}
    for kind in kinds:
        for ending in ("html", "txt"):
            first = (folder / f"{kind}.{ending}").read_text(encoding="utf-8").split("\n")[0]
            assert first.startswith(f'{{% extends "email/part.{ending}" %}}'), kind
