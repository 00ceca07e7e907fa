"""The database itself refuses to change or remove a line of the diary."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION members_diary_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the diary is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER diary_append_only BEFORE UPDATE OR DELETE ON members_activity
    FOR EACH ROW EXECUTE FUNCTION members_diary_append_only();
"""
ALLOW = """
DROP TRIGGER diary_append_only ON members_activity;
DROP FUNCTION members_diary_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
