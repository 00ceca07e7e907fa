"""What the clock tidies up."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chibo.celery import app
from chibo.tasks import tidy
from core.models import Submission


@pytest.mark.django_db
def test_tidy_forgets_submissions_older_than_a_week():
    old, new = (Submission.objects.create(key=uuid.uuid4()) for _ in range(2))
    Submission.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    tidy()
    assert list(Submission.objects.all()) == [new]


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
