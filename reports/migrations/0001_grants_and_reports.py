import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0001_projects_and_consultations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("ESF", "ESF"),
                            ("EFRE", "EFRE"),
                            ("LAND", "State of Berlin"),
                            ("BUND", "Federal Government"),
                        ],
                        max_length=4,
                        verbose_name="code",
                    ),
                ),
                ("period", models.CharField(max_length=20, verbose_name="programming period")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
            ],
            options={
                "verbose_name": "fund",
                "verbose_name_plural": "funds",
                "ordering": ["code", "period"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "period"),
                        name="reports_fund_once_per_period",
                        violation_error_message="This fund is there already for that period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__in", ["ESF", "EFRE", "LAND", "BUND"])),
                        name="reports_fund_code_is_known",
                        violation_error_message="Choose one of the funds.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("name", models.CharField(max_length=250, verbose_name="name")),
                ("unit", models.CharField(max_length=60, verbose_name="unit")),
                ("decimals", models.PositiveSmallIntegerField(default=0, verbose_name="decimals")),
                ("rule", models.CharField(max_length=60, verbose_name="counting rule")),
                ("rule_text", models.TextField(verbose_name="how it is counted")),
                (
                    "source",
                    models.CharField(blank=True, max_length=250, verbose_name="source of the rule"),
                ),
                ("starts_on", models.DateField(verbose_name="valid from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["code", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"),
                        name="reports_indicator_one_per_version",
                        violation_error_message="This version of the indicator is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="reports_indicator_ends_after_start",
                        violation_error_message="An indicator cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decimals__lte", 4)),
                        name="reports_indicator_decimals_are_few",
                        violation_error_message="At most four decimals.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("code", "="),
                            (best_portal.db.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="reports_indicator_one_version_at_a_time",
                        violation_error_message="Another version of this indicator is valid in that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                (
                    "rules",
                    models.TextField(
                        blank=True,
                        help_text="Which rules apply, and what is not confirmed yet.",
                        verbose_name="rules",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="reports.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "officers",
                    models.ManyToManyField(
                        blank=True,
                        limit_choices_to={"role": "funder"},
                        related_name="programmes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="officers",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                (
                    "profile",
                    models.CharField(
                        choices=[("senate", "Senate"), ("esf", "ESF"), ("efre", "EFRE")],
                        max_length=6,
                        verbose_name="form of the reports",
                    ),
                ),
                ("authority", models.CharField(max_length=200, verbose_name="granting authority")),
                ("reference", models.CharField(max_length=80, verbose_name="reference number")),
                (
                    "title",
                    models.CharField(
                        max_length=250, verbose_name="title of the project in the notice"
                    ),
                ),
                ("purpose", models.TextField(verbose_name="purpose of the grant")),
                ("recipient", models.CharField(max_length=200, verbose_name="recipient")),
                (
                    "recipient_address",
                    models.CharField(blank=True, max_length=250, verbose_name="address"),
                ),
                (
                    "recipient_contact",
                    models.CharField(blank=True, max_length=200, verbose_name="contact"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="amount granted (EUR)"
                    ),
                ),
                (
                    "financing",
                    models.CharField(
                        choices=[
                            ("share", "share of the costs"),
                            ("gap", "gap in the costs"),
                            ("fixed", "fixed amount"),
                            ("full", "full costs"),
                        ],
                        max_length=5,
                        verbose_name="kind of financing",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="rate (%)",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="period from")),
                ("ends_on", models.DateField(verbose_name="period until")),
                (
                    "early_start_on",
                    models.DateField(blank=True, null=True, verbose_name="approved early start"),
                ),
                ("logos", models.JSONField(blank=True, default=list, verbose_name="logo row")),
                (
                    "minimum_hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="hours from which an organisation counts",
                    ),
                ),
                (
                    "notes",
                    models.TextField(
                        blank=True,
                        help_text="Which rules are not confirmed yet?",
                        verbose_name="notes on the rules",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="consultations.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="reports.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "ordering": ["-starts_on", "ref"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("profile__in", ["senate", "esf", "efre"])),
                        name="reports_grant_profile_is_known",
                        violation_error_message="Choose the form of the reports.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("financing__in", ["share", "gap", "fixed", "full"])),
                        name="reports_grant_financing_is_known",
                        violation_error_message="Choose the kind of financing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="reports_grant_amount_is_positive",
                        violation_error_message="A grant is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate", None),
                            models.Q(("rate__gt", 0), ("rate__lte", 100)),
                            _connector="OR",
                        ),
                        name="reports_grant_rate_is_a_percentage",
                        violation_error_message="The rate is more than 0 and at most 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("financing", "share"), _negated=True),
                            ("rate__isnull", False),
                            _connector="OR",
                        ),
                        name="reports_grant_share_has_a_rate",
                        violation_error_message="A share of the costs needs its rate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="reports_grant_ends_after_start",
                        violation_error_message="A grant's period cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("early_start_on", None),
                            ("early_start_on__lt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="reports_grant_early_start_is_early",
                        violation_error_message="An early start lies before the period.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("project", "="),
                            ("programme", "="),
                            (best_portal.db.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="reports_grant_one_at_a_time",
                        violation_error_message="This project has a grant of the programme in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                        choices=[("interim", "interim report"), ("final", "final report")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("narrative", models.JSONField(blank=True, default=dict, verbose_name="narrative")),
                (
                    "reasons",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="reasons for deviations"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-ends_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "kind", "starts_on", "ends_on"),
                        name="reports_report_one_per_period",
                        violation_error_message="This report is there already; make a new version of it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["interim", "final"])),
                        name="reports_report_kind_is_known",
                        violation_error_message="Choose the kind of report.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="reports_report_ends_after_start",
                        violation_error_message="The period cannot end before it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("working", "being made"),
                            ("ready", "draft"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                            ("released", "released"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "change_note",
                    models.CharField(blank=True, max_length=300, verbose_name="what changed"),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("step", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "error",
                    models.TextField(blank=True, editable=False, verbose_name="what went wrong"),
                ),
                ("frozen", models.JSONField(editable=False, null=True)),
                (
                    "pages",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="pages"
                    ),
                ),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "seconds",
                    models.DecimalField(decimal_places=2, editable=False, max_digits=8, null=True),
                ),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                (
                    "released_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="released at"),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="reports.report",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a report",
                "verbose_name_plural": "versions of reports",
                "ordering": ["report", "-number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("queued", "working"))),
                        fields=["status", "lease_until"],
                        name="reports_version_under_way",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "number"),
                        name="reports_reportversion_one_per_number",
                        violation_error_message="This version is there already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("queued", "working"))),
                        fields=("report",),
                        name="reports_reportversion_one_under_way",
                        violation_error_message="A version of this report is being made already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["queued", "working", "ready", "failed", "cancelled", "released"],
                            )
                        ),
                        name="reports_reportversion_status_is_known",
                        violation_error_message="Unknown status of a report.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lease_token__isnull", False),
                                ("lease_until__isnull", False),
                                ("status", "working"),
                            ),
                            models.Q(
                                models.Q(("status", "working"), _negated=True),
                                ("lease_token", None),
                                ("lease_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="reports_reportversion_working_under_lease",
                        violation_error_message="A report is being made only under a lease.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", False),
                                ("frozen__isnull", False),
                                ("pages__isnull", False),
                                ("status__in", ("ready", "released")),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status__in", ("ready", "released")), _negated=True),
                                ("finished_at", None),
                                ("frozen", None),
                                ("pages", None),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="reports_reportversion_finished_with_result",
                        violation_error_message="A finished report has its figures, pages and hash.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "failed"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_reportversion_failed_with_reason",
                        violation_error_message="A failed report says why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                ("status", "released"),
                            ),
                            models.Q(
                                models.Q(("status", "released"), _negated=True),
                                ("released_at", None),
                                ("released_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="reports_reportversion_released_by_someone",
                        violation_error_message="A release has its time and who released.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("csv", "CSV"), ("json", "JSON")], max_length=4
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "download",
                "verbose_name_plural": "downloads",
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["pdf", "csv", "json"])),
                        name="reports_download_format_is_known",
                        violation_error_message="Unknown format.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pdf", models.BinaryField()),
                ("csv", models.BinaryField()),
                ("json", models.BinaryField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="document",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="target",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="reports.grant",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="reports.indicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["grant", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "indicator"),
                        name="reports_target_one_per_indicator",
                        violation_error_message="The grant has this indicator already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="reports_target_is_not_negative",
                        violation_error_message="A target cannot be below 0.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FinancingPlanLine",
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
                        choices=[("income", "income"), ("expense", "expense")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.CharField(max_length=10, verbose_name="position")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                (
                    "planned",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="planned (EUR)"
                    ),
                ),
                (
                    "eligible",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="of it eligible (EUR)",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_lines",
                        to="reports.grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the financing plan",
                "verbose_name_plural": "lines of the financing plan",
                "ordering": ["grant", "-kind", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "kind", "position"),
                        name="reports_financingplanline_one_per_position",
                        violation_error_message="There is a line at this position already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["income", "expense"])),
                        name="reports_financingplanline_kind_is_known",
                        violation_error_message="Choose income or expense.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned__gte", 0),
                            models.Q(("eligible", None), ("eligible__gte", 0), _connector="OR"),
                        ),
                        name="reports_financingplanline_is_not_negative",
                        violation_error_message="Planned amounts cannot be below 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("eligible", None),
                            ("eligible__lte", models.F("planned")),
                            _connector="OR",
                        ),
                        name="reports_financingplanline_eligible_within_planned",
                        violation_error_message="The eligible part cannot exceed what is planned.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="what is due")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="reports.grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "title", "due_on"),
                        name="reports_deadline_once",
                        violation_error_message="This deadline is recorded already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="date")),
                ("reference", models.CharField(max_length=80, verbose_name="reference number")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="amount (EUR)"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="reports.grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["issued_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "issued_on", "reference"),
                        name="reports_notice_once",
                        violation_error_message="This notice is recorded already.",
                    )
                ],
            },
        ),
    ]
