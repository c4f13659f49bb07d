"""Crowds {post: {rater: set of affects}} from public data that doesn't come with the project."""

import gzip
import json
import os
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PATHOS_DATA", HERE.parent / "shared" / "data"))


def needs(name):
    folder = FOLDER / name
    return pytest.mark.skipif(
        not folder.is_dir(),
        reason=f"{folder} isn't there; set PATHOS_DATA to a folder that holds {name}.",
    )


def goemotions_sample():
    """Rows marked unclear have no picks and stay as judgements without picks."""
    (path,) = (FOLDER / "goemotions_raw_sample").glob("*.csv.gz")
    frame = pd.read_csv(path)
    first = frame.columns.get_loc("example_very_unclear") + 1
    affects = tuple(frame.columns[first : first + 28])
    crowd = {}
    for post, rater, *row in frame[["id", "rater_id", *affects]].itertuples(index=False):
        picks = {affect for affect, picked in zip(affects, row, strict=True) if picked}
        crowd.setdefault(post, {})[int(rater)] = picks
    return crowd, affects


def redv2():
    """The three slots of a tweet are its raters."""
    affects = ("sadness", "surprise", "fear", "anger", "neutral", "trust", "joy")
    tweets = []
    for path in sorted((FOLDER / "redv2").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            tweets += json.load(file)
    crowd = {
        number: {
            slot: {
                a for a, picked in zip(affects, tweet[f"annotator{slot}"], strict=True) if picked
            }
            for slot in (1, 2, 3)
        }
        for number, tweet in enumerate(tweets)
    }
    return crowd, affects


def popquorn():
    """How offensive a comment is, in five grades, by 5 to 10 raters each."""
    grades = ("1", "2", "3", "4", "5")
    (path,) = (FOLDER / "popquorn").glob("*.csv.gz")
    crowd = {}
    for post, rater, grade in pd.read_csv(path)[["instance_id", "user_id", "offensiveness"]].values:
        crowd.setdefault(int(post), {})[int(rater)] = {str(int(grade))}
    return crowd, grades
