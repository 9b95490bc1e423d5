"""Of who is erased and was counted, what the figures need stays: gender and indicators."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0043_accepted_participants_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="counted_codes",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name="participation",
            name="counted_gender",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_codes", []), ("counted_gender", "")),
                    models.Q(
                        models.Q(("counted_gender", ""), _negated=True),
                        models.Q(("counted_codes", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="consultations_participation_counted_has_both",
                violation_error_message="Who is counted has a gender and indicators.",
            ),
        ),
    ]
