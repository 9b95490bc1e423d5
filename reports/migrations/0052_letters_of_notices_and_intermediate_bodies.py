"""Notices have their letters as files, and grants the body that handles them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0051_notices_ask_for_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="intermediate_body",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where another office or a bank handles the grant for the authority.",
                max_length=200,
                verbose_name="intermediate body",
            ),
        ),
        migrations.CreateModel(
            name="NoticeFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file_name",
                    models.CharField(editable=False, max_length=255, verbose_name="file"),
                ),
                ("stored_as", models.CharField(editable=False, max_length=110)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("media_type", models.CharField(editable=False, max_length=100)),
                ("size", models.PositiveBigIntegerField(editable=False)),
                (
                    "brought_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "brought_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="reports.notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter of a notice",
                "verbose_name_plural": "letters of notices",
                "ordering": ["notice"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("size__gt", 0),
                            models.Q(("file_name", ""), _negated=True),
                            models.Q(("media_type", ""), _negated=True),
                            ("sha256__regex", "^[0-9a-f]{64}$"),
                            (
                                "stored_as__regex",
                                "^[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{32}$",
                            ),
                            ("stored_as__contains", models.F("sha256")),
                        ),
                        name="reports_noticefile_is_whole",
                        violation_error_message="A file is stored under the hash of its content.",
                    )
                ],
            },
        ),
    ]
