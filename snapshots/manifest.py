"""What a snapshot says about itself."""

import tomllib
from functools import lru_cache

import numpy as np
from django.conf import settings
from pyarrow import compute, parquet

from agreement.consensus import Rule
from annotation.models import Campaign
from signals.personal import FAN_KINDS, MOST_FANS
from snapshots import schemas, splits
from snapshots.files import Files, hash_of
from snapshots.plans import Plan, label_column
from snapshots.votes import Votes

#: The one file that it doesn't list.
MANIFEST = "manifest.json"
#: Posts whose labels are looked at together.
CHUNK_POSTS = 1 << 14


def describe(campaign: Campaign, plan: Plan, files: Files, votes: Votes, counted: dict) -> dict:
    """The manifest of the files written so far, without their hashes; `seal` adds those."""
    last_judged_at = counted["last_judged_at"]
    return {
        "format_version": schemas.FORMAT_VERSION,
        "name": plan.name,
        "campaign": campaign.slug,
        "taxonomy": str(campaign.taxonomy),
        # The state it was made from is named by its last judgement, not by the clock, so that the
        # same state gives the same bytes whenever it is asked for.
        "created_from": last_judged_at and last_judged_at.isoformat(),
        "rules": [{"rule": rule.name, "column": label_column(rule)} for rule in plan.rules],
        "primary_rule": plan.rules[0].name,
        "options": plan.options(),
        "counts": counts(plan, files, votes, counted),
        "split": {"salt": splits.SALT, "method": splits.METHOD, "shares": splits.SHARES},
        "personal_rows": {
            "rule": plan.personal_rule.name,
            "kinds": list(FAN_KINDS),
            "most_people_per_post": MOST_FANS,
            "seed": plan.seed,
        },
        "code_version": code_version(),
    }


def seal(manifest: dict, files: Files) -> dict:
    """The whole manifest: every file with its hash, and one hash over them."""
    return {**manifest, "files": dict(sorted(files.facts.items())), "sha256": hash_of(files.facts)}


def counts(plan: Plan, files: Files, votes: Votes, counted: dict) -> dict:
    tables = ("posts", "judgements", "labels", "signals", "people", "personal_rows")
    left_out = ("withdrawn_posts", "set_aside_judgements", "signals_without_consent")
    return {
        **{name: files.rows(name) for name in tables},
        "judged_posts": int(np.count_nonzero(votes.raters)),
        "raters": counted["raters"],
        "splits": split_counts(files),
        "positives": {rule.name: positives(rule, votes) for rule in plan.hard_rules},
        "left_out": {name: counted[name] for name in left_out},
    }


def split_counts(files: Files) -> dict[str, int]:
    column = parquet.read_table(files.folder / "posts.parquet", columns=["split"])["split"]
    found = {row["values"]: row["counts"] for row in compute.value_counts(column).to_pylist()}
    return {name: found.get(name, 0) for name in splits.SHARES}


def positives(rule: Rule, votes: Votes) -> dict[str, int]:
    """How many posts the rule gives each option."""
    total = np.zeros(len(votes.options), np.int64)
    for start in range(0, len(votes.raters), CHUNK_POSTS):
        some = slice(start, start + CHUNK_POSTS)
        total += (rule.apply(votes.votes[some], votes.raters[some]) == 1).sum(axis=0)
    return dict(zip(votes.options, total.tolist(), strict=True))


@lru_cache
def code_version() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]
