"""Bring the indicators of people and enterprises of ESF Plus and EFRE 2021–2027."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "indicators_2021.json"


def carry(apps, schema_editor):
    Indicator = apps.get_model("reports", "Indicator")
    # Its second version asks for the size; grants that have the first keep it.
    Indicator.objects.filter(code="EECO19", version=1, ends_on=None).update(
        ends_on=date(2023, 12, 31)
    )
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        Indicator.objects.get_or_create(
            code=fields.pop("code"), version=fields.pop("version"), defaults=fields
        )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0017_age_of_new_enterprises"),
        ("enterprises", "0016_carry_the_size_limits"),
    ]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
