"""Names for what is made from a file: the campaign's, its taxonomy's, the raters'."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.utils.crypto import salted_hmac
from django.utils.text import slugify

from taxonomy.files import AffectFile, TaxonomyFile
from taxonomy.rules import OTHER

MAX_SLUG, MAX_KEY = 60, 60
#: Endings that say how a file is packed, and nothing about what is in it.
ENDINGS = (".gz", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".zip", ".txt")
QUESTION = "Which of these labels does the post get?"


def slug_of(name: str) -> str:
    """The campaign's slug, from what it is to be called.

    >>> slug_of("Offensiveness, raw data"), slug_of("标注")
    ('offensiveness-raw-data', 'labels')
    """
    return slugify(name)[:MAX_SLUG].strip("-") or "labels"


def name_of(path: Path) -> str:
    """A name from that of a file.

    >>> name_of(Path("in/raw_data.csv.gz"))
    'raw_data'
    """
    name = path.name
    while ending := next((end for end in ENDINGS if name.lower().endswith(end)), ""):
        name = name[: -len(ending)]
    return name or path.name


def taxonomy_of(labels: Sequence[str], *, key: str, version: int) -> TaxonomyFile:
    """A taxonomy of these labels in their order, with their names as they are. Any number may be
    picked, and none: whoever gave no label has judged, too."""
    affects = zip(keys_of(labels), labels, strict=True)
    return TaxonomyFile(
        key=key,
        version=version,
        question=QUESTION,
        affects=tuple(AffectFile(key=key, name=label) for key, label in affects),
        min_picks=0,
        max_picks=None,
    )


def keys_of(labels: Sequence[str]) -> list[str]:
    """A key for each label, all different: "other" has a meaning of its own among keys.

    >>> keys_of(["Joy", "joy", "other", "1.0", "愤怒"])
    ['joy', 'joy-2', 'other-label', '1-0', 'label-5']
    """
    keys: list[str] = []
    for place, label in enumerate(labels, start=1):
        stem = slugify(re.sub(r"\W+", "-", label))[: MAX_KEY - 6].strip("-_") or f"label-{place}"
        stem = f"{OTHER}-label" if stem == OTHER else stem
        takes = (stem, *(f"{stem}-{number}" for number in range(2, len(labels) + 2)))
        keys.append(next(key for key in takes if key not in keys))
    return keys


def pseudonym(name: str, *, campaign: str) -> str:
    """Stands for an annotator: the same one each time, and nothing that tells who it is.

    Keyed with the installation's secret, so that a list of known names doesn't find it out.
    """
    return f"rater-{salted_hmac(f'analysis/{campaign}', name).hexdigest()[:10]}"
