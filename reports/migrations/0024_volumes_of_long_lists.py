"""Volumes of long lists, which the database keeps as they are once their version is released."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION reports_volume_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_reportversion v
        WHERE v.id IN (OLD.version_id, NEW.version_id) AND v.status = 'released'
    ) THEN
        RAISE EXCEPTION 'reports_released_versions_never_change: % of % refused',
            TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation',
                CONSTRAINT = 'reports_released_versions_never_change';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER reports_released_volumes_never_change
    BEFORE INSERT OR UPDATE OR DELETE ON reports_volume
    FOR EACH ROW EXECUTE FUNCTION reports_volume_refuse_change();
CREATE TRIGGER reports_volumes_are_not_emptied
    BEFORE TRUNCATE ON reports_volume
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reports_volumes_are_not_emptied ON reports_volume;
DROP TRIGGER reports_released_volumes_never_change ON reports_volume;
DROP FUNCTION reports_volume_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0023_no_task_for_who_left"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Volume",
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
                        choices=[("consultations", "consultations"), ("vouchers", "vouchers")],
                        max_length=13,
                        verbose_name="list",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="volume")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(verbose_name="to")),
                ("pages", models.PositiveSmallIntegerField(verbose_name="pages")),
                ("key", models.CharField(editable=False, max_length=64)),
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
            ],
            options={
                "verbose_name": "volume of the annex",
                "verbose_name_plural": "volumes of the annex",
                "ordering": ["version", "number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="download",
            name="reports_download_format_is_known",
        ),
        migrations.AlterField(
            model_name="download",
            name="format",
            field=models.CharField(
                choices=[
                    ("pdf", "PDF"),
                    ("csv", "CSV"),
                    ("json", "JSON"),
                    ("xlsx", "Excel"),
                    ("vol", "volume of the annex"),
                ],
                max_length=4,
            ),
        ),
        migrations.AddConstraint(
            model_name="download",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["pdf", "csv", "json", "xlsx", "vol"])),
                name="reports_download_format_is_known",
                violation_error_message="Unknown format.",
            ),
        ),
        migrations.AddField(
            model_name="volume",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="volumes",
                to="reports.reportversion",
            ),
        ),
        migrations.AddIndex(
            model_name="volume",
            index=models.Index(fields=["sha256"], name="reports_volume_of_pdf"),
        ),
        migrations.AddIndex(
            model_name="volume",
            index=models.Index(fields=["key"], name="reports_volume_of_key"),
        ),
        migrations.AddConstraint(
            model_name="volume",
            constraint=models.UniqueConstraint(
                fields=("version", "number"),
                name="reports_volume_one_per_number",
                violation_error_message="This volume is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="volume",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["consultations", "vouchers"])),
                name="reports_volume_kind_is_known",
                violation_error_message="Unknown list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="volume",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="reports_volume_days_in_order",
                violation_error_message="The last day is before the first one.",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
