"""Bring the questions of the ESF Plus questionnaires as reference data, each with its source."""

import json
from pathlib import Path

from django.db import migrations

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "questions.json"


def carry(apps, schema_editor):
    Question = apps.get_model("consultations", "Question")
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        Question.objects.get_or_create(
            code=fields.pop("code"), starts_on=fields.pop("starts_on"), defaults=fields
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0019_participants_and_their_answers")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
