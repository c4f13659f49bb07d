import zlib

import django.db.models.deletion
import numpy as np
from django.db import migrations, models

#: As `routing.pools` has it; written down here so that this migration stays what it was.
BLOCK = 4096


def cut(apps, schema_editor) -> None:
    """Stores each round's pool in blocks, a round at a time."""
    Candidates = apps.get_model("routing", "Candidates")
    PoolBlock = apps.get_model("routing", "PoolBlock")
    for round_id in Candidates.objects.order_by("round_id").values_list("round_id", flat=True):
        kept = Candidates.objects.get(round_id=round_id)
        ids = np.cumsum(np.frombuffer(zlib.decompress(kept.ids), "<i8"))
        propensities = np.frombuffer(zlib.decompress(kept.propensities), "<f4")
        PoolBlock.objects.bulk_create(
            (
                PoolBlock(round_id=round_id, number=number, propensities=packed)
                for number, packed in _blocks(ids, propensities)
            ),
            batch_size=100,
        )


def join(apps, schema_editor) -> None:
    """The way back: all blocks of a round in two columns again."""
    Candidates = apps.get_model("routing", "Candidates")
    PoolBlock = apps.get_model("routing", "PoolBlock")
    done = apps.get_model("routing", "Round").objects.filter(state="done").order_by("id")
    for round_id in done.values_list("id", flat=True):
        ids, propensities = [np.empty(0, "<i8")], [np.empty(0, "<f4")]
        for kept in PoolBlock.objects.filter(round_id=round_id).order_by("number"):
            block = np.frombuffer(zlib.decompress(kept.propensities), "<f4")
            places = np.flatnonzero(block)
            ids.append(kept.number * BLOCK + places)
            propensities.append(block[places])
        steps = np.diff(np.concatenate(ids), prepend=0).astype("<i8")
        Candidates.objects.create(
            round_id=round_id,
            ids=zlib.compress(steps.tobytes(), 1),
            propensities=zlib.compress(np.concatenate(propensities).tobytes(), 1),
        )


def _blocks(ids: np.ndarray, propensities: np.ndarray):
    numbers, starts = np.unique(ids // BLOCK, return_index=True)
    ends = np.append(starts, len(ids))[1:]
    for number, start, end in zip(numbers.tolist(), starts, ends, strict=True):
        block = np.zeros(BLOCK, "<f4")
        block[ids[start:end] - number * BLOCK] = propensities[start:end]
        yield number, zlib.compress(block, 1)


class Migration(migrations.Migration):
    """All in one transaction: a pool is kept in one way or in the other, never in none."""

    dependencies = [("routing", "0006_gained")]

    operations = [
        migrations.CreateModel(
            "PoolBlock",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("propensities", models.BinaryField()),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pool_blocks",
                        to="routing.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["round", "number"], name="block_once_per_round"
                    ),
                ],
            },
        ),
        migrations.RunPython(cut, join),
        migrations.DeleteModel("Candidates"),
        # Figures that were kept so far lack how far raters came with each round. A worker counts
        # them again when somebody looks.
        migrations.RunSQL("DELETE FROM routing_gained", migrations.RunSQL.noop),
    ]
