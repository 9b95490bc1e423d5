"""Bring the first rule of confirmations: the agency's own practice, to be changed on its page."""

from datetime import date

from django.db import migrations

RULE = {
    "months": [6, 12],
    "open_days": 30,
    "again_days": 14,
    "times": 2,
    "note": "Eigene Praxis der Agentur. Kein Bescheid nennt diese Zahlen; vor der ersten "
    "Abrechnung mit dem Fördergeber abzustimmen.",
}


def carry(apps, schema_editor):
    ConfirmationRule = apps.get_model("enterprises", "ConfirmationRule")
    ConfirmationRule.objects.get_or_create(starts_on=date(2026, 1, 1), defaults=RULE)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0010_founders_confirm_jobs_and_foundings")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
