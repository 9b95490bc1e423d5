import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0011_seats_that_are_there"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0001_organisations_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "idea"),
                            ("concept", "concept"),
                            ("founding", "founding"),
                            ("build_up", "build-up"),
                            ("consolidation", "consolidation"),
                            ("given_up", "given up"),
                        ],
                        default="idea",
                        max_length=13,
                        verbose_name="stage",
                    ),
                ),
                (
                    "concern",
                    models.CharField(blank=True, max_length=500, verbose_name="what it is about"),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("office", "in the office"),
                            ("on_site", "on site"),
                            ("phone", "by phone"),
                            ("video", "by video"),
                            ("email", "by e-mail"),
                        ],
                        max_length=8,
                        verbose_name="how",
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
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="weekdays",
                    ),
                ),
                (
                    "day_parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("morning", "in the morning, before 12"),
                                ("afternoon", "in the afternoon, 12 to 17"),
                                ("evening", "in the evening, from 17"),
                            ],
                            max_length=9,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="times of day",
                    ),
                ),
                ("earliest_on", models.DateField(blank=True, null=True, verbose_name="not before")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
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
                    "reached_by",
                    models.CharField(
                        choices=[("mail", "by e-mail"), ("phone", "by phone")],
                        default="mail",
                        max_length=5,
                        verbose_name="reached",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "not confirmed yet"),
                            ("waiting", "on the list"),
                            ("booked", "booked"),
                            ("stopped", "taken off the list"),
                            ("expired", "ended without an appointment"),
                        ],
                        default="unconfirmed",
                        editable=False,
                        max_length=11,
                        verbose_name="status",
                    ),
                ),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "joined_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="waiting since"),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                        related_name="+",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="enterprises.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="consultations.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the waiting list",
                "verbose_name_plural": "waiting list",
                "ordering": ["joined_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["joined_at", "id"],
                        name="consultations_waitingentry_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["unconfirmed", "waiting", "booked", "stopped", "expired"],
                            )
                        ),
                        name="consultations_waitingentry_status_is_known",
                        violation_error_message="Unknown status of an entry of the waiting list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reached_by__in", ["mail", "phone"])),
                        name="consultations_waitingentry_reached_by_is_known",
                        violation_error_message="Choose how the person is reached.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["", "office", "on_site", "phone", "video", "email"])
                        ),
                        name="consultations_waitingentry_channel_is_known",
                        violation_error_message="Choose how you want to meet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "idea",
                                    "concept",
                                    "founding",
                                    "build_up",
                                    "consolidation",
                                    "given_up",
                                ],
                            )
                        ),
                        name="consultations_waitingentry_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7])),
                        name="consultations_waitingentry_weekdays_are_known",
                        violation_error_message="Choose days of the week.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_parts__contained_by", ["morning", "afternoon", "evening"])
                        ),
                        name="consultations_waitingentry_day_parts_are_known",
                        violation_error_message="Choose times of day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            models.Q(
                                models.Q(("name", ""), _negated=True),
                                models.Q(("email", ""), _negated=True),
                                ("reached_by", "mail"),
                            ),
                            ("erased_at__isnull", False),
                            _connector="OR",
                        ),
                        name="consultations_waitingentry_can_be_reached",
                        violation_error_message="Give a name and an e-mail address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at", None),
                            models.Q(
                                ("concern", ""),
                                ("email", ""),
                                ("ended_at__isnull", False),
                                ("name", ""),
                                ("phone", ""),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_waitingentry_erased_is_nobody",
                        violation_error_message="Of an erased entry nothing about the person is left.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("joined_at", None), ("status", "unconfirmed")),
                            models.Q(
                                models.Q(("status", "unconfirmed"), _negated=True),
                                ("joined_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_waitingentry_waits_since_a_time",
                        violation_error_message="Whoever is on the list waits since a moment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("status__in", ("unconfirmed", "waiting"))
                            ),
                            models.Q(
                                models.Q(("status__in", ("unconfirmed", "waiting")), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_waitingentry_ended_with_time",
                        violation_error_message="An entry ends together with its time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("status__in", ("unconfirmed", "waiting"))
                        ),
                        fields=("person", "project"),
                        name="consultations_waitingentry_one_per_person",
                        nulls_distinct=False,
                        violation_error_message="On this list everybody stands once, and there is an entry already.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        models.F("project"),
                        condition=models.Q(
                            ("status__in", ("unconfirmed", "waiting")),
                            models.Q(("email", ""), _negated=True),
                        ),
                        name="consultations_waitingentry_one_per_address",
                        nulls_distinct=False,
                        violation_error_message="On this list everybody stands once, and there is an entry already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                ("offered_at", models.DateTimeField(verbose_name="offered at")),
                ("until", models.DateTimeField(verbose_name="held until")),
                ("next_from", models.DateTimeField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("expired", "not answered"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "calls",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="calls"
                    ),
                ),
                (
                    "called_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last call"),
                ),
                (
                    "appointment",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offer",
                        to="consultations.appointment",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="consultations.waitingentry",
                    ),
                ),
                (
                    "office_hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.officehours",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a time",
                "verbose_name_plural": "offers of times",
                "ordering": ["-offered_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "accepted", "declined", "expired", "withdrawn"])
                        ),
                        name="consultations_waitingoffer_status_is_known",
                        violation_error_message="Unknown status of an offer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("appointment__isnull", False), ("status__in", ("open", "accepted"))
                            ),
                            models.Q(
                                models.Q(("status__in", ("open", "accepted")), _negated=True),
                                ("appointment", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_waitingoffer_open_holds_a_time",
                        violation_error_message="An open offer holds a time, one that is over none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_waitingoffer_answered_with_time",
                        violation_error_message="An offer is over together with its time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("offered_at__lt", models.F("until")),
                            ("starts_at__lt", models.F("ends_at")),
                            ("until__lt", models.F("starts_at")),
                        ),
                        name="consultations_waitingoffer_lies_before_the_start",
                        violation_error_message="A time is offered and answered before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("called_at", None), ("calls", 0)),
                            models.Q(("called_at__isnull", False), ("calls__gt", 0)),
                            _connector="OR",
                        ),
                        name="consultations_waitingoffer_called_with_time",
                        violation_error_message="A call is noted together with its time.",
                    ),
                    models.UniqueConstraint(
                        fields=("entry", "starts_at"),
                        name="consultations_waitingoffer_each_time_once",
                        violation_error_message="This time was offered to this person before.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("entry", "="),
                            (best_portal.db.Period("offered_at", "next_from"), "&&"),
                        ],
                        name="consultations_waitingoffer_one_a_day",
                        violation_error_message="Within 24 hours nobody is offered a second time.",
                    ),
                ],
            },
        ),
    ]
