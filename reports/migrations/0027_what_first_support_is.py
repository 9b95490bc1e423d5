"""Say in the rules what the first support is, and that the second RCO01 is the agency's own date."""

import json
from pathlib import Path

from django.db import migrations

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
# Field → how the words begin that were added to it.
ADDED = {"rule_text": " Als erste Unterstützung gilt", "source": " Dass Förderungen ab"}


def say(apps, schema_editor):
    """Only where the words are still those the portal brought."""
    Indicator = apps.get_model("reports", "Indicator")
    for name in ("indicators_2021.json", "indicators_awards.json"):
        for row in json.loads((FIXTURES / name).read_text(encoding="utf-8")):
            fields = row["fields"]
            those = Indicator.objects.filter(code=fields["code"], version=fields["version"])
            for field, words in ADDED.items():
                before, added, _ = fields[field].partition(words)
                if added:
                    those.filter(**{field: before}).update(**{field: fields[field]})


class Migration(migrations.Migration):
    dependencies = [("reports", "0026_carry_the_indicators_of_awards")]

    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
