"""No grant lies before 1990 or after 2099; older slips may stay until somebody corrects them."""

import datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2099, 12, 31)


class Migration(migrations.Migration):
    dependencies = [("reports", "0055_released_reports_stay_where_they_are")]

    operations = [
        AddConstraintNotValid(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__lte", LAST),
                    ("starts_on__gte", FIRST),
                    models.Q(
                        ("early_start_on", None), ("early_start_on__gte", FIRST), _connector="OR"
                    ),
                    models.Q(("pay_until", None), ("pay_until__lte", LAST), _connector="OR"),
                ),
                name="reports_grant_has_possible_days",
                violation_error_message="A grant lies between 1990 and 2099. Correct the year.",
            ),
        ),
    ]
