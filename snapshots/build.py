"""Builds a snapshot from one moment of the database: table after table, the manifest last."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg
from psycopg.rows import dict_row

from annotation.models import Campaign, CampaignPost
from routing.queries import propensities, weights
from signals.personal import FAN_KINDS, MOST_FANS
from snapshots import card, manifest, queries, schemas, tables
from snapshots.files import Files
from snapshots.plans import Plan
from snapshots.pseudonyms import pads
from snapshots.votes import Votes
from taxonomy import taxonomies
from taxonomy.models import Taxonomy

State = CampaignPost.State


def build(
    *,
    view: psycopg.Connection,
    campaign: Campaign,
    plan: Plan,
    secret: bytes,
    folder: Path,
    report: Callable[[float], None] = lambda share: None,
) -> dict:
    """Fills the empty `folder` and returns the manifest; `report` hears the share that is done.

    The same state behind `view` and the same arguments give the same bytes.
    """
    values = query_values(campaign, plan, secret)
    counted = view.cursor(row_factory=dict_row).execute(queries.COUNTS, values).fetchone()
    posts = tables.read_posts(view, values, propensities(campaign), weights(campaign))
    votes = Votes.none_yet(len(posts.ids), campaign.taxonomy.keys)
    expected = counted["judgements"] + counted["signals"] + votes.votes.size
    files = Files(folder, formats=plan.formats, expected=expected, report=report)

    files.table("posts", schemas.POSTS, tables.posts(view, values, posts))
    files.table("judgements", schemas.JUDGEMENTS, tables.judgements(view, values, posts, votes))
    files.table("labels", *tables.labels(posts, votes, plan))
    files.table("signals", schemas.SIGNALS, tables.signals(view, values, posts))
    files.table("people", schemas.PEOPLE, tables.people(view, values))
    likes = tables.personal_rows(view, values, posts, votes, plan, personalised(campaign.taxonomy))
    files.table("personal_rows", schemas.PERSONAL_ROWS, likes)
    files.text("taxonomy.json", as_json(taxonomies.as_file(campaign.taxonomy).as_json()))
    facts = manifest.describe(campaign, plan, files, votes, posts.weights, counted)
    files.text("README.md", card.text(campaign, facts))
    sealed = manifest.seal(facts, files)
    (folder / manifest.MANIFEST).write_text(as_json(sealed), encoding="utf-8")
    return sealed


def query_values(campaign: Campaign, plan: Plan, secret: bytes) -> dict:
    """What the queries' placeholders stand for."""
    return {
        "campaign": campaign.id,
        "states": [State.OPEN, State.WITHDRAWN] if plan.withdrawn else [State.OPEN],
        "fan_kinds": list(FAN_KINDS),
        "most_fans": MOST_FANS,
        "seed": plan.seed,
        **pads(secret, plan.name),
    }


def personalised(taxonomy: Taxonomy) -> np.ndarray:
    """Positions of the affects that a like or love makes a person's own."""
    return np.array(
        [affect.position for affect in taxonomy.affects.all() if affect.personalised], np.int64
    )


def as_json(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
