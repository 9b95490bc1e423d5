"""What was removed lies in the one bin, like everything that is deleted."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("enterprises", "0011_carry_the_rule_of_confirmations"),
    ]

    operations = [
        migrations.RemoveConstraint("document", "enterprises_document_removed_by_somebody"),
        migrations.RemoveIndex("document", "enterprises_document_ending"),
        migrations.RenameField("document", "removed_at", "withdrawn_at"),
        migrations.RenameField("document", "removed_by", "withdrawn_by"),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["valid_until"],
                condition=models.Q(withdrawn_at=None, valid_until__isnull=False),
                name="enterprises_document_ending",
            ),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                name="enterprises_document_deleted_by_somebody",
                condition=models.Q(withdrawn_at__isnull=False) | models.Q(withdrawn_by=None),
                violation_error_message="Only what is deleted was deleted by somebody.",
            ),
        ),
    ]
