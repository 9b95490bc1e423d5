"""Bring the cost methods and limits as reference data, and say whose money each income is."""

from datetime import date
from decimal import Decimal

from django.db import migrations, models
from django.db.models import F

CPR = "Verordnung (EU) 2021/1060"
# Both hold from the beginning of the programming period; the notice says whether they are used.
SINCE = date(2021, 1, 1)
METHODS = [
    {
        "name": "Pauschale 15 % der direkten Personalkosten",
        "base": "staff",
        "rate": Decimal("15.00"),
        "source": f"{CPR}, Art. 54: indirekte Kosten höchstens 15 % der direkten Personalkosten. "
        "Ob das Programm sie anwendet, sagt der Bescheid.",
    },
    {
        "name": "Pauschale 7 % der direkten Kosten",
        "base": "direct",
        "rate": Decimal("7.00"),
        "source": f"{CPR}, Art. 54: indirekte Kosten höchstens 7 % der förderfähigen direkten "
        "Kosten. Ob das Programm sie anwendet, sagt der Bescheid.",
    },
    {
        "name": "Restkostenpauschale 40 % der direkten Personalkosten",
        "base": "staff",
        "rate": Decimal("40.00"),
        "source": f"{CPR}, Art. 56: höchstens 40 % der direkten Personalkosten für alle übrigen "
        "Kosten. Mit dem Wortlaut und dem Berliner Programm abzugleichen.",
    },
    {
        "name": "Stundensatz auf 1.720 Stunden",
        "base": "hours",
        "year_hours": 1720,
        "source": f"{CPR}, Art. 55 Abs. 2: letzte belegte jährliche Bruttopersonalkosten durch "
        "1.720 Stunden, bei Teilzeit anteilig. Dass im Jahr nicht mehr Stunden angesetzt werden, "
        "ist mit dem Wortlaut abzugleichen.",
    },
    {
        "name": "Pauschalbetrag je Ergebnis",
        "base": "results",
        "source": f"{CPR}, Art. 53: Pauschalbeträge; ausgezahlt nur für ganz nachgewiesene "
        "Ergebnisse. Ob das Programm sie anwendet, sagt der Bescheid.",
    },
]
RULES = [
    {
        "key": "overrun",
        "value": Decimal("20.00"),
        "since": date(2000, 1, 1),
        "source": "Nr. 1.2 ANBest-P: Einzelansätze dürfen um bis zu 20 % überschritten werden, "
        "soweit an anderer Stelle gespart wird; nicht bei Festbetragsfinanzierung. Belegt für "
        "Schleswig-Holstein; der Berliner Wortlaut ist zu bestätigen.",
    },
    {
        "key": "spending",
        "value": Decimal("2.00"),
        "since": date(2000, 1, 1),
        "source": "AV zu § 44 LHO, Nr. 7.2: Angefordert wird nur, was innerhalb von zwei Monaten "
        "verausgabt wird; sonst fallen Zinsen an. Die Geltung für frühere Jahre ist zu bestätigen.",
    },
]


def bring(apps, schema_editor):
    method, rule = (apps.get_model("reports", name) for name in ("CostMethod", "AccountingRule"))
    method.objects.bulk_create(method(since=SINCE, **each) for each in METHODS)
    rule.objects.bulk_create(rule(**each) for each in RULES)


def say_whose(apps, schema_editor):
    """The income that is as much as the grant is the grant's; a manager corrects the others."""
    line = apps.get_model("reports", "FinancingPlanLine")
    incomes = line.objects.filter(kind="income", origin="")
    same = incomes.filter(planned=F("grant__amount")).order_by("grant_id", "position")
    grants = list(same.distinct("grant_id").values_list("pk", flat=True))
    line.objects.filter(pk__in=grants).update(origin="grant")
    incomes.exclude(pk__in=grants).update(origin="third")


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_vouchers_and_payments")]

    operations = [
        migrations.RunPython(bring, migrations.RunPython.noop),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="financingplanline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("costing", "real"),
                        ("kind", "income"),
                        ("origin__in", ["grant", "other_grant", "third", "own"]),
                    ),
                    models.Q(models.Q(("kind", "income"), _negated=True), ("origin", "")),
                    _connector="OR",
                ),
                name="reports_financingplanline_income_has_its_origin",
                violation_error_message="An income says whose money it is and is made of vouchers; an expense is nobody's.",
            ),
        ),
    ]
