import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("reports", "0006_carry_the_de_minimis_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted_at", models.DateTimeField(auto_now_add=True)),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "acceptance",
                "verbose_name_plural": "acceptances",
            },
        ),
        migrations.CreateModel(
            name="Query",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=60, verbose_name="part of the report")),
                ("heading", models.CharField(max_length=300)),
                ("text", models.TextField(verbose_name="question")),
                ("due_on", models.DateField(verbose_name="answer by")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "asked_by",
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
                        related_name="queries",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "query",
                "verbose_name_plural": "queries",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("section", ""), _negated=True),
                        ),
                        name="reports_query_asks_something",
                        violation_error_message="Say what you ask, and about which part.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", best_portal.db.BerlinDay("asked_at"))),
                        name="reports_query_leaves_time_for_the_answer",
                        violation_error_message="An answer is not due before the question.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="answer")),
                ("replied_at", models.DateTimeField(auto_now_add=True)),
                (
                    "query",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="reports.query",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a query",
                "verbose_name_plural": "answers to queries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="reports_reply_says_something",
                        violation_error_message="Write the answer.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "in order"),
                            ("objected", "to be changed"),
                            ("withdrawn", "called back"),
                        ],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="second person",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reviewer", models.F("asked_by")), _negated=True),
                        name="reports_review_by_a_second_person",
                        violation_error_message="Ask somebody else: four eyes see more than two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", ""),
                            ("verdict__in", ["passed", "objected", "withdrawn"]),
                            _connector="OR",
                        ),
                        name="reports_review_verdict_is_known",
                        violation_error_message="Say whether the version is in order.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reports_review_decided_at_a_time",
                        violation_error_message="A decided review has its time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "objected"), _negated=True),
                            models.Q(("remark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_review_objection_says_why",
                        violation_error_message="Say what should be changed.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "")),
                        fields=("version",),
                        name="reports_review_one_at_a_time",
                        violation_error_message="Somebody is reviewing this version already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("submitted_on", models.DateField(verbose_name="submitted on")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("portal", "in this portal"),
                            ("post", "signed, on paper"),
                            ("authority", "in the authority's own portal"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["portal", "post", "authority"])),
                        name="reports_submission_way_is_known",
                        violation_error_message="Say how the report was submitted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_on__lte", best_portal.db.BerlinDay("recorded_at"))
                        ),
                        name="reports_submission_day_has_come",
                        violation_error_message="This day is still to come.",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="reportversion",
            name="reports_reportversion_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="reportversion",
            name="reports_reportversion_finished_with_result",
        ),
        migrations.AddField(
            model_name="programme",
            name="wants_review",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="A second person reviews every report before its release",
            ),
        ),
        migrations.AlterField(
            model_name="reportversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "waiting"),
                    ("working", "being made"),
                    ("ready", "draft"),
                    ("in_review", "in review"),
                    ("failed", "failed"),
                    ("cancelled", "cancelled"),
                    ("released", "released"),
                ],
                default="queued",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "queued",
                            "working",
                            "ready",
                            "in_review",
                            "failed",
                            "cancelled",
                            "released",
                        ],
                    )
                ),
                name="reports_reportversion_status_is_known",
                violation_error_message="Unknown status of a report.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_at__isnull", False),
                        ("frozen__isnull", False),
                        ("pages__isnull", False),
                        ("status__in", ("ready", "in_review", "released")),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status__in", ("ready", "in_review", "released")), _negated=True),
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
        ),
    ]
