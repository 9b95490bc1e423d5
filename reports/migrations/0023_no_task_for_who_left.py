"""Whoever may not sign in any more gets no coordinating task to look after.

What was theirs stays: only a new row, and one that passes from somebody to them, is refused.
"""

from django.db import migrations

FORWARD = """
CREATE TRIGGER reports_coordinatingtask_no_work_for_who_left
    BEFORE INSERT ON reports_coordinatingtask
    FOR EACH ROW EXECUTE FUNCTION accounts_no_work_for_who_left('owner_id');
CREATE TRIGGER reports_coordinatingtask_nothing_passes_to_who_left
    BEFORE UPDATE OF owner_id ON reports_coordinatingtask
    FOR EACH ROW WHEN (NEW.owner_id IS DISTINCT FROM OLD.owner_id)
    EXECUTE FUNCTION accounts_no_work_for_who_left('owner_id');
"""
BACKWARD = """
DROP TRIGGER reports_coordinatingtask_no_work_for_who_left ON reports_coordinatingtask;
DROP TRIGGER reports_coordinatingtask_nothing_passes_to_who_left ON reports_coordinatingtask;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_no_work_for_who_left"),
        ("reports", "0022_carry_the_rule_of_continuity"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
