"""One rate of a person at a time in a grant, positions in the order of their numbers.

What an accepted report counted stays closed once its period is locked again, the plan included.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import best_portal.db

# At once, for what is still to be checked would keep the table from being altered.
GRANTS = """
UPDATE reports_staffrate r SET grant_id = l.grant_id
  FROM reports_financingplanline l WHERE l.id = r.line_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
LINES = """
ALTER TABLE reports_financingplanline
    ADD CONSTRAINT reports_financingplanline_id_and_grant UNIQUE (id, grant_id);
ALTER TABLE reports_staffrate
    ADD CONSTRAINT reports_staffrate_line_is_of_the_grant
    FOREIGN KEY (line_id, grant_id) REFERENCES reports_financingplanline (id, grant_id);
"""
LINES_BACK = """
ALTER TABLE reports_staffrate DROP CONSTRAINT reports_staffrate_line_is_of_the_grant;
ALTER TABLE reports_financingplanline DROP CONSTRAINT reports_financingplanline_id_and_grant;
"""


def periods(lock_in_force):
    return f"""
CREATE OR REPLACE FUNCTION reports_accepted_periods(the_grant bigint)
RETURNS TABLE (days daterange, counted daterange) LANGUAGE sql STABLE AS $$
    SELECT daterange(r.starts_on, r.ends_on, '[]'),
           daterange(
               CASE WHEN r.starts_on > COALESCE(g.early_start_on, g.starts_on) THEN r.starts_on END,
               CASE WHEN r.ends_on < g.ends_on THEN r.ends_on END,
               '[]'
           )
      FROM reports_acceptance a
      JOIN consultations_periodlock k ON k.id = a.lock_id AND {lock_in_force}
      JOIN reports_reportversion v ON v.id = a.version_id
      JOIN reports_report r ON r.id = v.report_id AND r.grant_id = the_grant
      JOIN reports_grant g ON g.id = r.grant_id
$$;
"""


# Locked again, a period has a new lock; what it is locked for stays the same.
LOCKED = """EXISTS (
          SELECT FROM consultations_periodlock again
           WHERE again.lifted_at IS NULL
             AND (again.project_id, again.starts_on, again.ends_on, again.because)
               = (k.project_id, k.starts_on, k.ends_on, k.because)
      )"""
LOCKED_BACK = "k.lifted_at IS NULL"

# A flat rate counts for the whole time of a grant, that of accepted reports included. Amounts and
# names may change by another notice.
PLAN = """
CREATE FUNCTION reports_refuse_accepted_plan(the_grant bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (SELECT FROM reports_accepted_periods(the_grant)) THEN
        PERFORM reports_refuse_life('reports_accepted_plan_stays');
    END IF;
END $$;
CREATE FUNCTION reports_financingplanline_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reports_refuse_accepted_plan(OLD.grant_id);
    ELSE
        PERFORM reports_refuse_accepted_plan(NEW.grant_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_plan_stays
    AFTER UPDATE ON reports_financingplanline
    FOR EACH ROW WHEN (
        (OLD.kind, OLD.costing, OLD.method_id, OLD.origin)
        IS DISTINCT FROM (NEW.kind, NEW.costing, NEW.method_id, NEW.origin)
    ) EXECUTE FUNCTION reports_financingplanline_keep_accepted();
CREATE TRIGGER reports_accepted_plan_gets_no_flat_rate
    AFTER INSERT ON reports_financingplanline
    FOR EACH ROW WHEN (NEW.costing = 'flat')
    EXECUTE FUNCTION reports_financingplanline_keep_accepted();
CREATE TRIGGER reports_accepted_plan_keeps_its_flat_rate
    AFTER DELETE ON reports_financingplanline
    FOR EACH ROW WHEN (OLD.costing = 'flat')
    EXECUTE FUNCTION reports_financingplanline_keep_accepted();
"""
PLAN_BACK = """
DROP TRIGGER reports_accepted_plan_keeps_its_flat_rate ON reports_financingplanline;
DROP TRIGGER reports_accepted_plan_gets_no_flat_rate ON reports_financingplanline;
DROP TRIGGER reports_accepted_plan_stays ON reports_financingplanline;
DROP FUNCTION reports_financingplanline_keep_accepted();
DROP FUNCTION reports_refuse_accepted_plan(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0036_accepted_hours_and_results_stay")]

    operations = [
        migrations.RemoveConstraint("staffrate", "reports_staffrate_one_at_a_time"),
        migrations.AddField(
            "staffrate",
            "grant",
            models.ForeignKey(
                "reports.grant",
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="staff_rates",
            ),
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.AlterField(
            "staffrate",
            "grant",
            models.ForeignKey(
                "reports.grant",
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="staff_rates",
            ),
        ),
        migrations.AddConstraint(
            "staffrate",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="reports_staffrate_one_at_a_time",
                expressions=[
                    ("grant", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                    ("person", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                    (
                        best_portal.db.Days("since", "until"),
                        django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=(
                    "This person has a rate in that time already. A second one, in another line "
                    "of the grant too, would count the hours twice."
                ),
            ),
        ),
        migrations.RunSQL(LINES, LINES_BACK),
        migrations.AddField(
            "financingplanline",
            "sort_position",
            best_portal.db.numbered("position"),
        ),
        migrations.AlterModelOptions(
            "financingplanline",
            {
                "ordering": ["grant", "-kind", "sort_position", "pk"],
                "verbose_name": "line of the financing plan",
                "verbose_name_plural": "lines of the financing plan",
            },
        ),
        migrations.RunSQL(periods(LOCKED), periods(LOCKED_BACK)),
        migrations.RunSQL(PLAN, PLAN_BACK),
    ]
