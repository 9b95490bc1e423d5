"""What a notice names as numbers is data with the days it holds; fields of the grant become rows."""

from datetime import date
from decimal import Decimal

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import best_portal.db

# What was a field of a grant, and the key of its row.
FIELDS = {
    "minimum_hours": "hours",
    "inventory_from": "inventory",
    "keep_years": "keeping",
}
USUAL_AGE = Decimal(36)


def carry(apps, schema_editor):
    Threshold = apps.get_model("reports", "Threshold")
    AccountingRule = apps.get_model("reports", "AccountingRule")
    # What the portal took where a notice said nothing; the notice may name another number.
    AccountingRule.objects.create(
        key="new_age",
        value=USUAL_AGE,
        since=date(2000, 1, 1),
        source="Vorgabe des Portals, wo der Bescheid nichts nennt: 36 Monate, wie 2014–2020 für "
        "CO05; für 2021–2027 (RCO05) mit der Verwaltungsbehörde zu bestätigen, SWD(2021)198.",
    )
    for grant in apps.get_model("reports", "Grant").objects.all():
        for name, key in FIELDS.items():
            value = getattr(grant, name)
            if value is not None:
                source = grant.keep_note if name == "keep_years" else ""
                Threshold.objects.create(grant=grant, key=key, value=value, source=source)
        if grant.new_enterprise_months != USUAL_AGE:
            Threshold.objects.create(grant=grant, key="new_age", value=grant.new_enterprise_months)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0045_sets_of_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Threshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("hours", "hours from which an organisation counts"),
                            ("participant", "hours from which a participant counts"),
                            ("new_age", "months in which an enterprise counts as new"),
                            (
                                "inventory",
                                "price from which a thing is listed in the inventory (EUR)",
                            ),
                            ("keeping", "years papers are kept after the last proof"),
                        ],
                        max_length=11,
                        verbose_name="what",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(decimal_places=2, max_digits=9, verbose_name="value"),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="where it says so"),
                ),
            ],
            options={
                "verbose_name": "threshold of a grant",
                "verbose_name_plural": "thresholds of grants",
                "ordering": ["grant", "key", models.OrderBy(models.F("since"), nulls_first=True)],
            },
        ),
        migrations.RemoveConstraint(
            model_name="accountingrule",
            name="reports_accountingrule_key_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="grantchange",
            name="reports_grantchange_field_is_known",
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
                ],
                max_length=8,
                verbose_name="what it limits",
            ),
        ),
        migrations.AlterField(
            model_name="grantchange",
            name="field",
            field=models.CharField(
                choices=[
                    ("amount", "amount granted"),
                    ("financing", "kind of financing"),
                    ("rate", "rate"),
                    ("starts_on", "period from"),
                    ("ends_on", "period until"),
                    ("early_start_on", "approved early start"),
                    ("pay_until", "payments count until"),
                    ("minimum_hours", "hours from which an organisation counts"),
                    ("people_hours", "hours from which a participant counts"),
                    ("new_age", "months in which an enterprise counts as new"),
                    ("planned", "planned amount"),
                    ("eligible", "planned amount, of it eligible"),
                    ("kind", "kind"),
                    ("costing", "made of"),
                    ("method", "cost method"),
                    ("origin", "whose money"),
                ],
                max_length=15,
                verbose_name="what",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__in", ["overrun", "spending", "keeping", "new_age"])),
                name="reports_accountingrule_key_is_known",
                violation_error_message="Choose what the rule limits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "amount",
                            "financing",
                            "rate",
                            "starts_on",
                            "ends_on",
                            "early_start_on",
                            "pay_until",
                            "minimum_hours",
                            "people_hours",
                            "new_age",
                            "planned",
                            "eligible",
                            "kind",
                            "costing",
                            "method",
                            "origin",
                        ],
                    )
                ),
                name="reports_grantchange_field_is_known",
                violation_error_message="Unknown field of a grant.",
            ),
        ),
        migrations.AddField(
            model_name="threshold",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="thresholds",
                to="reports.grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("key__in", ["hours", "participant", "new_age", "inventory", "keeping"])
                ),
                name="reports_threshold_key_is_known",
                violation_error_message="Choose what the number is for.",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="reports_threshold_is_not_negative",
                violation_error_message="A threshold is not below 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None),
                    ("until", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="reports_threshold_ends_after_start",
                violation_error_message="A threshold cannot end before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key", "keeping"), _negated=True),
                    models.Q(("source", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_threshold_keeping_says_where",
                violation_error_message="Say where it says how long papers are kept.",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("grant", "="),
                    ("key", "="),
                    (best_portal.db.Days("since", "until"), "&&"),
                ],
                name="reports_threshold_one_at_a_time",
                violation_error_message="There is such a number in that time already.",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="grant",
            name="reports_grant_inventory_from_is_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="grant",
            name="reports_grant_keeping_says_where",
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
        # Else the table could not be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="grant",
            name="inventory_from",
        ),
        migrations.RemoveField(
            model_name="grant",
            name="keep_note",
        ),
        migrations.RemoveField(
            model_name="grant",
            name="keep_years",
        ),
        migrations.RemoveField(
            model_name="grant",
            name="minimum_hours",
        ),
        migrations.RemoveField(
            model_name="grant",
            name="new_enterprise_months",
        ),
    ]
