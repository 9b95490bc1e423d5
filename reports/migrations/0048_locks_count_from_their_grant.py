"""Locks of reports accepted before know since when their grants count people."""

from django.db import migrations

# A lock is only ever lifted; what it did not know it learns here, once.
FORWARD = """
ALTER TABLE consultations_periodlock DISABLE TRIGGER consultations_locks_are_only_lifted;
UPDATE consultations_periodlock k
   SET counts_from = LEAST(COALESCE(g.early_start_on, g.starts_on), k.starts_on)
  FROM reports_acceptance a
  JOIN reports_reportversion v ON v.id = a.version_id
  JOIN reports_report r ON r.id = v.report_id
  JOIN reports_grant g ON g.id = r.grant_id
  JOIN consultations_periodlock first ON first.id = a.lock_id
 WHERE (k.project_id, k.starts_on, k.ends_on, k.because)
     = (first.project_id, first.starts_on, first.ends_on, first.because);
ALTER TABLE consultations_periodlock ENABLE TRIGGER consultations_locks_are_only_lifted;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0047_targets_and_duties_have_days"),
        ("consultations", "0048_locks_know_how_far_back_they_count"),
    ]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
