"""The database itself refuses to change or remove what is booked, and a voucher whose entries do not sum to zero."""

from django.db import migrations

BOOKED = ("payment", "allocation", "voucher", "entry", "correction")

REFUSE = """
CREATE FUNCTION fees_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the fee book is append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON fees_{table}
    FOR EACH ROW EXECUTE FUNCTION fees_append_only();"""
    for table in BOOKED
)

# Deferred: all entries of a voucher stand when its transaction ends. A voucher without entries is refused as well.
BALANCE = """
CREATE FUNCTION fees_voucher_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint := CASE TG_TABLE_NAME WHEN 'fees_voucher' THEN NEW.id ELSE NULL END;
BEGIN
    IF which IS NULL THEN which := NEW.voucher_id; END IF;
    IF (SELECT count(*) < 2 OR sum(amount) <> 0 FROM fees_entry WHERE voucher_id = which) THEN
        RAISE EXCEPTION 'voucher % does not balance', which USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER voucher_balances AFTER INSERT ON fees_voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fees_voucher_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fees_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fees_voucher_balances();
"""

# The parts of a payment sum to its amount, under the same terms.
PARTS = """
CREATE FUNCTION fees_payment_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount), 0) FROM fees_allocation WHERE payment_id = NEW.id) <> NEW.amount THEN
        RAISE EXCEPTION 'payment % is not what its parts say', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_parts AFTER INSERT ON fees_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fees_payment_parts();
"""

ALLOW = (
    "DROP TRIGGER payment_parts ON fees_payment; DROP FUNCTION fees_payment_parts();"
    "DROP TRIGGER entry_balances ON fees_entry; DROP TRIGGER voucher_balances ON fees_voucher;"
    "DROP FUNCTION fees_voucher_balances();"
    + "".join(f"DROP TRIGGER {table}_append_only ON fees_{table};" for table in BOOKED)
    + "DROP FUNCTION fees_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE + BALANCE + PARTS, ALLOW)]
