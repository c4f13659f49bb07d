"""A taxonomy in other languages, in files of their own: data/wordings/KEY-vVERSION.LANGUAGE.json.

A wording only says in other words what the taxonomy says, so it may come later than a campaign that
has frozen it: keys, positions and what may be picked stay. Wordings of one's own go to
PATHOS_HOME/wordings, and come first.
"""

import json
import logging
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from taxonomy.models import Affect, Taxonomy

SHIPPED = Path(__file__).parent / "data" / "wordings"
#: What of an affect is said in words.
WORDS = ("name", "definition", "example", "near_miss")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wording:
    """What differs from the taxonomy's own words; `affects` by key. Empty: nothing does."""

    question: str = ""
    question_personal: str = ""
    affects: dict[str, dict[str, str]] = field(default_factory=dict)

    def of_affect(self, affect: Affect) -> Affect:
        """A copy of the affect in these words, to be shown and never to be saved."""
        said = copy(affect)
        for name, words in self.affects.get(affect.key, {}).items():
            setattr(said, name, words)
        return said


def find(taxonomy: Taxonomy, language: str) -> Wording:
    """The taxonomy's wording in this language; an empty one where there is none."""
    stem = f"{taxonomy.key}-v{taxonomy.version}"
    names = [f"{stem}.{language}.json", f"{stem}.{language.partition('-')[0]}.json"]
    folders = (Path(settings.PATHOS_HOME) / "wordings", SHIPPED)
    paths = (folder / name for name in names for folder in folders)
    return next((_read(path, path.stat().st_mtime) for path in paths if path.is_file()), Wording())


@lru_cache(maxsize=64)
def _read(path: Path, changed: float) -> Wording:
    """Read once as long as it stays unchanged. A file that is no wording must not cost a page."""
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        logger.warning("%s is no wording and is left out: %r", path, error)
        return Wording()


def parse(raw: dict) -> Wording:
    """The wording in a parsed file. Raises TypeError, ValueError or AttributeError for others."""
    return Wording(
        question=_text(raw.get("question", "")),
        question_personal=_text(raw.get("question_personal", "")),
        affects={
            key: {name: _text(words) for name, words in said.items() if name in WORDS}
            for key, said in raw.get("affects", {}).items()
        },
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
