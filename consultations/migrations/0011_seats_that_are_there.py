"""The database gives nobody a seat that is not there, and takes none away that somebody has."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consultations_seat_must_be_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    there integer;
BEGIN
    -- Shared with others who register, but not with whoever takes seats away.
    SELECT seats INTO there FROM consultations_groupsession WHERE id = NEW.session_id FOR SHARE;
    IF NEW.seat > there THEN
        RAISE EXCEPTION 'consultations_registration_seat_is_there: seat % of %', NEW.seat, there
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consultations_registration_seat_is_there';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultations_seats_stay_below_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_registration r WHERE r.session_id = NEW.id AND r.seat > NEW.seats
    ) THEN
        RAISE EXCEPTION 'consultations_groupsession_keeps_taken_seats: % seats', NEW.seats
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'consultations_groupsession_keeps_taken_seats';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consultations_registration_seat_is_there
    BEFORE INSERT OR UPDATE OF seat, session_id ON consultations_registration
    FOR EACH ROW WHEN (NEW.seat IS NOT NULL) EXECUTE FUNCTION consultations_seat_must_be_there();
CREATE TRIGGER consultations_groupsession_keeps_taken_seats
    BEFORE UPDATE OF seats ON consultations_groupsession
    FOR EACH ROW WHEN (NEW.seats < OLD.seats)
    EXECUTE FUNCTION consultations_seats_stay_below_people();
"""
BACKWARD = """
DROP TRIGGER consultations_groupsession_keeps_taken_seats ON consultations_groupsession;
DROP TRIGGER consultations_registration_seat_is_there ON consultations_registration;
DROP FUNCTION consultations_seats_stay_below_people();
DROP FUNCTION consultations_seat_must_be_there();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0010_group_sessions_with_seats")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
