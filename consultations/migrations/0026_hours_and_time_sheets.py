import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0025_cases_can_be_deleted"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("closed", "closed"),
                            ("confirmed", "confirmed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.JSONField(editable=False, null=True)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "explanation",
                    models.CharField(blank=True, max_length=300, verbose_name="explanation"),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="month_sheets",
                        to="consultations.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="month_sheets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "time sheet",
                "verbose_name_plural": "time sheets",
                "ordering": ["-month", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "project", "month"),
                        name="consultations_monthsheet_one_per_month",
                        violation_error_message="This month has its sheet for this project already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="consultations_monthsheet_month_is_its_first_day",
                        violation_error_message="A sheet is for a whole month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "closed", "confirmed"])),
                        name="consultations_monthsheet_status_is_known",
                        violation_error_message="A sheet is open, closed or confirmed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("rows", None),
                                ("sha256", ""),
                                ("status", "open"),
                            ),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("closed_at__isnull", False),
                                ("rows__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_monthsheet_closed_is_frozen",
                        violation_error_message="A closed sheet keeps its rows, an open one has none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("status", "confirmed"),
                            ),
                            models.Q(
                                models.Q(("status", "confirmed"), _negated=True),
                                ("confirmed_at", None),
                                ("confirmed_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_monthsheet_confirmed_by_somebody",
                        violation_error_message="A confirmed sheet says who confirmed it, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_monthsheet_confirmed_by_another",
                        violation_error_message="Nobody confirms their own hours. Somebody else of the management does.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthSheetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("rows", models.JSONField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("explanation", models.CharField(blank=True, editable=False, max_length=300)),
                ("closed_at", models.DateTimeField(editable=False)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "reopened_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "reopened_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="consultations.monthsheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier version of a time sheet",
                "verbose_name_plural": "earlier versions of time sheets",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sheet", "number"),
                        name="consultations_monthsheetversion_numbered",
                        violation_error_message="Someone else has just opened this sheet again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="consultations_monthsheetversion_says_why",
                        violation_error_message="Say why the sheet is opened again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeEntry",
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
                            ("project", "work for a project"),
                            ("other", "other work"),
                            ("leave", "vacation"),
                            ("sick", "ill"),
                        ],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes",
                    ),
                ),
                ("activity", models.CharField(blank=True, max_length=200, verbose_name="activity")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="start")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="end")),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to="consultations.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "time entry",
                "verbose_name_plural": "time entries",
                "ordering": ["day", "starts_at", "pk"],
                "indexes": [models.Index(fields=["day", "user"], name="consultations_time_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["project", "other", "leave", "sick"])),
                        name="consultations_timeentry_kind_is_known",
                        violation_error_message="Choose what the time was for.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "project"), ("project__isnull", False)),
                            models.Q(
                                models.Q(("kind", "project"), _negated=True), ("project", None)
                            ),
                            _connector="OR",
                        ),
                        name="consultations_timeentry_project_where_it_is_for_one",
                        violation_error_message="Work for a project names it; other time names none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("project", "other")), _negated=True),
                            models.Q(("activity", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_timeentry_work_says_what",
                        violation_error_message="Say what you did.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                        name="consultations_timeentry_minutes_are_plausible",
                        violation_error_message="An entry takes 1 to 1440 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_at", None), ("starts_at", None)),
                            models.Q(
                                ("day", best_portal.db.BerlinDay("starts_at")),
                                ("ends_at__isnull", False),
                                (
                                    "minutes",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.functions.datetime.Extract(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("ends_at"), "-", models.F("starts_at")
                                            ),
                                            "epoch",
                                        ),
                                        "/",
                                        models.Value(60),
                                    ),
                                ),
                                ("starts_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_timeentry_start_and_end",
                        violation_error_message="Give start and end on that day; the end comes after the start.",
                    ),
                    models.UniqueConstraint(
                        fields=("form_key",),
                        name="consultations_timeentry_one_per_form",
                        violation_error_message="This form was sent before. Please open it anew.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("starts_at__isnull", False)),
                        expressions=[
                            ("user", "="),
                            (best_portal.db.Period("starts_at", "ends_at"), "&&"),
                        ],
                        name="consultations_timeentry_no_overlap",
                        violation_error_message="For a part of this time an entry is there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                (
                    "weekly_hours",
                    models.DecimalField(
                        decimal_places=2, max_digits=4, verbose_name="hours a week"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "ordering": ["-starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="consultations_employment_ends_after_start",
                        violation_error_message="A contract cannot end before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekly_hours__gt", 0), ("weekly_hours__lte", 60)),
                        name="consultations_employment_hours_are_plausible",
                        violation_error_message="A contract has up to 60 hours a week.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            (best_portal.db.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="consultations_employment_one_at_a_time",
                        violation_error_message="For a part of this time a contract is noted already. End that one first.",
                    ),
                ],
            },
        ),
    ]
