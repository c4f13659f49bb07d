from django.db import migrations, models
from django.db.models import Q


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
    ]
