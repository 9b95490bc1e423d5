"""The database itself keeps what reports have counted, against late entries and against edits."""

from django.db import migrations

NAME = "consultations_locked_periods_stay"
# What of a consultation says what and when; whose it is may still be merged, texts be written.
COUNTED = [
    "project_id",
    "held_on",
    "minutes",
    "kind",
    "channel",
    "headcount",
    "district_id",
    "task_id",
]


def of(row):
    columns = ", ".join(f"{row}.{name}" for name in COUNTED)
    return f"({columns}, {row}.withdrawn_at IS NULL)"


FORWARD = f"""
CREATE FUNCTION consultations_refuse_locked() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{NAME}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{NAME}';
END $$;

-- Statement triggers, so that an import of a hundred thousand rows asks once. Whoever locks a
-- period holds the project's row, so the share taken here waits until that is decided.
CREATE FUNCTION consultations_keep_locked_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project p
      WHERE p.id IN (SELECT project_id FROM later WHERE withdrawn_at IS NULL) FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM consultations_periodlock k JOIN later c ON c.project_id = k.project_id
         WHERE k.lifted_at IS NULL AND c.withdrawn_at IS NULL
           AND c.held_on BETWEEN k.starts_on AND k.ends_on
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION consultations_keep_locked_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_periodlock k JOIN former c ON c.project_id = k.project_id
         WHERE k.lifted_at IS NULL AND c.withdrawn_at IS NULL
           AND c.held_on BETWEEN k.starts_on AND k.ends_on
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION consultations_keep_locked_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM former o JOIN later n ON n.id = o.id
         WHERE {of("o")} IS DISTINCT FROM {of("n")}
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM FROM consultations_project p
      WHERE p.id IN (SELECT project_id FROM former UNION SELECT project_id FROM later)
        FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM former o JOIN later n ON n.id = o.id
          JOIN consultations_periodlock k ON k.lifted_at IS NULL AND (
               k.project_id = o.project_id AND o.withdrawn_at IS NULL
                   AND o.held_on BETWEEN k.starts_on AND k.ends_on
            OR k.project_id = n.project_id AND n.withdrawn_at IS NULL
                   AND n.held_on BETWEEN k.starts_on AND k.ends_on
          )
         WHERE {of("o")} IS DISTINCT FROM {of("n")}
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER consultations_locked_periods_take_nothing_new
    AFTER INSERT ON consultations_consultation REFERENCING NEW TABLE AS later
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_keep_locked_new();
CREATE TRIGGER consultations_locked_periods_lose_nothing
    AFTER DELETE ON consultations_consultation REFERENCING OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_keep_locked_gone();
CREATE TRIGGER consultations_locked_periods_stay
    AFTER UPDATE ON consultations_consultation
    REFERENCING OLD TABLE AS former NEW TABLE AS later
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_keep_locked_changed();

-- Who attended, how long, and the topics: rows that hang on a consultation. Merging two people who
-- both attended puts one row aside, and undoing it brings the row back: it says so and may.
CREATE FUNCTION consultations_keep_locked_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'merged' AND current_setting('portal.merging', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM consultations_consultation c
          JOIN consultations_periodlock k ON k.project_id = c.project_id
         WHERE c.id IN (OLD.consultation_id, NEW.consultation_id)
           AND k.lifted_at IS NULL AND c.withdrawn_at IS NULL
           AND c.held_on BETWEEN k.starts_on AND k.ends_on
    ) THEN
        PERFORM consultations_refuse_locked();
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER consultations_locked_attendances_stay
    AFTER INSERT OR DELETE ON consultations_attendance
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_locked_parts('merged');
CREATE TRIGGER consultations_locked_attendances_last
    AFTER UPDATE OF minutes, consultation_id ON consultations_attendance
    FOR EACH ROW
    WHEN ((OLD.minutes, OLD.consultation_id) IS DISTINCT FROM (NEW.minutes, NEW.consultation_id))
    EXECUTE FUNCTION consultations_keep_locked_parts('merged');
CREATE TRIGGER consultations_locked_topics_stay
    AFTER INSERT OR UPDATE OR DELETE ON consultations_consultation_topics
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_locked_parts('');

-- A lock is lifted, never changed or removed.
CREATE FUNCTION consultations_locks_are_only_lifted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL
        AND (OLD.project_id, OLD.starts_on, OLD.ends_on, OLD.because, OLD.locked_by_id,
             OLD.locked_at)
          = (NEW.project_id, NEW.starts_on, NEW.ends_on, NEW.because, NEW.locked_by_id,
             NEW.locked_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consultations_locks_are_only_lifted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'consultations_locks_are_only_lifted';
END $$;
CREATE TRIGGER consultations_locks_are_only_lifted
    BEFORE UPDATE OR DELETE ON consultations_periodlock
    FOR EACH ROW EXECUTE FUNCTION consultations_locks_are_only_lifted();
"""
BACKWARD = """
DROP TRIGGER consultations_locks_are_only_lifted ON consultations_periodlock;
DROP TRIGGER consultations_locked_topics_stay ON consultations_consultation_topics;
DROP TRIGGER consultations_locked_attendances_last ON consultations_attendance;
DROP TRIGGER consultations_locked_attendances_stay ON consultations_attendance;
DROP TRIGGER consultations_locked_periods_stay ON consultations_consultation;
DROP TRIGGER consultations_locked_periods_lose_nothing ON consultations_consultation;
DROP TRIGGER consultations_locked_periods_take_nothing_new ON consultations_consultation;
DROP FUNCTION consultations_locks_are_only_lifted();
DROP FUNCTION consultations_keep_locked_parts();
DROP FUNCTION consultations_keep_locked_changed();
DROP FUNCTION consultations_keep_locked_gone();
DROP FUNCTION consultations_keep_locked_new();
DROP FUNCTION consultations_refuse_locked();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0029_a_period_can_be_locked")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
