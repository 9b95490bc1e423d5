import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("consultations", "0032_shares_of_a_day_are_a_whole"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handed_at", models.DateTimeField(auto_now_add=True, verbose_name="handed over")),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("moved", models.JSONField(default=dict, editable=False)),
                (
                    "appointments",
                    models.ManyToManyField(
                        editable=False, related_name="+", to="consultations.appointment"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handed over by",
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(
                        editable=False, related_name="handovers", to="consultations.project"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "ordering": ["-handed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("to")), _negated=True),
                        name="consultations_handover_to_somebody_else",
                        violation_error_message="Nobody hands over to themselves.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.TextField(blank=True, verbose_name="how things stand")),
                (
                    "trust_issues",
                    models.TextField(blank=True, verbose_name="what trust depends on"),
                ),
                ("contacts", models.TextField(blank=True, verbose_name="further contacts")),
                ("keys_held", models.TextField(blank=True, verbose_name="keys and accesses")),
                (
                    "first_step",
                    models.CharField(blank=True, max_length=300, verbose_name="next step"),
                ),
                (
                    "second_step",
                    models.CharField(blank=True, max_length=300, verbose_name="second step"),
                ),
                (
                    "third_step",
                    models.CharField(blank=True, max_length=300, verbose_name="third step"),
                ),
                (
                    "written_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="written"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="accepted"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="consultations.supportcase",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="successor",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="consultations.handover",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
                "verbose_name_plural": "dossiers",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None)),
                        fields=("case",),
                        name="consultations_dossier_one_open_per_case",
                        violation_error_message="Somebody writes a dossier of this case already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handover", None), ("to", None)),
                            models.Q(("handover__isnull", False), ("to__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultations_dossier_handed_to_somebody",
                        violation_error_message="A dossier is handed over to somebody.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("to__isnull", False), _connector="OR"
                        ),
                        name="consultations_dossier_accepted_by_whoever_got_it",
                        violation_error_message="Only what was handed over can be accepted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None),
                            models.Q(
                                models.Q(("state", ""), _negated=True),
                                models.Q(("first_step", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consultations_dossier_accepted_when_written",
                        violation_error_message="Before it can be accepted, the dossier says how things stand and what comes next.",
                    ),
                ],
            },
        ),
    ]
