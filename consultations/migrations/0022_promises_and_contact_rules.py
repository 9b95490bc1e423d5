import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0021_words_of_consultations_are_found"),
        ("enterprises", "0002_published_operations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "promiser",
                    models.CharField(
                        choices=[
                            ("advisor", "the agency"),
                            ("person", "a person of the organisation"),
                        ],
                        max_length=7,
                        verbose_name="promised by",
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what")),
                ("made_on", models.DateField(verbose_name="promised on")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "kept_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="kept at"),
                ),
                (
                    "dropped_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="dropped at"),
                ),
                (
                    "dropped_because",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason"
                    ),
                ),
                ("taken_over_at", models.DateTimeField(editable=False, null=True)),
                ("noted_at", models.DateTimeField(auto_now_add=True)),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="advisor",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="consultations.supportcase",
                        verbose_name="support case",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="consultations.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked as kept by",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="enterprises.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "taken_over_from",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken over from",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("kept_at", None)),
                        fields=["advisor", "due_on"],
                        name="consultations_promise_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True),
                        name="consultations_promise_says_what",
                        violation_error_message="Say what was promised.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("promiser__in", ["advisor", "person"])),
                        name="consultations_promise_promiser_is_known",
                        violation_error_message="Say who promised.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promiser", "person"), _negated=True),
                            ("person__isnull", False),
                            _connector="OR",
                        ),
                        name="consultations_promise_person_promises_by_name",
                        violation_error_message="Say which person of the organisation promised it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on", None), ("due_on__gte", models.F("made_on")), _connector="OR"
                        ),
                        name="consultations_promise_due_after_it_was_made",
                        violation_error_message="A promise cannot be due before it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_at", None), ("dropped_at", None), _connector="OR"
                        ),
                        name="consultations_promise_kept_or_dropped",
                        violation_error_message="A promise is kept or dropped, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept_at", None), ("kept_by", None)),
                            models.Q(("kept_at__isnull", False), ("kept_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultations_promise_kept_by_somebody",
                        violation_error_message="Somebody marks a promise as kept.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dropped_at", None), ("dropped_because", "")),
                            models.Q(
                                ("dropped_at__isnull", False),
                                models.Q(("dropped_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_promise_dropped_with_reason",
                        violation_error_message="Say why the promise is dropped.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_over_at", None), ("taken_over_from", None)),
                            models.Q(
                                ("taken_over_at__isnull", False), ("taken_over_from__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="consultations_promise_taken_over_from_somebody",
                        violation_error_message="A promise is taken over from somebody.",
                    ),
                    models.UniqueConstraint(
                        fields=("form_key",),
                        name="consultations_promise_one_per_form",
                        violation_error_message="This form was sent before. Please open it anew.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Postponement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_due_on", models.DateField(null=True, verbose_name="former day")),
                ("due_on", models.DateField(verbose_name="new day")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postponements",
                        to="consultations.promise",
                    ),
                ),
            ],
            options={
                "verbose_name": "postponement",
                "verbose_name_plural": "postponements",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="consultations_postponement_has_a_reason",
                        violation_error_message="Say why the day is another one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("was_due_on", None),
                            models.Q(("was_due_on", models.F("due_on")), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_postponement_is_to_another_day",
                        violation_error_message="The promise is due on this day already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactRule",
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
                ("days", models.PositiveSmallIntegerField(verbose_name="days without contact")),
                ("starts_on", models.DateField(verbose_name="valid from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "set_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact rule",
                "verbose_name_plural": "contact rules",
                "ordering": ["stage", "starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                ["idea", "concept", "founding", "build_up", "consolidation"],
                            )
                        ),
                        name="consultations_contactrule_stage_is_known",
                        violation_error_message="Choose one of the stages.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 3650)),
                        name="consultations_contactrule_days_are_plausible",
                        violation_error_message="Choose 1 to 3650 days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="consultations_contactrule_ends_after_start",
                        violation_error_message="A rule cannot end before it starts.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("stage", "="),
                            (best_portal.db.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="consultations_contactrule_one_at_a_time",
                        violation_error_message="A later rule is noted for this stage already. Choose a day after it began.",
                    ),
                ],
            },
        ),
    ]
