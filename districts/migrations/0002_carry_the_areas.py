"""Bring the twelve boroughs and the areas since 1999 as the app's own reference data."""

import json
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "districts.json"


def carry(apps, schema_editor):
    Borough = apps.get_model("districts", "Borough")
    District = apps.get_model("districts", "District")
    boroughs = {}
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        if row["model"] == "districts.borough":
            boroughs[fields["key"]], _ = Borough.objects.get_or_create(**fields)
        else:
            [key] = fields.pop("borough")
            District.objects.get_or_create(
                name=fields.pop("name"),
                starts_on=fields.pop("starts_on"),
                defaults=fields | {"borough": boroughs[key]},
            )


class Migration(migrations.Migration):
    dependencies = [("districts", "0001_boroughs_and_districts")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
