"""Bring the limits of the size classes as Recommendation 2003/361/EC names them."""

from datetime import date

from django.db import migrations

SOURCE = (
    "Empfehlung 2003/361/EG, Anhang, Artikel 2; gültig seit 1. Januar 2005 (Tag nicht bestätigt)"
)
LIMITS = (
    ("micro", 10, 2_000_000, 2_000_000),
    ("small", 50, 10_000_000, 10_000_000),
    ("medium", 250, 50_000_000, 43_000_000),
)


def carry(apps, schema_editor):
    for size_class, employees, turnover, balance in LIMITS:
        apps.get_model("enterprises", "SizeLimit").objects.get_or_create(
            size_class=size_class,
            starts_on=date(2005, 1, 1),
            defaults={
                "employees_below": employees,
                "turnover_up_to": turnover,
                "balance_up_to": balance,
                "source": SOURCE,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0015_declarations_of_size")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
