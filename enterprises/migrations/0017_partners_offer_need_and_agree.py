import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0003_successions_and_notes"),
        ("enterprises", "0016_carry_the_size_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
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
                ("purpose", models.TextField(blank=True, verbose_name="what it is for")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                ("starts_on", models.DateField(verbose_name="in force from")),
                ("ends_on", models.DateField(verbose_name="in force until")),
                (
                    "review_on",
                    models.DateField(
                        blank=True,
                        help_text="Two months before, it stands on the first page of whoever looks after it.",
                        null=True,
                        verbose_name="to be reviewed on",
                    ),
                ),
                ("ended_on", models.DateField(editable=False, null=True, verbose_name="ended on")),
                (
                    "ended_because",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason"
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        help_text="That works on it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="enterprises.organisation",
                        verbose_name="network or project group",
                    ),
                ),
                (
                    "districts",
                    models.ManyToManyField(
                        blank=True,
                        related_name="agreements",
                        to="districts.district",
                        verbose_name="neighbourhoods",
                    ),
                ),
            ],
            options={
                "verbose_name": "cooperation agreement",
                "verbose_name_plural": "cooperation agreements",
                "ordering": ["-starts_on", "sort_name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_agreement_has_a_name",
                        violation_error_message="Give the agreement a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="enterprises_agreement_ends_after_start",
                        violation_error_message="An agreement cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_on", None),
                            models.Q(
                                ("review_on__gte", models.F("starts_on")),
                                ("review_on__lte", models.F("ends_on")),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_agreement_reviewed_while_in_force",
                        violation_error_message="It is reviewed while it is in force.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_because", ""), ("ended_on", None)),
                            models.Q(
                                ("ended_on__isnull", False),
                                models.Q(("ended_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_agreement_ended_with_reason",
                        violation_error_message="Say why the agreement ended early.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="enterprises.agreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement_parties",
                        to="enterprises.organisation",
                        verbose_name="partner",
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
                "verbose_name": "party of an agreement",
                "verbose_name_plural": "parties of agreements",
                "ordering": ["agreement", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("agreement", "organisation"),
                        name="enterprises_agreementparty_once",
                        violation_error_message="This partner is a party already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_agreementparty_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="reviewed on")),
                ("result", models.TextField(verbose_name="what was found")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="enterprises.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "review of an agreement",
                "verbose_name_plural": "reviews of agreements",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result", ""), _negated=True),
                        name="enterprises_agreementreview_has_a_result",
                        violation_error_message="Say what the review found.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("title", models.CharField(max_length=200, verbose_name="what is to be reached")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="enterprises.agreement",
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
                "verbose_name": "stage of an agreement",
                "verbose_name_plural": "stages of agreements",
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="enterprises_agreementstage_says_what",
                        violation_error_message="Say what is to be reached.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="enterprises_agreementstage_ends_after_start",
                        violation_error_message="A stage cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_agreementstage_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("title", models.CharField(max_length=200, verbose_name="what is there then")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("reached_on", models.DateField(blank=True, null=True, verbose_name="reached on")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="enterprises.agreement",
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
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="enterprises_milestone_says_what",
                        violation_error_message="Say what is there then.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_milestone_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rooms", "rooms"),
                            ("expertise", "expertise"),
                            ("funds", "money"),
                            ("training", "training"),
                            ("goods", "goods"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="worth (euros)",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pledges",
                        to="enterprises.agreement",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pledges",
                        to="enterprises.agreementparty",
                        verbose_name="party",
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
                "verbose_name": "pledged contribution",
                "verbose_name_plural": "pledged contributions",
                "ordering": ["agreement", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["rooms", "expertise", "funds", "training", "goods"])
                        ),
                        name="enterprises_pledge_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True),
                        name="enterprises_pledge_says_what",
                        violation_error_message="Say what is brought in.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="enterprises_pledge_is_not_negative",
                        violation_error_message="A contribution is worth nothing or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_pledge_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("offer", "offer"), ("need", "need")],
                        max_length=5,
                        verbose_name="offer or need",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rooms", "rooms"),
                            ("expertise", "expertise"),
                            ("funds", "money"),
                            ("training", "training"),
                            ("goods", "goods"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("text", models.TextField(blank=True, verbose_name="more about it")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        help_text="Such as m², hours a week, euros.",
                        max_length=40,
                        verbose_name="unit",
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="valid from"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "settled_on",
                    models.DateField(editable=False, null=True, verbose_name="settled on"),
                ),
                (
                    "settled_because",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="what became of it"
                    ),
                ),
                (
                    "districts",
                    models.ManyToManyField(
                        blank=True,
                        help_text="None ticked: everywhere.",
                        related_name="resources",
                        to="districts.district",
                        verbose_name="neighbourhoods",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resources",
                        to="enterprises.organisation",
                        verbose_name="partner",
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
                "verbose_name": "offer or need",
                "verbose_name_plural": "offers and needs",
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["offer", "need"])),
                        name="enterprises_resource_side_is_known",
                        violation_error_message="Say whether it is an offer or a need.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["rooms", "expertise", "funds", "training", "goods"])
                        ),
                        name="enterprises_resource_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="enterprises_resource_says_what",
                        violation_error_message="Say what is offered or needed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("unit", "")),
                            models.Q(
                                ("amount__gt", 0),
                                ("amount__isnull", False),
                                models.Q(("unit", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_resource_amount_has_a_unit",
                        violation_error_message="Give amount and unit together, or neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="enterprises_resource_ends_after_start",
                        violation_error_message="It cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_because", ""), ("settled_on", None)),
                            models.Q(
                                ("settled_on__isnull", False),
                                models.Q(("settled_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_resource_settled_with_words",
                        violation_error_message="Say what became of it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_resource_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rooms", "rooms"),
                            ("expertise", "expertise"),
                            ("funds", "money"),
                            ("training", "training"),
                            ("goods", "goods"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what")),
                (
                    "given_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="on"),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="hours"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="worth (euros)",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="enterprises.agreement",
                        verbose_name="under the agreement",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="enterprises.organisation",
                        verbose_name="partner",
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
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contributions",
                        to="enterprises.resource",
                        verbose_name="from the offer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "contributions",
                "ordering": ["-given_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["rooms", "expertise", "funds", "training", "goods"])
                        ),
                        name="enterprises_contribution_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True),
                        name="enterprises_contribution_says_what",
                        violation_error_message="Say what is brought in.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                            models.Q(("hours", None), ("hours__gte", 0), _connector="OR"),
                        ),
                        name="enterprises_contribution_is_not_negative",
                        violation_error_message="A contribution is worth nothing or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_contribution_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
    ]
