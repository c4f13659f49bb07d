from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("annotation", "0006_long_walks")]

    operations = [
        migrations.AddField(
            "campaign", "analysis_only", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddConstraint(
            "campaign",
            models.CheckConstraint(
                condition=Q(analysis_only=False) | Q(state="closed"),
                name="analysis_only_campaigns_are_closed",
            ),
        ),
    ]
