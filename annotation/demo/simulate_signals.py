"""Invent the people of the demo, and what they do with its posts.

    python annotation/demo/simulate_signals.py [FOLDER]

Reads posts.jsonl, truth.jsonl and bio_parts.json beside this file; writes people.jsonl and
signals.jsonl.gz. A person has tastes, which show in the bio and in the features; a taste raises or
lowers the planted probability of feeling an affect; a felt affect may turn into a reaction, a
share, a click or negative feedback. Only the standard library's generator is used, so every
machine writes the same signals.
"""

import gzip
import json
import math
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20261120
PEOPLE = 200
POSTS_SEEN = 37  # a person's mean; with the acts that follow it makes about 12,000 signals
LAST_MOMENT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)

REACTIONS = ("like", "love", "care", "haha", "wow", "sad", "angry")

# What someone who feels the affect does about it, and how often.
ACTS = {
    "entertained": {"haha": 0.45, "like": 0.14, "love": 0.04, "share": 0.09},
    "excited": {"love": 0.24, "like": 0.20, "wow": 0.08, "share": 0.05},
    "adoring": {"love": 0.45, "like": 0.14, "care": 0.05, "share": 0.06},
    "connected": {"like": 0.24, "love": 0.12, "care": 0.05},
    "touched": {"care": 0.24, "love": 0.20, "like": 0.10, "share": 0.07},
    "inspired": {"like": 0.20, "love": 0.20, "share": 0.14},
    "grateful": {"like": 0.20, "love": 0.18, "care": 0.08},
    "relaxed": {"like": 0.24, "love": 0.08},
    "informed": {"like": 0.18, "outbound_click": 0.16, "share": 0.10},
    "surprised": {"wow": 0.44, "share": 0.06},
    "saddened": {"sad": 0.40, "care": 0.18},
    "scared": {"wow": 0.12, "sad": 0.14, "care": 0.10, "share": 0.06},
    "constructively_angered": {"angry": 0.28, "share": 0.16, "outbound_click": 0.08, "sad": 0.05},
    "destructively_angered": {
        "angry": 0.24,
        "hide": 0.18,
        "report": 0.07,
        "unfollow": 0.06,
        "snooze": 0.05,
    },
    "neutral": {"like": 0.03, "hide": 0.02},
}
WARM = ("adoring", "connected", "touched", "grateful", "relaxed")
LIVELY = ("entertained", "excited", "surprised")
CURIOUS = ("informed", "inspired")
GRAVE = ("saddened", "scared")
CROSS = ("constructively_angered", "destructively_angered")


@dataclass(frozen=True)
class Person:
    """Someone on the platform; `taste` is added to the log of an affect's planted probability."""

    person_id: str
    bio: str
    age: int
    expressive: float
    taste: dict[str, float]

    def features(self) -> list[float]:
        """Eight numbers a platform might know: age, expressiveness, five tastes, bio length."""
        groups = (WARM, LIVELY, CURIOUS, GRAVE, CROSS)
        tastes = [sum(self.taste[affect] for affect in group) / len(group) for group in groups]
        values = [(self.age - 45) / 20, self.expressive - 1, *tastes, len(self.bio) / 40 - 1]
        return [round(value, 3) for value in values]


def invent_people(parts: dict, rng: random.Random) -> Iterator[Person]:
    """Combine `who` with `likes`, never the same pair twice, and give each person tastes."""
    pairs = [(who, like) for who in parts["who"] for like in parts["likes"]]
    for number, (who, like) in enumerate(rng.sample(pairs, PEOPLE), start=1):
        yield Person(
            person_id=f"person-{number:03d}",
            bio=f"{who}. {like['text']}",
            age=rng.randint(18, 84),
            expressive=rng.lognormvariate(0, 0.35),
            taste={affect: like["taste"].get(affect, 0) + rng.gauss(0, 0.3) for affect in ACTS},
        )


def felt(person: Person, affects: dict[str, float], rng: random.Random) -> list[str]:
    """Draw the affects this person feels, in random order."""
    drawn = [
        affect
        for affect, chance in affects.items()
        if rng.random() < min(0.97, chance * math.exp(person.taste[affect]))
    ]
    return rng.sample(drawn, len(drawn))


def acts(person: Person, feelings: Iterable[str], rng: random.Random) -> list[str]:
    """Draw what the feelings lead to: each kind once, and one reaction at most."""
    done: list[str] = []
    for feeling in feelings:
        for kind, chance in ACTS[feeling].items():
            taken = kind in done or (kind in REACTIONS and any(k in REACTIONS for k in done))
            if rng.random() < chance * person.expressive and not taken:
                done.append(kind)
    return done


def scroll(
    person: Person, posts: list[dict], truth: dict[str, dict[str, float]], rng: random.Random
) -> Iterator[dict]:
    """Yield every signal of one person: an impression per post seen, then the acts upon it."""
    seen = min(len(posts), max(5, round(rng.gauss(POSTS_SEEN, 14))))
    for post in rng.sample(posts, seen):
        at = moment_seen(post, rng)
        kinds = acts(person, felt(person, truth[post["id"]], rng), rng)
        for kind in ("impression", *kinds):
            yield {
                "person_id": person.person_id,
                "post_id": post["id"],
                "kind": kind,
                "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            }
            at += timedelta(seconds=rng.randint(3, 60))


def moment_seen(post: dict, rng: random.Random) -> datetime:
    """Most posts are seen within two days, and none after the last moment of the demo."""
    created = datetime.fromisoformat(post["created_at"])
    room = (LAST_MOMENT - created).total_seconds()
    return created + timedelta(seconds=min(rng.expovariate(1 / 130_000), room * rng.random()))


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def as_lines(rows: Iterable[dict]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main(folder: Path) -> None:
    rng = random.Random(SEED)
    posts = read_lines(HERE / "posts.jsonl")
    truth = {row["id"]: row["affects"] for row in read_lines(HERE / "truth.jsonl")}
    parts = json.loads((HERE / "bio_parts.json").read_text(encoding="utf-8"))
    people = list(invent_people(parts, rng))
    signals = [row for person in people for row in scroll(person, posts, truth, rng)]
    signals.sort(key=lambda row: (row["at"], row["person_id"], row["post_id"]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.jsonl").write_text(
        as_lines(
            {"person_id": p.person_id, "bio": p.bio, "features": p.features()} for p in people
        ),
        encoding="utf-8",
    )
    packed = gzip.compress(as_lines(signals).encode(), mtime=0)
    (folder / "signals.jsonl.gz").write_bytes(packed)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
