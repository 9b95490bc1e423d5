"""The reports a notice asks for: which, how often, and within how many months."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0027_what_first_support_is"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interim", "interim report"),
                            ("final", "final report"),
                            ("narrative", "narrative report"),
                            ("indicators", "indicator sheet"),
                            ("vouchers", "list of vouchers"),
                            ("status", "status report"),
                        ],
                        max_length=10,
                        verbose_name="kind of report",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("end", "once, after the end"),
                            ("years", "for every calendar year"),
                            ("months", "every so many months"),
                        ],
                        max_length=6,
                        verbose_name="how often",
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Only where it is due every so many months.",
                        null=True,
                        verbose_name="every … months",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        help_text="After the end of the period it tells of.",
                        verbose_name="due within … months",
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="where it says so"),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="reports.grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "report that is asked for",
                "verbose_name_plural": "reports that are asked for",
                "ordering": ["kind", "rhythm", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "kind", "rhythm"),
                        name="reports_reportduty_once",
                        violation_error_message="This report is asked for in that rhythm already.",
                    ),
                    models.CheckConstraint(
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
                                ],
                            )
                        ),
                        name="reports_reportduty_kind_is_known",
                        violation_error_message="Choose the kind of report.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("every", None), ("rhythm__in", ["end", "years"])),
                            models.Q(
                                ("every__gte", 1),
                                ("every__isnull", False),
                                ("every__lte", 60),
                                ("rhythm", "months"),
                            ),
                            _connector="OR",
                        ),
                        name="reports_reportduty_rhythm_has_its_months",
                        violation_error_message="Say after how many months it is due again (1 to 60), and only there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__lte", 60)),
                        name="reports_reportduty_is_due_within_years",
                        violation_error_message="A report is due within 60 months at most.",
                    ),
                ],
            },
        ),
    ]
