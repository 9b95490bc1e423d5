"""Bookings without an account, the times held for them, and requests we had to decline."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0005_private_calendar_addresses"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0001_organisations_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclinedRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="place")),
                (
                    "on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="day"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "on the web"),
                            ("phone", "by phone"),
                            ("visit", "in person"),
                            ("email", "by e-mail"),
                        ],
                        default="web",
                        max_length=5,
                        verbose_name="how",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "declined request",
                "verbose_name_plural": "declined requests",
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place", ""), _negated=True),
                        name="consultations_declinedrequest_has_a_place",
                        violation_error_message="Say where.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["web", "phone", "visit", "email"])),
                        name="consultations_declinedrequest_channel_is_known",
                        violation_error_message="Choose how the request came.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuestBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
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
                        default=list,
                        size=None,
                        verbose_name="needs",
                    ),
                ),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guest",
                        to="consultations.appointment",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking without an account",
                "verbose_name_plural": "bookings without an account",
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), ("phone", ""), _negated=True),
                        name="consultations_guestbooking_can_be_reached",
                        violation_error_message="Give an e-mail address or a phone number.",
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
                        name="consultations_guestbooking_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="appointment",
            name="held_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to="enterprises.person",
                verbose_name="with",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_until__isnull", False), ("status", "held")),
                    models.Q(models.Q(("status", "held"), _negated=True), ("held_until", None)),
                    _connector="OR",
                ),
                name="consultations_appointment_held_until_a_time",
                violation_error_message="A time is held until a moment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "held"), ("person__isnull", False), _connector="OR"),
                name="consultations_appointment_is_with_somebody",
                violation_error_message="Only a held time is nobody's yet.",
            ),
        ),
    ]
