import django.db.models.deletion
from django.db import migrations, models

JOURNAL = """
    CREATE FUNCTION agreement_journal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO agreement_change (campaign_id, campaign_post_id, rater_id, before, after)
            SELECT campaign_id, campaign_post_id, rater_id, NULL, picks FROM becomes
            WHERE NOT set_aside AND gold_right IS NULL;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO agreement_change (campaign_id, campaign_post_id, rater_id, before, after)
            SELECT campaign_id, campaign_post_id, rater_id, picks, NULL FROM was
            WHERE NOT set_aside AND gold_right IS NULL;
        ELSE
            INSERT INTO agreement_change (campaign_id, campaign_post_id, rater_id, before, after)
            SELECT campaign_id, campaign_post_id, rater_id, before, after FROM (
                SELECT becomes.campaign_id, becomes.campaign_post_id, becomes.rater_id,
                    CASE WHEN NOT was.set_aside AND was.gold_right IS NULL
                        THEN was.picks END AS before,
                    CASE WHEN NOT becomes.set_aside AND becomes.gold_right IS NULL
                        THEN becomes.picks END AS after
                FROM was JOIN becomes USING (id)
            ) AS both_ways
            WHERE before IS DISTINCT FROM after;
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER agreement_journal_insert AFTER INSERT ON annotation_judgement
        REFERENCING NEW TABLE AS becomes
        FOR EACH STATEMENT EXECUTE FUNCTION agreement_journal();
    CREATE TRIGGER agreement_journal_update AFTER UPDATE ON annotation_judgement
        REFERENCING OLD TABLE AS was NEW TABLE AS becomes
        FOR EACH STATEMENT EXECUTE FUNCTION agreement_journal();
    CREATE TRIGGER agreement_journal_delete AFTER DELETE ON annotation_judgement
        REFERENCING OLD TABLE AS was
        FOR EACH STATEMENT EXECUTE FUNCTION agreement_journal();
"""
NO_JOURNAL = """
    DROP TRIGGER agreement_journal_insert ON annotation_judgement;
    DROP TRIGGER agreement_journal_update ON annotation_judgement;
    DROP TRIGGER agreement_journal_delete ON annotation_judgement;
    DROP FUNCTION agreement_journal();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreement", "0002_settings_aside"),
        ("annotation", "0006_long_walks"),
    ]

    operations = [
        migrations.CreateModel(
            "Change",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("campaign_id", models.BigIntegerField(db_index=True)),
                ("campaign_post_id", models.BigIntegerField()),
                ("rater_id", models.BigIntegerField()),
                ("before", models.BigIntegerField(null=True)),
                ("after", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "RunningSums",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("sums", models.BinaryField(default=bytes)),
                ("folded_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("repaired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE,
                                         related_name="+", to="annotation.campaign"),
                ),
            ],
            options={"verbose_name_plural": "running sums"},
        ),
        migrations.RunSQL(JOURNAL, NO_JOURNAL),
    ]
