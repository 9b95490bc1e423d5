"""Papers handed over to the funder, which the database keeps as they are, and imprints of files."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION reports_funder_paper_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reports_funder_papers_never_change: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'reports_funder_papers_never_change';
END $$;

CREATE TRIGGER reports_funder_papers_never_change
    BEFORE UPDATE OR DELETE ON reports_funderpaper
    FOR EACH ROW EXECUTE FUNCTION reports_funder_paper_refuse_change();
CREATE TRIGGER reports_imprints_never_change
    BEFORE UPDATE ON reports_imprint
    FOR EACH ROW EXECUTE FUNCTION reports_funder_paper_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reports_imprints_never_change ON reports_imprint;
DROP TRIGGER reports_funder_papers_never_change ON reports_funderpaper;
DROP FUNCTION reports_funder_paper_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0049_the_sentence_beside_the_emblem_is_a_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FunderPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payment", "payment request"),
                            ("time", "time sheets"),
                            ("people", "list of participants"),
                        ],
                        max_length=7,
                        verbose_name="paper",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("pdf", models.BinaryField()),
                (
                    "sha256",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.Func(
                                models.F("pdf"),
                                function="SHA256",
                                output_field=models.BinaryField(),
                            ),
                            models.Value("hex"),
                            function="ENCODE",
                            output_field=models.CharField(max_length=64),
                        ),
                        output_field=models.CharField(max_length=64),
                    ),
                ),
                (
                    "handed_over_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funder_papers",
                        to="reports.grant",
                        verbose_name="grant",
                    ),
                ),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="reports.paymentrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper for the funder",
                "verbose_name_plural": "papers for the funder",
                "ordering": ["-handed_over_at", "-pk"],
                "indexes": [models.Index(fields=["sha256"], name="reports_funderpaper_of_pdf")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "sha256"),
                        name="reports_funderpaper_handed_over_once",
                        violation_error_message="This very paper was handed over already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["payment", "time", "people"])),
                        name="reports_funderpaper_kind_is_known",
                        violation_error_message="Choose the kind of paper.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="reports_funderpaper_ends_after_start",
                        violation_error_message="The period cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "payment"), ("payment__isnull", False)),
                            models.Q(
                                models.Q(("kind", "payment"), _negated=True), ("payment", None)
                            ),
                            _connector="OR",
                        ),
                        name="reports_funderpaper_payment_is_of_its_kind",
                        violation_error_message="The paper of a payment request belongs to one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Imprint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("attendance", "Teilnahmeliste"),
                            ("certificate", "Teilnahmebescheinigung"),
                            ("participants", "Teilnehmerliste"),
                            ("assignment", "Feste Zuordnung zum Projekt"),
                            ("time", "Stundennachweis"),
                            ("payment", "Mittelabruf"),
                            ("dossier", "Dossier einer Übergabe"),
                            ("letter", "Brief zu einem Termin"),
                            ("status_note", "Sachstandsbericht"),
                            ("aid_certificate", "De-minimis-Bescheinigung"),
                            ("aid_declaration", "De-minimis-Erklärung"),
                            ("year", "Berichte eines Jahres"),
                        ],
                        editable=False,
                        max_length=15,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("xlsx", "Excel"),
                            ("money", "CSV, table of money"),
                            ("zip", "ZIP"),
                        ],
                        editable=False,
                        max_length=5,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "version",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imprints",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "imprint of a file",
                "verbose_name_plural": "imprints of files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["pdf", "xlsx", "money", "zip"])),
                        name="reports_imprint_format_is_known",
                        violation_error_message="Unknown format.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="reports_imprint_sha256_is_one",
                        violation_error_message="A check sum has 64 digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        "attendance",
                                        "certificate",
                                        "participants",
                                        "assignment",
                                        "time",
                                        "payment",
                                        "dossier",
                                        "letter",
                                        "status_note",
                                        "aid_certificate",
                                        "aid_declaration",
                                        "year",
                                    ],
                                ),
                                ("version", None),
                            ),
                            models.Q(("kind", ""), ("version__isnull", False)),
                            _connector="OR",
                        ),
                        name="reports_imprint_is_of_one_thing",
                        violation_error_message="An imprint is of a paper or of a version.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
