import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0039_needs_ideas_and_events"),
        ("enterprises", "0016_carry_the_size_limits"),
        ("reports", "0019_data_checks_milestones_and_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(editable=False, max_length=70, unique=True)),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("summary", models.CharField(max_length=300, verbose_name="summary")),
                (
                    "text",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(8000)],
                        verbose_name="story",
                    ),
                ),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="consultations.supportcase",
                        verbose_name="case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="enterprises.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whoever is named or can be recognised has to agree as well.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="enterprises.person",
                        verbose_name="person it tells of",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="consultations.project",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "success story",
                "verbose_name_plural": "success stories",
                "ordering": ["-written_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                        ),
                        name="reports_story_says_something",
                        violation_error_message="Give the story a title, a summary and a text.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reports_story_approved_by_somebody",
                        violation_error_message="An approval has its time and who approved.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="reports_story_approved_means_published",
                        violation_error_message="What is approved was published.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoryConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("organisation", "the organisation"), ("person", "the person")],
                        max_length=12,
                        verbose_name="who agrees",
                    ),
                ),
                ("given_by", models.CharField(max_length=150, verbose_name="name")),
                ("given_on", models.DateField(verbose_name="day")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("form", "in the form"),
                            ("mail", "by e-mail"),
                            ("paper", "on paper"),
                        ],
                        max_length=5,
                        verbose_name="how",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="reports.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent to a story",
                "verbose_name_plural": "consents to stories",
                "ordering": ["-given_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ["organisation", "person"])),
                        name="reports_storyconsent_of_is_known",
                        violation_error_message="Say who agrees.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["form", "mail", "paper"])),
                        name="reports_storyconsent_way_is_known",
                        violation_error_message="Say how it was given.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_by", ""), _negated=True),
                        name="reports_storyconsent_given_by_somebody",
                        violation_error_message="Say who agreed.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("story", "of"),
                        name="reports_storyconsent_once_at_a_time",
                        violation_error_message="There is a consent to this story already.",
                    ),
                ],
            },
        ),
    ]
