"""What the clock tidies up."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chibo.celery import app
from chibo.tasks import tidy
from core.models import Submission
from notices.models import MailLink
from notices.services import links, planning
from tests.factories import MemberFactory


@pytest.mark.django_db
def test_tidy_forgets_submissions_older_than_a_week():
    old, new = (Submission.objects.create(key=uuid.uuid4()) for _ in range(2))
    Submission.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    tidy()
    assert list(Submission.objects.all()) == [new]


@pytest.mark.django_db
def test_tidy_forgets_links_of_mails_a_month_after_their_end(cell):
    person = MemberFactory(cell=cell)
    told = planning.plan(
        person, "assignment.given", "x", cell=cell, subject="Việc", context={}, action="assignment.report", target=1
    )
    for _ in range(2):
        links.issue(told)
    old, new = MailLink.objects.order_by("pk")
    MailLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(days=31))
    tidy()
    assert list(MailLink.objects.all()) == [new]


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
