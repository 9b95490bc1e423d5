import datetime
from decimal import Decimal

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0014_declined_requests_say_why_and_by_whom"),
        ("enterprises", "0006_single_undertakings"),
        ("reports", "0004_when_rung_and_when_written"),
    ]

    operations = [
        migrations.CreateModel(
            name="AidRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(decimal_places=2, max_digits=7, verbose_name="EUR an hour"),
                ),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("source", models.CharField(max_length=200, verbose_name="documented in")),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aid_rates",
                        to="reports.grant",
                    ),
                ),
            ],
            options={
                "verbose_name": "value of an hour of advice",
                "verbose_name_plural": "values of an hour of advice",
                "ordering": ["since", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", Decimal("0"))),
                        name="reports_aidrate_is_positive",
                        violation_error_message="An hour is worth more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_aidrate_ends_after_start",
                        violation_error_message="A rate cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("grant", "="), (best_portal.db.Days("since", "until"), "&&")],
                        name="reports_aidrate_one_at_a_time",
                        violation_error_message="The grant has a rate in that time already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("signed_by", models.CharField(max_length=150, verbose_name="signed by")),
                (
                    "nace",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d\\d(\\.\\d{1,2})?$", "Write the branch like 88.99."
                            )
                        ],
                        verbose_name="branch (NACE)",
                    ),
                ),
                ("linked", models.TextField(blank=True, verbose_name="linked undertakings")),
                (
                    "mergers",
                    models.TextField(blank=True, verbose_name="mergers, take-overs and splits"),
                ),
                (
                    "other_aid",
                    models.TextField(blank=True, verbose_name="other aid for the same costs"),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="enterprises.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "de minimis declaration",
                "verbose_name_plural": "de minimis declarations",
                "ordering": ["-signed_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("signed_by", ""), _negated=True),
                        name="reports_declaration_is_signed",
                        violation_error_message="Say who signed the declaration.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signed_on__gte", datetime.date(2000, 1, 1))),
                        name="reports_declaration_signed_in_our_time",
                        violation_error_message="Check the day: no declaration is that old.",
                    ),
                    models.UniqueConstraint(
                        fields=("form_key",),
                        name="reports_declaration_one_per_form",
                        violation_error_message="This form was sent before. Please open it anew.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredAid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "granted_on",
                    models.DateField(blank=True, null=True, verbose_name="day of the notice"),
                ),
                ("giver", models.CharField(max_length=200, verbose_name="given by")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=80, verbose_name="reference number"),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("grant", "grant of money"),
                            ("advice", "advice or service"),
                            ("loan", "loan"),
                            ("guarantee", "guarantee"),
                            ("other", "something else"),
                        ],
                        default="grant",
                        max_length=9,
                        verbose_name="form of the aid",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="amount (EUR)"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="value of the aid (EUR)"
                    ),
                ),
                ("regulation", models.CharField(max_length=100, verbose_name="regulation")),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aids",
                        to="reports.declaration",
                    ),
                ),
            ],
            options={
                "verbose_name": "declared aid",
                "verbose_name_plural": "declared aids",
                "ordering": ["granted_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("form__in", ["grant", "advice", "loan", "guarantee", "other"])
                        ),
                        name="reports_declaredaid_form_is_known",
                        violation_error_message="Choose the form of the aid.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", ""), _negated=True),
                        name="reports_declaredaid_has_a_giver",
                        violation_error_message="Say who gave the aid.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("value__gte", 0)),
                        name="reports_declaredaid_is_not_negative",
                        violation_error_message="An amount cannot be below 0.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeMinimisAward",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("granted_on", models.DateField(verbose_name="granted on")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                (
                    "rate",
                    models.DecimalField(decimal_places=2, max_digits=7, verbose_name="EUR an hour"),
                ),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=9, verbose_name="fee paid (EUR)"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=9, verbose_name="value of the aid (EUR)"
                    ),
                ),
                ("recipient", models.CharField(max_length=460, verbose_name="recipient")),
                (
                    "awarded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retain_until", models.DateField(verbose_name="proof kept until")),
                ("register_due_on", models.DateField(null=True, verbose_name="in the register by")),
                (
                    "registered_on",
                    models.DateField(
                        editable=False, null=True, verbose_name="in the register since"
                    ),
                ),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "revoked_because",
                    models.CharField(blank=True, max_length=300, verbose_name="revoked because"),
                ),
                (
                    "awarded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="de_minimis_awards",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="de_minimis_awards",
                        to="reports.grant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="de_minimis_awards",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "de minimis aid",
                "verbose_name_plural": "de minimis aids",
                "ordering": ["-granted_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("consultation",),
                        name="reports_deminimisaward_one_per_consultation",
                        violation_error_message="This consultation was granted as aid already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("fee__gte", 0)),
                        name="reports_deminimisaward_is_positive",
                        violation_error_message="Aid is more than 0 EUR, and a fee not below it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.functions.math.Round(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("minutes"), "*", models.F("rate")
                                            ),
                                            "/",
                                            models.Value(60),
                                        ),
                                        2,
                                    ),
                                    "-",
                                    models.F("fee"),
                                ),
                            )
                        ),
                        name="reports_deminimisaward_amount_agrees",
                        violation_error_message="The amount is not hours times rate less the fee.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retain_until__gt", models.F("granted_on"))),
                        name="reports_deminimisaward_proof_is_kept",
                        violation_error_message="The proof is kept beyond the day of the grant.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_on", None),
                            ("registered_on__gte", models.F("granted_on")),
                            _connector="OR",
                        ),
                        name="reports_deminimisaward_registered_after_grant",
                        violation_error_message="Aid is registered after it was granted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_because", "")),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoked_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reports_deminimisaward_revoked_with_a_reason",
                        violation_error_message="Say why the aid is revoked.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeMinimisRule",
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
                            ("general", "general"),
                            ("sgei", "services of general economic interest"),
                        ],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                (
                    "ceiling",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="ceiling (EUR)"
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(verbose_name="years that count together"),
                ),
                ("regulation", models.CharField(max_length=300, verbose_name="regulation")),
                ("journal", models.CharField(max_length=100, verbose_name="official journal")),
                (
                    "retention_years",
                    models.PositiveSmallIntegerField(verbose_name="years to keep the proof"),
                ),
                (
                    "register_since",
                    models.DateField(null=True, verbose_name="entered into the register since"),
                ),
                (
                    "register_days",
                    models.PositiveSmallIntegerField(verbose_name="working days for the entry"),
                ),
                ("source", models.TextField(verbose_name="source")),
                ("since", models.DateField(verbose_name="valid from")),
                ("until", models.DateField(null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "de minimis rule",
                "verbose_name_plural": "de minimis rules",
                "ordering": ["key", "since"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__in", ["general", "sgei"])),
                        name="reports_deminimisrule_key_is_known",
                        violation_error_message="Choose the kind of the rule.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ceiling__gt", 0)),
                        name="reports_deminimisrule_ceiling_is_positive",
                        violation_error_message="A ceiling is more than 0 EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reports_deminimisrule_ends_after_start",
                        violation_error_message="A rule cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("key", "="), (best_portal.db.Days("since", "until"), "&&")],
                        name="reports_deminimisrule_one_at_a_time",
                        violation_error_message="There is a rule of this kind in that time already.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="aid_basis",
            field=models.CharField(
                choices=[
                    ("none", "no aid to enterprises"),
                    ("de_minimis", "de minimis aid"),
                    ("agvo", "AGVO"),
                ],
                default="none",
                max_length=10,
                verbose_name="aid to enterprises",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="de_minimis_delegated",
            field=models.BooleanField(
                default=False, verbose_name="The notice lets us issue de minimis certificates"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("aid_basis__in", ["none", "de_minimis", "agvo"])),
                name="reports_grant_aid_basis_is_known",
                violation_error_message="Choose the rules for aid to enterprises.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("de_minimis_delegated", False), ("aid_basis", "de_minimis"), _connector="OR"
                ),
                name="reports_grant_delegates_only_de_minimis",
                violation_error_message="Certificates can be issued for a grant that gives de minimis aid only.",
            ),
        ),
        migrations.AddField(
            model_name="deminimisaward",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="awards",
                to="reports.deminimisrule",
            ),
        ),
    ]
