import uuid

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
        ("enterprises", "0013_words_of_files_are_searched"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alliance",
            fields=[],
            options={
                "verbose_name": "network or project group",
                "verbose_name_plural": "networks and project groups",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("enterprises.organisation",),
        ),
        migrations.CreateModel(
            name="Forum",
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
                            ("forum", "neighbourhood forum"),
                            ("working_group", "working group"),
                            ("round", "round of a network or project group"),
                        ],
                        default="forum",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        help_text="What a working group works on.",
                        max_length=200,
                        verbose_name="theme",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="Everyone reads it where the forum is public.",
                        verbose_name="what it is for",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False,
                        help_text="Name, purpose, dates, places and agendas are public then, never members or decisions.",
                        verbose_name="everyone may know of it",
                    ),
                ),
                (
                    "since",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="since"),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forums",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
                (
                    "districts",
                    models.ManyToManyField(
                        blank=True,
                        related_name="forums",
                        to="districts.district",
                        verbose_name="neighbourhoods",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose round or working group it is.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forums",
                        to="enterprises.organisation",
                        verbose_name="network or project group",
                    ),
                ),
            ],
            options={
                "verbose_name": "forum",
                "verbose_name_plural": "forums",
                "ordering": ["sort_name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["forum", "working_group", "round"])),
                        name="enterprises_forum_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="enterprises_forum_has_a_name",
                        violation_error_message="Give the forum a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "working_group"), _negated=True),
                            models.Q(("theme", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="enterprises_forum_working_group_has_a_theme",
                        violation_error_message="Say what the working group works on.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "round"), _negated=True),
                            ("organisation__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprises_forum_round_is_of_somebody",
                        violation_error_message="Choose the network or project group that meets here.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="enterprises_forum_ends_after_start",
                        violation_error_message="A forum cannot end before it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForumMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chair", "chair"),
                            ("member", "member"),
                            ("guest", "regular guest"),
                        ],
                        default="member",
                        max_length=6,
                        verbose_name="part",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="enterprises.forum",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forum_memberships",
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
                        related_name="forum_memberships",
                        to="enterprises.person",
                        verbose_name="person",
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
                "verbose_name": "member of a forum",
                "verbose_name_plural": "members of forums",
                "ordering": ["forum", "role", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            ("organisation__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprises_forummember_is_somebody",
                        violation_error_message="Say which person or which organisation it is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["chair", "member", "guest"])),
                        name="enterprises_forummember_role_is_known",
                        violation_error_message="Choose one of the parts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            ("since", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="enterprises_forummember_ends_after_start",
                        violation_error_message="A membership cannot end before it starts.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None), ("withdrawn_at", None)),
                        fields=("forum", "person", "organisation"),
                        name="enterprises_forummember_once",
                        nulls_distinct=False,
                        violation_error_message="They are a member of this forum already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_forummember_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HealthNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "health",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("quiet", "quiet"),
                            ("conflicts", "conflicts"),
                        ],
                        max_length=9,
                        verbose_name="how it is doing",
                    ),
                ),
                (
                    "noted_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="as of"),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Needed where there are conflicts; only the staff reads it.",
                        max_length=500,
                        verbose_name="what it is about",
                    ),
                ),
                (
                    "author",
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
                        related_name="health_notes",
                        to="enterprises.organisation",
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
                "verbose_name": "note on how a network is doing",
                "verbose_name_plural": "notes on how networks are doing",
                "ordering": ["-noted_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("health__in", ["active", "quiet", "conflicts"])),
                        name="enterprises_healthnote_health_is_known",
                        violation_error_message="Choose how the network is doing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("health", "conflicts"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="enterprises_healthnote_conflicts_are_told",
                        violation_error_message="Say what the conflicts are about.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_healthnote_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="From 15 minutes to a whole day.",
                        verbose_name="duration in minutes",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="place")),
                ("agenda", models.TextField(blank=True, verbose_name="agenda")),
                (
                    "record",
                    models.TextField(
                        blank=True,
                        help_text="Members and staff read them.",
                        verbose_name="minutes of the meeting",
                    ),
                ),
                (
                    "is_record_public",
                    models.BooleanField(
                        default=False,
                        help_text="Only where they name nobody, and only where the forum is public.",
                        verbose_name="everyone may read the minutes",
                    ),
                ),
                (
                    "guests",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="People who are not on the list.",
                        verbose_name="others who were there",
                    ),
                ),
                (
                    "is_cancelled",
                    models.BooleanField(default=False, editable=False, verbose_name="cancelled"),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meetings",
                        to="enterprises.forum",
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
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-starts_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (15, 1440))),
                        name="enterprises_meeting_lasts_a_while",
                        violation_error_message="A meeting lasts from 15 minutes to a whole day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place", ""), _negated=True),
                        name="enterprises_meeting_is_somewhere",
                        violation_error_message="Say where the meeting is.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_cancelled", False), ("withdrawn_at", None)),
                        fields=("forum", "starts_at"),
                        name="enterprises_meeting_one_at_a_time",
                        violation_error_message="This forum meets at this time already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_meeting_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("what", models.CharField(max_length=500, verbose_name="what was decided")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "done_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="done at"),
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
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="or by us",
                    ),
                ),
                (
                    "done_by",
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
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="enterprises.forummember",
                        verbose_name="done by a member",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="enterprises.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["meeting", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what", ""), _negated=True),
                        name="enterprises_decision_says_what",
                        violation_error_message="Say what was decided.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("advisor", None), ("owner__isnull", False)),
                            models.Q(("advisor__isnull", False), ("owner", None)),
                            _connector="OR",
                        ),
                        name="enterprises_decision_has_one_owner",
                        violation_error_message="Say who does it: one member, or one of us.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="enterprises_decision_done_by_somebody",
                        violation_error_message="Somebody marks a decision as done.",
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
                        name="enterprises_decision_dropped_with_reason",
                        violation_error_message="Say why the decision is dropped.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), ("dropped_at", None), _connector="OR"
                        ),
                        name="enterprises_decision_done_or_dropped",
                        violation_error_message="A decision is done or dropped, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"
                        ),
                        name="enterprises_decision_deleted_by_somebody",
                        violation_error_message="Only what is deleted was deleted by somebody.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingAttendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="enterprises.meeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="enterprises.forummember",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance at a meeting",
                "verbose_name_plural": "attendances at meetings",
                "ordering": ["meeting", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "member"),
                        name="enterprises_meetingattendance_once",
                        violation_error_message="They are noted as present already.",
                    )
                ],
            },
        ),
    ]
