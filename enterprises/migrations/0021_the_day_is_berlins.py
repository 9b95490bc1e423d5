"""Whether work of who left is over is asked of the day in Berlin, not of the one in Greenwich."""

from django.db import migrations

GREENWICH, BERLIN = "current_date", "(now() AT TIME ZONE 'Europe/Berlin')::date"
# table, which rows are work that is still to be done on a day
WORK = [
    ("forum", "NEW.until IS NULL OR NEW.until >= {day}"),
    ("agreement", "NEW.ended_on IS NULL AND NEW.ends_on >= {day}"),
]
FUNCTION = "accounts_no_work_for_who_left"


def guards(table, is_work, day):
    table, is_work = f"enterprises_{table}", is_work.format(day=day)
    return f"""
    CREATE OR REPLACE TRIGGER {table}_no_work_for_who_left BEFORE INSERT ON {table}
        FOR EACH ROW WHEN (NEW.advisor_id IS NOT NULL AND ({is_work}))
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    CREATE OR REPLACE TRIGGER {table}_nothing_passes_to_who_left
        BEFORE UPDATE OF advisor_id ON {table}
        FOR EACH ROW WHEN (
            NEW.advisor_id IS NOT NULL
            AND NEW.advisor_id IS DISTINCT FROM OLD.advisor_id AND ({is_work})
        )
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    """


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0020_service_building_blocks")]

    operations = [
        migrations.RunSQL(
            "".join(guards(*each, BERLIN) for each in WORK),
            "".join(guards(*each, GREENWICH) for each in WORK),
        )
    ]
