"""How people are told of their appointment, and since when its time is agreed on."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def agreed_when_booked(apps, _editor):
    appointments = apps.get_model("consultations", "Appointment").objects
    appointments.update(agreed_at=models.F("booked_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_totals_of_the_list_from_its_index"),
        ("enterprises", "0001_organisations_and_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="agreed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(agreed_when_booked, migrations.RunPython.noop),
        migrations.AddField(
            model_name="appointment",
            name="told_by",
            field=models.CharField(
                choices=[
                    ("mail", "by e-mail"),
                    ("letter", "by letter on paper"),
                    ("nobody", "not at all: it was said"),
                ],
                default="mail",
                editable=False,
                max_length=6,
                verbose_name="confirmation",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("told_by__in", ["mail", "letter", "nobody"])),
                name="consultations_appointment_told_by_is_known",
                violation_error_message="Choose how the person is told.",
            ),
        ),
    ]
