"""A grant says whether its recipient may deduct input tax, so that papers tick it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0046_cases_of_locked_consultations_stay"),
        ("reports", "0043_address_of_the_authority"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="input_tax",
            field=models.CharField(
                blank=True,
                choices=[("deducts", "may be deducted"), ("none", "may not be deducted")],
                db_default="",
                default="",
                help_text="Whoever may deduct it accounts for net amounts. Left empty, it is ticked by hand.",
                max_length=7,
                verbose_name="input tax",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("input_tax__in", ["", "deducts", "none"])),
                name="reports_grant_input_tax_is_known",
                violation_error_message="Say whether input tax may be deducted.",
            ),
        ),
    ]
