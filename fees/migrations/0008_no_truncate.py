"""What is booked is not emptied either. The flush of a transactional test says so in its connection (tests/conftest)."""

from django.db import migrations

BOOKED = ("payment", "allocation", "voucher", "entry", "correction")

REFUSE = """
CREATE FUNCTION fees_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('chibo.test_flush', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'the fee book is append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON fees_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION fees_no_truncate();"""
    for table in BOOKED
)
ALLOW = (
    "".join(f"DROP TRIGGER {table}_no_truncate ON fees_{table};" for table in BOOKED)
    + "DROP FUNCTION fees_no_truncate();"
)


class Migration(migrations.Migration):
    dependencies = [("fees", "0007_said_on_paper")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
