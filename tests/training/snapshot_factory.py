"""Writes a small snapshot whose posts give their affects away by a few words, and people theirs."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

AFFECTS = {
    "adoring": ("positive", ["kitten", "cuddle", "darling"]),
    "entertained": ("positive", ["joke", "prank", "clown"]),
    "grateful": ("positive", ["thanks", "gift", "helped"]),
    "saddened": ("negative", ["funeral", "loss", "tears"]),
    "scared": ("negative", ["storm", "wolf", "dark"]),
}
FILLER = ["we", "were", "at", "the", "house", "and", "some", "people", "came", "by", "with", "a"]
RATERS = 5
START = pd.Timestamp("2026-01-05", tz="UTC")

SCHEMAS = {
    "posts": {
        **dict.fromkeys(["post_id", "title", "body", "ocr_text", "transcript", "image"], "string"),
        **dict.fromkeys(["language", "publisher", "publisher_feeling"], "string"),
        "sensitive": "bool",
        "created_at": "time",
        "metadata": "string",
        "split": "string",
        "propensity": "float64",
    },
    "judgements": {
        "post_id": "string",
        "rater": "string",
        "picks": "strings",
        "other": "string",
        "frame": "string",
        "seconds": "float64",
        "judged_at": "time",
    },
    "labels": {
        "post_id": "string",
        "affect": "string",
        "votes": "int16",
        "raters": "int16",
        "soft": "float64",
        "label_votes_3": "int8",
        "propensity": "float64",
    },
    "signals": {"person_id": "string", "post_id": "string", "kind": "string", "at": "time"},
    "people": {"person_id": "string", "bio": "string", "features": "floats"},
    "personal_rows": {
        "post_id": "string",
        "affect": "string",
        "person_id": "string",
        "label": "int8",
        "weight": "float32",
        "source": "string",
    },
}
TYPES = {
    "string": pa.string(),
    "strings": pa.list_(pa.string()),
    "floats": pa.list_(pa.float32()),
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "time": pa.timestamp("us", tz="UTC"),
}


def write_snapshot(folder: Path, *, posts: int = 400, people: int = 30, seed: int = 0) -> Path:
    """A snapshot folder of `posts` posts, all judged by five raters; returns the folder.

    A post holds cue words of one or two affects, which raters pick nine times in ten. Cat people
    like posts about kittens and say so in their bio; nobody else does.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    meant = [
        set(rng.choice(list(AFFECTS), rng.integers(1, 3), replace=False)) for _ in range(posts)
    ]
    tables = {"posts": [write_post(i, affects, rng) for i, affects in enumerate(meant)]}
    tables["judgements"] = [
        judge(i, rater, affects, rng) for i, affects in enumerate(meant) for rater in range(RATERS)
    ]
    tables["labels"] = count_votes(tables["judgements"])
    tables["people"] = [describe_person(i, rng) for i in range(people)]
    tables["signals"] = react(meant, people, rng)
    tables["personal_rows"] = personalise(tables["labels"], tables["signals"])
    return write_tables(folder, tables)


def write_post(i: int, affects: set, rng: np.random.Generator) -> dict:
    cues = [rng.choice(AFFECTS[affect][1]) for affect in sorted(affects)]
    words = [*rng.choice(FILLER, 6), *cues, *rng.choice(FILLER, rng.integers(0, 6))]
    split = ["train"] * 7 + ["validation", "test", "test"]
    return {
        **dict.fromkeys(["title", "ocr_text", "transcript", "image", "publisher"], ""),
        "post_id": f"p{i}",
        "body": " ".join(words),
        "language": "en",
        "publisher_feeling": "",
        "sensitive": False,
        "created_at": None,
        "metadata": "{}",
        "split": split[i % 10],
        "propensity": 1.0 if i % 2 else 0.5,
    }


def judge(post: int, rater: int, affects: set, rng: np.random.Generator) -> dict:
    picks = [affect for affect in AFFECTS if rng.random() < (0.9 if affect in affects else 0.03)]
    return {
        "post_id": f"p{post}",
        "rater": f"r{rater}",
        "picks": picks,
        "other": "",
        "frame": "universal",
        "seconds": 4.0,
        "judged_at": START,
    }


def count_votes(judgements: list[dict]) -> list[dict]:
    votes = pd.DataFrame(judgements).explode("picks").groupby(["post_id", "picks"]).size()
    rows = []
    for post in dict.fromkeys(judgement["post_id"] for judgement in judgements):
        for affect in [*AFFECTS, "other"]:
            count = int(votes.get((post, affect), 0))
            rows.append(
                {
                    "post_id": post,
                    "affect": affect,
                    "votes": count,
                    "raters": RATERS,
                    "soft": count / RATERS,
                    "label_votes_3": int(count >= 3),
                    "propensity": 1.0 if int(post[1:]) % 2 else 0.5,
                }
            )
    return rows


def describe_person(i: int, rng: np.random.Generator) -> dict:
    likes_cats = i % 2 == 0
    return {
        "person_id": f"u{i}",
        "bio": "cats and more cats" if likes_cats else "bikes, trains and planes",
        "features": [float(likes_cats), float(rng.normal()), float("nan") if i == 0 else 1.0],
    }


def react(meant: list[set], people: int, rng: np.random.Generator) -> list[dict]:
    signals = []
    for i, affects in enumerate(meant):
        for person in rng.choice(people, min(people, 4), replace=False):
            kinds = ["impression"]
            if "adoring" in affects and person % 2 == 0:
                kinds.append("love")
            elif rng.random() < 0.1:
                kinds.append("like")
            signals += [
                {"person_id": f"u{person}", "post_id": f"p{i}", "kind": kind, "at": START}
                for kind in kinds
            ]
    return signals


def personalise(labels: list[dict], signals: list[dict]) -> list[dict]:
    fans = {}
    for signal in signals:
        if signal["kind"] in ("like", "love"):
            fans.setdefault(signal["post_id"], []).append(signal["person_id"])
    return [
        {
            "post_id": label["post_id"],
            "affect": label["affect"],
            "person_id": person,
            "label": label["label_votes_3"],
            "weight": 1.0,
            "source": "human",
        }
        for label in labels
        if label["affect"] != "other" and AFFECTS[label["affect"]][0] == "positive"
        for person in fans.get(label["post_id"], [])
    ]


def write_tables(folder: Path, tables: dict[str, list[dict]]) -> Path:
    """Write all files, the manifest last."""
    for name, schema in SCHEMAS.items():
        fields = pa.schema([(column, TYPES[kind]) for column, kind in schema.items()])
        pq.write_table(pa.Table.from_pylist(tables[name], fields), folder / f"{name}.parquet")
    affects = [
        {"key": key, "name": key.title(), "definition": "", "valence": valence, "importance": 1.0}
        for key, (valence, _) in AFFECTS.items()
    ]
    taxonomy = {"key": "toy", "version": 1, "question": "?", "min_picks": 0, "max_picks": 3}
    (folder / "taxonomy.json").write_text(json.dumps({**taxonomy, "affects": affects}))
    (folder / "README.md").write_text("A toy snapshot.\n")
    write_manifest(folder)
    return folder


def write_manifest(folder: Path) -> None:
    """Describe the files of the folder as they are now."""
    files = {
        path.name: {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
            "rows": None,
        }
        for path in sorted(folder.iterdir())
        if path.name != "manifest.json"
    }
    hashes = "".join(facts["sha256"] for facts in files.values())
    manifest = {
        "name": folder.name,
        "campaign": "toy",
        "created_from": datetime(2026, 1, 5, tzinfo=UTC).isoformat(),
        "rules": [
            {"rule": "votes>=3", "column": "label_votes_3"},
            {"rule": "soft", "column": "soft"},
        ],
        "primary_rule": "votes>=3",
        "counts": {},
        "split": {"salt": "toy", "method": "by number", "shares": [70, 10, 20]},
        "files": files,
        "code_version": "0",
        "format_version": 1,
        "sha256": hashlib.sha256(hashes.encode()).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))


def edit_table(folder: Path, name: str, change) -> None:
    """Let `change` make another frame of a table, and bring the manifest up to date."""
    path = folder / f"{name}.parquet"
    schema = pq.read_schema(path)
    table = change(pd.read_parquet(path))
    pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), path)
    write_manifest(folder)
