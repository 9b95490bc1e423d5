"""The database itself refuses to change or remove a released report and its documents."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reports_released_versions_never_change: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_released_versions_never_change';
END $$;

CREATE FUNCTION reports_document_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_reportversion v WHERE v.id = OLD.version_id AND v.status = 'released'
    ) THEN
        RAISE EXCEPTION 'reports_released_versions_never_change: % of % refused',
            TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation',
                CONSTRAINT = 'reports_released_versions_never_change';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER reports_released_versions_never_change
    BEFORE UPDATE OR DELETE ON reports_reportversion
    FOR EACH ROW WHEN (OLD.status = 'released') EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_released_documents_never_change
    BEFORE UPDATE OR DELETE ON reports_document
    FOR EACH ROW EXECUTE FUNCTION reports_document_refuse_change();
CREATE TRIGGER reports_versions_are_not_emptied
    BEFORE TRUNCATE ON reports_reportversion
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_documents_are_not_emptied
    BEFORE TRUNCATE ON reports_document
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_downloads_are_not_emptied
    BEFORE TRUNCATE ON reports_download
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_downloads_never_change
    BEFORE UPDATE OR DELETE ON reports_download
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reports_downloads_never_change ON reports_download;
DROP TRIGGER reports_downloads_are_not_emptied ON reports_download;
DROP TRIGGER reports_documents_are_not_emptied ON reports_document;
DROP TRIGGER reports_versions_are_not_emptied ON reports_reportversion;
DROP TRIGGER reports_released_documents_never_change ON reports_document;
DROP TRIGGER reports_released_versions_never_change ON reports_reportversion;
DROP FUNCTION reports_document_refuse_change();
DROP FUNCTION reports_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_grants_and_reports")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
