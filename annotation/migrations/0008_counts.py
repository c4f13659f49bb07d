from pathlib import Path

from django.conf import settings
from django.db import migrations, models

COUNTS = Path(__file__).parents[1] / "sql" / "counts.sql"

#: What there is already. The triggers' lock keeps everybody else from writing meanwhile.
COUNT_POSTS = """
    INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
    SELECT campaign_id, state, wanted, judged, count(*) FROM annotation_campaignpost
    GROUP BY 1, 2, 3, 4
"""
COUNT_WORK = """
    INSERT INTO annotation_workcount
        (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
    SELECT campaign_id, rater_id, date_trunc('day', judged_at, %s),
        count(*) FILTER (WHERE gold_right IS NULL),
        count(*) FILTER (WHERE gold_right IS NULL AND set_aside), count(gold_right),
        coalesce(sum(round(seconds * 1000)), 0)
    FROM annotation_judgement GROUP BY 1, 2, 3
"""
NO_TRIGGERS = """
    DROP TRIGGER count_post ON annotation_campaignpost;
    DROP TRIGGER count_new_posts ON annotation_campaignpost;
    DROP TRIGGER count_gone_posts ON annotation_campaignpost;
    DROP TRIGGER count_new_work ON annotation_judgement;
    DROP TRIGGER count_changed_work ON annotation_judgement;
    DROP TRIGGER count_gone_work ON annotation_judgement;
    DROP FUNCTION annotation_count_post, annotation_count_new_posts, annotation_count_gone_posts,
        annotation_count_work, annotation_quarter;
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0007_analysis_only")]

    operations = [
        migrations.CreateModel(
            "PostCount",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("campaign_id", models.BigIntegerField(db_index=True)),
                ("state", models.CharField(max_length=9)),
                ("wanted", models.PositiveSmallIntegerField()),
                ("judged", models.PositiveSmallIntegerField()),
                ("posts", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            "WorkCount",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("campaign_id", models.BigIntegerField()),
                ("rater_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("judgements", models.BigIntegerField()),
                ("set_aside", models.BigIntegerField()),
                ("gold", models.BigIntegerField()),
                ("milliseconds", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["campaign_id", "rater_id"], name="work_of_rater")],
            },
        ),
        migrations.RunSQL(COUNTS.read_text(), NO_TRIGGERS),
        migrations.RunSQL(
            [COUNT_POSTS, (COUNT_WORK, [settings.TIME_ZONE])], migrations.RunSQL.noop
        ),
    ]
