"""Nobody who may not sign in is given work: what triggers of other apps ask of an account."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_no_work_for_who_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    receiver bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    may_sign_in boolean;
BEGIN
    -- Whoever closes the account holds its row: then we wait, and see it closed.
    SELECT is_active INTO may_sign_in FROM accounts_user WHERE id = receiver FOR KEY SHARE;
    IF NOT may_sign_in THEN
        RAISE EXCEPTION 'accounts_no_work_for_who_left: % of %', TG_ARGV[0], TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_no_work_for_who_left';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = "DROP FUNCTION accounts_no_work_for_who_left();"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_a_daily_mail_can_be_switched_off")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
