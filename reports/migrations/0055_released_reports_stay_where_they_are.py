"""What was released stays in its grant, and its grant in the project and the programme it was of."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_grant_stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_report r
          JOIN reports_reportversion v ON v.report_id = r.id AND v.status = 'released'
         WHERE r.grant_id = NEW.id
    ) THEN
        PERFORM reports_refuse_life('reports_grant_stays_where_it_is');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_grant_stays_where_it_is
    BEFORE UPDATE OF project_id, programme_id ON reports_grant
    FOR EACH ROW WHEN (
        (OLD.project_id, OLD.programme_id) IS DISTINCT FROM (NEW.project_id, NEW.programme_id)
    ) EXECUTE FUNCTION reports_grant_stays_where_it_is();

CREATE FUNCTION reports_released_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_reportversion v WHERE v.report_id = OLD.id AND v.status = 'released'
    ) THEN
        PERFORM reports_refuse_life('reports_released_report_stays');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_released_report_stays
    BEFORE UPDATE OF grant_id, kind, starts_on, ends_on ON reports_report
    FOR EACH ROW WHEN (
        (OLD.grant_id, OLD.kind, OLD.starts_on, OLD.ends_on)
        IS DISTINCT FROM (NEW.grant_id, NEW.kind, NEW.starts_on, NEW.ends_on)
    ) EXECUTE FUNCTION reports_released_report_stays();
"""
BACKWARD = """
DROP TRIGGER reports_released_report_stays ON reports_report;
DROP FUNCTION reports_released_report_stays();
DROP TRIGGER reports_grant_stays_where_it_is ON reports_grant;
DROP FUNCTION reports_grant_stays_where_it_is();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0054_rules_of_programmes_have_days")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
