"""Vouchers with their files, payment requests, the inventory, and what a line is made of."""

from decimal import Decimal

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0028_searched_texts_are_columns"),
        ("reports", "0010_documents_know_their_hash"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("overrun", "percent by which one line may exceed its plan"),
                            ("spending", "months within which money asked for is spent"),
                        ],
                        max_length=8,
                        verbose_name="what it limits",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(decimal_places=2, max_digits=6, verbose_name="value"),
                ),
                ("since", models.DateField(verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.TextField(
                        help_text="Where it says so, and what is not confirmed yet.",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of accounting",
                "verbose_name_plural": "rules of accounting",
                "ordering": ["key", "since"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__in", ["overrun", "spending"])),
                        name="reports_accountingrule_key_is_known",
                        violation_error_message="Choose what the rule limits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)),
                        name="reports_accountingrule_value_is_not_negative",
                        violation_error_message="A limit is not below 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_accountingrule_ends_after_start",
                        violation_error_message="A rule cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("key", "="), (best_portal.db.Days("since", "until"), "&&")],
                        name="reports_accountingrule_one_at_a_time",
                        violation_error_message="There is such a rule in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "base",
                    models.CharField(
                        choices=[
                            ("staff", "a share of the direct staff costs"),
                            ("direct", "a share of the eligible direct costs"),
                            ("hours", "documented hours at a rate"),
                            ("results", "lump sums for proven results"),
                        ],
                        max_length=7,
                        verbose_name="taken of",
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
                (
                    "year_hours",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="hours of a year"
                    ),
                ),
                ("since", models.DateField(verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.TextField(
                        help_text="Where it says so, and what is not confirmed yet.",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost method",
                "verbose_name_plural": "cost methods",
                "ordering": ["name", "since"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("base__in", ["staff", "direct", "hours", "results"])),
                        name="reports_costmethod_base_is_known",
                        violation_error_message="Choose what the method takes its amount of.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("base__in", ("staff", "direct")),
                                ("rate__gt", 0),
                                ("rate__isnull", False),
                                ("rate__lte", 100),
                            ),
                            models.Q(
                                models.Q(("base__in", ("staff", "direct")), _negated=True),
                                ("rate", None),
                            ),
                            _connector="OR",
                        ),
                        name="reports_costmethod_share_has_its_rate",
                        violation_error_message="A share has a rate of more than 0 and at most 100 percent, and nothing else has one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("base", "hours"),
                                ("year_hours__gt", 0),
                                ("year_hours__isnull", False),
                            ),
                            models.Q(
                                models.Q(("base", "hours"), _negated=True), ("year_hours", None)
                            ),
                            _connector="OR",
                        ),
                        name="reports_costmethod_rate_has_its_hours",
                        violation_error_message="An hourly rate needs the hours of a year, and nothing else does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_costmethod_ends_after_start",
                        violation_error_message="A method cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("name", "="), (best_portal.db.Days("since", "until"), "&&")],
                        name="reports_costmethod_one_at_a_time",
                        violation_error_message="There is a method of this name in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deliverable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="result")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="lump sum (EUR)"
                    ),
                ),
                ("proven_on", models.DateField(blank=True, null=True, verbose_name="proven on")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="proven by")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliverables",
                        to="reports.financingplanline",
                        verbose_name="line of the plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "result with a lump sum",
                "verbose_name_plural": "results with lump sums",
                "ordering": ["line", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="reports_deliverable_amount_is_positive",
                        violation_error_message="A lump sum is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proven_on", None),
                            models.Q(("proof", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_deliverable_proven_by_something",
                        violation_error_message="Say what proves the result.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InventoryItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("name", models.CharField(max_length=200, verbose_name="thing")),
                ("mark", models.CharField(blank=True, max_length=60, verbose_name="number on it")),
                ("bought_on", models.DateField(verbose_name="bought on")),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, verbose_name="price (EUR)"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="where it is")),
                ("gone_on", models.DateField(blank=True, null=True, verbose_name="gone since")),
                (
                    "gone_because",
                    models.CharField(blank=True, max_length=200, verbose_name="what became of it"),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inventory",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
                (
                    "withdrawn_by",
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
                "verbose_name": "thing in the inventory",
                "verbose_name_plural": "things in the inventory",
                "ordering": ["bought_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="reports_inventoryitem_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="reports_inventoryitem_has_a_name",
                        violation_error_message="Say what it is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gt", 0)),
                        name="reports_inventoryitem_price_is_positive",
                        violation_error_message="A price is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gone_on", None),
                            ("gone_on__gte", models.F("bought_on")),
                            _connector="OR",
                        ),
                        name="reports_inventoryitem_gone_after_bought",
                        violation_error_message="It cannot be gone before it was bought.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gone_because", ""), ("gone_on", None)),
                            models.Q(
                                ("gone_on__isnull", False),
                                models.Q(("gone_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reports_inventoryitem_gone_with_reason",
                        violation_error_message="Say what became of it, and since when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="amount (EUR)"
                    ),
                ),
                ("requested_on", models.DateField(verbose_name="asked for on")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="note")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("paid", "paid"),
                            ("called_back", "called back"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                ("paid_on", models.DateField(editable=False, null=True, verbose_name="paid on")),
                (
                    "paid_amount",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="amount paid (EUR)",
                    ),
                ),
                ("frozen", models.JSONField(default=dict, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_requests",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "payment request",
                "verbose_name_plural": "payment requests",
                "ordering": ["grant", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "number"),
                        name="reports_paymentrequest_numbers_differ",
                        violation_error_message="Someone asked for money just now. Send it again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="reports_paymentrequest_amount_is_positive",
                        violation_error_message="Ask for more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="reports_paymentrequest_ends_after_start",
                        violation_error_message="The period cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["requested", "paid", "called_back"])),
                        name="reports_paymentrequest_status_is_known",
                        violation_error_message="Unknown state of a payment request.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("paid_amount__isnull", False),
                                ("paid_on__isnull", False),
                                ("status", "paid"),
                            ),
                            models.Q(
                                models.Q(("status", "paid"), _negated=True),
                                ("paid_amount", None),
                                ("paid_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="reports_paymentrequest_paid_with_day",
                        violation_error_message="What is paid has its day and its amount.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_amount", None), ("paid_amount__gt", 0), _connector="OR"
                        ),
                        name="reports_paymentrequest_paid_amount_is_positive",
                        violation_error_message="What was paid is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_on", None),
                            ("paid_on__gte", models.F("requested_on")),
                            _connector="OR",
                        ),
                        name="reports_paymentrequest_paid_after_request",
                        violation_error_message="It cannot be paid before it was asked for.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "gross_year",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=9,
                        verbose_name="annual gross employment cost (EUR)",
                    ),
                ),
                (
                    "contract_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("100"),
                        max_digits=5,
                        verbose_name="share of a full-time contract (%)",
                    ),
                ),
                ("since", models.DateField(verbose_name="valid from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("source", models.CharField(max_length=200, verbose_name="documented in")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_rates",
                        to="reports.financingplanline",
                        verbose_name="line of the plan",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "hourly rate",
                "verbose_name_plural": "hourly rates",
                "ordering": ["line", "since", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("gross_year__gt", 0)),
                        name="reports_staffrate_cost_is_positive",
                        violation_error_message="The annual cost is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_percent__gt", 0), ("contract_percent__lte", 100)
                        ),
                        name="reports_staffrate_contract_is_a_share",
                        violation_error_message="A contract is more than 0 and at most 100 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_staffrate_ends_after_start",
                        violation_error_message="A rate cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("line", "="),
                            ("person", "="),
                            (best_portal.db.Days("since", "until"), "&&"),
                        ],
                        name="reports_staffrate_one_at_a_time",
                        violation_error_message="This person has a rate in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("number", models.CharField(max_length=40, verbose_name="number of the voucher")),
                ("payee", models.CharField(max_length=200, verbose_name="payee or payer")),
                ("reason", models.CharField(max_length=250, verbose_name="reason of the payment")),
                (
                    "invoiced_on",
                    models.DateField(blank=True, null=True, verbose_name="day of the invoice"),
                ),
                (
                    "paid_on",
                    models.DateField(blank=True, null=True, verbose_name="day of the payment"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="amount (EUR)"
                    ),
                ),
                (
                    "eligible",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="of it eligible (EUR)"
                    ),
                ),
                (
                    "cut_because",
                    models.CharField(blank=True, max_length=250, verbose_name="why not all of it"),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True, editable=False, max_length=255, verbose_name="file"
                    ),
                ),
                ("stored_as", models.CharField(blank=True, editable=False, max_length=110)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("media_type", models.CharField(blank=True, editable=False, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0, editable=False)),
                ("batch_row", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="reports.financingplanline",
                        verbose_name="line of the plan",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
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
                "verbose_name": "voucher",
                "verbose_name_plural": "vouchers",
                "ordering": ["paid_on", "pk"],
                "indexes": [
                    models.Index(fields=["grant", "paid_on"], name="reports_voucher_by_day")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="reports_voucher_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("line", "number"),
                        name="reports_voucher_one_number_per_line",
                        violation_error_message="This line has a voucher of this number already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True),
                            models.Q(("payee", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="reports_voucher_is_described",
                        violation_error_message="A voucher has a number, a payee and a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="reports_voucher_is_about_money",
                        violation_error_message="A voucher of 0 EUR says nothing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gt", 0),
                                ("eligible__gte", 0),
                                ("eligible__lte", models.F("amount")),
                            ),
                            models.Q(
                                ("amount__lt", 0),
                                ("eligible__gte", models.F("amount")),
                                ("eligible__lte", 0),
                            ),
                            ("amount", 0),
                            _connector="OR",
                        ),
                        name="reports_voucher_eligible_within_amount",
                        violation_error_message="The eligible part lies between 0 and the amount.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("eligible", models.F("amount")),
                            models.Q(("cut_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_voucher_cut_with_reason",
                        violation_error_message="Say why not all of it is eligible.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file_name", ""),
                                ("media_type", ""),
                                ("sha256", ""),
                                ("size", 0),
                                ("stored_as", ""),
                            ),
                            models.Q(
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
                            _connector="OR",
                        ),
                        name="reports_voucher_file_is_whole",
                        violation_error_message="A file is stored under the hash of its content.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoucherImport",
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
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voucher_imports",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
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
                "verbose_name": "list of vouchers",
                "verbose_name_plural": "lists of vouchers",
                "ordering": ["-uploaded_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["uploaded", "committed", "discarded"])),
                        name="reports_voucherimport_status_is_known",
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
                        name="reports_voucherimport_committed_with_time",
                        violation_error_message="An import is committed together with its time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "uploaded"), ("content", b""), _connector="OR"
                        ),
                        name="reports_voucherimport_only_open_keeps_file",
                        violation_error_message="A finished import keeps no file.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leftover__isnull", True), ("status", "committed"), _connector="OR"
                        ),
                        name="reports_voucherimport_leftover_of_committed",
                        violation_error_message="Only a finished import has rows left over.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="financingplanline",
            name="costing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("real", "vouchers"),
                    ("staff", "vouchers of direct staff costs"),
                    ("hours", "direct staff costs by hours"),
                    ("flat", "a flat rate"),
                    ("lump", "lump sums for results"),
                ],
                default="real",
                max_length=5,
                verbose_name="made of",
            ),
        ),
        migrations.AddField(
            model_name="financingplanline",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[
                    ("grant", "this grant"),
                    ("other_grant", "another grant"),
                    ("third", "third parties"),
                    ("own", "own funds"),
                ],
                max_length=11,
                verbose_name="whose money",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="inventory_from",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=9,
                null=True,
                verbose_name="price from which a thing is listed in the inventory (EUR)",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="pay_until",
            field=models.DateField(
                blank=True,
                help_text="Where the notice lets bills be paid after the period; else leave it empty.",
                null=True,
                verbose_name="payments count until",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pay_until", None), ("pay_until__gte", models.F("ends_on")), _connector="OR"
                ),
                name="reports_grant_pays_until_after_its_end",
                violation_error_message="The last day for payments is not before the end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inventory_from", None), ("inventory_from__gte", 0), _connector="OR"
                ),
                name="reports_grant_inventory_from_is_not_negative",
                violation_error_message="A price is not below 0 EUR.",
            ),
        ),
        migrations.AddField(
            model_name="financingplanline",
            name="method",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_lines",
                to="reports.costmethod",
                verbose_name="cost method",
            ),
        ),
        migrations.AddConstraint(
            model_name="financingplanline",
            constraint=models.CheckConstraint(
                condition=models.Q(("costing__in", ["real", "staff", "hours", "flat", "lump"])),
                name="reports_financingplanline_costing_is_known",
                violation_error_message="Choose what makes the amount of the line.",
            ),
        ),
        migrations.AddConstraint(
            model_name="financingplanline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("costing__in", ("real", "staff")), ("method", None)),
                    models.Q(
                        models.Q(("costing__in", ("real", "staff")), _negated=True),
                        ("method__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reports_financingplanline_method_where_needed",
                violation_error_message="Hours, flat rates and lump sums need their cost method; vouchers need none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="financingplanline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "grant")),
                fields=("grant",),
                name="reports_financingplanline_one_is_the_grant",
                violation_error_message="One line of the plan is the money of this grant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="financingplanline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("costing", "flat")),
                fields=("grant",),
                name="reports_financingplanline_one_flat_rate",
                violation_error_message="A plan has one flat rate at most.",
            ),
        ),
        migrations.AddField(
            model_name="inventoryitem",
            name="voucher",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="things",
                to="reports.voucher",
                verbose_name="voucher",
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="batch",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vouchers",
                to="reports.voucherimport",
            ),
        ),
    ]
