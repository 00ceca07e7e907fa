"""The clock: wakes the workers, carries no data. What is due stands in rows (see notices)."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.settings")

app = Celery("chibo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver-due-notices": {"task": "notices.tasks.deliver_due_notices", "schedule": 10.0, "options": {"expires": 10}},
    "plan-late-tasks": {
        "task": "assignments.tasks.plan_late_notices",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "open-fee-months": {
        "task": "fees.tasks.open_months",
        "schedule": crontab(minute=2),
        "options": {"expires": 3000},
    },
    "recount-fee-months": {"task": "fees.tasks.recount_open_months", "schedule": crontab(hour=1, minute=30)},
    "plan-turns": {"task": "reviews.tasks.plan_turns", "schedule": crontab(minute=20), "options": {"expires": 3000}},
    "let-go": {"task": "chibo.tasks.let_go", "schedule": crontab(minute="*/10"), "options": {"expires": 500}},
    "tidy": {"task": "chibo.tasks.tidy", "schedule": crontab(hour=2, minute=15)},
}
