"""Bring a first rule of contact for each stage in which somebody is accompanied."""

from datetime import date

from django.db import migrations

# An idea cools down quickly, a founding has a day of its own, an enterprise stands by itself.
DAYS = {"idea": 30, "concept": 21, "founding": 14, "build_up": 30, "consolidation": 90}
NOTE = "Eigene Praxis, keine Regel eines Fördergebers."


def carry(apps, schema_editor):
    ContactRule = apps.get_model("consultations", "ContactRule")
    for stage, days in DAYS.items():
        ContactRule.objects.get_or_create(
            stage=stage, starts_on=date(2000, 1, 1), defaults={"days": days, "note": NOTE}
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0022_promises_and_contact_rules")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
