"""A notice may ask for payment requests, time sheets and lists of participants by rhythm, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0050_papers_for_the_funder"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reportduty",
            name="reports_reportduty_kind_is_known",
        ),
        migrations.AlterField(
            model_name="reportduty",
            name="kind",
            field=models.CharField(
                choices=[
                    ("interim", "interim report"),
                    ("final", "final report"),
                    ("narrative", "narrative report"),
                    ("indicators", "indicator sheet"),
                    ("vouchers", "list of vouchers"),
                    ("status", "status report"),
                    ("payment", "payment request"),
                    ("time", "time sheets"),
                    ("people", "list of participants"),
                ],
                max_length=10,
                verbose_name="kind of report",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "interim",
                            "final",
                            "narrative",
                            "indicators",
                            "vouchers",
                            "status",
                            "payment",
                            "time",
                            "people",
                        ],
                    )
                ),
                name="reports_reportduty_kind_is_known",
                violation_error_message="Choose the kind of report.",
            ),
        ),
    ]
