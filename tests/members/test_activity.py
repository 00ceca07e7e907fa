"""Writing the diary: one unbroken chain whatever happens at once; no names, no prose; nothing can be taken back."""

import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.errors import Refused
from members.activity import record
from members.models import Activity, ChainHead
from members.services import people, rules
from members.states import StatusKind
from tests.factories import LONG_AGO
from tests.members.chains import found


@pytest.fixture
def today():
    return timezone.localdate()


KEYS = {"org", "seq", "at", "by", "verb", "obj", "data", "digest"}


@pytest.mark.django_db
def test_line_holds_ids_numbers_and_digests_only(cell, secretary):
    """DESIGN §3 Proof: no names and no prose."""
    from members.models import Member

    member = people.add_member(
        member=Member(full_name="Đặng Thị Hoàng Lan", email="lan@example.com", occupation="Giáo viên"),
        cell=cell, status=StatusKind.OFFICIAL, starts_on=LONG_AGO, by=secretary,
    )  # fmt: skip
    line = Activity.objects.get(verb="member.added", object_id=member.pk)
    said = json.loads(line.text)
    assert set(said) == KEYS
    assert said["data"] == {"status": "official", "starts_on": "2020-01-01"}
    assert not any(word in line.text for word in ("Lan", "Giáo viên", "example", secretary.username))


@pytest.mark.django_db
def test_line_of_a_rule_holds_neither_value_nor_source(cell, secretary, today):
    rules.lay_rule(
        organisation=cell, key="meeting.notice_min_days", value="2", starts_on=today, source="Nghị quyết 12-NQ/CB",
        by=secretary,
    )  # fmt: skip
    said = json.loads(Activity.objects.get(verb="setting.laid").text)
    assert said["data"] == {"rule": "meeting.notice_min_days", "starts_on": today.isoformat()}
    assert len(said["digest"]) == 64


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete", "save"])
def test_database_refuses_to_change_a_line(cell, secretary, change):
    line = record(cell, "organisation.changed", by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        if change == "update":
            Activity.objects.update(verb="khác")
        elif change == "delete":
            Activity.objects.all().delete()
        else:
            line.save()
    assert Activity.objects.get(pk=line.pk).verb == "organisation.changed"


@pytest.mark.django_db
def test_refused_service_leaves_no_line(cell, secretary, today):
    values = {"organisation": cell, "value": "2", "starts_on": today, "source": "Nghị quyết", "by": secretary}
    with pytest.raises(Refused):
        rules.lay_rule(key="meeting.min_minutes", **values)  # a key that is not left to cells
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rules.lay_rule(key="meeting.notice_min_days", **values)
        raise ZeroDivisionError
    assert Activity.objects.count() == 0
    assert ChainHead.objects.filter(seq__gt=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_give_one_unbroken_chain(cell):
    """Without the locked head the same trial forked 112 times (RECIPES, Chain)."""
    failures = []
    start = threading.Barrier(8)

    def write():
        try:
            start.wait()
            for number in range(25):
                record(cell, "organisation.changed", by=None, number=number)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(Activity.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 201))
    assert found() == []
