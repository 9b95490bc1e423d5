"""Whoever may not sign in any more gets no forum, decision or agreement to look after.

What was theirs stays: only a new row, and one that passes from somebody to them, is refused.
"""

from django.db import migrations

# table, which rows are work that is still to be done
WORK = [
    ("forum", "NEW.until IS NULL OR NEW.until >= current_date"),
    ("decision", "NEW.done_at IS NULL AND NEW.dropped_at IS NULL"),
    ("agreement", "NEW.ended_on IS NULL AND NEW.ends_on >= current_date"),
]
FUNCTION = "accounts_no_work_for_who_left"


def guards(table, is_work):
    """Two triggers, for an update may name its old row and an insert has none."""
    table = f"enterprises_{table}"
    return f"""
    CREATE TRIGGER {table}_no_work_for_who_left BEFORE INSERT ON {table}
        FOR EACH ROW WHEN (NEW.advisor_id IS NOT NULL AND ({is_work}))
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    CREATE TRIGGER {table}_nothing_passes_to_who_left BEFORE UPDATE OF advisor_id ON {table}
        FOR EACH ROW WHEN (
            NEW.advisor_id IS NOT NULL
            AND NEW.advisor_id IS DISTINCT FROM OLD.advisor_id AND ({is_work})
        )
        EXECUTE FUNCTION {FUNCTION}('advisor_id');
    """


def lifting(table, _is_work):
    table = f"enterprises_{table}"
    return f"""
    DROP TRIGGER {table}_no_work_for_who_left ON {table};
    DROP TRIGGER {table}_nothing_passes_to_who_left ON {table};
    """


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_no_work_for_who_left"),
        ("enterprises", "0017_partners_offer_need_and_agree"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(guards(*each) for each in WORK), "".join(lifting(*each) for each in WORK)
        )
    ]
