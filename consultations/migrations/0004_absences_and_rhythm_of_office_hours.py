import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0003_how_and_since_when_people_know"),
        ("districts", "0002_carry_the_areas"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=150, verbose_name="note")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="advisor",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consultations_absence_ends_after_start",
                        violation_error_message="An absence must end after it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("advisor", "="),
                            (best_portal.db.Period("starts_at", "ends_at"), "&&"),
                        ],
                        name="consultations_absence_noted_once",
                        violation_error_message="For a part of this time an absence is noted already. Withdraw it first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="date")),
                ("new_day", models.DateField(blank=True, null=True, verbose_name="instead on")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=150, verbose_name="reason")),
                (
                    "office_hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changed_days",
                        to="consultations.officehours",
                    ),
                ),
            ],
            options={
                "verbose_name": "changed date",
                "verbose_name_plural": "changed dates",
                "ordering": ["day", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office_hours", "day"),
                        name="consultations_changedday_once_per_day",
                        violation_error_message="This date is changed already. Undo that first.",
                    ),
                    models.UniqueConstraint(
                        fields=("office_hours", "new_day"),
                        name="consultations_changedday_one_per_new_day",
                        violation_error_message="Another date is moved to this day already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_at", None), ("new_day", None), ("starts_at", None)),
                            models.Q(
                                ("ends_at__isnull", False),
                                ("new_day__isnull", False),
                                ("starts_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_changedday_cancelled_or_moved",
                        violation_error_message="To move a date, name the day and both times.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="consultations_changedday_ends_after_start",
                        violation_error_message="Office hours must end after they start.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="officehours",
            name="every_weeks",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(12),
                ],
                verbose_name="every how many weeks",
            ),
        ),
        migrations.AddField(
            model_name="officehours",
            name="is_by_agreement",
            field=models.BooleanField(default=False, verbose_name="by agreement only"),
        ),
        migrations.AddField(
            model_name="officehours",
            name="pause_minutes",
            field=models.PositiveSmallIntegerField(
                default=0,
                validators=[django.core.validators.MaxValueValidator(240)],
                verbose_name="pause between appointments (minutes)",
            ),
        ),
        migrations.AddConstraint(
            model_name="officehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("pause_minutes__lte", 240)),
                name="consultations_officehours_pause_is_plausible",
                violation_error_message="A pause takes at most 240 minutes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_weeks__gte", 1), ("every_weeks__lte", 12)),
                name="consultations_officehours_rhythm_is_plausible",
                violation_error_message="Office hours are held every 1 to 12 weeks.",
            ),
        ),
    ]
