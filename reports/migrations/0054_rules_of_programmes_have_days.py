"""The rules of a programme are sets with their days; the free text becomes the note of one.

The text may hold what is not confirmed and was never printed: no report tells it now either.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import best_portal.db

NAME = "Regeln des Programms"


def carry(apps, schema_editor):
    ProgrammeRule = apps.get_model("reports", "ProgrammeRule")
    for programme in apps.get_model("reports", "Programme").objects.all():
        if programme.rules_text.strip():
            ProgrammeRule.objects.create(
                programme=programme, name=NAME, note=programme.rules_text, is_confirmed=False
            )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0053_press_and_publicity"),
    ]

    operations = [
        # The rows are found by this name from now on.
        migrations.RenameField("programme", "rules", "rules_text"),
        migrations.CreateModel(
            name="ProgrammeRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="set of rules")),
                (
                    "version",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="version or day of the text"
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.CharField(blank=True, max_length=300, verbose_name="where it says so"),
                ),
                ("is_confirmed", models.BooleanField(default=False, verbose_name="confirmed")),
                ("note", models.TextField(blank=True, verbose_name="note, or what is open")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="reports.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "set of rules of a programme",
                "verbose_name_plural": "sets of rules of programmes",
                "ordering": [
                    "programme",
                    "name",
                    models.OrderBy(models.F("since"), nulls_first=True),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="reports_programmerule_has_its_name",
                        violation_error_message="Say what the set of rules is called.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", None),
                            ("until", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="reports_programmerule_ends_after_start",
                        violation_error_message="It cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_confirmed", True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_programmerule_unconfirmed_says_what_is_open",
                        violation_error_message="Say what is open, or confirm it.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("programme", "="),
                            ("name", "="),
                            (best_portal.db.Days("since", "until"), "&&"),
                        ],
                        name="reports_programmerule_one_at_a_time",
                        violation_error_message="The programme has a set of rules of this name in that time.",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
        # Else the table could not be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField("programme", "rules_text"),
    ]
