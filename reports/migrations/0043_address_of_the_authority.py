"""A grant says where its authority is, and by which letter it let the work begin early."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0046_cases_of_locked_consultations_stay"),
        ("reports", "0042_lines_of_plans_change_by_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="authority_address",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="address of the authority",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="early_start_reference",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=80,
                verbose_name="letter that approved it",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("early_start_reference", ""),
                    ("early_start_on__isnull", False),
                    _connector="OR",
                ),
                name="reports_grant_early_start_letter_has_its_day",
                violation_error_message="Say from which day the early start was approved.",
            ),
        ),
    ]
