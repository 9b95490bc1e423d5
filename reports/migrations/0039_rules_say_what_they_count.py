"""Say in the rules of results what they count: what is new, created, and completed for good."""

import json
from pathlib import Path

from django.db import migrations

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
COMPLETED = (
    " des Unternehmens, wenn binnen eines Jahres nichts Neues beginnt; die spätere Begleitung einer "
    "Person verlängert sie nicht. Was danach beginnt, ändert nichts mehr."
)
ADVICE = ("Beratung, Schulung oder Förderung unter", "Beratung oder Schulung unter")
ENDED = ("Begleitung und der letzten Förderung" + COMPLETED, "Begleitung.")
# Indicator → pairs of its words as they are now, and as they were.
FORMER = {
    "RCO05": [
        (
            ": an dem Tag, an dem seine Stunden die Schwelle erreichen (RCO04), oder mit dem "
            "Abschluss seiner ersten Förderung (RCO02, RCO03), je nachdem, was früher ist.",
            ", an dem Tag, an dem seine Stunden seit dem ersten Tag der Zuwendung die Schwelle "
            "erreichen, ohne Schwelle am Tag der ersten Unterstützung. Was nur am Telefon oder "
            "schriftlich war, zählt nicht.",
        ),
        ADVICE,
    ],
    "RCR01": [
        ("besetzte neue Stellen in", "besetzte Stellen in"),
        ("Erhaltene Stellen sind kein Zuwachs. Eine", "Eine"),
        (
            "wird abgezogen, auch die der erhaltenen Stellen. Unternehmen ohne bestätigte Stellen "
            "stehen als „k. A.“ daneben und gelten nie als Null.",
            "wird abgezogen.",
        ),
        ENDED,
        ADVICE,
    ],
    "RCR17": [ENDED],
    "RCR19": [ENDED, ADVICE],
    "RCR25": [(COMPLETED, ". Solange eine davon läuft, ist die Frist offen.")],
}


def say(apps, schema_editor):
    """Only where the words are still those the portal brought."""
    Indicator = apps.get_model("reports", "Indicator")
    for name in ("indicators_2021.json", "indicators_awards.json"):
        for row in json.loads((FIXTURES / name).read_text(encoding="utf-8")):
            fields = row["fields"]
            before = fields["rule_text"]
            for now, former in FORMER.get(fields["code"], ()):
                before = before.replace(now, former)
            those = Indicator.objects.filter(code=fields["code"], version=fields["version"])
            those.filter(rule_text=before).update(rule_text=fields["rule_text"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0038_what_a_year_and_a_flat_rate_take_in")]

    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
