"""The database itself refuses to change what a closed time sheet holds."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consultations_sheet_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consultations_closed_sheets_never_change: % of % refused',
        TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'consultations_closed_sheets_never_change';
END $$;

CREATE TRIGGER consultations_closed_sheets_never_change
    BEFORE UPDATE ON consultations_monthsheet
    FOR EACH ROW WHEN (
        OLD.status <> 'open' AND NEW.status <> 'open'
        AND (OLD.rows, OLD.sha256, OLD.explanation, OLD.closed_at)
            IS DISTINCT FROM (NEW.rows, NEW.sha256, NEW.explanation, NEW.closed_at)
    ) EXECUTE FUNCTION consultations_sheet_refuse_change();
CREATE TRIGGER consultations_closed_sheets_stay
    BEFORE DELETE ON consultations_monthsheet
    FOR EACH ROW WHEN (OLD.status <> 'open') EXECUTE FUNCTION consultations_sheet_refuse_change();
CREATE TRIGGER consultations_earlier_sheets_never_change
    BEFORE UPDATE OR DELETE ON consultations_monthsheetversion
    FOR EACH ROW EXECUTE FUNCTION consultations_sheet_refuse_change();
"""
BACKWARD = """
DROP TRIGGER consultations_earlier_sheets_never_change ON consultations_monthsheetversion;
DROP TRIGGER consultations_closed_sheets_stay ON consultations_monthsheet;
DROP TRIGGER consultations_closed_sheets_never_change ON consultations_monthsheet;
DROP FUNCTION consultations_sheet_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0026_hours_and_time_sheets")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
