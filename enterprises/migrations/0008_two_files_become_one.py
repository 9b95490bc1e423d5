import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("districts", "0002_carry_the_areas"),
        ("enterprises", "0007_facts_can_be_deleted"),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("organisation", "organisation"), ("person", "person")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("gone_key", models.BigIntegerField()),
                ("kept_key", models.BigIntegerField()),
                ("gone_name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "steps",
                    models.JSONField(
                        default=list, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                (
                    "merged_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="merged by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "ordering": ["-merged_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("noun__in", ["organisation", "person"])),
                        name="enterprises_merge_noun_is_known",
                        violation_error_message="Only organisations and people can be merged.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gone_key", models.F("kept_key")), _negated=True),
                        name="enterprises_merge_of_two",
                        violation_error_message="These two are one already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("noun", "gone_key"),
                        name="enterprises_merge_once_until_undone",
                        violation_error_message="One of the two was merged in the meantime.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("organisation", "organisation"), ("person", "person")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("one_key", models.BigIntegerField()),
                ("other_key", models.BigIntegerField()),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pair told apart",
                "verbose_name_plural": "pairs told apart",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("noun__in", ["organisation", "person"])),
                        name="enterprises_notthesame_noun_is_known",
                        violation_error_message="Only organisations and people can be merged.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one_key__lt", models.F("other_key"))),
                        name="enterprises_notthesame_in_order",
                        violation_error_message="A pair is of two, the older one first.",
                    ),
                    models.UniqueConstraint(
                        fields=("noun", "one_key", "other_key"),
                        name="enterprises_notthesame_said_once",
                        violation_error_message="This is said already.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="enterprises.organisation",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="enterprises.person",
                verbose_name="merged into",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("sort_name"), name="gin_trgm_ops"),
                name="enterprises_person_sort_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("pk")), _negated=True),
                name="enterprises_organisation_not_merged_into_itself",
                violation_error_message="These two are one already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("pk")), _negated=True),
                name="enterprises_person_not_merged_into_itself",
                violation_error_message="These two are one already.",
            ),
        ),
    ]
