"""How long the European Union wants papers kept, as a rule with its source."""

from datetime import date

from django.db import migrations, models

SOURCE = (
    "Verordnung (EU) 2021/1060, Art. 82: fünf Jahre ab dem 31. Dezember des Jahres, in dem die "
    "Verwaltungsbehörde die letzte Zahlung an den Begünstigten leistet."
)


def bring(apps, schema_editor):
    rule = apps.get_model("reports", "AccountingRule")
    rule.objects.create(key="keeping", value=5, since=date(2021, 1, 1), source=SOURCE)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0029_outlines_as_data"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accountingrule",
            name="reports_accountingrule_key_is_known",
        ),
        migrations.AlterField(
            model_name="accountingrule",
            name="key",
            field=models.CharField(
                choices=[
                    ("overrun", "percent by which one line may exceed its plan"),
                    ("spending", "months within which money asked for is spent"),
                    ("keeping", "years papers are kept after the EU's last payment"),
                ],
                max_length=8,
                verbose_name="what it limits",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__in", ["overrun", "spending", "keeping"])),
                name="reports_accountingrule_key_is_known",
                violation_error_message="Choose what the rule limits.",
            ),
        ),
        migrations.RunPython(bring, migrations.RunPython.noop),
    ]
