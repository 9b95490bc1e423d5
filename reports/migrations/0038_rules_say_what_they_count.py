"""Say in the rules of results what is a job created, and when support is completed for good."""

import json
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "indicators_2021.json"
# Words as they are now → as they were.
FORMER = {
    (
        " des Unternehmens, wenn binnen eines Jahres keine neue beginnt; die spätere Begleitung einer "
        "Person verlängert sie nicht. Was danach beginnt, ändert nichts mehr."
    ): ".",
    "besetzte neue Stellen in": "besetzte Stellen in",
    "Erhaltene Stellen sind kein Zuwachs. Eine": "Eine",
    "wird abgezogen, auch die der erhaltenen Stellen.": "wird abgezogen.",
}


def say(apps, schema_editor):
    """Only where the words are still those the portal brought."""
    Indicator = apps.get_model("reports", "Indicator")
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        before = fields["rule_text"]
        for now, former in FORMER.items():
            before = before.replace(now, former)
        those = Indicator.objects.filter(code=fields["code"], version=fields["version"])
        if before != fields["rule_text"]:
            those.filter(rule_text=before).update(rule_text=fields["rule_text"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0037_one_rate_at_a_time_and_plans_in_order")]

    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
