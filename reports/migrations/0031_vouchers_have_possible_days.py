"""No voucher is paid or invoiced before 1990; older slips may stay until somebody corrects them."""

import datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FIRST = datetime.date(1990, 1, 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0030_how_long_papers_are_kept")]

    operations = [
        AddConstraintNotValid(
            model_name="voucher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", False),
                    models.Q(
                        models.Q(("paid_on", None), ("paid_on__gte", FIRST), _connector="OR"),
                        models.Q(
                            ("invoiced_on", None), ("invoiced_on__gte", FIRST), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="reports_voucher_days_since_1990",
                violation_error_message="A day before 1990 belongs to no voucher. Correct the year.",
            ),
        ),
    ]
