"""A grant names the account to which its money is paid, for its payment requests."""

from django.db import migrations, models

import reports.iban


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0034_changes_by_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="account_holder",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="account holder"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="bank",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="bank"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="iban",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=34,
                validators=[reports.iban.check_iban],
                verbose_name="IBAN",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("iban", ""),
                    ("iban__regex", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                    _connector="OR",
                ),
                name="reports_grant_iban_has_its_shape",
                violation_error_message="An IBAN is stored without blanks.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("iban", ""), models.Q(("account_holder", ""), _negated=True), _connector="OR"
                ),
                name="reports_grant_account_has_a_holder",
                violation_error_message="Say whose account it is.",
            ),
        ),
    ]
