import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0006_bookings_without_an_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="BusyCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=1000, verbose_name="address")),
                ("tried_at", models.DateTimeField(editable=False, null=True)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                ("failed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "The address is not an https address."),
                            (
                                "internal",
                                "The address leads into an internal network. Enter a public one.",
                            ),
                            ("silent", "The address could not be reached."),
                            ("slow", "The calendar took too long to answer."),
                            (
                                "refused",
                                "There is no calendar at this address, or it needs a password.",
                            ),
                            ("large", "The calendar is larger than 5 MB."),
                            ("unreadable", "What stands there is not a calendar we can read."),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "advisor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="busy_calendar",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "own calendar",
                "verbose_name_plural": "own calendars",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address__startswith", "https://")),
                        name="consultations_busycalendar_address_is_https",
                        violation_error_message="The address is not an https address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failed_at", None), ("failure", "")),
                            models.Q(
                                ("failed_at__isnull", False),
                                (
                                    "failure__in",
                                    [
                                        "address",
                                        "internal",
                                        "silent",
                                        "slow",
                                        "refused",
                                        "large",
                                        "unreadable",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_busycalendar_failed_with_reason",
                        violation_error_message="A failure has a time and a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusyPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="consultations.busycalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "busy time",
                "verbose_name_plural": "busy times",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="consultations_busyperiod_ends_after_start",
                        violation_error_message="A busy time must end after it starts.",
                    )
                ],
            },
        ),
    ]
