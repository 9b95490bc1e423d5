"""What a locked period counted of participants and cases stays: days, answers, who is supported."""

from django.db import migrations

DAYS = """
-- Whoever locks a period holds the project's row; this waits until that is decided.
CREATE FUNCTION consultations_is_locked(the_project bigint, the_days date[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project WHERE id = the_project FOR KEY SHARE;
    RETURN EXISTS (
        SELECT FROM consultations_periodlock k JOIN unnest(the_days) AS touched(day)
            ON touched.day BETWEEN k.starts_on AND k.ends_on
         WHERE k.project_id = the_project AND k.lifted_at IS NULL
    );
END $$;

-- The day the last questions are about, as participation_rules.later_on reckons it.
CREATE FUNCTION consultations_later_on(the_exit date) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (the_exit + make_interval(months => COALESCE((
        SELECT (q.limits ->> 'later_months')::int FROM consultations_question q
         WHERE q.limits ? 'later_months'
           AND daterange(q.starts_on, q.ends_on, '[]') @> the_exit
         ORDER BY q.number DESC LIMIT 1
    ), 6)))::date
$$;

-- Whether somebody has results of a phase: days and a yes are some, a no is none.
CREATE FUNCTION consultations_has_results(the_participation bigint, the_phase text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM consultations_answer a JOIN consultations_question q ON q.id = a.question_id
         WHERE a.participation_id = the_participation AND q.phase = the_phase
           AND a.value NOT IN ('', 'no')
    )
$$;

CREATE FUNCTION consultations_keep_participants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former date[] := '{}';
    later date[] := '{}';
BEGIN
    -- Merging two people who both take part puts one row aside, and undoing it brings it back.
    IF current_setting('portal.merging', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        former := ARRAY[OLD.entered_on, OLD.returned_on, OLD.left_on];
        IF consultations_has_results(OLD.id, 'later') THEN
            former := former || consultations_later_on(OLD.left_on);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        later := ARRAY[NEW.entered_on, NEW.returned_on, NEW.left_on];
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
CREATE FUNCTION consultations_refuse_locked_participant() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consultations_locked_participants_stay' USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'consultations_locked_participants_stay';
END $$;
CREATE TRIGGER consultations_locked_participants_stay
    AFTER INSERT OR DELETE ON consultations_participation
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_participants();
CREATE TRIGGER consultations_locked_participants_last
    AFTER UPDATE ON consultations_participation
    FOR EACH ROW WHEN (
        (OLD.project_id, OLD.entered_on, OLD.returned_on, OLD.left_on)
        IS DISTINCT FROM (NEW.project_id, NEW.entered_on, NEW.returned_on, NEW.left_on)
    ) EXECUTE FUNCTION consultations_keep_participants();
"""
DAYS_BACK = """
DROP TRIGGER consultations_locked_participants_last ON consultations_participation;
DROP TRIGGER consultations_locked_participants_stay ON consultations_participation;
DROP FUNCTION consultations_refuse_locked_participant();
DROP FUNCTION consultations_keep_participants();
DROP FUNCTION consultations_has_results(bigint, text);
DROP FUNCTION consultations_later_on(date);
DROP FUNCTION consultations_is_locked(bigint, date[]);
"""

ANSWERS = """
-- Whether a report counts somebody: with a date of birth and the whole first part of the questions,
-- as participation_rules.missing has it.
CREATE FUNCTION consultations_is_complete(the_participation bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    WITH said AS (
        SELECT q.code, a.value
          FROM consultations_answer a JOIN consultations_question q ON q.id = a.question_id
         WHERE a.participation_id = the_participation AND a.value <> ''
    )
    SELECT person.birth_on IS NOT NULL AND NOT EXISTS (
        SELECT FROM consultations_question q
         WHERE q.phase = 'entry' AND q.part = '1.1'
           AND daterange(q.starts_on, q.ends_on, '[]') @> p.entered_on
           AND (q.depends_on = '' OR (q.depends_on, q.depends_value) IN (SELECT * FROM said))
           AND q.code NOT IN (SELECT code FROM said)
    )
      FROM consultations_participation p JOIN enterprises_person person ON person.id = p.person_id
     WHERE p.id = the_participation
$$;

-- Refuses to touch what decides how somebody is counted, on locked days on which they are.
-- Asked before and after a change: whoever is complete in neither is in no figure.
CREATE FUNCTION consultations_refuse_counted(the_participation bigint, the_phase text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part consultations_participation;
    days date[] := '{}';
BEGIN
    SELECT * INTO part FROM consultations_participation WHERE id = the_participation;
    IF the_phase = 'entry' THEN
        days := days || part.entered_on;
    END IF;
    -- Results count by how somebody entered, too.
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

-- What of an answer a figure counts: nothing of most, and of results neither a no nor silence.
CREATE FUNCTION consultations_counts(the_answer consultations_answer) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN q.phase <> 'entry' THEN NULLIF(the_answer.value, 'no')
        WHEN q.part = '1.1' THEN the_answer.value
        WHEN q.choices @? '$[*].feeds ? (@ <> "")' THEN
            CASE WHEN the_answer.state = 'withheld' THEN the_answer.state
            ELSE the_answer.value END
        END
      FROM consultations_question q WHERE q.id = the_answer.question_id
$$;

CREATE FUNCTION consultations_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF COALESCE(former, '') <> COALESCE(later, '') THEN
        PERFORM consultations_refuse_counted(
            row.participation_id,
            (SELECT q.phase FROM consultations_question q WHERE q.id = row.question_id)
        );
    END IF;
    RETURN row;
END $$;
CREATE TRIGGER consultations_locked_answers_stay
    BEFORE INSERT OR UPDATE OR DELETE ON consultations_answer
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_answers();
CREATE TRIGGER consultations_locked_answers_are_all
    AFTER INSERT OR UPDATE OR DELETE ON consultations_answer
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_answers();

CREATE FUNCTION consultations_keep_births() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.merging', true) IS DISTINCT FROM 'on' THEN
        PERFORM consultations_refuse_counted(id, 'entry')
           FROM consultations_participation WHERE person_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultations_locked_births_stay
    BEFORE UPDATE ON enterprises_person
    FOR EACH ROW WHEN (OLD.birth_on IS DISTINCT FROM NEW.birth_on)
    EXECUTE FUNCTION consultations_keep_births();
CREATE TRIGGER consultations_locked_births_are_all
    AFTER UPDATE ON enterprises_person
    FOR EACH ROW WHEN (OLD.birth_on IS DISTINCT FROM NEW.birth_on)
    EXECUTE FUNCTION consultations_keep_births();
"""
ANSWERS_BACK = """
DROP TRIGGER consultations_locked_births_are_all ON enterprises_person;
DROP TRIGGER consultations_locked_births_stay ON enterprises_person;
DROP FUNCTION consultations_keep_births();
DROP TRIGGER consultations_locked_answers_are_all ON consultations_answer;
DROP TRIGGER consultations_locked_answers_stay ON consultations_answer;
DROP FUNCTION consultations_keep_answers();
DROP FUNCTION consultations_counts(consultations_answer);
DROP FUNCTION consultations_refuse_counted(bigint, text);
DROP FUNCTION consultations_is_complete(bigint);
"""

# Figures of enterprises leave out the hours of cases that support a person; to settle that a case
# supports the enterprise changes none.
CASES = """
CREATE FUNCTION consultations_keep_aims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    days date[];
BEGIN
    SELECT array_agg(DISTINCT held_on) INTO days FROM consultations_consultation
     WHERE case_id = NEW.id AND project_id = NEW.project_id AND withdrawn_at IS NULL;
    IF consultations_is_locked(NEW.project_id, days) THEN
        RAISE EXCEPTION 'consultations_locked_aims_stay' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'consultations_locked_aims_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_aims_stay
    AFTER UPDATE ON consultations_supportcase
    FOR EACH ROW WHEN ((OLD.support_target = 'person') <> (NEW.support_target = 'person'))
    EXECUTE FUNCTION consultations_keep_aims();
"""
CASES_BACK = """
DROP TRIGGER consultations_locked_aims_stay ON consultations_supportcase;
DROP FUNCTION consultations_keep_aims();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0042_the_day_is_berlins"),
        ("enterprises", "0021_the_day_is_berlins"),
    ]

    operations = [
        migrations.RunSQL(DAYS, DAYS_BACK),
        migrations.RunSQL(ANSWERS, ANSWERS_BACK),
        migrations.RunSQL(CASES, CASES_BACK),
    ]
