"""Bring the agency's own indicators and the verified EU ones as reference data."""

import json
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "indicators.json"


def carry(apps, schema_editor):
    Indicator = apps.get_model("reports", "Indicator")
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        Indicator.objects.get_or_create(
            code=fields.pop("code"), version=fields.pop("version"), defaults=fields
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_released_versions_never_change")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
