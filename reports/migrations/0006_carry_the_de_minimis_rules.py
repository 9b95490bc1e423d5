"""Bring the regulations on de minimis aid as reference data, with where each value comes from."""

from datetime import date
from decimal import Decimal

from django.db import migrations

ARTICLES = (
    "über die Anwendung der Artikel 107 und 108 des Vertrags über die Arbeitsweise der "
    "Europäischen Union auf De-minimis-Beihilfen"
)
REGISTER = (
    "Register: Eintrag binnen 20 Arbeitstagen seit dem 1.1.2026 nach den Hinweisen der Länder "
    "Hessen, Sachsen-Anhalt und Bayern."
)
OF_BOTH = {
    "years": 3,
    "retention_years": 10,
    "register_since": date(2026, 1, 1),
    "register_days": 20,
    "since": date(2024, 1, 1),
    "until": date(2030, 12, 31),
}
RULES = [
    {
        "key": "general",
        "ceiling": Decimal("300000.00"),
        "regulation": f"Verordnung (EU) 2023/2831 der Kommission vom 13. Dezember 2023 {ARTICLES}",
        "journal": "ABl. L, 2023/2831, 15.12.2023",
        "source": "Höchstbetrag, Dreijahreszeitraum, Geltung und Aufbewahrung: Art. 3, 6 und 8 der "
        f"Verordnung. {REGISTER} Der Wortlaut von Titel und Fundstelle ist vor dem ersten "
        "ausgestellten Bescheid abzugleichen.",
    },
    {
        "key": "sgei",
        "ceiling": Decimal("750000.00"),
        "regulation": f"Verordnung (EU) 2023/2832 der Kommission vom 13. Dezember 2023 {ARTICLES} "
        "für Unternehmen, die Dienstleistungen von allgemeinem wirtschaftlichem Interesse "
        "erbringen",
        "journal": "ABl. L, 2023/2832, 15.12.2023",
        "source": f"Höchstbetrag und Geltung: die Verordnung. {REGISTER} Wird hier nicht "
        "angewendet; vor der ersten Anwendung ist jeder Wert zu bestätigen.",
    },
]


def carry(apps, schema_editor):
    DeMinimisRule = apps.get_model("reports", "DeMinimisRule")
    for rule in RULES:
        values = OF_BOTH | rule
        identity = {name: values.pop(name) for name in ("key", "since")}
        DeMinimisRule.objects.get_or_create(**identity, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_de_minimis_aid")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
