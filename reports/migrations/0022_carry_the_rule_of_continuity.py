"""The rule of continuity that comes with the portal."""

from datetime import date

from django.db import migrations

NOTE = (
    "Annahme: ein Jahr vor dem Ende wird gewarnt. Aus Rostock ist nur bekannt, dass die Übergabe "
    "von Anfang an zu planen ist; eine Frist nennt keine uns bekannte Vorschrift."
)


def carry(apps, schema_editor):
    rule = apps.get_model("reports", "ContinuityRule")
    rule.objects.create(starts_on=date(2000, 1, 1), days_before=365, note=NOTE)


class Migration(migrations.Migration):
    dependencies = [("reports", "0021_after_the_funding")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
