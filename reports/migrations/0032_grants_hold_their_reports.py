"""No grant's period is shortened so that a report its funder has got lies outside of it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_grant_holds_its_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_report r
          JOIN reports_reportversion v ON v.report_id = r.id AND v.status = 'released'
         WHERE r.grant_id = NEW.id
           AND (r.starts_on < COALESCE(NEW.early_start_on, NEW.starts_on)
                OR r.ends_on > NEW.ends_on)
    ) THEN
        PERFORM reports_refuse_life('reports_grant_holds_its_reports');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_grant_holds_its_reports
    BEFORE UPDATE OF starts_on, ends_on, early_start_on ON reports_grant
    FOR EACH ROW WHEN (
        (OLD.starts_on, OLD.ends_on, OLD.early_start_on)
        IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.early_start_on)
    ) EXECUTE FUNCTION reports_grant_holds_its_reports();
"""
BACKWARD = """
DROP TRIGGER reports_grant_holds_its_reports ON reports_grant;
DROP FUNCTION reports_grant_holds_its_reports();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0031_vouchers_have_possible_days")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
