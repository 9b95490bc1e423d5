"""Since when the Union's sentence is wanted beside its emblem is a rule with a validity."""

from datetime import date

from django.db import migrations, models

KEYS = ["overrun", "spending", "keeping", "new_age"]
RULE = {
    "key": "emblem",
    "value": 1,
    "since": date(2021, 1, 1),
    "source": "Verordnung (EU) 2021/1060, Art. 50 und Anhang IX: „Kofinanziert von der "
    "Europäischen Union“ steht ausgeschrieben neben dem Emblem. Ab wann eine Zuwendung zu dieser "
    "Förderperiode gehört, ist hier ihr Beginn; zu bestätigen.",
}


def bring(apps, schema_editor):
    apps.get_model("reports", "AccountingRule").objects.create(**RULE)


def take_away(apps, schema_editor):
    apps.get_model("reports", "AccountingRule").objects.filter(key="emblem").delete()


def known(keys):
    return models.CheckConstraint(
        condition=models.Q(("key__in", keys)),
        name="reports_accountingrule_key_is_known",
        violation_error_message="Choose what the rule limits.",
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0048_locks_count_from_their_grant")]

    operations = [
        migrations.RemoveConstraint(
            model_name="accountingrule", name="reports_accountingrule_key_is_known"
        ),
        migrations.AlterField(
            model_name="accountingrule",
            name="key",
            field=models.CharField(
                choices=[
                    ("overrun", "percent by which one line may exceed its plan"),
                    ("spending", "months within which money asked for is spent"),
                    ("keeping", "years papers are kept after the EU's last payment"),
                    (
                        "new_age",
                        "months in which an enterprise counts as new, if a notice says nothing",
                    ),
                    (
                        "emblem",
                        "1 where the EU's sentence stands written out beside its emblem, else 0",
                    ),
                ],
                max_length=8,
                verbose_name="what it limits",
            ),
        ),
        migrations.AddConstraint(model_name="accountingrule", constraint=known([*KEYS, "emblem"])),
        migrations.RunPython(bring, take_away),
    ]
