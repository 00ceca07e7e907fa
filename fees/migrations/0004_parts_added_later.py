"""A part added to a receipt later is refused as well: the receipt must still be what its parts say."""

from django.db import migrations

PARTS = """
CREATE FUNCTION fees_allocation_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM fees_allocation WHERE payment_id = NEW.payment_id)
       <> (SELECT amount FROM fees_payment WHERE id = NEW.payment_id) THEN
        RAISE EXCEPTION 'payment % is not what its parts say', NEW.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER allocation_parts AFTER INSERT ON fees_allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fees_allocation_parts();
"""
ALLOW = "DROP TRIGGER allocation_parts ON fees_allocation; DROP FUNCTION fees_allocation_parts();"


class Migration(migrations.Migration):
    dependencies = [("fees", "0003_reference_taken_back")]

    operations = [migrations.RunSQL(PARTS, ALLOW)]
