"""What an accepted report counted of awards to enterprises and of the inventory stays as it was."""

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

# What was bought before the grant's first day stands in its first report, as bills do. Where a
# thing is and its number may change for as long as there is one; gone it may be after the period.
THINGS = """
CREATE FUNCTION reports_refuse_accepted_thing(the_grant bigint, day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (SELECT FROM reports_accepted_periods(the_grant) a WHERE a.counted @> day) THEN
        PERFORM reports_refuse_life('reports_accepted_inventory_stays');
    END IF;
END $$;
CREATE FUNCTION reports_inventoryitem_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_other boolean := TG_OP <> 'UPDATE';
    is_gone_otherwise boolean := TG_OP <> 'UPDATE';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        is_other := (OLD.grant_id, OLD.name, OLD.bought_on, OLD.price, OLD.withdrawn_at IS NULL)
            <> (NEW.grant_id, NEW.name, NEW.bought_on, NEW.price, NEW.withdrawn_at IS NULL);
        is_gone_otherwise := is_other OR (OLD.gone_on, OLD.gone_because)
            IS DISTINCT FROM (NEW.gone_on, NEW.gone_because);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF OLD.withdrawn_at IS NULL AND is_other THEN
            PERFORM reports_refuse_accepted_thing(OLD.grant_id, OLD.bought_on);
        END IF;
        IF OLD.withdrawn_at IS NULL AND is_gone_otherwise THEN
            PERFORM reports_refuse_accepted_thing(OLD.grant_id, OLD.gone_on);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.withdrawn_at IS NULL AND is_other THEN
            PERFORM reports_refuse_accepted_thing(NEW.grant_id, NEW.bought_on);
        END IF;
        IF NEW.withdrawn_at IS NULL AND is_gone_otherwise THEN
            PERFORM reports_refuse_accepted_thing(NEW.grant_id, NEW.gone_on);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_inventory_stays
    AFTER INSERT OR UPDATE OR DELETE ON reports_inventoryitem
    FOR EACH ROW EXECUTE FUNCTION reports_inventoryitem_keep_accepted();
"""
THINGS_BACK = """
DROP TRIGGER reports_accepted_inventory_stays ON reports_inventoryitem;
DROP FUNCTION reports_inventoryitem_keep_accepted();
DROP FUNCTION reports_refuse_accepted_thing(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0039_rules_say_what_they_count")]

    operations = [
        migrations.RunSQL(DAYS, DAYS_BACK),
        migrations.RunSQL(AWARDS, AWARDS_BACK),
        migrations.RunSQL(THINGS, THINGS_BACK),
    ]
