"""The shares of a day are 100 % at most; and the hours a full-time year counts for the funders."""

from datetime import date
from decimal import Decimal

from django.db import migrations

FORWARD = """
CREATE FUNCTION consultations_shares_of_a_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Of two who share out the same person's time, the second sees what the first did.
    PERFORM pg_advisory_xact_lock(hashtextextended('shares-' || NEW.user_id, 0));
    -- Most is shared on a day on which a share begins.
    IF EXISTS (
        SELECT FROM (
            SELECT NEW.starts_on AS day
            UNION
            SELECT starts_on FROM consultations_assignment
            WHERE user_id = NEW.user_id AND starts_on >= NEW.starts_on
              AND starts_on <= coalesce(NEW.ends_on, 'infinity')
        ) firsts
        WHERE NEW.percent + (
            SELECT coalesce(sum(other.percent), 0) FROM consultations_assignment other
            WHERE other.user_id = NEW.user_id AND other.id <> NEW.id
              AND other.starts_on <= firsts.day
              AND (other.ends_on IS NULL OR other.ends_on >= firsts.day)
        ) > 100
    ) THEN
        RAISE EXCEPTION 'consultations_assignment_shares_of_a_day: more than 100 percent'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consultations_assignment_shares_of_a_day';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consultations_assignment_shares_of_a_day
    BEFORE INSERT OR UPDATE ON consultations_assignment
    FOR EACH ROW EXECUTE FUNCTION consultations_shares_of_a_day();
"""
BACKWARD = """
DROP TRIGGER consultations_assignment_shares_of_a_day ON consultations_assignment;
DROP FUNCTION consultations_shares_of_a_day();
"""
SOURCE = (
    "Verordnung (EU) 2021/1060, Art. 55 Abs. 2 Buchst. a: 1.720 Stunden. "
    "Die Wochenstunden einer Vollzeitstelle (39,4) sind nicht bestätigt."
)


def carry(apps, schema_editor):
    apps.get_model("consultations", "ProductiveHours").objects.create(
        hours=1720, full_week=Decimal("39.40"), starts_on=date(2021, 1, 1), source=SOURCE
    )


def take_back(apps, schema_editor):
    apps.get_model("consultations", "ProductiveHours").objects.filter(source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [("consultations", "0031_fixed_shares_and_productive_hours")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(carry, take_back),
    ]
