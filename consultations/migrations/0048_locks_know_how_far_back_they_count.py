"""A lock knows since which entry its report counts people: answers of former stays are not its."""

from django.db import migrations, models

# Of each lock only those count who entered since the first day of its grant.
COUNTED_NOW = """
-- Whether somebody who entered on a day is counted on one of these days, in a locked period.
CREATE FUNCTION consultations_is_counted(the_project bigint, the_entry date, the_days date[])
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project WHERE id = the_project FOR KEY SHARE;
    RETURN EXISTS (
        SELECT FROM consultations_periodlock k JOIN unnest(the_days) AS touched(day)
            ON touched.day BETWEEN k.starts_on AND k.ends_on
         WHERE k.project_id = the_project AND k.lifted_at IS NULL
           AND (k.counts_from IS NULL OR k.counts_from <= the_entry)
    );
END $$;

CREATE OR REPLACE FUNCTION consultations_refuse_counted(the_participation bigint, the_phase text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part consultations_participation;
    day date;
    days date[] := '{}';
BEGIN
    SELECT * INTO part FROM consultations_participation WHERE id = the_participation;
    IF the_phase = 'entry' THEN
        SELECT part.entered_on || array_agg(results.day) INTO days FROM (
            SELECT CASE phase WHEN 'exit' THEN p.left_on ELSE consultations_later_on(p.left_on) END
              FROM consultations_participation p, (VALUES ('exit'), ('later')) AS phases(phase)
             WHERE p.person_id = part.person_id AND p.project_id = part.project_id
               AND p.entered_on >= part.entered_on AND consultations_has_results(p.id, phase)
        ) AS results(day);
        IF consultations_is_counted(part.project_id, part.entered_on, days)
            AND consultations_is_complete(part.id)
        THEN
            PERFORM consultations_refuse_locked_participant();
        END IF;
        RETURN;
    END IF;
    day := CASE the_phase WHEN 'exit' THEN part.left_on
        ELSE consultations_later_on(part.left_on) END;
    -- Results count by how somebody entered, in this stay or in an earlier one of the same grant.
    IF consultations_is_counted(part.project_id, part.entered_on, ARRAY[day]) AND EXISTS (
        SELECT FROM consultations_participation p
         WHERE p.person_id = part.person_id AND p.project_id = part.project_id
           AND p.entered_on <= part.entered_on AND consultations_is_complete(p.id)
           AND consultations_is_counted(part.project_id, p.entered_on, ARRAY[day])
    ) THEN
        PERFORM consultations_refuse_locked_participant();
    END IF;
END $$;
"""
COUNTED_BEFORE = """
CREATE OR REPLACE FUNCTION consultations_refuse_counted(the_participation bigint, the_phase text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part consultations_participation;
    days date[] := '{}';
BEGIN
    SELECT * INTO part FROM consultations_participation WHERE id = the_participation;
    IF the_phase = 'entry' THEN
        SELECT part.entered_on || array_agg(day) INTO days FROM (
            SELECT CASE phase WHEN 'exit' THEN p.left_on ELSE consultations_later_on(p.left_on) END
              FROM consultations_participation p, (VALUES ('exit'), ('later')) AS phases(phase)
             WHERE p.person_id = part.person_id AND p.project_id = part.project_id
               AND p.entered_on >= part.entered_on AND consultations_has_results(p.id, phase)
        ) AS results(day);
    ELSIF the_phase = 'exit' THEN
        days := days || part.left_on;
    ELSE
        days := days || consultations_later_on(part.left_on);
    END IF;
    IF consultations_is_locked(part.project_id, days) AND (
        the_phase = 'entry' AND consultations_is_complete(part.id)
        OR the_phase <> 'entry' AND EXISTS (
            SELECT FROM consultations_participation p
             WHERE p.person_id = part.person_id AND p.project_id = part.project_id
               AND p.entered_on <= part.entered_on AND consultations_is_complete(p.id)
        )
    ) THEN
        PERFORM consultations_refuse_locked_participant();
    END IF;
END $$;
DROP FUNCTION consultations_is_counted(bigint, date, date[]);
"""

LIFTED = """
CREATE OR REPLACE FUNCTION consultations_locks_are_only_lifted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL
        AND (OLD.project_id, OLD.starts_on, OLD.ends_on, OLD.because, OLD.locked_by_id,
             OLD.locked_at{old})
          {same} (NEW.project_id, NEW.starts_on, NEW.ends_on, NEW.because, NEW.locked_by_id,
             NEW.locked_at{new})
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consultations_locks_are_only_lifted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'consultations_locks_are_only_lifted';
END $$;
"""
LIFTED_NOW = LIFTED.format(
    old=", OLD.counts_from", new=", NEW.counts_from", same="IS NOT DISTINCT FROM"
)
LIFTED_BEFORE = LIFTED.format(old="", new="", same="=")


class Migration(migrations.Migration):
    dependencies = [("consultations", "0047_projects_build_forums_and_agreements")]

    operations = [
        migrations.AddField(
            model_name="periodlock",
            name="counts_from",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="periodlock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counts_from", None),
                    ("counts_from__lte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="consultations_periodlock_counts_from_before",
                violation_error_message="What a report counts begins with its period or before it.",
            ),
        ),
        migrations.RunSQL(LIFTED_NOW, LIFTED_BEFORE),
        migrations.RunSQL(COUNTED_NOW, COUNTED_BEFORE),
    ]
