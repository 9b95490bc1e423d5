import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("enterprises", "0001_organisations_and_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Beneficiary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=250, verbose_name="name as printed")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            best_portal.db.Translate(
                                django.db.models.functions.text.Lower(models.F("name")),
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
                ("key", models.CharField(editable=False, max_length=250)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("open", "not looked at yet"),
                            ("same_name", "the same name"),
                            ("decided", "decided by a person"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="because of",
                    ),
                ),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="beneficiaries",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "beneficiary",
                "verbose_name_plural": "beneficiaries",
                "ordering": ["sort_name", "pk"],
                "indexes": [models.Index(fields=["key"], name="enterprises_beneficiary_key")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name",),
                        name="enterprises_beneficiary_named_once",
                        violation_error_message="This beneficiary is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_beneficiary_has_a_name",
                        violation_error_message="A beneficiary needs a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "open"), ("organisation", None)),
                            models.Q(("basis", "same_name"), ("organisation__isnull", False)),
                            ("basis", "decided"),
                            _connector="OR",
                        ),
                        name="enterprises_beneficiary_basis_fits",
                        violation_error_message="Say why this beneficiary is that organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "decided"), ("settled_at__isnull", False)),
                            models.Q(
                                models.Q(("basis", "decided"), _negated=True),
                                ("settled_at", None),
                                ("settled_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_beneficiary_decided_with_time",
                        violation_error_message="A decision is kept together with its time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict, verbose_name="columns")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("committed", "imported"),
                            ("discarded", "discarded"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("outcome", models.JSONField(default=dict, verbose_name="outcome")),
                ("leftover", models.JSONField(editable=False, null=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("committed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "fund",
                    models.CharField(
                        choices=[("esf", "ESF"), ("efre", "EFRE")],
                        max_length=4,
                        verbose_name="fund",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("2000–2006", "2000–2006"),
                            ("2007–2013", "2007–2013"),
                            ("2014–2020", "2014–2020"),
                            ("2021–2027", "2021–2027"),
                        ],
                        max_length=9,
                        verbose_name="programming period",
                    ),
                ),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="as of")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "list of operations",
                "verbose_name_plural": "lists of operations",
                "ordering": ["-uploaded_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["uploaded", "committed", "discarded"])),
                        name="enterprises_operationimport_status_is_known",
                        violation_error_message="Unknown status of an import.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("committed_at__isnull", False), ("status", "committed")),
                            models.Q(
                                models.Q(("status", "committed"), _negated=True),
                                ("committed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_operationimport_committed_with_time",
                        violation_error_message="An import is committed together with its time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "uploaded"), ("content", b""), _connector="OR"
                        ),
                        name="enterprises_operationimport_only_open_keeps_file",
                        violation_error_message="A finished import keeps no file.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leftover__isnull", True), ("status", "committed"), _connector="OR"
                        ),
                        name="enterprises_operationimport_leftover_of_committed",
                        violation_error_message="Only a finished import has rows left over.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fund__in", ["esf", "efre"])),
                        name="enterprises_operationimport_fund_is_known",
                        violation_error_message="Choose ESF or EFRE.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__in", ["", "2000–2006", "2007–2013", "2014–2020", "2021–2027"])
                        ),
                        name="enterprises_operationimport_period_is_known",
                        violation_error_message="Choose one of the programming periods.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fund",
                    models.CharField(
                        choices=[("esf", "ESF"), ("efre", "EFRE")],
                        max_length=4,
                        verbose_name="fund",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("2000–2006", "2000–2006"),
                            ("2007–2013", "2007–2013"),
                            ("2014–2020", "2014–2020"),
                            ("2021–2027", "2021–2027"),
                        ],
                        max_length=9,
                        verbose_name="programming period",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="operation")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("starts_on", models.DateField(verbose_name="start")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="end")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=13, verbose_name="total eligible expenditure"
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="co-financing rate",
                    ),
                ),
                ("postcode", models.CharField(blank=True, max_length=5, verbose_name="postcode")),
                ("place", models.CharField(blank=True, max_length=150, verbose_name="place")),
                ("country", models.CharField(blank=True, max_length=60, verbose_name="country")),
                (
                    "category",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="category of intervention"
                    ),
                ),
                (
                    "batch_row",
                    models.PositiveIntegerField(editable=False, verbose_name="row in the source"),
                ),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("identity", models.CharField(editable=False, max_length=64)),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="enterprises.beneficiary",
                        verbose_name="beneficiary",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaces",
                        to="enterprises.operation",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="enterprises.operationimport",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "operation",
                "verbose_name_plural": "operations",
                "ordering": ["-starts_on", "pk"],
                "indexes": [
                    models.Index(fields=["identity"], name="enterprises_operation_identity"),
                    models.Index(
                        fields=["beneficiary", "starts_on"], name="enterprises_operation_history"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint",),
                        name="enterprises_operation_imported_once",
                        violation_error_message="This operation was imported already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fund__in", ["esf", "efre"])),
                        name="enterprises_operation_fund_is_known",
                        violation_error_message="Choose ESF or EFRE.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__in", ["", "2000–2006", "2007–2013", "2014–2020", "2021–2027"])
                        ),
                        name="enterprises_operation_period_is_known",
                        violation_error_message="Choose one of the programming periods.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_operation_has_a_name",
                        violation_error_message="An operation needs a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="enterprises_operation_ends_after_start",
                        violation_error_message="An operation cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="enterprises_operation_amount_is_not_negative",
                        violation_error_message="An amount cannot be below 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share", None),
                            models.Q(("share__gte", 0), ("share__lte", 100)),
                            _connector="OR",
                        ),
                        name="enterprises_operation_share_is_a_part",
                        violation_error_message="A share lies between 0 and 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by", None),
                            models.Q(("replaced_by", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="enterprises_operation_not_replaced_by_itself",
                        violation_error_message="An operation cannot replace itself.",
                    ),
                ],
            },
        ),
    ]
