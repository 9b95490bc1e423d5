"""A participation is one stay: whoever comes back begins another one, and nothing is deleted."""

import django.contrib.postgres.constraints
from django.db import migrations, models

import best_portal.db

# Who came back had one row, with the day of the return. The day of the exit before it stands in the
# log, and where it does not, all that is known is that it was before the return.
SPLIT = """
SELECT set_config('portal.merging', 'on', true);
DO $$
DECLARE
    stay consultations_participation;
    former date;
    again bigint;
BEGIN
    FOR stay IN SELECT * FROM consultations_participation WHERE returned_on IS NOT NULL LOOP
        SELECT (details ->> 'left_on')::date INTO former FROM audit_event
         WHERE subject_type = 'consultations.participation' AND subject_id = stay.id::text
           AND verb = 'participation.returned' AND details ? 'left_on'
         ORDER BY id DESC LIMIT 1;
        IF former IS NULL OR former < stay.entered_on OR former >= stay.returned_on THEN
            former := stay.returned_on - 1;
        END IF;
        UPDATE consultations_participation SET left_on = former WHERE id = stay.id;
        INSERT INTO consultations_participation
            (person_id, project_id, entered_on, left_on, counted_gender, counted_codes, created_at)
        VALUES (stay.person_id, stay.project_id, stay.returned_on, stay.left_on, '', '[]', now())
        RETURNING id INTO again;
        UPDATE consultations_answer a SET participation_id = again FROM consultations_question q
         WHERE a.participation_id = stay.id AND q.id = a.question_id AND q.phase <> 'entry';
        -- Of somebody erased the results were kept beside the rest.
        UPDATE consultations_participation old SET counted_codes = (
            SELECT jsonb_agg(code) FROM jsonb_array_elements_text(old.counted_codes) code
             WHERE code NOT LIKE 'EECR%'
        ) WHERE old.id = stay.id AND old.counted_codes::text LIKE '%EECR%';
        UPDATE consultations_participation new SET counted_gender = stay.counted_gender,
            counted_codes = (
                SELECT jsonb_agg(code) FROM jsonb_array_elements_text(stay.counted_codes) code
                 WHERE code LIKE 'EECR%'
            ) WHERE new.id = again AND stay.counted_codes::text LIKE '%EECR%';
    END LOOP;
END $$;
SELECT set_config('portal.merging', 'off', true);
-- What waits for the end of the transaction would stand in the way of changing the table.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

LAST = """
CREATE TRIGGER consultations_locked_participants_last
    AFTER UPDATE ON consultations_participation
    FOR EACH ROW WHEN (
        (OLD.project_id, OLD.entered_on{returned}, OLD.left_on)
        IS DISTINCT FROM (NEW.project_id, NEW.entered_on{returned_new}, NEW.left_on)
    ) EXECUTE FUNCTION consultations_keep_participants();
"""
DROP_LAST = "DROP TRIGGER consultations_locked_participants_last ON consultations_participation;"
LAST_BEFORE = LAST.format(returned=", OLD.returned_on", returned_new=", NEW.returned_on")
LAST_NOW = LAST.format(returned="", returned_new="")

DAYS = """
CREATE OR REPLACE FUNCTION consultations_keep_participants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former date[] := '{{}}';
    later date[] := '{{}}';
BEGIN
    -- Merging two people who both take part puts one row aside, and undoing it brings it back.
    IF current_setting('portal.merging', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        former := ARRAY[OLD.entered_on, {old}OLD.left_on];
        IF consultations_has_results(OLD.id, 'later') THEN
            former := former || consultations_later_on(OLD.left_on);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        later := ARRAY[NEW.entered_on, {new}NEW.left_on];
        IF consultations_has_results(NEW.id, 'later') THEN
            later := later || consultations_later_on(NEW.left_on);
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.project_id = NEW.project_id THEN
        -- What stays where it is may lie in a locked period.
        SELECT array_agg(was.day), array_agg(now.day) INTO former, later
          FROM unnest(former) WITH ORDINALITY AS was(day, place)
          FULL JOIN unnest(later) WITH ORDINALITY AS now(day, place) USING (place)
         WHERE was.day IS DISTINCT FROM now.day;
    END IF;
    IF TG_OP <> 'INSERT' AND consultations_is_locked(OLD.project_id, former)
        OR TG_OP <> 'DELETE' AND consultations_is_locked(NEW.project_id, later)
    THEN
        PERFORM consultations_refuse_locked_participant();
    END IF;
    RETURN NULL;
END $$;
"""
DAYS_BEFORE = DAYS.format(old="OLD.returned_on, ", new="NEW.returned_on, ")
DAYS_NOW = DAYS.format(old="", new="")

# Results count by how somebody entered, which may have been told in an earlier stay.
COUNTED_NOW = """
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
        days := days || part.entered_on;
    END IF;
    IF the_phase = 'exit'
        OR the_phase = 'entry' AND consultations_has_results(part.id, 'exit') THEN
        days := days || part.left_on;
    END IF;
    IF the_phase = 'later'
        OR the_phase = 'entry' AND consultations_has_results(part.id, 'later') THEN
        days := days || consultations_later_on(part.left_on);
    END IF;
    IF consultations_is_locked(part.project_id, days) AND consultations_is_complete(part.id) THEN
        PERFORM consultations_refuse_locked_participant();
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0044_who_is_erased_stays_counted"),
        ("audit", "0001_events"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="participation", name="consultations_participation_once_per_project"
        ),
        migrations.RemoveConstraint(
            model_name="participation", name="consultations_participation_returns_after_entry"
        ),
        migrations.RemoveConstraint(
            model_name="participation", name="consultations_participation_leaves_after_return"
        ),
        migrations.RunSQL(SPLIT, migrations.RunSQL.noop),
        migrations.RunSQL(DROP_LAST, LAST_BEFORE),
        migrations.RemoveField(model_name="participation", name="returned_on"),
        migrations.RunSQL(DAYS_NOW + LAST_NOW, DROP_LAST + DAYS_BEFORE),
        migrations.RunSQL(COUNTED_NOW, COUNTED_BEFORE),
        migrations.AlterField(
            model_name="participation",
            name="entered_on",
            field=models.DateField(verbose_name="entry"),
        ),
        migrations.AlterField(
            model_name="participation",
            name="left_on",
            field=models.DateField(blank=True, null=True, verbose_name="exit"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("project", "="),
                    (best_portal.db.Days("entered_on", "left_on"), "&&"),
                ],
                name="consultations_participation_one_at_a_time",
                violation_error_message=(
                    "This person takes part in the project at that time already. Whoever comes "
                    "back enters after the exit, and whoever was here before has left: record the "
                    "exit."
                ),
            ),
        ),
    ]
