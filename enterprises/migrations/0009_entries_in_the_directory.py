import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import best_portal.db
import enterprises.models.entry_care


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0003_successions_and_notes"),
        ("enterprises", "0008_two_files_become_one"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "slug",
                    models.SlugField(
                        editable=False, max_length=100, unique=True, verbose_name="address"
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
                    "text",
                    models.TextField(
                        help_text="What people find with you, in a few sentences everyone understands.",
                        validators=[django.core.validators.MaxLengthValidator(1500)],
                        verbose_name="what you do",
                    ),
                ),
                (
                    "text_en",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1500)],
                        verbose_name="the same in English",
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=250, verbose_name="street and number"),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        max_digits=7,
                        null=True,
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        max_digits=7,
                        null=True,
                        verbose_name="longitude",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail for customers"
                    ),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=40, verbose_name="phone for customers"),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "keeper_name",
                    models.CharField(
                        blank=True,
                        help_text="Not public.",
                        max_length=150,
                        verbose_name="who looks after the entry",
                    ),
                ),
                (
                    "keeper_email",
                    models.EmailField(
                        blank=True,
                        help_text="Not public. The link for changes goes there, and once a year a question.",
                        max_length=254,
                        verbose_name="their e-mail",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("token_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "not confirmed yet"),
                            ("submitted", "waiting for an advisor"),
                            ("published", "public"),
                            ("refused", "refused"),
                            ("archived", "archived"),
                        ],
                        default="published",
                        editable=False,
                        max_length=11,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="public since"),
                ),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                (
                    "submitted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="waiting since"),
                ),
                (
                    "refused_because",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="reason"
                    ),
                ),
                (
                    "proposed",
                    models.JSONField(editable=False, null=True, verbose_name="proposed change"),
                ),
                ("asked_at", models.DateTimeField(editable=False, null=True, verbose_name="asked")),
                (
                    "checked_on",
                    models.DateField(editable=False, null=True, verbose_name="confirmed on"),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="districts.district",
                        verbose_name="neighbourhood",
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="enterprises.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry in the directory",
                "verbose_name_plural": "entries in the directory",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    models.Index(fields=["sort_name", "id"], name="enterprises_entry_by_name")
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
                        name="enterprises_entry_kind_is_known",
                        violation_error_message="Choose one of the kinds.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["unconfirmed", "submitted", "published", "refused", "archived"],
                            )
                        ),
                        name="enterprises_entry_status_is_known",
                        violation_error_message="Unknown status of an entry.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                        ),
                        name="enterprises_entry_has_name_and_text",
                        violation_error_message="An entry needs a name and a text.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprises_entry_published_with_time",
                        violation_error_message="An entry is public since a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_at__isnull", False), ("status", "archived")),
                            models.Q(
                                models.Q(("status", "archived"), _negated=True),
                                ("archived_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_entry_archived_with_time",
                        violation_error_message="An entry is archived since a time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token_digest", ""), _negated=True),
                        fields=("token_digest",),
                        name="enterprises_entry_link_of_its_own",
                        violation_error_message="Every link opens one entry.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("status", "submitted"), _negated=True),
                                ("proposed__isnull", True),
                            ),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprises_entry_waiting_since_a_time",
                        violation_error_message="What waits for an advisor waits since a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "refused"), _negated=True),
                            models.Q(("refused_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="enterprises_entry_refused_with_reason",
                        violation_error_message="Say why it is not published.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="enterprises_entry_point_is_whole",
                        violation_error_message="Give both latitude and longitude, or neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude", None),
                            models.Q(
                                ("latitude__gte", 52.3),
                                ("latitude__lte", 52.7),
                                ("longitude__gte", 13.05),
                                ("longitude__lte", 13.8),
                            ),
                            _connector="OR",
                        ),
                        name="enterprises_entry_point_is_in_berlin",
                        violation_error_message="This point is not in Berlin; check latitude and longitude.",
                    ),
                ],
            },
            bases=(enterprises.models.entry_care.Care, models.Model),
        ),
        migrations.CreateModel(
            name="EntryConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("entry", "the entry: name, kind, text and neighbourhood"),
                            ("address", "address and place on the map"),
                            ("contact", "e-mail, phone and website"),
                            ("criteria", "which criteria of a social enterprise are met"),
                            ("income_mix", "the shares of the sources of income"),
                        ],
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                (
                    "given_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="given on"
                    ),
                ),
                ("given_by", models.CharField(max_length=150, verbose_name="given by")),
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
                (
                    "revoked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="taken back at"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="enterprises.entry",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent to a part of an entry",
                "verbose_name_plural": "consents to parts of entries",
                "ordering": ["given_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("part__in", ["entry", "address", "contact", "criteria", "income_mix"])
                        ),
                        name="enterprises_entryconsent_part_is_known",
                        violation_error_message="Choose one of the parts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["form", "mail", "paper"])),
                        name="enterprises_entryconsent_way_is_known",
                        violation_error_message="Say how it was given.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_by", ""), _negated=True),
                        name="enterprises_entryconsent_given_by_somebody",
                        violation_error_message="Say who agreed.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("entry", "part"),
                        name="enterprises_entryconsent_once_at_a_time",
                        violation_error_message="The enterprise agreed to this already.",
                    ),
                ],
            },
        ),
    ]
