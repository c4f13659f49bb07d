from pathlib import Path

from django.db import migrations, models
from django.db.models import F, Q

CLAIM = Path(__file__).parents[1] / "sql" / "claim.sql"


class Migration(migrations.Migration):
    dependencies = [("annotation", "0005_claim")]

    operations = [
        migrations.AddField(
            "campaignpost", "reopened", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddIndex(
            "campaignpost",
            models.Index(
                F("campaign"),
                F("priority").desc(),
                F("id"),
                name="reopened_queue",
                condition=Q(state="open", reserved__lt=F("wanted"), reopened=True),
            ),
        ),
        migrations.AddField(
            "membership", "walked_priority", models.FloatField(null=True, blank=True)
        ),
        migrations.AddField(
            "membership", "walked_id", models.BigIntegerField(null=True, blank=True)
        ),
        migrations.AddField(
            "membership", "walked_spares", models.BooleanField(null=True, blank=True)
        ),
        migrations.RunSQL(CLAIM.read_text(), migrations.RunSQL.noop),
    ]
