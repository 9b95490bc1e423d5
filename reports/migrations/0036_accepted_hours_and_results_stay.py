"""What an accepted report counted of rates, hours, results and methods stays as it was, too."""

from django.db import migrations

# What was paid before the grant's first day counts in the period that begins with it, what was paid
# after its last day in the one that ends with it: as the settlement counts.
PERIODS = """
CREATE FUNCTION reports_accepted_periods(the_grant bigint)
RETURNS TABLE (days daterange, counted daterange) LANGUAGE sql STABLE AS $$
    SELECT daterange(r.starts_on, r.ends_on, '[]'),
           daterange(
               CASE WHEN r.starts_on > COALESCE(g.early_start_on, g.starts_on) THEN r.starts_on END,
               CASE WHEN r.ends_on < g.ends_on THEN r.ends_on END,
               '[]'
           )
      FROM reports_acceptance a
      JOIN consultations_periodlock k ON k.id = a.lock_id AND k.lifted_at IS NULL
      JOIN reports_reportversion v ON v.id = a.version_id
      JOIN reports_report r ON r.id = v.report_id AND r.grant_id = the_grant
      JOIN reports_grant g ON g.id = r.grant_id
$$;

-- Waits for an acceptance that is just being given.
CREATE FUNCTION reports_await_acceptance(the_grant bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project p JOIN reports_grant g ON g.project_id = p.id
      WHERE g.id = the_grant FOR KEY SHARE OF p;
END $$;

CREATE OR REPLACE FUNCTION reports_refuse_accepted(the_grant bigint, day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (SELECT FROM reports_accepted_periods(the_grant) a WHERE a.counted @> day) THEN
        PERFORM reports_refuse_life('reports_accepted_books_stay');
    END IF;
END $$;
"""
PERIODS_BACK = """
CREATE OR REPLACE FUNCTION reports_refuse_accepted(the_grant bigint, day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project p JOIN reports_grant g ON g.project_id = p.id
      WHERE g.id = the_grant FOR KEY SHARE OF p;
    IF EXISTS (
        SELECT FROM reports_acceptance a
          JOIN consultations_periodlock k ON k.id = a.lock_id AND k.lifted_at IS NULL
          JOIN reports_reportversion v ON v.id = a.version_id
          JOIN reports_report r ON r.id = v.report_id AND r.grant_id = the_grant
         WHERE day BETWEEN r.starts_on AND r.ends_on
    ) THEN
        PERFORM reports_refuse_life('reports_accepted_books_stay');
    END IF;
END $$;
DROP FUNCTION reports_await_acceptance(bigint);
DROP FUNCTION reports_accepted_periods(bigint);
"""

PAID = "{row}.status = 'paid'"
# The last money often comes once the last report is accepted: after the end it may be noted.
PAID_UNTIL_THE_END = (
    f"{PAID} AND {{row}}.paid_on <= (SELECT ends_on FROM reports_grant WHERE id = {{row}}.grant_id)"
)


def payments(counts):
    return f"""
CREATE OR REPLACE FUNCTION reports_paymentrequest_keep_accepted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.grant_id, OLD.status, OLD.paid_on, OLD.paid_amount)
        IS NOT DISTINCT FROM (NEW.grant_id, NEW.status, NEW.paid_on, NEW.paid_amount) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND {counts.format(row="OLD")} THEN
        PERFORM reports_refuse_accepted(OLD.grant_id, OLD.paid_on);
    END IF;
    IF TG_OP <> 'DELETE' AND {counts.format(row="NEW")} THEN
        PERFORM reports_refuse_accepted(NEW.grant_id, NEW.paid_on);
    END IF;
    RETURN NULL;
END $$;
"""


RESULTS = """
CREATE FUNCTION reports_refuse_accepted_result(the_line bigint, day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    the_grant bigint;
BEGIN
    SELECT grant_id INTO the_grant FROM reports_financingplanline WHERE id = the_line;
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (SELECT FROM reports_accepted_periods(the_grant) a WHERE a.counted @> day) THEN
        PERFORM reports_refuse_life('reports_accepted_results_stay');
    END IF;
END $$;
CREATE FUNCTION reports_deliverable_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.line_id, OLD.title, OLD.amount, OLD.proven_on, OLD.proof)
        IS NOT DISTINCT FROM (NEW.line_id, NEW.title, NEW.amount, NEW.proven_on, NEW.proof) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM reports_refuse_accepted_result(OLD.line_id, OLD.proven_on);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reports_refuse_accepted_result(NEW.line_id, NEW.proven_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_results_stay
    AFTER INSERT OR UPDATE OR DELETE ON reports_deliverable
    FOR EACH ROW EXECUTE FUNCTION reports_deliverable_keep_accepted();
"""
RESULTS_BACK = """
DROP TRIGGER reports_accepted_results_stay ON reports_deliverable;
DROP FUNCTION reports_deliverable_keep_accepted();
DROP FUNCTION reports_refuse_accepted_result(bigint, date);
"""

# An edit of nothing but the days touches those that come or go: a rate may end after the period.
RATES = """
CREATE FUNCTION reports_refuse_accepted_rate(the_line bigint, touched datemultirange)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    the_grant bigint;
BEGIN
    SELECT grant_id INTO the_grant FROM reports_financingplanline WHERE id = the_line;
    PERFORM reports_await_acceptance(the_grant);
    IF EXISTS (SELECT FROM reports_accepted_periods(the_grant) a WHERE a.days && touched) THEN
        PERFORM reports_refuse_life('reports_accepted_rates_stay');
    END IF;
END $$;
CREATE FUNCTION reports_staffrate_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before datemultirange := '{}';
    after datemultirange := '{}';
    shared datemultirange;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := datemultirange(daterange(OLD.since, OLD.until, '[]'));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := datemultirange(daterange(NEW.since, NEW.until, '[]'));
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.line_id, OLD.person_id, OLD.gross_year, OLD.contract_percent)
            = (NEW.line_id, NEW.person_id, NEW.gross_year, NEW.contract_percent) THEN
            shared := before * after;
            before := before - shared;
            after := after - shared;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM reports_refuse_accepted_rate(OLD.line_id, before);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reports_refuse_accepted_rate(NEW.line_id, after);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_rates_stay
    AFTER INSERT OR UPDATE OR DELETE ON reports_staffrate
    FOR EACH ROW EXECUTE FUNCTION reports_staffrate_keep_accepted();
"""
RATES_BACK = """
DROP TRIGGER reports_accepted_rates_stay ON reports_staffrate;
DROP FUNCTION reports_staffrate_keep_accepted();
DROP FUNCTION reports_refuse_accepted_rate(bigint, datemultirange);
"""

METHODS = """
CREATE FUNCTION reports_costmethod_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM consultations_project p
      WHERE p.id IN (
          SELECT g.project_id FROM reports_grant g
            JOIN reports_financingplanline l ON l.grant_id = g.id AND l.method_id = NEW.id
      ) ORDER BY p.id FOR KEY SHARE OF p;
    IF EXISTS (
        SELECT FROM reports_financingplanline l, reports_accepted_periods(l.grant_id)
         WHERE l.method_id = NEW.id
    ) THEN
        PERFORM reports_refuse_life('reports_accepted_methods_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_methods_stay
    AFTER UPDATE ON reports_costmethod
    FOR EACH ROW WHEN (
        (OLD.base, OLD.rate, OLD.year_hours) IS DISTINCT FROM (NEW.base, NEW.rate, NEW.year_hours)
    ) EXECUTE FUNCTION reports_costmethod_keep_accepted();
"""
METHODS_BACK = """
DROP TRIGGER reports_accepted_methods_stay ON reports_costmethod;
DROP FUNCTION reports_costmethod_keep_accepted();
"""

# Only the minutes that an hourly rate of the grant pays for: other sheets stay their people's.
HOURS = """
CREATE FUNCTION reports_accepted_minutes(the_person bigint, the_project bigint, the_rows jsonb)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(s.id || ' ' || (d.value ->> 'day') || ' ' || (d.value ->> 'own'), ','
                      ORDER BY s.id, d.value ->> 'day')
      FROM reports_grant g
      JOIN reports_financingplanline l ON l.grant_id = g.id AND l.costing = 'hours'
      JOIN reports_staffrate s ON s.line_id = l.id AND s.person_id = the_person
      JOIN jsonb_array_elements(the_rows -> 'days') d ON
           daterange(s.since, s.until, '[]') @> (d.value ->> 'day')::date
     WHERE g.project_id = the_project
       AND d.value ->> 'own' <> '0'
       AND EXISTS (
           SELECT FROM reports_accepted_periods(g.id) a WHERE a.days @> (d.value ->> 'day')::date
       )
$$;
CREATE FUNCTION reports_monthsheet_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text;
    after text;
BEGIN
    PERFORM FROM consultations_project WHERE id = NEW.project_id FOR KEY SHARE;
    IF TG_OP = 'UPDATE' THEN
        before := reports_accepted_minutes(OLD.user_id, OLD.project_id, OLD.rows);
    END IF;
    after := reports_accepted_minutes(NEW.user_id, NEW.project_id, NEW.rows);
    IF before IS DISTINCT FROM after THEN
        PERFORM reports_refuse_life('reports_accepted_hours_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_accepted_hours_stay
    AFTER INSERT OR UPDATE ON consultations_monthsheet
    FOR EACH ROW EXECUTE FUNCTION reports_monthsheet_keep_accepted();
"""
HOURS_BACK = """
DROP TRIGGER reports_accepted_hours_stay ON consultations_monthsheet;
DROP FUNCTION reports_monthsheet_keep_accepted();
DROP FUNCTION reports_accepted_minutes(bigint, bigint, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0042_the_day_is_berlins"),
        ("reports", "0035_grants_name_their_account"),
    ]

    operations = [
        migrations.RunSQL(PERIODS, PERIODS_BACK),
        migrations.RunSQL(payments(PAID_UNTIL_THE_END), payments(PAID)),
        migrations.RunSQL(RESULTS, RESULTS_BACK),
        migrations.RunSQL(RATES, RATES_BACK),
        migrations.RunSQL(METHODS, METHODS_BACK),
        migrations.RunSQL(HOURS, HOURS_BACK),
    ]
