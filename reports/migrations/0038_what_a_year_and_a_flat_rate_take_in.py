"""Money an accepted report counted stays however late it came; a flat rate may cover all else."""

from django.db import migrations, models
from django.db.models import Q


def periods(columns, moment):
    return f"""
DROP FUNCTION reports_accepted_periods(bigint);
CREATE FUNCTION reports_accepted_periods(the_grant bigint)
RETURNS TABLE ({columns}) LANGUAGE sql STABLE AS $$
    SELECT daterange(r.starts_on, r.ends_on, '[]'),
           daterange(
               CASE WHEN r.starts_on > COALESCE(g.early_start_on, g.starts_on) THEN r.starts_on END,
               CASE WHEN r.ends_on < g.ends_on THEN r.ends_on END,
               '[]'
           ){moment}
      FROM reports_acceptance a
      JOIN consultations_periodlock k ON k.id = a.lock_id AND EXISTS (
          SELECT FROM consultations_periodlock again
           WHERE again.lifted_at IS NULL
             AND (again.project_id, again.starts_on, again.ends_on, again.because)
               = (k.project_id, k.starts_on, k.ends_on, k.because)
      )
      JOIN reports_reportversion v ON v.id = a.version_id
      JOIN reports_report r ON r.id = v.report_id AND r.grant_id = the_grant
      JOIN reports_grant g ON g.id = r.grant_id
$$;
"""


PERIODS = periods("days daterange, counted daterange, made_at timestamptz", ", v.finished_at")
PERIODS_BACK = periods("days daterange, counted daterange", "")

# After the grant's end money may still come and be noted; what a report had counted by then stays.
PAYMENTS = """
CREATE FUNCTION reports_refuse_counted(the_grant bigint, day date, noted timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (
        SELECT FROM reports_accepted_periods(the_grant) a
         WHERE a.counted @> day AND a.made_at >= COALESCE(noted, '-infinity')
    ) THEN
        PERFORM reports_refuse_life('reports_accepted_books_stay');
    END IF;
END $$;
CREATE OR REPLACE FUNCTION reports_paymentrequest_keep_accepted() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    last date;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.grant_id, OLD.status, OLD.paid_on, OLD.paid_amount)
        IS NOT DISTINCT FROM (NEW.grant_id, NEW.status, NEW.paid_on, NEW.paid_amount) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.status = 'paid' THEN
        SELECT ends_on INTO last FROM reports_grant WHERE id = OLD.grant_id;
        IF OLD.paid_on <= last THEN
            PERFORM reports_refuse_accepted(OLD.grant_id, OLD.paid_on);
        ELSE
            PERFORM reports_refuse_counted(OLD.grant_id, OLD.paid_on, OLD.noted_at);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status = 'paid' THEN
        SELECT ends_on INTO last FROM reports_grant WHERE id = NEW.grant_id;
        IF NEW.paid_on <= last THEN
            PERFORM reports_refuse_accepted(NEW.grant_id, NEW.paid_on);
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""
PAYMENTS_BACK = """
CREATE OR REPLACE FUNCTION reports_paymentrequest_keep_accepted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.grant_id, OLD.status, OLD.paid_on, OLD.paid_amount)
        IS NOT DISTINCT FROM (NEW.grant_id, NEW.status, NEW.paid_on, NEW.paid_amount) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.status = 'paid' AND OLD.paid_on <= (
        SELECT ends_on FROM reports_grant WHERE id = OLD.grant_id
    ) THEN
        PERFORM reports_refuse_accepted(OLD.grant_id, OLD.paid_on);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status = 'paid' AND NEW.paid_on <= (
        SELECT ends_on FROM reports_grant WHERE id = NEW.grant_id
    ) THEN
        PERFORM reports_refuse_accepted(NEW.grant_id, NEW.paid_on);
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION reports_refuse_counted(bigint, date, timestamptz);
"""


def mark_what_covers_the_rest(apps, _schema_editor):
    """The flat rate of Art. 56 that an earlier migration brought (funding.md §7)."""
    apps.get_model("reports", "CostMethod").objects.filter(
        name__startswith="Restkostenpauschale"
    ).update(covers_rest=True)


class Migration(migrations.Migration):
    dependencies = [("reports", "0037_one_rate_at_a_time_and_plans_in_order")]

    operations = [
        migrations.AddField(
            "paymentrequest",
            "noted_at",
            models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(PERIODS, PERIODS_BACK),
        migrations.RunSQL(PAYMENTS, PAYMENTS_BACK),
        migrations.AddField(
            "costmethod",
            "covers_rest",
            models.BooleanField(
                default=False,
                help_text=(
                    "Then nothing but direct staff costs is eligible beside it, and what "
                    "participants are paid."
                ),
                verbose_name="covers all other costs",
            ),
        ),
        migrations.RunPython(mark_what_covers_the_rest, migrations.RunPython.noop),
        migrations.AddConstraint(
            "costmethod",
            models.CheckConstraint(
                condition=Q(covers_rest=False) | Q(base="staff"),
                name="reports_costmethod_rest_is_of_staff",
                violation_error_message=(
                    "Only a share of the direct staff costs covers all other costs."
                ),
            ),
        ),
    ]
