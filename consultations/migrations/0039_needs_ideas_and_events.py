import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0038_visits_lead_to_memberships"),
        ("districts", "0004_surveys"),
        ("enterprises", "0014_forums_meet_and_networks_are_watched"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                ("text", models.TextField(max_length=1000, verbose_name="finding")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="consultations.groupsession",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True,
                        related_name="findings",
                        to="consultations.topic",
                        verbose_name="topics",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["session", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="consultations_finding_says_something",
                        violation_error_message="Write what was found.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cited_at", models.DateTimeField(auto_now_add=True)),
                (
                    "cited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="consultations.finding",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation of a finding",
                "verbose_name_plural": "citations of findings",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "finding"),
                        name="consultations_citation_once",
                        violation_error_message="It is cited there already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Idea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="idea")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(3000)],
                        verbose_name="details",
                    ),
                ),
                (
                    "begun_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="since"),
                ),
                ("ended_on", models.DateField(editable=False, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("people", "nobody to do it"),
                            ("money", "no money"),
                            ("room", "no room"),
                            ("law", "law or permission"),
                            ("market", "nobody would pay or come"),
                            ("met", "the need was met otherwise"),
                            ("other", "another reason"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="reason",
                    ),
                ),
                (
                    "ended_note",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="in words"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ideas",
                        to="enterprises.organisation",
                        verbose_name="initiative",
                    ),
                ),
            ],
            options={
                "verbose_name": "idea",
                "verbose_name_plural": "ideas",
                "ordering": ["begun_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="consultations_idea_has_a_title",
                        violation_error_message="Say what the idea is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_because", ""), ("ended_note", ""), ("ended_on", None)),
                            models.Q(
                                (
                                    "ended_because__in",
                                    ["people", "money", "room", "law", "market", "met", "other"],
                                ),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_idea_ended_with_reason",
                        violation_error_message="Say why it has ended.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaOwner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                (
                    "idea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owners",
                        to="consultations.idea",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_ideas",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "co-owner of an idea",
                "verbose_name_plural": "co-owners of ideas",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("organisation__isnull", False)),
                            models.Q(("organisation", None), models.Q(("name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="consultations_ideaowner_is_one_of_both",
                        violation_error_message="Choose an organisation or write a name, not both.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="what is lacking")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(3000)],
                        verbose_name="details",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("forum", "a forum"),
                            ("survey", "a survey"),
                            ("visit", "a visit"),
                            ("consultation", "a consultation"),
                            ("planning", "a planning workshop, such as a Planning for Real"),
                            ("other", "somewhere else"),
                        ],
                        max_length=12,
                        verbose_name="heard in",
                    ),
                ),
                (
                    "heard_where",
                    models.CharField(
                        blank=True,
                        help_text="Which forum, which workshop.",
                        max_length=200,
                        verbose_name="where exactly",
                    ),
                ),
                (
                    "noted_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="day"),
                ),
                ("ended_on", models.DateField(editable=False, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason"
                    ),
                ),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="consultations.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="districts.surveyreply",
                        verbose_name="answer to a survey",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="consultations.topic",
                        verbose_name="topic",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="consultations.visit",
                        verbose_name="visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "need",
                "verbose_name_plural": "needs",
                "ordering": ["-noted_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="consultations_need_says_what_is_lacking",
                        violation_error_message="Say what is lacking.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                ["forum", "survey", "visit", "consultation", "planning", "other"],
                            )
                        ),
                        name="consultations_need_source_is_known",
                        violation_error_message="Say where it was heard.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visit", None), ("source", "visit"), _connector="OR"),
                            models.Q(
                                ("consultation", None), ("source", "consultation"), _connector="OR"
                            ),
                            models.Q(("reply", None), ("source", "survey"), _connector="OR"),
                        ),
                        name="consultations_need_comes_from_where_it_says",
                        violation_error_message="Where it was heard does not fit what it came from.",
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
                        name="consultations_need_ended_with_reason",
                        violation_error_message="Say why it has ended.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="idea",
            name="need",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ideas",
                to="consultations.need",
            ),
        ),
        migrations.CreateModel(
            name="Proceedings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(20000)],
                        verbose_name="documentation",
                    ),
                ),
                (
                    "link",
                    models.URLField(blank=True, verbose_name="link to slides, pictures or papers"),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        verbose_name="Everyone may read the documentation and the findings",
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proceedings",
                        to="consultations.groupsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "documentation of an event",
                "verbose_name_plural": "documentations of events",
            },
        ),
        migrations.CreateModel(
            name="ProgrammeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "speakers",
                    models.CharField(
                        blank=True,
                        help_text="Everyone reads their names; they must have agreed.",
                        max_length=300,
                        verbose_name="speakers",
                    ),
                ),
                ("room", models.CharField(blank=True, max_length=100, verbose_name="room")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programme",
                        to="consultations.groupsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a programme",
                "verbose_name_plural": "items of programmes",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="consultations_programmeitem_has_a_title",
                        violation_error_message="Give the item a title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="consultations_programmeitem_ends_after_start",
                        violation_error_message="An item cannot end before it starts.",
                    ),
                ],
            },
        ),
    ]
