"""Whoever may not sign in any more gets no case, appointment, promise or anything else to do.

What was theirs stays: only a new row, and one that passes from somebody to them, is refused.
"""

from django.db import migrations

# table, column of the account, which rows are work that is still to be done
WORK = [
    ("supportcase", "advisor_id", "NEW.closed_on IS NULL"),
    ("appointment", "advisor_id", "NEW.status IN ('held', 'booked') AND NEW.starts_at > now()"),
    ("promise", "advisor_id", "NEW.kept_at IS NULL AND NEW.dropped_at IS NULL"),
    ("officehours", "advisor_id", "NEW.ends_on IS NULL OR NEW.ends_on >= current_date"),
    ("officehours_members", "user_id", "TRUE"),
    ("project_team", "user_id", "TRUE"),
    ("groupsession_leaders", "user_id", "TRUE"),
    ("waitingentry", "advisor_id", "NEW.status IN ('unconfirmed', 'waiting')"),
    ("absence", "substitute_id", "NEW.ends_at > now()"),
    ("dossier", "to_id", "NEW.accepted_at IS NULL"),
]
FUNCTION = "accounts_no_work_for_who_left"


def guards(table, column, is_work):
    """Two triggers, for an update may name its old row and an insert has none."""
    table = f"consultations_{table}"
    return f"""
    CREATE TRIGGER {table}_no_work_for_who_left BEFORE INSERT ON {table}
        FOR EACH ROW WHEN (NEW.{column} IS NOT NULL AND ({is_work}))
        EXECUTE FUNCTION {FUNCTION}('{column}');
    CREATE TRIGGER {table}_nothing_passes_to_who_left BEFORE UPDATE OF {column} ON {table}
        FOR EACH ROW WHEN (
            NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column} AND ({is_work})
        )
        EXECUTE FUNCTION {FUNCTION}('{column}');
    """


def lifting(table, _column, _is_work):
    table = f"consultations_{table}"
    return f"""
    DROP TRIGGER {table}_no_work_for_who_left ON {table};
    DROP TRIGGER {table}_nothing_passes_to_who_left ON {table};
    """


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_no_work_for_who_left"),
        ("consultations", "0036_visits_lie_in_the_one_bin"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(guards(*each) for each in WORK), "".join(lifting(*each) for each in WORK)
        )
    ]
