from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_initial")]

    operations = [
        migrations.AddField("analysis", "headline", models.JSONField(default=dict)),
    ]
