from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_headline")]

    operations = [
        migrations.AddField(
            "analysis", "attempts", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
    ]
