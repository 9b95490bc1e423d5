"""Codes of indicators stand in addresses: they are plain words; others are written anew."""

import re

import django.core.validators
from django.db import migrations, models


def write_plainly(apps, schema_editor):
    Indicator = apps.get_model("reports", "Indicator")
    for indicator in Indicator.objects.exclude(code__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"):
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", indicator.code).strip("-._")
        indicator.code = f"{plain or 'X'}-{indicator.pk}"[-20:].lstrip("-._")
        indicator.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0032_grants_hold_their_reports"),
    ]

    operations = [
        migrations.RunPython(write_plainly, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="indicator",
            name="code",
            field=models.CharField(
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                        "Use letters, digits, dots and hyphens, such as BEST-BER.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]*$")),
                name="reports_indicator_code_is_plain",
                violation_error_message="Use letters, digits, dots and hyphens, such as BEST-BER.",
            ),
        ),
    ]
