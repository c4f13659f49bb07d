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


def describe(
    campaign: Campaign,
    plan: Plan,
    files: Files,
    votes: Votes,
    weights: np.ndarray,
    counted: dict,
) -> dict:
    """The manifest of the files written so far, without their hashes; `seal` adds those.

    weights float[P]: what each judged post stands for
    """
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
        "prevalence": {rule.name: prevalence(rule, votes, weights) for rule in plan.hard_rules},
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
    total = weigh(rule, votes, np.ones(len(votes.raters), np.int64))
    return dict(zip(votes.options, total.tolist(), strict=True))


def prevalence(rule: Rule, votes: Votes, weights: np.ndarray) -> dict[str, dict[str, float]]:
    """The share of posts with each option: of the judged ones, and with their weights (Hájek), which
    say what share of all posts it is. Nothing where nobody has judged."""
    judged = votes.raters > 0
    if not judged.any():
        return {}
    raw, corrected = (
        (weigh(rule, votes, each) / each.sum()).round(6).tolist()
        for each in (judged.astype(float), np.where(judged, weights, 0.0))
    )
    shares = zip(votes.options, raw, corrected, strict=True)
    return {option: {"judged": one, "corrected": other} for option, one, other in shares}


def weigh(rule: Rule, votes: Votes, weights: np.ndarray) -> np.ndarray:
    """The sum of the weights of the posts to which the rule gives each option."""
    total = np.zeros(len(votes.options), weights.dtype)
    for start in range(0, len(votes.raters), CHUNK_POSTS):
        some = slice(start, start + CHUNK_POSTS)
        total += weights[some] @ (rule.apply(votes.votes[some], votes.raters[some]) == 1)
    return total


@lru_cache
def code_version() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]
