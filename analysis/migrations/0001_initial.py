import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annotation", "0007_analysis_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "Analysis",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("file_name", models.CharField(max_length=200)),
                ("plan", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("reading", "Reading"), ("ready", "Ready"),
                                 ("failed", "Failed")],
                        default="queued", max_length=7,
                    ),
                ),
                ("answers", models.PositiveIntegerField(default=0)),
                ("stored", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(blank=True, null=True,
                                      on_delete=django.db.models.deletion.CASCADE,
                                      related_name="analyses", to="annotation.campaign"),
                ),
                (
                    "created_by",
                    models.ForeignKey(blank=True, null=True,
                                      on_delete=django.db.models.deletion.SET_NULL,
                                      related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"verbose_name_plural": "analyses", "ordering": ["-id"]},
        ),
    ]
