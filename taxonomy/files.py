"""Reading and writing taxonomies as JSON (the shape is a contract)."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from taxonomy.errors import BadTaxonomy
from taxonomy.rules import MAX_AFFECTS, OTHER

VALENCES = ("positive", "either", "negative", "neutral")
KEY_HELP = "small letters, digits, '_' and '-', beginning with a letter or digit"


@dataclass(frozen=True)
class AffectFile:
    key: str
    name: str
    definition: str = ""
    example: str = ""
    near_miss: str = ""
    valence: str = "neutral"
    importance: float = 1.0
    personalised: bool = False


@dataclass(frozen=True)
class TaxonomyFile:
    key: str
    version: int
    question: str
    affects: tuple[AffectFile, ...]
    question_personal: str = ""
    min_picks: int = 1
    max_picks: int | None = None
    extra: dict = field(default_factory=dict, compare=False)

    def as_json(self) -> dict:
        """The file's shape again; `affects` last, where a reader expects the long part."""
        fields = asdict(self)
        fields.pop("extra")
        return {**fields, "affects": list(fields.pop("affects"))}


def read(path: Path) -> TaxonomyFile:
    """The taxonomy in a JSON file. Raises BadTaxonomy with every fault found, not just the first."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadTaxonomy(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadTaxonomy(f"{path} is not UTF-8 text: {error.reason}.") from error
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadTaxonomy(f"{path}, line {error.lineno}: not JSON ({error.msg}).") from error
    return parse(raw, source=str(path))


def parse(raw: object, *, source: str = "the taxonomy") -> TaxonomyFile:
    """The same for JSON that is already parsed (REST)."""
    faults = list(_faults(raw))
    if faults:
        shown = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults[:5])
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise BadTaxonomy(f"{source} can't be used: {shown}{more}.", errors=faults)
    known = set(TaxonomyFile.__dataclass_fields__) - {"affects", "extra"}
    return TaxonomyFile(
        **{key: raw[key] for key in known if key in raw},
        affects=tuple(_affect(affect) for affect in raw["affects"]),
        extra={key: value for key, value in raw.items() if key not in known | {"affects"}},
    )


def _affect(raw: dict) -> AffectFile:
    """Left out: a name made from the key, and a like that tells of positive affects only."""
    fields = {key: raw[key] for key in AffectFile.__dataclass_fields__ if key in raw}
    defaults = {
        "name": raw["key"].replace("_", " ").capitalize(),
        "personalised": raw.get("valence") in ("positive", "either"),
    }
    return AffectFile(**{**defaults, **fields})


def _faults(raw: object):
    if not isinstance(raw, dict):
        yield fault("file", "must be one JSON object with key, version, question and affects")
        return
    yield from _faults_of_head(raw)
    affects = raw.get("affects")
    if not isinstance(affects, list) or not affects:
        yield fault("affects", "must be a list with at least one affect")
        return
    if len(affects) > MAX_AFFECTS:
        yield fault("affects", f"has {len(affects)}; a taxonomy holds at most {MAX_AFFECTS}")
    seen: set[str] = set()
    for index, affect in enumerate(affects):
        yield from _faults_of_affect(affect, f"affects[{index}]", seen)


def _faults_of_head(raw: dict):
    if not is_key(raw.get("key")):
        yield fault("key", f"must be {KEY_HELP}")
    if not is_count(raw.get("version"), 1):
        yield fault("version", "must be a whole number from 1")
    if not isinstance(raw.get("question"), str) or not raw["question"].strip():
        yield fault("question", "must be a sentence")
    low, high = raw.get("min_picks", 1), raw.get("max_picks")
    if not is_count(low, 0):
        yield fault("min_picks", "must be a whole number from 0")
    elif high is not None and (not is_count(high, 1) or high < low):
        yield fault("max_picks", "must be null (any number) or a whole number, not below min_picks")


def _faults_of_affect(affect: object, where: str, seen: set[str]):
    if not isinstance(affect, dict) or not is_key(affect.get("key")):
        yield fault(where, f"needs a 'key' of {KEY_HELP}")
        return
    key = affect["key"]
    if key == OTHER:
        yield fault(where, "'other' is always offered beside the affects; leave it out")
    if key in seen:
        yield fault(where, f"the key '{key}' stands twice")
    seen.add(key)
    if affect.get("valence", "neutral") not in VALENCES:
        yield fault(f"{where}.valence", f"must be one of {', '.join(VALENCES)}")
    importance = affect.get("importance", 1.0)
    if isinstance(importance, bool) or not isinstance(importance, (int, float)) or importance < 0:
        yield fault(f"{where}.importance", "must be a number, 0 or more")


def fault(where: str, what: str) -> dict:
    return {"where": where, "what": what}


def is_key(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= 60
        and value[0].isalnum()
        and all(c in "abcdefghijklmnopqrstuvwxyz0123456789_-" for c in value)
    )


def is_count(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
