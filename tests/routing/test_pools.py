import numpy as np

from routing.pools import Pool


def test_a_pool_comes_back_as_it_was_packed():
    rng = np.random.default_rng(1)
    ids = np.sort(rng.choice(10**9, 1000, replace=False))
    pool = Pool(ids, rng.random(1000).astype(np.float32))

    again = Pool.unpacked(**pool.packed())

    assert (again.ids == ids).all()
    assert (again.propensities == pool.propensities).all()


def test_820_000_posts_in_a_row_fit_into_four_megabytes():
    packed = Pool(np.arange(5, 820_005), np.full(820_000, 0.001, np.float32)).packed()

    assert sum(map(len, packed.values())) < 4_000_000


def test_a_post_outside_the_pool_had_no_chance_in_it():
    pool = Pool(np.array([3, 7]), np.float32([0.5, 0.25]))

    assert pool.of(np.array([1, 3, 5, 7, 9])).tolist() == [0, 0.5, 0, 0.25, 0]
    assert Pool.unpacked(**Pool(pool.ids[:0], pool.propensities[:0]).packed()).of(
        np.array([3])
    ).tolist() == [0]
