"""SQL with the triggers off: what somebody with the database, and without the program, could do."""

from contextlib import contextmanager

from django.db import connection

from members.activity import record
from members.models import Post, User
from members.verification import verify


@contextmanager
def triggers_off():
    """A cursor that may change the diary; only the owner of the database can do this."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_activity DISABLE TRIGGER diary_append_only")
        yield cursor
        cursor.execute("ALTER TABLE members_activity ENABLE TRIGGER diary_append_only")


def sql(command, *params):
    with triggers_off() as cursor:
        cursor.execute(command, params)


def note_cast(cell):
    """The lines that services would have written about the accounts and posts the factories made."""
    for post in Post.objects.order_by("pk"):
        record(post, "post.added", by=None, organisation=post.organisation_id)
    for user in User.objects.order_by("pk"):
        record(user, "account.given", by=None, organisation=cell)


def found():
    """(kind, seq) of every finding."""
    return [(finding.kind, finding.seq) for finding in verify()]
