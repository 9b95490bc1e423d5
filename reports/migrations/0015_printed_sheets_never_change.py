"""The database itself refuses to change or remove a printed time sheet."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_sheet_paper_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reports_printed_sheets_never_change: % refused', TG_OP
        USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'reports_printed_sheets_never_change';
END $$;

CREATE TRIGGER reports_printed_sheets_never_change
    BEFORE UPDATE OR DELETE ON reports_sheetpaper
    FOR EACH ROW EXECUTE FUNCTION reports_sheet_paper_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reports_printed_sheets_never_change ON reports_sheetpaper;
DROP FUNCTION reports_sheet_paper_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_printed_time_sheets")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
