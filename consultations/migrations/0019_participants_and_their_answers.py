import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0018_a_timer_on_the_server"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0004_people_have_postcode_and_birthday"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "answered"),
                            ("withheld", "did not want to say"),
                            ("not_asked", "not asked"),
                            ("withdrawn", "consent withdrawn"),
                            ("forgotten", "deleted, its time was up"),
                        ],
                        max_length=9,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=30)),
                ("answered_on", models.DateField(verbose_name="answered on")),
                ("is_special", models.BooleanField(default=False)),
                (
                    "consented_on",
                    models.DateField(blank=True, null=True, verbose_name="consent given on"),
                ),
                (
                    "withdrawn_on",
                    models.DateField(blank=True, null=True, verbose_name="consent withdrawn on"),
                ),
                (
                    "retain_until",
                    models.DateField(blank=True, null=True, verbose_name="kept until"),
                ),
                (
                    "forgotten_on",
                    models.DateField(blank=True, null=True, verbose_name="deleted on"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["question__number"],
                "indexes": [models.Index(fields=["retain_until"], name="consultations_answer_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["given", "withheld", "not_asked", "withdrawn", "forgotten"],
                            )
                        ),
                        name="consultations_answer_state_is_known",
                        violation_error_message="Choose one of the answers.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), models.Q(("value", ""), _negated=True)),
                            models.Q(models.Q(("state", "given"), _negated=True), ("value", "")),
                            _connector="OR",
                        ),
                        name="consultations_answer_value_only_where_given",
                        violation_error_message="What was not answered holds nothing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_special", False),
                            models.Q(("state", "given"), _negated=True),
                            ("consented_on__isnull", False),
                            _connector="OR",
                        ),
                        name="consultations_answer_special_only_with_consent",
                        violation_error_message="This answer may only be kept with consent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_on__isnull", False)),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_answer_withdrawn_has_its_day",
                        violation_error_message="A withdrawn consent has its day, and nothing else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("forgotten_on__isnull", False), ("state", "forgotten")),
                            models.Q(
                                models.Q(("state", "forgotten"), _negated=True),
                                ("forgotten_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_answer_forgotten_has_its_day",
                        violation_error_message="A deleted answer has its day, and nothing else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on", None),
                            ("withdrawn_on__gte", models.F("consented_on")),
                            _connector="OR",
                        ),
                        name="consultations_answer_withdrawn_after_consent",
                        violation_error_message="A consent is withdrawn after it was given.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entered_on", models.DateField(verbose_name="first entry")),
                (
                    "returned_on",
                    models.DateField(blank=True, null=True, verbose_name="returned on"),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="last exit")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="enterprises.person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="consultations.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation",
                "verbose_name_plural": "participations",
                "ordering": ["project", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "project"),
                        name="consultations_participation_once_per_project",
                        violation_error_message="This person takes part in the project already. Who comes back is not admitted again: record the return.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on", None),
                            ("left_on__gte", models.F("entered_on")),
                            _connector="OR",
                        ),
                        name="consultations_participation_leaves_after_entry",
                        violation_error_message="Nobody leaves before they came.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_on", None),
                            ("returned_on__gt", models.F("entered_on")),
                            _connector="OR",
                        ),
                        name="consultations_participation_returns_after_entry",
                        violation_error_message="A return is after the first entry.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on", None),
                            ("returned_on", None),
                            ("left_on__gte", models.F("returned_on")),
                            _connector="OR",
                        ),
                        name="consultations_participation_leaves_after_return",
                        violation_error_message="The last exit is after the return.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("entry", "entry"),
                            ("exit", "exit"),
                            ("later", "six months after"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("1.1", "1.1"), ("1.2", "1.2"), ("3", "3"), ("4", "4")],
                        max_length=3,
                    ),
                ),
                (
                    "block",
                    models.CharField(
                        choices=[
                            ("person", "About you"),
                            ("work", "Work on the day of entry"),
                            ("education", "Education"),
                            ("origin", "Origin and housing"),
                            ("special", "Specially protected answers"),
                            ("after", "The four weeks after the last day"),
                            ("later", "Six months after the last day"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("choice", "one of several answers"),
                            ("date", "a day"),
                            ("since", "yes since a day, or no"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "data",
                    models.CharField(
                        choices=[
                            ("ordinary", "for every participant"),
                            ("personal", "personal data"),
                            ("special", "special category"),
                        ],
                        default="ordinary",
                        max_length=8,
                    ),
                ),
                ("wording", models.CharField(max_length=250)),
                ("wording_en", models.CharField(max_length=250)),
                ("hint", models.CharField(blank=True, max_length=250)),
                ("hint_en", models.CharField(blank=True, max_length=250)),
                ("choices", models.JSONField(blank=True, default=list)),
                ("consent", models.TextField(blank=True)),
                ("consent_en", models.TextField(blank=True)),
                ("allows_no_statement", models.BooleanField(default=False)),
                ("depends_on", models.CharField(blank=True, max_length=30)),
                ("depends_value", models.CharField(blank=True, max_length=30)),
                ("limits", models.JSONField(blank=True, default=dict)),
                ("source", models.CharField(max_length=250)),
                ("note", models.TextField(blank=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["number", "starts_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "starts_on"),
                        name="consultations_question_one_wording_per_day",
                        violation_error_message="This question has a wording from that day already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="consultations_question_ends_after_start",
                        violation_error_message="A question cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part", "1.1"), _negated=True),
                            ("allows_no_statement", False),
                            _connector="OR",
                        ),
                        name="consultations_question_first_part_must_be_answered",
                        violation_error_message="Nobody may leave out a question of part 1.1.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("data", "special"), _negated=True),
                            models.Q(("consent", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consultations_question_special_needs_a_consent_text",
                        violation_error_message="A special category needs the text of a consent.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="project",
            name="answers_kept_years",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                verbose_name="years the answers are kept after the end of the project",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="asks_participants",
            field=models.BooleanField(
                default=False, verbose_name="participants answer the ESF Plus questionnaires"
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="participant_hours",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                verbose_name="hours from which somebody is a participant",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="participant_hours_near",
            field=models.DecimalField(
                decimal_places=2,
                default=2,
                max_digits=5,
                verbose_name="hours before that from which the questionnaire is announced",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="participants_note",
            field=models.CharField(
                blank=True, max_length=300, verbose_name="where these numbers are written"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("participant_hours", None), ("participant_hours__gt", 0), _connector="OR"
                ),
                name="consultations_project_participant_hours_are_positive",
                violation_error_message="Give the hours as a number above 0, or nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("participant_hours_near__gte", 0)),
                name="consultations_project_near_hours_are_not_negative",
                violation_error_message="The hours before cannot be negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answers_kept_years", None),
                    ("answers_kept_years__range", (1, 30)),
                    _connector="OR",
                ),
                name="consultations_project_answers_kept_for_a_time",
                violation_error_message="Answers are kept for 1 to 30 years.",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="consultations.participation",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="consultations.question",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("participation", "question"),
                name="consultations_answer_one_per_question",
                violation_error_message="This question is answered already.",
            ),
        ),
    ]
