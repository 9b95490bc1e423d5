"""Sets of indicators are data, and indicators count by task: the six of BEST Pankow have theirs."""

import json
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "indicators_tasks.json"
BEST_PANKOW = "Sechs Aufgaben von BEST Pankow"
PERIOD = (date(2021, 1, 1), date(2027, 12, 31))
# How their codes begin → name of the set, its programming period, where it is written.
SETS = {
    ("BEST",): (
        "Eigene Indikatoren (BEST)",
        (None, None),
        "Projekteigene Indikatoren der Agentur.",
    ),
    ("EECO", "EECR"): (
        "ESF Plus 2021–2027, Anhang I (EECO, EECR)",
        PERIOD,
        "Verordnung (EU) 2021/1057, Anhang I. Code-Nummern außer 02, 05, 12, 19, R01, R04 sind "
        "noch zu bestätigen.",
    ),
    ("RCO", "RCR"): (
        "EFRE 2021–2027, Anhang I (RCO, RCR)",
        PERIOD,
        "Verordnung (EU) 2021/1058, Anhang I. Die deutschen Namen sind noch abzugleichen.",
    ),
}


def carry(apps, schema_editor):
    Indicator = apps.get_model("reports", "Indicator")
    IndicatorSet = apps.get_model("reports", "IndicatorSet")
    for prefixes, (name, days, source) in SETS.items():
        those = Indicator.objects.filter(code__regex=rf"^({'|'.join(prefixes)})")
        chosen = IndicatorSet.objects.create(
            name=name, starts_on=days[0], ends_on=days[1], source=source
        )
        those.update(set=chosen)
    if (left := Indicator.objects.filter(set=None)).exists():
        left.update(set=IndicatorSet.objects.create(name="Weitere Indikatoren"))
    # The EU's results have an R behind their first letters; of our own, what came of the advice.
    results = Indicator.objects.filter(code__regex=r"^(EECR|RCR|BEST-(GRU|ARB)$)")
    results.update(level="result")
    tasks = IndicatorSet.objects.create(
        name=BEST_PANKOW, source="Aufgaben der Zuwendung BEST Pankow, 2005 bis 2007."
    )
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        fields = row["fields"]
        # Whoever has made one of this code keeps it.
        if not Indicator.objects.filter(code=fields["code"]).exists():
            Indicator.objects.create(set=tasks, **fields)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0044_input_tax"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="level",
            field=models.CharField(
                choices=[("output", "output"), ("result", "result")],
                default="output",
                max_length=6,
                verbose_name="level",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="task",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Counts what was noted under this task of the project, such as 1 to 6.",
                null=True,
                verbose_name="only the task number",
            ),
        ),
        migrations.CreateModel(
            name="IndicatorSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "starts_on",
                    models.DateField(blank=True, null=True, verbose_name="programming period from"),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="programming period until"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Where it is written, and what is not confirmed yet.",
                        max_length=250,
                        verbose_name="source of the set",
                    ),
                ),
            ],
            options={
                "verbose_name": "set of indicators",
                "verbose_name_plural": "sets of indicators",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="reports_indicatorset_has_a_name",
                        violation_error_message="Give the set a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("starts_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="reports_indicatorset_ends_after_start",
                        violation_error_message="A programming period cannot end before it starts.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicators",
                to="reports.indicatorset",
                verbose_name="set of indicators",
            ),
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
        # Else the table could not be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="indicator",
            name="set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicators",
                to="reports.indicatorset",
                verbose_name="set of indicators",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["output", "result"])),
                name="reports_indicator_level_is_known",
                violation_error_message="Choose output or result.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("task", None), ("task__range", (1, 99)), _connector="OR"),
                name="reports_indicator_task_is_a_number",
                violation_error_message="Tasks have numbers from 1 to 99.",
            ),
        ),
    ]
