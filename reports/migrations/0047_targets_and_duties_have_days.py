"""Targets, milestones and reports that are asked for hold from a day to a day, as notices say."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import best_portal.db


def carry(apps, schema_editor):
    Milestone = apps.get_model("reports", "Milestone")
    for target in apps.get_model("reports", "Target").objects.exclude(milestone=None):
        Milestone.objects.create(
            grant_id=target.grant_id,
            indicator_id=target.indicator_id,
            value=target.milestone,
            due_on=target.milestone_on,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0046_thresholds_have_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="milestone"),
                ),
                ("due_on", models.DateField(verbose_name="reached by")),
                ("since", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["grant", "indicator", "due_on", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="reportduty",
            name="reports_reportduty_once",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="reports_target_one_per_indicator",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="reports_target_milestone_has_its_day",
        ),
        migrations.AddField(
            model_name="reportduty",
            name="since",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="reportduty",
            name="until",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddField(
            model_name="target",
            name="since",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="target",
            name="until",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("grant", "="),
                    ("kind", "="),
                    ("rhythm", "="),
                    (best_portal.db.Days("since", "until"), "&&"),
                ],
                name="reports_reportduty_once",
                violation_error_message="This report is asked for in that rhythm already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None),
                    ("until", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="reports_reportduty_ends_after_start",
                violation_error_message="It cannot end before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("grant", "="),
                    ("indicator", "="),
                    (best_portal.db.Days("since", "until"), "&&"),
                ],
                name="reports_target_one_per_indicator",
                violation_error_message="The grant has this indicator in that time already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None),
                    ("until", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="reports_target_ends_after_start",
                violation_error_message="It cannot end before it starts.",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="milestones",
                to="reports.grant",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="reports.indicator",
                verbose_name="indicator",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="reports_milestone_is_not_negative",
                violation_error_message="A milestone is not below 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None),
                    ("until", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="reports_milestone_ends_after_start",
                violation_error_message="It cannot end before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("grant", "="),
                    ("indicator", "="),
                    ("due_on", "="),
                    (best_portal.db.Days("since", "until"), "&&"),
                ],
                name="reports_milestone_one_for_a_day",
                violation_error_message="There is a milestone for this day already.",
            ),
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
        # Else the table could not be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="target",
            name="milestone",
        ),
        migrations.RemoveField(
            model_name="target",
            name="milestone_on",
        ),
    ]
