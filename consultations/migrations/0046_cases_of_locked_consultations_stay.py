"""Whom a locked consultation supported stays, whether its case is changed, deleted or exchanged."""

from django.db import migrations

FORWARD = """
-- Figures of enterprises leave out the hours of cases that support a person.
CREATE FUNCTION consultations_supports_person(the_case bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM consultations_supportcase
         WHERE id = the_case AND support_target = 'person' AND withdrawn_at IS NULL
    )
$$;

CREATE FUNCTION consultations_keep_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.merging', true) IS DISTINCT FROM 'on'
        AND NEW.withdrawn_at IS NULL
        AND consultations_supports_person(OLD.case_id)
            <> consultations_supports_person(NEW.case_id)
        AND consultations_is_locked(NEW.project_id, ARRAY[NEW.held_on])
    THEN
        RAISE EXCEPTION 'consultations_locked_aims_stay' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'consultations_locked_aims_stay';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_aims_stay
    AFTER UPDATE OF case_id ON consultations_consultation
    FOR EACH ROW WHEN (OLD.case_id IS DISTINCT FROM NEW.case_id)
    EXECUTE FUNCTION consultations_keep_case();

DROP TRIGGER consultations_locked_aims_stay ON consultations_supportcase;
CREATE TRIGGER consultations_locked_aims_stay
    AFTER UPDATE ON consultations_supportcase
    FOR EACH ROW WHEN (
        (OLD.support_target = 'person' AND OLD.withdrawn_at IS NULL)
        <> (NEW.support_target = 'person' AND NEW.withdrawn_at IS NULL)
    ) EXECUTE FUNCTION consultations_keep_aims();
"""
BACKWARD = """
DROP TRIGGER consultations_locked_aims_stay ON consultations_supportcase;
CREATE TRIGGER consultations_locked_aims_stay
    AFTER UPDATE ON consultations_supportcase
    FOR EACH ROW WHEN ((OLD.support_target = 'person') <> (NEW.support_target = 'person'))
    EXECUTE FUNCTION consultations_keep_aims();
DROP TRIGGER consultations_locked_aims_stay ON consultations_consultation;
DROP FUNCTION consultations_keep_case();
DROP FUNCTION consultations_supports_person(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0045_whoever_comes_back_begins_another_stay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
