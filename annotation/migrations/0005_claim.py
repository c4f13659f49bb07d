from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

CLAIM = Path(__file__).parents[1] / "sql" / "claim.sql"


class Migration(migrations.Migration):
    dependencies = [("annotation", "0004_work_without_judgement")]

    operations = [
        migrations.AddField(
            "campaign", "daily_limit", models.PositiveIntegerField(null=True, blank=True)
        ),
        migrations.AddIndex(
            "campaignpost",
            models.Index(fields=["campaign"], name="gold_posts", condition=Q(state="gold")),
        ),
        migrations.RunSQL(CLAIM.read_text(), migrations.RunSQL.noop),
    ]
