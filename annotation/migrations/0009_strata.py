from pathlib import Path

from django.db import migrations, models

CLAIM = Path(__file__).parents[1] / "sql" / "claim.sql"

#: They take or answer something else from now on.
REPLACED = """
    DROP FUNCTION IF EXISTS annotation_gold_place(bigint, bigint, boolean);
    DROP FUNCTION IF EXISTS annotation_offer(bigint, bigint, bigint, interval);
    DROP FUNCTION IF EXISTS annotation_locked_place(bigint, boolean);
    DROP FUNCTION IF EXISTS
        annotation_offer_first(annotation_membership, boolean, boolean, interval, interval);
    DROP FUNCTION IF EXISTS annotation_claim(
        bigint, bigint, integer, integer, boolean, double precision, integer, timestamptz, interval,
        integer
    );
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0008_counts")]

    operations = [
        migrations.AddField(
            "campaign",
            "spread",
            models.CharField(max_length=20, blank=True, default="", db_default=""),
        ),
        migrations.AddField(
            "membership", "stratum", models.PositiveSmallIntegerField(null=True, blank=True)
        ),
        migrations.RunSQL([REPLACED, CLAIM.read_text()], migrations.RunSQL.noop),
    ]
