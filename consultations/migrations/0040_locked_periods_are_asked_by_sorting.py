"""Changing very many consultations at once asks the locked periods once, not once for each pair.

The planner knows nothing of the rows of a statement and joined them one by one: two hundred thousand
took longer than a quarter of an hour. EXCEPT sorts or hashes them, however many there are.
"""

from django.db import migrations

COLUMNS = (
    "id, project_id, held_on, minutes, kind, channel, headcount, district_id, task_id, "
    "withdrawn_at IS NULL AS is_kept"
)
FORWARD = f"""
CREATE OR REPLACE FUNCTION consultations_keep_locked_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT project_id) INTO touched FROM (
        (SELECT {COLUMNS} FROM former EXCEPT SELECT {COLUMNS} FROM later)
        UNION ALL
        (SELECT {COLUMNS} FROM later EXCEPT SELECT {COLUMNS} FROM former)
    ) changed;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- Whoever locks a period holds the project's row; this waits until that is decided.
    PERFORM FROM consultations_project p WHERE p.id = ANY (touched) FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM consultations_periodlock k JOIN (
            (SELECT {COLUMNS} FROM former EXCEPT SELECT {COLUMNS} FROM later)
            UNION ALL
            (SELECT {COLUMNS} FROM later EXCEPT SELECT {COLUMNS} FROM former)
        ) changed ON changed.project_id = k.project_id
         WHERE k.lifted_at IS NULL AND changed.is_kept
           AND changed.held_on BETWEEN k.starts_on AND k.ends_on
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0039_needs_ideas_and_events")]

    # The function before promised the same.
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
