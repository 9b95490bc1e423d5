from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0008_office_hours_of_teams"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0001_organisations_and_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consultation",
            name="consultations_consultation_imported_once",
        ),
        migrations.AddField(
            model_name="importbatch",
            name="leftover",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("project", "fingerprint"),
                name="consultations_consultation_imported_once",
                violation_error_message="This row was imported already.",
            ),
        ),
        migrations.RunSQL(
            "UPDATE consultations_importbatch SET content = '' WHERE status <> 'uploaded'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "uploaded"), ("content", b""), _connector="OR"),
                name="consultations_importbatch_only_open_keeps_file",
                violation_error_message="A finished import keeps no file.",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leftover__isnull", True), ("status", "committed"), _connector="OR"
                ),
                name="consultations_importbatch_leftover_of_committed",
                violation_error_message="Only a finished import has rows left over.",
            ),
        ),
    ]
