"""Bring the indicators of awards and innovation, and RCO01 that counts awards as well."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "indicators_awards.json"


def carry(apps, schema_editor):
    Indicator = apps.get_model("reports", "Indicator")
    # Its second version counts awards, too; grants that have the first keep it.
    Indicator.objects.filter(code="RCO01", version=1, ends_on=None).update(
        ends_on=date(2023, 12, 31)
    )
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        Indicator.objects.get_or_create(
            code=fields.pop("code"), version=fields.pop("version"), defaults=fields
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0025_money_that_goes_on_to_enterprises")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
