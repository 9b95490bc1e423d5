import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0001_boroughs_and_districts"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["group", "member"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            ("since", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="enterprises_membership_ends_after_start",
                        violation_error_message="A membership cannot end before it starts.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("founding_initiative", "founding initiative"),
                            ("social_enterprise", "social enterprise"),
                            ("local_business", "local business"),
                            ("association", "association"),
                            ("foundation", "foundation"),
                            ("public_body", "public body"),
                            ("network", "network"),
                            ("project_group", "project group"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "idea"),
                            ("concept", "concept"),
                            ("founding", "founding"),
                            ("build_up", "build-up"),
                            ("consolidation", "consolidation"),
                            ("given_up", "given up"),
                        ],
                        default="idea",
                        editable=False,
                        max_length=15,
                        verbose_name="stage",
                    ),
                ),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none yet"),
                            ("sole_trader", "sole trader"),
                            ("gbr", "GbR"),
                            ("ev", "e. V."),
                            ("not_registered", "association without registration"),
                            ("eg", "eG"),
                            ("ug", "UG (haftungsbeschränkt)"),
                            ("gug", "gUG (haftungsbeschränkt)"),
                            ("gmbh", "GmbH"),
                            ("ggmbh", "gGmbH"),
                            ("foundation", "foundation"),
                            ("public", "public law"),
                            ("other", "other"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="legal form",
                    ),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="founded on")),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="address")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="Two sentences that may be shown to others.",
                        verbose_name="purpose",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="member_of",
                        through="enterprises.Membership",
                        to="enterprises.organisation",
                        verbose_name="members",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("sort_name"), name="gin_trgm_ops"
                        ),
                        name="enterprises_org_sort_name",
                    ),
                    models.Index(fields=["sort_name"], name="enterprises_org_by_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "founding_initiative",
                                    "social_enterprise",
                                    "local_business",
                                    "association",
                                    "foundation",
                                    "public_body",
                                    "network",
                                    "project_group",
                                ],
                            )
                        ),
                        name="enterprises_organisation_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "idea",
                                    "concept",
                                    "founding",
                                    "build_up",
                                    "consolidation",
                                    "given_up",
                                ],
                            )
                        ),
                        name="enterprises_organisation_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_organisation_has_a_name",
                        violation_error_message="Give the organisation a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "social_enterprise"), _negated=True),
                            ("founded_on__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprises_organisation_enterprise_is_founded",
                        violation_error_message="A social enterprise needs the day it was founded.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "founding_initiative"), _negated=True),
                            ("founded_on", None),
                            _connector="OR",
                        ),
                        name="enterprises_organisation_initiative_is_not_founded",
                        violation_error_message="A founding initiative has no founding day yet; use “Record the founding”.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="enterprises.organisation",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships_elsewhere",
                to="enterprises.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="post")),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "new"), ("kept", "kept")],
                        max_length=4,
                        verbose_name="new or kept",
                    ),
                ),
                (
                    "fte",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="1 is full time, 0.5 half.",
                        max_digits=4,
                        verbose_name="full-time equivalent",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "confirmed_on",
                    models.DateField(blank=True, null=True, verbose_name="confirmed on"),
                ),
                (
                    "confirmed_by",
                    models.CharField(blank=True, max_length=150, verbose_name="confirmed by"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="jobs",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["since", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["new", "kept"])),
                        name="enterprises_job_kind_is_known",
                        violation_error_message="Say whether the job is new or kept.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fte__gt", 0), ("fte__lte", 1)),
                        name="enterprises_job_fte_is_plausible",
                        violation_error_message="One job is more than 0 and at most 1 full-time equivalent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="enterprises_job_ends_after_start",
                        violation_error_message="A job cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_by", ""), ("confirmed_on", None)),
                            models.Q(
                                ("confirmed_on__isnull", False),
                                models.Q(("confirmed_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_job_confirmation_is_whole",
                        violation_error_message="A confirmation needs its day and who confirmed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Involvement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("founder", "founder"),
                            ("management", "management"),
                            ("member", "member"),
                            ("employee", "employee"),
                            ("volunteer", "volunteer"),
                            ("contact", "contact"),
                        ],
                        default="founder",
                        max_length=12,
                        verbose_name="part",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="involvements",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "part in an organisation",
                "verbose_name_plural": "parts in organisations",
                "ordering": ["organisation", "person"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "founder",
                                    "management",
                                    "member",
                                    "employee",
                                    "volunteer",
                                    "contact",
                                ],
                            )
                        ),
                        name="enterprises_involvement_role_is_known",
                        violation_error_message="Choose one of the parts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            ("since", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="enterprises_involvement_ends_after_start",
                        violation_error_message="This part cannot end before it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeMix",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "public_contracts",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        verbose_name="public contracts (EUR)",
                    ),
                ),
                (
                    "private_sales",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        verbose_name="private purchasing power (EUR)",
                    ),
                ),
                (
                    "unpaid_hours",
                    models.DecimalField(
                        decimal_places=1,
                        default=0,
                        max_digits=9,
                        verbose_name="unpaid work (hours)",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=300, verbose_name="source or note"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="income_mixes",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "income mix",
                "verbose_name_plural": "income mixes",
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "year"),
                        name="enterprises_incomemix_once_a_year",
                        violation_error_message="This year is recorded already; change that entry.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("private_sales__gte", 0),
                            ("public_contracts__gte", 0),
                            ("unpaid_hours__gte", 0),
                        ),
                        name="enterprises_incomemix_is_not_negative",
                        violation_error_message="Income and hours cannot be below 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1990), ("year__lte", 2100)),
                        name="enterprises_incomemix_year_is_plausible",
                        violation_error_message="Write the year with four digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("self_help", "economic self-help for unmet needs"),
                            ("community", "social or community goals"),
                            ("reinvestment", "no private distribution of profit"),
                            ("income_mix", "a mix of three sources of income"),
                        ],
                        max_length=15,
                        verbose_name="criterion",
                    ),
                ),
                ("is_met", models.BooleanField(verbose_name="met")),
                ("assessed_on", models.DateField(verbose_name="assessed on")),
                ("evidence", models.TextField(verbose_name="evidence")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment of a criterion",
                "verbose_name_plural": "assessments of criteria",
                "ordering": ["criterion", "-assessed_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "criterion", "assessed_on"),
                        name="enterprises_criterionassessment_once_a_day",
                        violation_error_message="This criterion was assessed on that day already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "criterion__in",
                                ["self_help", "community", "reinvestment", "income_mix"],
                            )
                        ),
                        name="enterprises_criterionassessment_criterion_is_known",
                        violation_error_message="Choose one of the four criteria.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True),
                        name="enterprises_criterionassessment_has_evidence",
                        violation_error_message="Say by what evidence.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FoundingInitiative",
            fields=[],
            options={
                "verbose_name": "founding initiative",
                "verbose_name_plural": "founding initiatives",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("enterprises.organisation",),
        ),
        migrations.CreateModel(
            name="SocialEnterprise",
            fields=[],
            options={
                "verbose_name": "social enterprise",
                "verbose_name_plural": "social enterprises",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("enterprises.organisation",),
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
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
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisations",
                    models.ManyToManyField(
                        related_name="people",
                        through="enterprises.Involvement",
                        to="enterprises.organisation",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["sort_name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_person_has_a_name",
                        violation_error_message="Give the person a name.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="involvement",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="involvements",
                to="enterprises.person",
            ),
        ),
        migrations.CreateModel(
            name="StageChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "idea"),
                            ("concept", "concept"),
                            ("founding", "founding"),
                            ("build_up", "build-up"),
                            ("consolidation", "consolidation"),
                            ("given_up", "given up"),
                        ],
                        max_length=15,
                        verbose_name="stage",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="enterprises.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of stage",
                "verbose_name_plural": "changes of stage",
                "ordering": ["since", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "idea",
                                    "concept",
                                    "founding",
                                    "build_up",
                                    "consolidation",
                                    "given_up",
                                ],
                            )
                        ),
                        name="enterprises_stagechange_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "given_up"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="enterprises_stagechange_giving_up_has_a_reason",
                        violation_error_message="Say why it was given up.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnpaidWorkRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="valid from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "euros_per_hour",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, verbose_name="EUR per hour"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "value of an unpaid hour",
                "verbose_name_plural": "values of an unpaid hour",
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("euros_per_hour__gt", 0)),
                        name="enterprises_unpaidworkrate_is_positive",
                        violation_error_message="The rate must be more than 0 EUR.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(best_portal.db.Days("starts_on", "ends_on"), "&&")],
                        name="enterprises_unpaidworkrate_one_at_a_time",
                        violation_error_message="There is a rate for that time already.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("group", "member"),
                name="enterprises_membership_once",
                violation_error_message="This organisation is a member already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("group", models.F("member")), _negated=True),
                name="enterprises_membership_not_of_itself",
                violation_error_message="An organisation cannot be a member of itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="involvement",
            constraint=models.UniqueConstraint(
                fields=("person", "organisation", "role"),
                name="enterprises_involvement_once_per_part",
                violation_error_message="This person has this part already.",
            ),
        ),
    ]
