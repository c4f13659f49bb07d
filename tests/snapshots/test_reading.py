import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_build_sees_one_moment_whatever_happens_meanwhile(campaign, add_posts):
    from snapshots.reading import consistent_view

    count = "SELECT count(*) FROM annotation_post"
    add_posts(campaign, "before")
    with consistent_view() as view:
        assert view.execute(count).fetchone() == (1,)
        add_posts(campaign, "meanwhile")
        assert view.execute(count).fetchone() == (1,)

    with consistent_view() as view:
        assert view.execute(count).fetchone() == (2,)


def test_copy_keeps_apart_what_is_empty_and_what_is_null():
    import pyarrow as pa

    from snapshots.reading import consistent_view, copy_out

    query = "SELECT * FROM (VALUES (1, '', 2.5), (2, NULL, NULL), (3, E'a\\n\"b\",', 1e300)) AS t"
    schema = pa.schema({"n": pa.int64(), "text": pa.string(), "x": pa.float64()})
    with consistent_view() as view:
        found = pa.Table.from_batches(copy_out(view, query, {}, schema), schema).to_pylist()

    assert [tuple(row.values()) for row in found] == [
        (1, "", 2.5),
        (2, None, None),
        (3, 'a\n"b",', 1e300),
    ]
