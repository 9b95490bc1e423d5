"""Whether office hours of who left are over is asked of the day in Berlin, not in Greenwich."""

from django.db import migrations

GREENWICH, BERLIN = "current_date", "(now() AT TIME ZONE 'Europe/Berlin')::date"
TABLE, FUNCTION = "consultations_officehours", "accounts_no_work_for_who_left"


def guards(day):
    is_work = f"NEW.ends_on IS NULL OR NEW.ends_on >= {day}"
    return f"""
    CREATE OR REPLACE TRIGGER {TABLE}_no_work_for_who_left BEFORE INSERT ON {TABLE}
        FOR EACH ROW WHEN (NEW.advisor_id IS NOT NULL AND ({is_work}))
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    CREATE OR REPLACE TRIGGER {TABLE}_nothing_passes_to_who_left
        BEFORE UPDATE OF advisor_id ON {TABLE}
        FOR EACH ROW WHEN (
            NEW.advisor_id IS NOT NULL
            AND NEW.advisor_id IS DISTINCT FROM OLD.advisor_id AND ({is_work})
        )
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    """


class Migration(migrations.Migration):
    dependencies = [("consultations", "0041_ideas_are_built_of_blocks")]

    operations = [migrations.RunSQL(guards(BERLIN), guards(GREENWICH))]
