"""Rounds of earlier versions kept their pools in two columns; they are carried over, and back."""

import zlib

import numpy as np
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from routing import queries, rounds
from routing.models import PoolBlock

TWO_COLUMNS, BLOCKS = ("routing", "0006_gained"), ("routing", "0007_pool_blocks")


@pytest.fixture
def migrate(transactional_db):
    """Takes the database to a migration, and back to the newest one at the end."""

    def to(target: tuple[str, str]):
        executor = MigrationExecutor(connection)
        executor.migrate([target])
        return executor.loader.project_state([target]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_pools_of_earlier_rounds_are_cut_into_blocks(migrate, campaign, pool):
    round = rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    ids = np.array([3, 4095, 4096, 1_000_000])
    pi = np.float32([0.5, 0.25, 0.125, 1])
    old = migrate(TWO_COLUMNS)
    old.get_model("routing", "Candidates").objects.filter(round_id=round.id).update(
        ids=zlib.compress(np.diff(ids, prepend=0).astype("<i8").tobytes()),
        propensities=zlib.compress(pi.tobytes()),
    )

    migrate(BLOCKS)

    found = queries.pool_of(round)
    assert (found.ids.tolist(), found.propensities.tolist()) == (ids.tolist(), pi.tolist())
    assert PoolBlock.objects.count() == 3


def test_blocks_become_two_columns_again(migrate, campaign, pool):
    round = rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    before = queries.pool_of(round)
    unfinished = rounds.ask(campaign=campaign, budget=2)

    candidates = migrate(TWO_COLUMNS).get_model("routing", "Candidates")
    kept = candidates.objects.get()

    steps = np.frombuffer(zlib.decompress(kept.ids), "<i8")
    assert kept.round_id == round.id != unfinished.id
    assert np.cumsum(steps).tolist() == before.ids.tolist()
    assert zlib.decompress(kept.propensities) == before.propensities.tobytes()
    migrate(BLOCKS)
    assert queries.redrawn(round).tolist() == sorted(
        round.selections.values_list("campaign_post_id", flat=True)
    )
