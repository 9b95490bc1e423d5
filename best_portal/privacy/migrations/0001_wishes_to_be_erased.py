import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("enterprises", "0011_carry_the_rule_of_confirmations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("page", "on the own page"),
                            ("phone", "on the phone"),
                            ("letter", "in writing"),
                            ("spoken", "in person"),
                        ],
                        max_length=6,
                        verbose_name="said",
                    ),
                ),
                (
                    "words",
                    models.TextField(blank=True, max_length=2000, verbose_name="in their words"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="asked"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "to be decided"),
                            ("withdrawn", "taken back"),
                            ("refused", "refused"),
                            ("done", "erased"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "decided_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="decided"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure_requests",
                        to="enterprises.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "wish to be erased",
                "verbose_name_plural": "wishes to be erased",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "withdrawn", "refused", "done"])
                        ),
                        name="privacy_erasurerequest_status_is_known",
                        violation_error_message="Unknown status of a wish to be erased.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["page", "phone", "letter", "spoken"])),
                        name="privacy_erasurerequest_channel_is_known",
                        violation_error_message="Choose how it was said.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status__in", ("refused", "done")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("refused", "done")), _negated=True),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_erasurerequest_decided_by_somebody",
                        violation_error_message="A decision has its time and who decided.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_erasurerequest_refused_with_a_reason",
                        violation_error_message="Say why it is refused.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            ("words", ""),
                            _connector="OR",
                        ),
                        name="privacy_erasurerequest_done_keeps_no_words",
                        violation_error_message="Of who is erased no words are left.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("person",),
                        name="privacy_erasurerequest_one_open_per_person",
                        violation_error_message="This wish is noted already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureKept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            (
                                "participation",
                                "participation: name, postcode, date of birth, answers",
                            ),
                            ("papers", "papers the person brought"),
                            ("aid", "the signature below declarations of aid"),
                        ],
                        max_length=13,
                        verbose_name="what",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("until", models.DateField(verbose_name="kept until")),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept",
                        to="privacy.erasurerequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept of an erased person",
                "verbose_name_plural": "kept of erased persons",
                "ordering": ["until", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["participation", "papers", "aid"])),
                        name="privacy_erasurekept_what_is_known",
                        violation_error_message="Choose what is kept.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="privacy_erasurekept_has_a_reason",
                        violation_error_message="Say why it must be kept.",
                    ),
                    models.UniqueConstraint(
                        fields=("request", "what"),
                        name="privacy_erasurekept_once",
                        violation_error_message="This is kept already.",
                    ),
                ],
            },
        ),
    ]
