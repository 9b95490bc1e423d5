"""The database itself keeps the books of an accepted report, against late entries and edits."""

from django.db import migrations

NAME = "reports_accepted_books_stay"
# What of a voucher and of a payment the report has counted; files may still be added.
VOUCHER = [
    "grant_id",
    "line_id",
    "number",
    "payee",
    "reason",
    "invoiced_on",
    "paid_on",
    "amount",
    "eligible",
    "cut_because",
]
PAYMENT = ["grant_id", "status", "paid_on", "paid_amount"]


def of(row, columns, further=""):
    return f"({', '.join(f'{row}.{name}' for name in columns)}{further.format(row=row)})"


def trigger(table, columns, counts, further=""):
    """Refuse what comes into, leaves or changes within the days of an accepted report.

    Only while the acceptance's lock is in force; a manager lifts it with a reason. The share of
    the project's row makes it wait for an acceptance that is just being given.
    """
    old, new = of("OLD", columns, further), of("NEW", columns, further)
    old_counts, new_counts = (counts.format(row=row) for row in ("OLD", "NEW"))
    return f"""
CREATE FUNCTION {table}_keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND {old} IS NOT DISTINCT FROM {new} THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND {old_counts} THEN
        PERFORM reports_refuse_accepted(OLD.grant_id, OLD.paid_on);
    END IF;
    IF TG_OP <> 'DELETE' AND {new_counts} THEN
        PERFORM reports_refuse_accepted(NEW.grant_id, NEW.paid_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_accepted_stay
    AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_keep_accepted();
"""


FORWARD = f"""
CREATE FUNCTION reports_refuse_accepted(the_grant bigint, day date) RETURNS void
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
        RAISE EXCEPTION '{NAME}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{NAME}';
    END IF;
END $$;
{trigger("reports_voucher", VOUCHER, "{row}.withdrawn_at IS NULL", ", {row}.withdrawn_at IS NULL")}
{trigger("reports_paymentrequest", PAYMENT, "{row}.status = 'paid'")}
"""
BACKWARD = """
DROP TRIGGER reports_paymentrequest_accepted_stay ON reports_paymentrequest;
DROP FUNCTION reports_paymentrequest_keep_accepted();
DROP TRIGGER reports_voucher_accepted_stay ON reports_voucher;
DROP FUNCTION reports_voucher_keep_accepted();
DROP FUNCTION reports_refuse_accepted(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_carry_the_cost_methods")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
