"""What the Sachbericht of each form asks for, as data."""

import json
from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "outlines.json"


def carry(apps, schema_editor):
    Outline = apps.get_model("reports", "Outline")
    OutlineSection = apps.get_model("reports", "OutlineSection")
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        sections = row.pop("sections")
        outline = Outline.objects.create(**row)
        for position, section in enumerate(sections, start=1):
            OutlineSection.objects.create(outline=outline, position=position, **section)
    # Reports that are being written keep the sections they have.
    former = Outline.objects.get(profile="efre", since="2000-01-01")
    grants = apps.get_model("reports", "Grant").objects.filter(profile="efre")
    grants.filter(starts_on__gt=former.until, reports__isnull=False).update(outline=former)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0028_reports_asked_for"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[("senate", "Senate"), ("esf", "ESF"), ("efre", "EFRE")],
                        max_length=6,
                        verbose_name="form of the reports",
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("since", models.DateField(verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.TextField(
                        help_text="Where it says so, and what is not confirmed yet.",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "outline",
                "verbose_name_plural": "outlines",
                "ordering": ["profile", "-since", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("profile__in", ["senate", "esf", "efre"])),
                        name="reports_outline_profile_is_known",
                        violation_error_message="Choose the form of the reports.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_outline_ends_after_start",
                        violation_error_message="An outline cannot end before it starts.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="outline",
            field=models.ForeignKey(
                blank=True,
                help_text="Left empty, it is the one of the form that is valid when the grant begins.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="reports.outline",
                verbose_name="outline of the narrative report",
            ),
        ),
        migrations.CreateModel(
            name="OutlineSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]*$", "Use small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                ("heading", models.CharField(blank=True, max_length=150, verbose_name="heading")),
                (
                    "hint",
                    models.CharField(blank=True, max_length=250, verbose_name="what belongs here"),
                ),
                (
                    "task",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the project, if of one.",
                        null=True,
                        verbose_name="tells of task no.",
                    ),
                ),
                (
                    "for_each_task",
                    models.BooleanField(
                        default=False, verbose_name="one for each task of the project"
                    ),
                ),
                (
                    "outline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="reports.outline",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["outline", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("outline", "key"),
                        name="reports_outlinesection_one_per_key",
                        violation_error_message="There is a section with this key already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("for_each_task", True), ("task", None)),
                            models.Q(
                                ("for_each_task", False), models.Q(("heading", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="reports_outlinesection_has_its_heading",
                        violation_error_message="A section has a heading; those of all tasks take the tasks' own.",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
    ]
