"""The rule for small numbers that comes with the portal."""

from datetime import date

from django.db import migrations

NOTE = (
    "Annahme: erst Zahlen ab 5 werden öffentlich genannt; üblich, aber von keiner uns bekannten "
    "Vorschrift bestätigt."
)


def carry(apps, schema_editor):
    rule = apps.get_model("pages", "SmallCellRule")
    rule.objects.create(starts_on=date(2000, 1, 1), fewest=5, note=NOTE)


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_pages_and_barriers")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
