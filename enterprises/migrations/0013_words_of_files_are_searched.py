"""What stands in a file is searched as well; PDFs brought before are read once more."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import best_portal.asked
import best_portal.db


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0012_papers_lie_in_the_one_bin"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE enterprises_documentversion SET read_at = NULL
            WHERE media_type = 'application/pdf' AND text = ''
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="documentversion",
            name="folded_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Replace(
                    best_portal.db.Translate(
                        django.db.models.functions.text.Lower("text"),
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
        migrations.AddIndex(
            model_name="documentversion",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.F("folded_text"), name="gin_trgm_ops"
                ),
                name="enterprises_version_parts",
            ),
        ),
        migrations.AddIndex(
            model_name="documentversion",
            index=django.contrib.postgres.indexes.GinIndex(
                best_portal.asked.Stems(models.F("folded_text")), name="enterprises_version_stems"
            ),
        ),
    ]
