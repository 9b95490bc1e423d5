"""What an accepted report counted of awards to enterprises stays as it was."""

from django.db import migrations

DAYS = """
CREATE FUNCTION reports_is_accepted(the_grant bigint, the_days date[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF the_days = '{}' THEN
        RETURN false;
    END IF;
    PERFORM reports_await_acceptance(the_grant);
    RETURN EXISTS (
        SELECT FROM reports_accepted_periods(the_grant) a JOIN unnest(the_days) AS touched(day)
            ON a.days @> touched.day
    );
END $$;
"""
DAYS_BACK = "DROP FUNCTION reports_is_accepted(bigint, date[]);"

# To whom and how much is told of the days on which it was granted and completed, private money of
# the day on which it was completed. What is completed after the period may still be.
AWARDS = """
CREATE FUNCTION reports_enterpriseaward_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former date[] := '{}';
    later date[] := '{}';
    is_other boolean := TG_OP <> 'UPDATE';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        is_other := (OLD.grant_id, OLD.kind, OLD.amount, OLD.granted_on, OLD.withdrawn_at IS NULL)
            <> (NEW.grant_id, NEW.kind, NEW.amount, NEW.granted_on, NEW.withdrawn_at IS NULL)
            OR OLD.organisation_id <> NEW.organisation_id
            AND current_setting('portal.merging', true) IS DISTINCT FROM 'on';
        IF is_other OR OLD.completed_on IS DISTINCT FROM NEW.completed_on
            OR OLD.private_amount IS DISTINCT FROM NEW.private_amount THEN
            former := former || OLD.completed_on;
            later := later || NEW.completed_on;
        END IF;
        IF is_other OR OLD.confirmed_on IS DISTINCT FROM NEW.confirmed_on THEN
            former := former || OLD.confirmed_on;
            later := later || NEW.confirmed_on;
        END IF;
        IF is_other THEN
            former := former || OLD.granted_on;
            later := later || NEW.granted_on;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        later := ARRAY[NEW.granted_on, NEW.completed_on, NEW.confirmed_on];
    ELSE
        former := ARRAY[OLD.granted_on, OLD.completed_on, OLD.confirmed_on];
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF OLD.withdrawn_at IS NULL AND reports_is_accepted(OLD.grant_id, former) THEN
            PERFORM reports_refuse_life('reports_accepted_awards_stay');
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.withdrawn_at IS NULL AND reports_is_accepted(NEW.grant_id, later) THEN
            PERFORM reports_refuse_life('reports_accepted_awards_stay');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_awards_stay
    AFTER INSERT OR UPDATE OR DELETE ON reports_enterpriseaward
    FOR EACH ROW EXECUTE FUNCTION reports_enterpriseaward_keep_accepted();
"""
AWARDS_BACK = """
DROP TRIGGER reports_accepted_awards_stay ON reports_enterpriseaward;
DROP FUNCTION reports_enterpriseaward_keep_accepted();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0037_one_rate_at_a_time_and_plans_in_order")]

    operations = [
        migrations.RunSQL(DAYS, DAYS_BACK),
        migrations.RunSQL(AWARDS, AWARDS_BACK),
    ]
