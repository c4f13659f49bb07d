import numpy as np
import pytest

from routing.pools import BLOCK, Pool, block_of, propensity_in


@pytest.mark.parametrize(
    "ids",
    [
        np.sort(np.random.default_rng(1).choice(10**6, 1000, replace=False)),
        np.arange(5, 10_000),
        np.array([0, BLOCK - 1, BLOCK, 3 * BLOCK]),
        np.array([], np.int64),
    ],
    ids=["scattered", "in a row", "at the edges of blocks", "none"],
)
def test_a_pool_comes_back_as_it_was_packed(ids):
    pool = Pool(ids, 1 - np.random.default_rng(2).random(len(ids)).astype(np.float32))

    again = Pool.unpacked(pool.packed())

    assert (again.ids.dtype, again.propensities.dtype) == (np.int64, np.float32)
    assert np.array_equal(again.ids, ids)
    assert np.array_equal(again.propensities, pool.propensities)


def test_one_block_says_what_chance_a_post_had():
    rng = np.random.default_rng(3)
    pool = Pool(np.arange(10, 10_000, 3), rng.uniform(0.1, 1, 3330).astype(np.float32))
    blocks = dict(pool.packed())

    asked = np.arange(11_000)

    found = [
        propensity_in(blocks[block_of(post)], post) if block_of(post) in blocks else 0
        for post in asked.tolist()
    ]
    assert found == pool.of(asked).tolist()


def test_820_000_posts_in_a_row_fit_into_200_blocks_and_four_megabytes():
    chances = np.random.default_rng(4).uniform(0.001, 0.1, 820_000).astype(np.float32)

    packed = dict(Pool(np.arange(5, 820_005), chances).packed())

    assert len(packed) == 201
    assert sum(map(len, packed.values())) < 4_000_000


def test_a_post_outside_the_pool_had_no_chance_in_it():
    pool = Pool(np.array([3, 7]), np.float32([0.5, 0.25]))

    assert pool.of(np.array([1, 3, 5, 7, 9])).tolist() == [0, 0.5, 0, 0.25, 0]
    assert Pool.unpacked([]).of(np.array([3])).tolist() == [0]
