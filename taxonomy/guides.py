"""Worked examples for a taxonomy's affects, in files of their own: data/guides/KEY-vVERSION.json.

A guide explains and decides nothing, so it may grow while the taxonomy is frozen. A translation
lies beside it as KEY-vVERSION.LANGUAGE.json. Guides of one's own go to PATHOS_HOME/guides.
"""

import json
import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

SHIPPED = Path(__file__).parent / "data" / "guides"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A post in which the affect is right, and why."""

    post: str
    why: str = ""


@dataclass(frozen=True)
class NearMiss:
    """A post that looks like the affect; `instead` is the key of what it rather is."""

    post: str
    instead: str
    why: str = ""


@dataclass(frozen=True)
class Told:
    """A post of a pair that is easily confused, with the affect that it is."""

    affect: str
    post: str
    why: str = ""


@dataclass(frozen=True)
class Confusion:
    """Affects that are easily confused, the question that tells them apart, and posts of each."""

    affects: tuple[str, ...]
    rule: str
    posts: tuple[Told, ...]


@dataclass(frozen=True)
class Guide:
    """`examples` and `near_misses` by the affect's key."""

    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    near_misses: dict[str, tuple[NearMiss, ...]] = field(default_factory=dict)
    confused: tuple[Confusion, ...] = ()


def find(key: str, version: int, language: str = "") -> Guide:
    """The guide to a taxonomy, in this language if there is one; an empty guide if there is none."""
    name = f"{key}-v{version}"
    names = [f"{name}.{language}.json", f"{name}.{language.partition('-')[0]}.json", f"{name}.json"]
    folders = (Path(settings.PATHOS_HOME) / "guides", SHIPPED)
    paths = (folder / name for name in names for folder in folders)
    return next((_read(path, path.stat().st_mtime) for path in paths if path.is_file()), Guide())


@lru_cache(maxsize=64)
def _read(path: Path, changed: float) -> Guide:
    """Read once as long as it stays unchanged. A file that is no guide must not cost a page."""
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("%s is no guide and is left out: %r", path, error)
        return Guide()


def parse(raw: dict) -> Guide:
    """The guide in a parsed file. Raises KeyError, TypeError or AttributeError for other shapes."""
    affects = raw.get("affects", {}).items()
    return Guide(
        examples={key: _all(Example, parts.get("examples", ())) for key, parts in affects},
        near_misses={key: _all(NearMiss, parts.get("near_misses", ())) for key, parts in affects},
        confused=tuple(
            Confusion(tuple(pair["affects"]), pair["rule"], _all(Told, pair["posts"]))
            for pair in raw.get("confused", ())
        ),
    )


def _all(kind: type, parts: list[dict]) -> tuple:
    return tuple(kind(**part) for part in parts)
