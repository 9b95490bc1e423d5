import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0003_successions_and_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(editable=False, max_length=70, unique=True)),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "introduction",
                    models.TextField(
                        help_text="What it is about, who asks, and what becomes of the answers.",
                        max_length=3000,
                        verbose_name="introduction",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="open from")),
                ("closes_on", models.DateField(verbose_name="open until")),
                (
                    "results_public",
                    models.BooleanField(
                        default=True,
                        help_text="Small numbers are hidden, and what people wrote in words is never shown.",
                        verbose_name="Everyone may see the figures once it is over",
                    ),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "areas",
                    models.ManyToManyField(
                        blank=True,
                        related_name="surveys",
                        to="districts.district",
                        verbose_name="neighbourhoods",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "survey",
                "verbose_name_plural": "surveys",
                "ordering": ["-closes_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="districts_survey_closes_after_opening",
                        violation_error_message="A survey cannot end before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("introduction", ""), _negated=True),
                        ),
                        name="districts_survey_says_what_it_is_about",
                        violation_error_message="Give the survey a title and an introduction.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("words", models.CharField(max_length=300, verbose_name="question")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("choice", "one of several answers"),
                            ("several", "several answers"),
                            ("scale", "from 1 (not at all) to 5 (very much)"),
                            ("text", "own words"),
                        ],
                        max_length=7,
                        verbose_name="kind of answer",
                    ),
                ),
                (
                    "options",
                    models.TextField(
                        blank=True,
                        help_text="One answer in each line.",
                        verbose_name="answers to choose from",
                    ),
                ),
                (
                    "is_required",
                    models.BooleanField(default=False, verbose_name="must be answered"),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="districts.survey",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a survey",
                "verbose_name_plural": "questions of surveys",
                "ordering": ["survey", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "position"),
                        name="districts_surveyquestion_one_per_position",
                        violation_error_message="There is a question at this position already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["choice", "several", "scale", "text"])),
                        name="districts_surveyquestion_kind_is_known",
                        violation_error_message="Choose the kind of answer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="districts_surveyquestion_asks_something",
                        violation_error_message="Write the question.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("choice", "several")),
                                models.Q(("options", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind__in", ("choice", "several")), _negated=True),
                                ("options", ""),
                            ),
                            _connector="OR",
                        ),
                        name="districts_surveyquestion_options_where_one_chooses",
                        violation_error_message="Answers to choose from belong to questions with a choice, and only to them.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "given_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="day"),
                ),
                ("form_key", models.UUIDField(editable=False, unique=True)),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="districts.survey",
                    ),
                ),
            ],
            options={
                "verbose_name": "response to a survey",
                "verbose_name_plural": "responses to surveys",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SurveyReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="choice")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="words",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="districts.surveyquestion",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="districts.surveyresponse",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a survey",
                "verbose_name_plural": "answers to surveys",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", False), ("text", "")),
                            models.Q(("number", None), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="districts_surveyreply_is_a_choice_or_words",
                        violation_error_message="An answer is a choice or words.",
                    ),
                    models.UniqueConstraint(
                        fields=("response", "question", "number"),
                        name="districts_surveyreply_once",
                        nulls_distinct=False,
                        violation_error_message="This was answered already.",
                    ),
                ],
            },
        ),
    ]
