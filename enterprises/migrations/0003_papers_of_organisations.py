import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("enterprises", "0002_published_operations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statute", "articles or statute"),
                            ("gbr_contract", "GbR contract"),
                            ("business_plan", "business plan"),
                            ("financing_plan", "financing plan"),
                            ("register_extract", "extract of the register"),
                            ("trade_registration", "registration of the trade"),
                            ("notice", "notice of an authority"),
                            ("declaration", "declaration"),
                            ("photo", "photo"),
                            ("other", "other paper"),
                        ],
                        max_length=20,
                        verbose_name="kind of paper",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "sort_title",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            best_portal.db.Translate(
                                django.db.models.functions.text.Lower(models.F("title")),
                                models.Value("äöüáàâéèêëíîïóôúûçñşğı"),
                                models.Value("aouaaaeeeeiiioouucnsgi"),
                            ),
                            models.Value("ß"),
                            models.Value("ss"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "is_shared",
                    models.BooleanField(default=False, verbose_name="visible to the founders"),
                ),
                (
                    "retention_note",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="how long to keep it, and why"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="brought"
                    ),
                ),
                ("removed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought by",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at", None), ("valid_until__isnull", False)),
                        fields=["valid_until"],
                        name="enterprises_document_ending",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "statute",
                                    "gbr_contract",
                                    "business_plan",
                                    "financing_plan",
                                    "register_extract",
                                    "trade_registration",
                                    "notice",
                                    "declaration",
                                    "photo",
                                    "other",
                                ],
                            )
                        ),
                        name="enterprises_document_kind_is_known",
                        violation_error_message="Choose the kind of paper.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="enterprises_document_has_a_title",
                        violation_error_message="Give the paper a title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="enterprises_document_removed_by_somebody",
                        violation_error_message="A paper is removed by somebody, at some time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="version",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        editable=False, max_length=255, verbose_name="name of the file"
                    ),
                ),
                ("stored_as", models.CharField(editable=False, max_length=110)),
                ("sha256", models.CharField(db_index=True, editable=False, max_length=64)),
                ("size", models.PositiveBigIntegerField(editable=False, verbose_name="size")),
                (
                    "media_type",
                    models.CharField(editable=False, max_length=100, verbose_name="type"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="what this version is"
                    ),
                ),
                ("text", models.TextField(blank=True, editable=False)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="brought"
                    ),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="enterprises.document",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a paper",
                "verbose_name_plural": "versions of papers",
                "ordering": ["document", "-number"],
                "indexes": [
                    models.Index(fields=["stored_as"], name="enterprises_version_stored_as")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"),
                        name="enterprises_documentversion_numbers_differ",
                        violation_error_message="Someone added a version just now. Send it again.",
                    ),
                    models.UniqueConstraint(
                        fields=("form_key", "sha256"),
                        name="enterprises_documentversion_once_per_form",
                        violation_error_message="This form was sent before. Please open it anew.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gt", 0),
                            ("size__gt", 0),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="enterprises_documentversion_holds_something",
                        violation_error_message="A version needs a file with a name and a content.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sha256__regex", "^[0-9a-f]{64}$"),
                            (
                                "stored_as__regex",
                                "^[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{32}$",
                            ),
                            ("stored_as__contains", models.F("sha256")),
                        ),
                        name="enterprises_documentversion_stored_under_its_hash",
                        violation_error_message="A file is stored under the hash of its content.",
                    ),
                ],
            },
        ),
    ]
