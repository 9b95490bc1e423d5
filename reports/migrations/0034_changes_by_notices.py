"""What an Änderungsbescheid changed of a grant is kept with it, and never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER reports_grantchange_never_changes
    BEFORE UPDATE OR DELETE ON reports_grantchange
    FOR EACH ROW EXECUTE FUNCTION reports_life_refuse_change();
CREATE TRIGGER reports_grantchange_is_not_emptied
    BEFORE TRUNCATE ON reports_grantchange
    FOR EACH STATEMENT EXECUTE FUNCTION reports_life_refuse_change();

CREATE FUNCTION reports_grantchange_by_own_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reports_notice WHERE id = NEW.notice_id AND grant_id = NEW.grant_id
    ) THEN
        PERFORM reports_refuse_life('reports_grantchange_by_own_notice');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_grantchange_by_own_notice
    BEFORE INSERT ON reports_grantchange
    FOR EACH ROW EXECUTE FUNCTION reports_grantchange_by_own_notice();
"""
BACKWARD = """
DROP TRIGGER reports_grantchange_by_own_notice ON reports_grantchange;
DROP FUNCTION reports_grantchange_by_own_notice();
DROP TRIGGER reports_grantchange_is_not_emptied ON reports_grantchange;
DROP TRIGGER reports_grantchange_never_changes ON reports_grantchange;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0033_codes_are_plain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GrantChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("amount", "amount granted"),
                            ("financing", "kind of financing"),
                            ("rate", "rate"),
                            ("starts_on", "period from"),
                            ("ends_on", "period until"),
                            ("early_start_on", "approved early start"),
                            ("pay_until", "payments count until"),
                            ("minimum_hours", "hours from which an organisation counts"),
                        ],
                        max_length=15,
                        verbose_name="what",
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=20, verbose_name="before")),
                ("after", models.CharField(blank=True, max_length=20, verbose_name="now")),
                ("note", models.CharField(max_length=300, verbose_name="what the notice changes")),
                ("changed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="reports.grant",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="reports.notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a grant",
                "verbose_name_plural": "changes of grants",
                "ordering": ["changed_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                [
                                    "amount",
                                    "financing",
                                    "rate",
                                    "starts_on",
                                    "ends_on",
                                    "early_start_on",
                                    "pay_until",
                                    "minimum_hours",
                                ],
                            )
                        ),
                        name="reports_grantchange_field_is_known",
                        violation_error_message="Unknown field of a grant.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("note", ""), _negated=True),
                            models.Q(("before", models.F("after")), _negated=True),
                        ),
                        name="reports_grantchange_says_what",
                        violation_error_message="Say in a few words what the notice changes.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
