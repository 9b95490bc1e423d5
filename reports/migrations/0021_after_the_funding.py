import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0039_needs_ideas_and_events"),
        ("enterprises", "0016_carry_the_size_limits"),
        ("reports", "0020_success_stories"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoordinatingTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Chairing the forum, the mailing list, the map …",
                        max_length=150,
                        verbose_name="task",
                    ),
                ),
                (
                    "successor_name",
                    models.CharField(
                        blank=True,
                        help_text="Somebody by name.",
                        max_length=150,
                        verbose_name="or who carries it on",
                    ),
                ),
                (
                    "agreed_on",
                    models.DateField(
                        blank=True,
                        help_text="The day they said yes.",
                        null=True,
                        verbose_name="agreed on",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="note",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coordinating_tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner now",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coordinating_tasks",
                        to="consultations.project",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks_to_carry_on",
                        to="enterprises.organisation",
                        verbose_name="organisation that carries it on",
                    ),
                ),
            ],
            options={
                "verbose_name": "coordinating task",
                "verbose_name_plural": "coordinating tasks",
                "ordering": ["project", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="reports_coordinatingtask_has_a_title",
                        violation_error_message="Say what the task is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_on", None),
                            ("successor__isnull", False),
                            models.Q(("successor_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_coordinatingtask_agreed_by_somebody",
                        violation_error_message="Say who agreed to carry it on.",
                    ),
                    models.UniqueConstraint(
                        fields=("project", "title"),
                        name="reports_coordinatingtask_once",
                        violation_error_message="The project has this task already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="step")),
                ("due_on", models.DateField(verbose_name="by")),
                ("done_on", models.DateField(editable=False, null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="reports.coordinatingtask",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a transfer",
                "verbose_name_plural": "steps of transfers",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="reports_transferstep_says_what",
                        violation_error_message="Say what must happen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContinuityRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                (
                    "days_before",
                    models.PositiveSmallIntegerField(verbose_name="days before the end"),
                ),
                ("note", models.CharField(max_length=300, verbose_name="where this is written")),
                (
                    "set_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of continuity",
                "verbose_name_plural": "rules of continuity",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("starts_on",),
                        name="reports_continuityrule_one_per_day",
                        violation_error_message="There is a rule from this day on already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_before__range", (1, 1500))),
                        name="reports_continuityrule_is_plausible",
                        violation_error_message="Give a number of days from 1 to 1,500.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="reports_continuityrule_has_a_reason",
                        violation_error_message="Say where this is written, or that you decided it.",
                    ),
                ],
            },
        ),
    ]
