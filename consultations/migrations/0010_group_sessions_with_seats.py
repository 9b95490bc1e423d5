import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0009_finished_imports_keep_no_file"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0001_organisations_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_present", models.BooleanField(verbose_name="present")),
                (
                    "late_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="came late (minutes)"),
                ),
                (
                    "early_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="left early (minutes)"
                    ),
                ),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance noted",
                "verbose_name_plural": "attendances noted",
                "ordering": ["date", "registration"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_present", True),
                            models.Q(("early_minutes", 0), ("late_minutes", 0)),
                            _connector="OR",
                        ),
                        name="consultations_checkin_absent_is_absent",
                        violation_error_message="Who was absent was neither late nor left early.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        help_text="What people read before they register.",
                        verbose_name="description",
                    ),
                ),
                (
                    "contents",
                    models.TextField(
                        blank=True,
                        help_text="One line each; they stand on the certificate.",
                        verbose_name="contents",
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
                    "access",
                    models.CharField(
                        blank=True,
                        help_text="Entrance, floor, lift, step-free or not, bus and train.",
                        max_length=300,
                        verbose_name="how to get there",
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        help_text="Only people with a seat get to see it.",
                        verbose_name="link to the online room",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="seats",
                    ),
                ),
                (
                    "waiting_seats",
                    models.PositiveSmallIntegerField(
                        default=6,
                        validators=[django.core.validators.MaxValueValidator(500)],
                        verbose_name="places on the waiting list",
                    ),
                ),
                (
                    "open_to",
                    models.CharField(
                        choices=[
                            ("everyone", "everyone: people register themselves"),
                            ("invited", "those whom we register"),
                        ],
                        default="everyone",
                        max_length=8,
                        verbose_name="open to",
                    ),
                ),
                (
                    "register_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: until the first date begins.",
                        null=True,
                        verbose_name="registration until",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "announced"),
                            ("cancelled", "called off"),
                            ("held", "was held"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("planned_at", models.DateTimeField(auto_now_add=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "leaders",
                    models.ManyToManyField(
                        related_name="group_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="led by",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="consultations.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="consultations.projecttask",
                        verbose_name="task",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True,
                        related_name="group_sessions",
                        to="consultations.topic",
                        verbose_name="topics",
                    ),
                ),
            ],
            options={
                "verbose_name": "group session",
                "verbose_name_plural": "group sessions",
                "ordering": ["-planned_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="consultations_groupsession_has_a_title",
                        violation_error_message="Give the session a title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "published", "cancelled", "held"])
                        ),
                        name="consultations_groupsession_status_is_known",
                        violation_error_message="Unknown status of a group session.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["office", "on_site", "phone", "video", "email"])
                        ),
                        name="consultations_groupsession_channel_is_known",
                        violation_error_message="Choose how people meet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_to__in", ["everyone", "invited"])),
                        name="consultations_groupsession_open_to_is_known",
                        violation_error_message="Choose who may register.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1), ("seats__lte", 500)),
                        name="consultations_groupsession_seats_are_plausible",
                        violation_error_message="A session has 1 to 500 seats.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waiting_seats__lte", 500)),
                        name="consultations_groupsession_waiting_list_is_plausible",
                        violation_error_message="A waiting list has 500 places at most.",
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
                        name="consultations_groupsession_cancelled_with_time",
                        violation_error_message="A session is called off together with its time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupSessionDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "agreed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dates",
                        to="consultations.groupsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "date of a group session",
                "verbose_name_plural": "dates of group sessions",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consultations_groupsessiondate_ends_after_start",
                        violation_error_message="A date must end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"),
                                    "+",
                                    models.Value(datetime.timedelta(seconds=43200)),
                                ),
                            )
                        ),
                        name="consultations_groupsessiondate_lasts_12_hours_at_most",
                        violation_error_message="A date lasts 12 hours at most; add one for each day.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        expressions=[
                            ("session", "="),
                            (best_portal.db.Period("starts_at", "ends_at"), "&&"),
                        ],
                        name="consultations_groupsessiondate_no_overlap",
                        violation_error_message="Two dates of the session overlap.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("interpreter", "an interpreter"),
                                ("sign_language", "sign language"),
                                ("step_free", "access without steps"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="needs",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "to be confirmed"),
                            ("registered", "has a seat"),
                            ("waiting", "on the waiting list"),
                            ("walked_in", "came without registering"),
                            ("cancelled", "cancelled"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "seat",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="seat"
                    ),
                ),
                (
                    "told_by",
                    models.CharField(
                        choices=[
                            ("mail", "by e-mail"),
                            ("letter", "by letter on paper"),
                            ("nobody", "not at all: it was said"),
                        ],
                        default="mail",
                        editable=False,
                        max_length=6,
                        verbose_name="told",
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                ("seated_at", models.DateTimeField(editable=False, null=True)),
                ("moved_up_at", models.DateTimeField(editable=False, null=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="enterprises.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
                        to="consultations.groupsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "ordering": ["queued_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["asked", "registered", "waiting", "walked_in", "cancelled"],
                            )
                        ),
                        name="consultations_registration_status_is_known",
                        violation_error_message="Unknown status of a registration.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told_by__in", ["mail", "letter", "nobody"])),
                        name="consultations_registration_told_by_is_known",
                        violation_error_message="Choose how the person is told.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("seat__gte", 1), ("seat__isnull", False), ("status", "registered")
                            ),
                            models.Q(
                                models.Q(("status", "registered"), _negated=True), ("seat", None)
                            ),
                            _connector="OR",
                        ),
                        name="consultations_registration_seat_if_registered",
                        violation_error_message="Who is registered has a seat, and nobody else has.",
                    ),
                    models.UniqueConstraint(
                        fields=("session", "seat"),
                        name="consultations_registration_seat_is_given_once",
                        violation_error_message="This seat has just been taken. Please try again.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("registered", "waiting", "walked_in"))),
                        fields=("session", "person"),
                        name="consultations_registration_once_per_person",
                        violation_error_message="This person is on the list already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            models.Q(
                                models.Q(
                                    ("status__in", ("registered", "waiting", "walked_in")),
                                    _negated=True,
                                ),
                                models.Q(("name", ""), _negated=True),
                                models.Q(("email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_registration_is_somebodys",
                        violation_error_message="Say who registers and how to reach them.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("registered", "waiting")), _negated=True),
                            ("queued_at__isnull", False),
                            _connector="OR",
                        ),
                        name="consultations_registration_stands_in_line",
                        violation_error_message="Who is on the list is on it since a time.",
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
                        name="consultations_registration_cancelled_with_time",
                        violation_error_message="A registration is cancelled together with its time.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="attendance",
            name="minutes",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="enterprises.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minutes", None),
                    models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                    _connector="OR",
                ),
                name="consultations_attendance_lasts",
                violation_error_message="Who attended was there for 1 to 1440 minutes.",
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="date",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="check_ins",
                to="consultations.groupsessiondate",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="group_date",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.groupsessiondate",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("group_date",),
                name="consultations_consultation_one_per_group_date",
                violation_error_message="The consultation of this date is logged already.",
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="check_ins",
                to="consultations.registration",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                fields=("date", "registration"),
                name="consultations_checkin_once",
                violation_error_message="This person is noted for this date already.",
            ),
        ),
    ]
