"""What the tables of a snapshot hold, as streams of record batches in a fixed order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psycopg
import pyarrow as pa

from signals.personal import personalise
from snapshots import queries, schemas
from snapshots.plans import Plan, label_column
from snapshots.reading import copy_out, fetch
from snapshots.splits import group_of, split_of
from snapshots.votes import Votes

#: Posts whose labels are computed at a time.
CHUNK_POSTS = 1 << 14
PERSONAL_SOURCE = "human"


@dataclass(frozen=True, eq=False)
class Posts:
    """The P posts of a snapshot by position: campaign post ids (rising), keys, propensities
    of having been judged, and what a judged one stands for."""

    ids: np.ndarray
    keys: pa.Array
    propensities: np.ndarray
    weights: np.ndarray

    def positions(self, campaign_posts: pa.Array) -> np.ndarray:
        """Where these campaign posts stand, int64; each must be one of the snapshot's."""
        return np.searchsorted(self.ids, campaign_posts.to_numpy())


def read_posts(
    view: psycopg.Connection,
    values: dict,
    propensities: dict[int, float],
    weights: dict[int, float],
) -> Posts:
    """The snapshot's posts, by which all other tables name theirs.

    `propensities` and `weights` have the judged campaign posts that routing drew; all others have
    1 of both.
    """
    schema = queries.POST_INDEX_SCHEMA
    index = pa.Table.from_batches(copy_out(view, queries.POST_INDEX, values, schema), schema)
    ids = index["id"].to_numpy()
    columns = (
        np.array([known.get(campaign_post, 1.0) for campaign_post in ids.tolist()])
        for known in (propensities, weights)
    )
    return Posts(ids, index["key"].combine_chunks(), *columns)


def posts(view: psycopg.Connection, values: dict, known: Posts) -> Iterator[pa.RecordBatch]:
    """posts.parquet: what was shown, the split, the propensity of having been judged, the weight."""
    start = 0
    for rows in fetch(view, queries.POSTS, values):
        end = start + len(rows)
        columns = list(zip(*rows, strict=True))
        key, title, body, ocr_text, transcript, image = columns[:6]
        groups = map(group_of, key, image, title, body, ocr_text, transcript)
        columns += [list(map(split_of, groups))]
        columns += [known.propensities[start:end], known.weights[start:end]]
        yield batch(schemas.POSTS, columns)
        start = end


def judgements(
    view: psycopg.Connection, values: dict, known: Posts, votes: Votes
) -> Iterator[pa.RecordBatch]:
    """judgements.parquet. Counts the judgements into `votes` as they pass."""
    for read in copy_out(view, queries.JUDGEMENTS, values, queries.JUDGEMENTS_SCHEMA):
        campaign_post, rater, masks, *rest = read.columns
        positions = known.positions(campaign_post)
        picks = votes.add(positions, masks.to_numpy())
        yield batch(schemas.JUDGEMENTS, [known.keys.take(positions), rater, picks, *rest])


def labels(known: Posts, votes: Votes, plan: Plan) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """labels.parquet: a row for each judged post and option, in that order."""
    schema = schemas.labels_schema([label_column(rule) for rule in plan.hard_rules])
    judged = np.flatnonzero(votes.raters)
    chunks = (judged[start : start + CHUNK_POSTS] for start in range(0, len(judged), CHUNK_POSTS))
    return schema, (batch(schema, label_columns(known, votes, plan, some)) for some in chunks)


def label_columns(known: Posts, votes: Votes, plan: Plan, some: np.ndarray) -> list:
    """The columns of labels.parquet for the posts at these positions."""
    counts, raters = votes.votes[some], votes.raters[some]
    options = len(votes.options)
    repeated = np.repeat(some, options)
    return [
        known.keys.take(repeated),
        votes.keys.take(np.tile(np.arange(options), len(some))),
        counts.ravel(),
        votes.raters[repeated],
        (counts / raters[:, None]).ravel(),
        *(nullable(rule.apply(counts, raters)) for rule in plan.hard_rules),
        known.propensities[repeated],
        known.weights[repeated],
    ]


def nullable(labels: np.ndarray) -> pa.Array:
    """Labels int8 with nulls, from float64[P, O] where NaN says that there is no label."""
    flat = labels.ravel()
    none = np.isnan(flat)
    return pa.array(np.where(none, 0, flat).astype(np.int8), mask=none)


def signals(view: psycopg.Connection, values: dict, known: Posts) -> Iterator[pa.RecordBatch]:
    """signals.parquet: what consenting people did with the posts."""
    for read in copy_out(view, queries.SIGNALS, values, queries.SIGNALS_SCHEMA):
        person, campaign_post, kind, at = read.columns
        keys = known.keys.take(known.positions(campaign_post))
        yield batch(schemas.SIGNALS, [person, keys, kind, at])


def people(view: psycopg.Connection, values: dict) -> Iterator[pa.RecordBatch]:
    """people.parquet: the people of signals.parquet."""
    for rows in fetch(view, queries.PEOPLE, values):
        yield batch(schemas.PEOPLE, zip(*rows, strict=True))


def personal_rows(
    view: psycopg.Connection,
    values: dict,
    known: Posts,
    votes: Votes,
    plan: Plan,
    personalised: np.ndarray,
) -> Iterator[pa.RecordBatch]:
    """personal_rows.parquet; `personalised` int[A] are the options that a like makes personal."""
    for read in copy_out(view, queries.FANS_OF_POSTS, values, queries.FANS_SCHEMA):
        fans = known.positions(read["campaign_post"])
        some, fan_post = np.unique(fans, return_inverse=True)
        counts, raters = votes.votes[some], votes.raters[some]
        labels = plan.personal_rule.apply(counts, raters)[:, personalised]
        fan, affect, label = personalise(labels, counts[:, personalised], raters, fan_post)
        yield batch(
            schemas.PERSONAL_ROWS,
            [
                known.keys.take(fans[fan]),
                votes.keys.take(personalised[affect]),
                read["person"].take(fan),
                label,
                np.ones(len(fan), np.float32),
                pa.repeat(PERSONAL_SOURCE, len(fan)),
            ],
        )


def batch(schema: pa.Schema, columns) -> pa.RecordBatch:
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
