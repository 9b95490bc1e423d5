"""What a notice changed of the plan is kept, line by line, as what it changed of the grant is."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0040_accepted_awards_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="grantchange",
            name="reports_grantchange_field_is_known",
        ),
        migrations.AddField(
            model_name="grantchange",
            name="line",
            field=models.CharField(blank=True, max_length=220, verbose_name="line of the plan"),
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
                    ("planned", "planned amount"),
                    ("eligible", "planned amount, of it eligible"),
                ],
                max_length=15,
                verbose_name="what",
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
                            "planned",
                            "eligible",
                        ],
                    )
                ),
                name="reports_grantchange_field_is_known",
                violation_error_message="Unknown field of a grant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("field__in", ("planned", "eligible")),
                        models.Q(("line", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("field__in", ("planned", "eligible")), _negated=True),
                        ("line", ""),
                    ),
                    _connector="OR",
                ),
                name="reports_grantchange_of_the_plan_names_the_line",
                violation_error_message="A change of the plan is about one of its lines.",
            ),
        ),
    ]
