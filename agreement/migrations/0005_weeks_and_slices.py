import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# However the guideline is changed: by a page, by a program, by hand.
NOTES = """
    CREATE FUNCTION agreement_guideline() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO agreement_guidelinechange (campaign_id, changed_at) VALUES (NEW.id, now());
        RETURN NULL;
    END $$;
    CREATE TRIGGER agreement_guideline AFTER UPDATE OF guideline ON annotation_campaign
        FOR EACH ROW WHEN (OLD.guideline IS DISTINCT FROM NEW.guideline)
        EXECUTE FUNCTION agreement_guideline();
"""
NO_NOTES = """
    DROP TRIGGER agreement_guideline ON annotation_campaign;
    DROP FUNCTION agreement_guideline();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agreement', '0004_readings'),
        ('annotation', '0008_counts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuidelineChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guideline_changes', to='annotation.campaign')),
            ],
            options={
                'ordering': ['changed_at'],
            },
        ),
        migrations.CreateModel(
            name='Slices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('options', models.JSONField()),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=6)),
                ('figures_json', models.TextField(blank=True)),
                ('judgements', models.PositiveIntegerField(default=0)),
                ('last_judgement', models.BigIntegerField(default=0)),
                ('last_revision', models.BigIntegerField(default=0)),
                ('settings_aside', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)ss', to='annotation.campaign')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'slices',
                'ordering': ['-id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'queued')), fields=('campaign', 'options'), name='slices_queued_once'), models.CheckConstraint(condition=models.Q(('figures_json', ''), ('state', 'done'), _negated=True), name='slices_done_has_figures')],
            },
        ),
        migrations.CreateModel(
            name='Weeks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('options', models.JSONField()),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=6)),
                ('figures_json', models.TextField(blank=True)),
                ('judgements', models.PositiveIntegerField(default=0)),
                ('last_judgement', models.BigIntegerField(default=0)),
                ('last_revision', models.BigIntegerField(default=0)),
                ('settings_aside', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)ss', to='annotation.campaign')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'weeks',
                'ordering': ['-id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'queued')), fields=('campaign', 'options'), name='weeks_queued_once'), models.CheckConstraint(condition=models.Q(('figures_json', ''), ('state', 'done'), _negated=True), name='weeks_done_has_figures')],
            },
        ),
        migrations.RunSQL(NOTES, NO_NOTES),
    ]
