import uuid

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0001_boroughs_and_districts"),
        ("enterprises", "0001_organisations_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            best_portal.db.Translate(
                                django.db.models.functions.text.Lower(models.F("name")),
                                models.Value("äöüáàâéèêëíîïóôúûçñşğı"),
                                models.Value("aouaaaeeeeiiioouucnsgi"),
                            ),
                            models.Value("ß"),
                            models.Value("ss"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["sort_name"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="enterprises.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
            },
        ),
        migrations.CreateModel(
            name="Consultation",
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
                            ("advice", "advice"),
                            ("accompaniment", "accompaniment"),
                            ("training", "training"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="date")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="start")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="end")),
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
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("office", "in the office"),
                            ("on_site", "on site"),
                            ("phone", "by phone"),
                            ("video", "by video"),
                            ("email", "by e-mail"),
                        ],
                        default="office",
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                (
                    "headcount",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number of people",
                    ),
                ),
                (
                    "advisor_as_written",
                    models.CharField(blank=True, max_length=120, verbose_name="advisor as written"),
                ),
                (
                    "internal_note",
                    models.TextField(
                        blank=True,
                        help_text="Never leaves the team.",
                        verbose_name="only for advice",
                    ),
                ),
                (
                    "result",
                    models.TextField(
                        blank=True,
                        help_text="Funders read this. No names, please.",
                        verbose_name="goes into reports",
                    ),
                ),
                (
                    "next_step",
                    models.CharField(blank=True, max_length=300, verbose_name="next step"),
                ),
                ("next_step_on", models.DateField(blank=True, null=True, verbose_name="by")),
                ("batch_row", models.PositiveIntegerField(editable=False, null=True)),
                ("fingerprint", models.CharField(editable=False, max_length=64, null=True)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("logged_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "advisors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="consultations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="advisors",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True,
                        related_name="consultations",
                        through="consultations.Attendance",
                        to="enterprises.person",
                        verbose_name="people attending",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True,
                        related_name="consultations",
                        to="consultations.topic",
                        verbose_name="topics",
                    ),
                ),
            ],
            options={
                "verbose_name": "consultation",
                "verbose_name_plural": "consultations",
                "ordering": ["-held_on", "-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("held_on"), descending=True),
                        models.OrderBy(models.F("starts_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("withdrawn_at", None)),
                        name="consultations_newest_first",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["advice", "accompaniment", "training"])),
                        name="consultations_consultation_kind_is_known",
                        violation_error_message="Choose advice, accompaniment or training.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["office", "on_site", "phone", "video", "email"])
                        ),
                        name="consultations_consultation_channel_is_known",
                        violation_error_message="Choose how the consultation was held.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                        name="consultations_consultation_minutes_are_plausible",
                        violation_error_message="A consultation takes 1 to 1440 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("headcount__gte", 1)),
                        name="consultations_consultation_someone_came",
                        violation_error_message="At least one person attends a consultation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None), ("starts_at__isnull", False), _connector="OR"
                        ),
                        name="consultations_consultation_end_needs_start",
                        violation_error_message="Give the start as well as the end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="consultations_consultation_ends_after_start",
                        violation_error_message="A consultation must end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
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
                            _connector="OR",
                        ),
                        name="consultations_consultation_minutes_agree",
                        violation_error_message="The minutes do not agree with start and end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at", None),
                            ("held_on", best_portal.db.BerlinDay("starts_at")),
                            _connector="OR",
                        ),
                        name="consultations_consultation_starts_on_its_day",
                        violation_error_message="The start is on another day than the consultation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "training"), ("organisation__isnull", False), _connector="OR"
                        ),
                        name="consultations_consultation_names_who_was_advised",
                        violation_error_message="Say who was advised: choose the organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_step_on", None),
                            models.Q(("next_step", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_consultation_deadline_needs_step",
                        violation_error_message="Say what the next step is, not only by when.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="attendance",
            name="consultation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attendances",
                to="consultations.consultation",
            ),
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict, verbose_name="columns")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("committed", "imported"),
                            ("discarded", "discarded"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("outcome", models.JSONField(default=dict, verbose_name="outcome")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("committed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["uploaded", "committed", "discarded"])),
                        name="consultations_importbatch_status_is_known",
                        violation_error_message="Unknown status of an import.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("committed_at__isnull", False), ("status", "committed")),
                            models.Q(
                                models.Q(("status", "committed"), _negated=True),
                                ("committed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_importbatch_committed_with_time",
                        violation_error_message="An import is committed together with its time.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consultation",
            name="batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.importbatch",
            ),
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "districts",
                    models.ManyToManyField(
                        blank=True,
                        related_name="projects",
                        to="districts.district",
                        verbose_name="neighbourhoods",
                    ),
                ),
                (
                    "evaluators",
                    models.ManyToManyField(
                        blank=True,
                        related_name="evaluated_projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="evaluators",
                    ),
                ),
                (
                    "team",
                    models.ManyToManyField(
                        blank=True,
                        related_name="projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["-starts_on", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="consultations_project_ends_after_start",
                        violation_error_message="A project cannot end before it starts.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficeHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("office", "in the office"),
                            ("on_site", "on site"),
                            ("phone", "by phone"),
                            ("video", "by video"),
                            ("email", "by e-mail"),
                        ],
                        default="office",
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("starts_at", models.TimeField(verbose_name="from")),
                ("ends_at", models.TimeField(verbose_name="until")),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="length of an appointment (minutes)",
                    ),
                ),
                (
                    "lead_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="bookable until (hours before)",
                    ),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="cancellable until (hours before)",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="valid from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_hours",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="advisor",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_hours",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_hours",
                        to="consultations.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "office hours",
                "verbose_name_plural": "office hours",
                "ordering": ["advisor", "weekday", "starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__in", [1, 2, 3, 4, 5, 6, 7])),
                        name="consultations_officehours_weekday_is_known",
                        violation_error_message="Choose a day of the week.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["office", "on_site", "phone", "video", "email"])
                        ),
                        name="consultations_officehours_channel_is_known",
                        violation_error_message="Choose how people are met.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consultations_officehours_end_after_start",
                        violation_error_message="Office hours must end after they start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="consultations_officehours_stop_after_first_day",
                        violation_error_message="Office hours cannot stop before their first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slot_minutes__gte", 10), ("slot_minutes__lte", 480)),
                        name="consultations_officehours_slot_is_plausible",
                        violation_error_message="An appointment takes 10 to 480 minutes.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="consultations.project",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.project",
                verbose_name="project",
            ),
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("office", "in the office"),
                            ("on_site", "on site"),
                            ("phone", "by phone"),
                            ("video", "by video"),
                            ("email", "by e-mail"),
                        ],
                        default="office",
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                (
                    "concern",
                    models.CharField(blank=True, max_length=500, verbose_name="what it is about"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("booked", "booked"),
                            ("cancelled", "cancelled"),
                            ("took_place", "took place"),
                            ("no_show", "did not come"),
                        ],
                        default="booked",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("booked_at", models.DateTimeField(auto_now_add=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="advisor",
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="enterprises.person",
                        verbose_name="with",
                    ),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointment",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "office_hours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="consultations.officehours",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="consultations.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["held", "booked", "cancelled", "took_place", "no_show"])
                        ),
                        name="consultations_appointment_status_is_known",
                        violation_error_message="Unknown status of an appointment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["office", "on_site", "phone", "video", "email"])
                        ),
                        name="consultations_appointment_channel_is_known",
                        violation_error_message="Choose how you want to meet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consultations_appointment_ends_after_start",
                        violation_error_message="An appointment must end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("status", "cancelled")),
                            models.Q(
                                models.Q(("status", "cancelled"), _negated=True),
                                ("cancelled_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_appointment_cancelled_with_time",
                        violation_error_message="An appointment is cancelled together with its time.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status__in", ("held", "booked"))),
                        expressions=[
                            ("advisor", "="),
                            (best_portal.db.Period("starts_at", "ends_at"), "&&"),
                        ],
                        name="consultations_appointment_no_double_booking",
                        violation_error_message="This time has just been taken. Please choose another one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="consultations.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "number"),
                        name="consultations_projecttask_one_per_number",
                        violation_error_message="This project has a task of this number already.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consultation",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.projecttask",
                verbose_name="task",
            ),
        ),
        migrations.CreateModel(
            name="SupportCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("goal", models.CharField(blank=True, max_length=300, verbose_name="goal")),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="outcome")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "carried_on_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_on_as",
                        to="consultations.supportcase",
                        verbose_name="carries on",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="enterprises.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="consultations.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "support case",
                "verbose_name_plural": "support cases",
                "ordering": ["-opened_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("project", "organisation"),
                        name="consultations_supportcase_one_running",
                        violation_error_message="There is a running case for this organisation in the project already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="consultations_supportcase_closes_after_opening",
                        violation_error_message="A case cannot close before it was opened.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_supportcase_closed_with_outcome",
                        violation_error_message="Say with which outcome the case was closed.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consultation",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.supportcase",
                verbose_name="support case",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("consultation", "person"),
                name="consultations_attendance_once",
                violation_error_message="This person is on the list already.",
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(
                fields=["project", "held_on"],
                include=("kind", "minutes", "headcount", "district", "organisation"),
                name="consultations_by_project",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                fields=("project", "fingerprint"),
                name="consultations_consultation_imported_once",
                violation_error_message="This row was imported already.",
            ),
        ),
    ]
