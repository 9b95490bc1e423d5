"""Whoever may not sign in any more is asked to review nothing."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER reports_review_no_work_for_who_left BEFORE INSERT ON reports_review
    FOR EACH ROW WHEN (NEW.decided_at IS NULL)
    EXECUTE FUNCTION accounts_no_work_for_who_left('reviewer_id');
"""
BACKWARD = "DROP TRIGGER reports_review_no_work_for_who_left ON reports_review;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_no_work_for_who_left"),
        ("reports", "0015_printed_sheets_never_change"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
