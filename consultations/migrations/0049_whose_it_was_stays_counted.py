"""Whose work a locked period counted, and as what kind of forum, stays; a merge may still join."""

from django.db import migrations

# --- forums: meetings of networks are counted apart from those of forums and working groups ---
KINDS = """
CREATE FUNCTION consultations_keep_forum_kinds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM enterprises_meeting m
         WHERE m.forum_id = NEW.id AND m.withdrawn_at IS NULL AND NOT m.is_cancelled
           AND consultations_forum_is_locked(m.forum_id, m.starts_at)
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_forum_kinds_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_forum_kinds_stay
    AFTER UPDATE OF kind ON enterprises_forum
    FOR EACH ROW WHEN ((OLD.kind = 'round') <> (NEW.kind = 'round'))
    EXECUTE FUNCTION consultations_keep_forum_kinds();
"""
KINDS_BACK = """
DROP TRIGGER consultations_locked_forum_kinds_stay ON enterprises_forum;
DROP FUNCTION consultations_keep_forum_kinds();
"""

# --- consultations ---
CONSULTATIONS = """
CREATE OR REPLACE FUNCTION consultations_keep_locked_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT project_id) INTO touched FROM (
        (SELECT {columns} FROM former EXCEPT SELECT {columns} FROM later)
        UNION ALL
        (SELECT {columns} FROM later EXCEPT SELECT {columns} FROM former)
    ) changed;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- Whoever locks a period holds the project's row; this waits until that is decided.
    PERFORM FROM consultations_project p WHERE p.id = ANY (touched) FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM consultations_periodlock k JOIN (
            (SELECT {columns} FROM former EXCEPT SELECT {columns} FROM later)
            UNION ALL
            (SELECT {columns} FROM later EXCEPT SELECT {columns} FROM former)
        ) changed ON changed.project_id = k.project_id
         WHERE k.lifted_at IS NULL AND changed.is_kept
           AND changed.held_on BETWEEN k.starts_on AND k.ends_on
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;
"""
COLUMNS = (
    "id, project_id, held_on, minutes, kind, channel, headcount, district_id, task_id, "
    "withdrawn_at IS NULL AS is_kept"
)
# While files are merged, whose it is differs for nobody.
WHOSE = (
    "CASE WHEN current_setting('portal.merging', true) IS DISTINCT FROM 'on' "
    "THEN organisation_id END AS whose"
)
CONSULTATIONS_NOW = CONSULTATIONS.format(columns=f"{COLUMNS}, {WHOSE}")
CONSULTATIONS_BEFORE = CONSULTATIONS.format(columns=COLUMNS)

# --- attendances: hours count for the person, training for the organisation they came for ---
ATTENDANCES = """
DROP TRIGGER consultations_locked_attendances_last ON consultations_attendance;
CREATE TRIGGER consultations_locked_attendances_last
    AFTER UPDATE OF {plain} ON consultations_attendance
    FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION consultations_keep_locked_parts('merged');
"""


def last_of(*columns):
    return ATTENDANCES.format(
        plain=", ".join(columns),
        old=", ".join(f"OLD.{each}" for each in columns),
        new=", ".join(f"NEW.{each}" for each in columns),
    )


ATTENDANCES_NOW = last_of("minutes", "consultation_id", "organisation_id", "person_id")
ATTENDANCES_BEFORE = last_of("minutes", "consultation_id")

# --- participations ---
DAYS_OF = """
-- All days of somebody in a project: which entry and which exit count, all stays together tell.
CREATE FUNCTION consultations_days_of(the_person bigint, the_project bigint) RETURNS date[]
LANGUAGE sql STABLE AS $$
    SELECT array_agg(day) FROM consultations_participation p, unnest(ARRAY[
        p.entered_on,
        p.left_on,
        CASE WHEN consultations_has_results(p.id, 'later')
            THEN consultations_later_on(p.left_on) END
    ]) AS days(day)
     WHERE p.person_id = the_person AND p.project_id = the_project
$$;
"""
PARTICIPATIONS = """
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
        former := ARRAY[OLD.entered_on, OLD.left_on];
        IF consultations_has_results(OLD.id, 'later') THEN
            former := former || consultations_later_on(OLD.left_on);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        later := ARRAY[NEW.entered_on, NEW.left_on];
        IF consultations_has_results(NEW.id, 'later') THEN
            later := later || consultations_later_on(NEW.left_on);
        END IF;
    END IF;
    {person}IF TG_OP = 'UPDATE' AND OLD.project_id = NEW.project_id THEN
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
DROP TRIGGER consultations_locked_participants_last ON consultations_participation;
CREATE TRIGGER consultations_locked_participants_last
    AFTER UPDATE ON consultations_participation
    FOR EACH ROW WHEN (
        (OLD.project_id, OLD.entered_on, OLD.left_on{old})
        IS DISTINCT FROM (NEW.project_id, NEW.entered_on, NEW.left_on{new})
    ) EXECUTE FUNCTION consultations_keep_participants();
"""
ANOTHER_PERSON = """IF TG_OP = 'UPDATE' AND OLD.person_id <> NEW.person_id THEN
        former := former || consultations_days_of(OLD.person_id, OLD.project_id)
            || consultations_days_of(NEW.person_id, OLD.project_id);
        later := later || consultations_days_of(OLD.person_id, NEW.project_id)
            || consultations_days_of(NEW.person_id, NEW.project_id);
    ELS"""
PARTICIPATIONS_NOW = DAYS_OF + PARTICIPATIONS.format(
    person=ANOTHER_PERSON, old=", OLD.person_id", new=", NEW.person_id"
)
PARTICIPATIONS_BEFORE = (
    PARTICIPATIONS.format(person="", old="", new="")
    + "DROP FUNCTION consultations_days_of(bigint, bigint);"
)

# --- answers ---
ANSWERS = """
CREATE OR REPLACE FUNCTION consultations_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row consultations_answer := COALESCE(NEW, OLD);
    former text := '';
    later text := '';
BEGIN
    IF current_setting('portal.merging', true) = 'on' THEN
        RETURN row;
    END IF;
    -- Everybody may take back a consent and be forgotten.
    IF TG_OP <> 'DELETE' AND row.state IN ('withdrawn', 'forgotten') THEN
        RETURN row;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        former := consultations_counts(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        later := consultations_counts(NEW);
    END IF;
    {moved}IF COALESCE(former, '') <> COALESCE(later, '') THEN
        PERFORM consultations_refuse_counted(
            row.participation_id,
            (SELECT q.phase FROM consultations_question q WHERE q.id = row.question_id)
        );
    END IF;
    RETURN row;
END $$;
"""
# What is moved to another question or another stay is missing there, and new here.
MOVED = """IF TG_OP = 'UPDATE' AND (OLD.participation_id, OLD.question_id)
        <> (NEW.participation_id, NEW.question_id) THEN
        PERFORM consultations_refuse_counted(told.stay, q.phase)
           FROM (VALUES
                (OLD.participation_id, OLD.question_id, former),
                (NEW.participation_id, NEW.question_id, later)
           ) AS told(stay, question, counts) JOIN consultations_question q ON q.id = told.question
          WHERE told.counts <> '';
    ELS"""
ANSWERS_NOW, ANSWERS_BEFORE = ANSWERS.format(moved=MOVED), ANSWERS.format(moved="")


class Migration(migrations.Migration):
    dependencies = [("consultations", "0048_locks_know_how_far_back_they_count")]

    operations = [
        migrations.RunSQL(KINDS, KINDS_BACK),
        migrations.RunSQL(CONSULTATIONS_NOW, CONSULTATIONS_BEFORE),
        migrations.RunSQL(ATTENDANCES_NOW, ATTENDANCES_BEFORE),
        migrations.RunSQL(PARTICIPATIONS_NOW, PARTICIPATIONS_BEFORE),
        migrations.RunSQL(ANSWERS_NOW, ANSWERS_BEFORE),
    ]
