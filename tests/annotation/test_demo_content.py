"""The demo's posts, pictures, people and signals are what the demo needs them to be."""

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "annotation" / "demo"
LIKENESS = 0.3  # share of common five-word runs above which two posts count as one
POST_FIELDS = {
    "id",
    "title",
    "body",
    "ocr_text",
    "transcript",
    "image",
    "image_alt",
    "language",
    "publisher",
    "publisher_feeling",
    "sensitive",
    "created_at",
}
REACTIONS = {"like", "love", "care", "haha", "wow", "sad", "angry"}
NEGATIVE_FEEDBACK = {"hide", "snooze", "unfollow", "report"}
SIGNAL_KINDS = {"impression", "share", "outbound_click"} | REACTIONS | NEGATIVE_FEEDBACK


def read_lines(name):
    return [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def posts():
    return read_lines("posts.jsonl")


@pytest.fixture(scope="module")
def truth():
    return {row["id"]: row["affects"] for row in read_lines("truth.jsonl")}


@pytest.fixture(scope="module")
def gold():
    return read_lines("gold.jsonl")


@pytest.fixture(scope="module")
def signals():
    with gzip.open(DEMO / "signals.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def affects():
    taxonomy = json.loads((ROOT / "taxonomy/data/affects-v1.json").read_text("utf-8"))
    return [affect["key"] for affect in taxonomy["affects"]]


def words_of(post):
    return " ".join(post.get(field, "") for field in ("title", "body", "ocr_text", "transcript"))


def runs(text, length=5):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(max(1, len(words) - length + 1))}


def likeness(one, other):
    return len(one & other) / len(one | other)


def test_there_are_at_least_300_posts_and_each_has_an_id_of_its_own(posts):
    assert len(posts) >= 300
    assert len({post["id"] for post in posts}) == len(posts)


def test_every_post_has_words_a_publisher_and_known_fields_only(posts):
    for post in posts:
        assert set(post) <= POST_FIELDS, post["id"]
        assert words_of(post).strip() and post["publisher"], post["id"]
        assert isinstance(post["sensitive"], bool), post["id"]


def test_no_two_posts_are_nearly_the_same(posts):
    found = [(post["id"], runs(words_of(post))) for post in posts]
    alike = [(a, b) for (a, x), (b, y) in combinations(found, 2) if likeness(x, y) >= LIKENESS]

    assert alike == []


def test_two_copies_with_one_word_changed_would_be_noticed():
    line = "the goat came in at ten past seven and left with a roll under her arm"

    assert likeness(runs(line), runs(line.replace("arm", "leg"))) >= LIKENESS


def test_the_truth_covers_every_post_with_one_to_five_known_affects(posts, truth, affects):
    assert set(truth) == {post["id"] for post in posts}
    for post_id, planted in truth.items():
        assert 1 <= len(planted) <= 5 and set(planted) <= set(affects), post_id
        assert all(0 < chance < 1 for chance in planted.values()), post_id


def test_every_affect_leads_in_at_least_ten_posts(truth, affects):
    leading = Counter(max(planted, key=planted.get) for planted in truth.values())

    assert [key for key in affects if leading[key] < 10] == []


def test_the_posts_vary_in_language_length_and_kind(posts):
    lengths = [len(post["body"].split()) for post in posts]

    assert min(lengths) <= 3 and max(lengths) >= 90
    assert {"en", "es", "de", "fr", "ar"} <= {post["language"] for post in posts}
    assert sum(post["sensitive"] for post in posts) >= 12
    for field in ("title", "ocr_text", "transcript", "image", "publisher_feeling"):
        assert sum(bool(post.get(field)) for post in posts) >= 5, field


def test_every_picture_is_small_opens_and_is_described(posts):
    for post in (post for post in posts if post.get("image")):
        path = DEMO / post["image"]
        with Image.open(path) as picture:
            picture.verify()
        assert path.stat().st_size < 40_000, path.name
        assert post["image_alt"], post["id"]


def test_every_picture_of_the_folder_is_shown_by_a_post(posts):
    shown = {post["image"] for post in posts if post.get("image")}

    assert {f"images/{path.name}" for path in (DEMO / "images").iterdir()} == shown


def test_addresses_in_posts_point_to_no_real_host(posts):
    host = re.compile(r"(?:https?://)?\b([\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|de|uk))\b", re.I)
    hosts = {found for post in posts for found in host.findall(words_of(post))}

    assert hosts == {"example.org"}


def test_signals_are_of_known_posts_people_and_kinds(posts, signals):
    people = {person["person_id"] for person in read_lines("people.jsonl")}

    assert {signal["post_id"] for signal in signals} <= {post["id"] for post in posts}
    assert {signal["person_id"] for signal in signals} == people
    assert {signal["kind"] for signal in signals} == SIGNAL_KINDS


def test_nobody_acts_on_a_post_that_was_not_shown_to_them(signals):
    def pairs(of_impressions):
        return {
            (signal["person_id"], signal["post_id"])
            for signal in signals
            if (signal["kind"] == "impression") == of_impressions
        }

    assert pairs(of_impressions=False) <= pairs(of_impressions=True)


def test_nobody_reacts_twice_to_a_post(signals):
    reactions = Counter((s["person_id"], s["post_id"]) for s in signals if s["kind"] in REACTIONS)

    assert max(reactions.values()) == 1


def test_posts_come_before_their_signals_and_all_fit_a_window_of_ninety_days(posts, signals):
    posted = {post["id"]: datetime.fromisoformat(post["created_at"]) for post in posts}
    seen = [(signal["post_id"], datetime.fromisoformat(signal["at"])) for signal in signals]

    assert all(at >= posted[post_id] for post_id, at in seen)
    assert max(at for _, at in seen) - min(posted.values()) <= timedelta(days=90)
    assert min(posted.values()).year == 2026


def test_reactions_follow_the_planted_truth(truth, signals):
    def share(kind, affect):
        of_kind = [signal for signal in signals if signal["kind"] == kind]
        return sum(truth[s["post_id"]].get(affect, 0) for s in of_kind) / len(of_kind)

    for kind, affect in [
        ("haha", "entertained"),
        ("sad", "saddened"),
        ("wow", "surprised"),
        ("outbound_click", "informed"),
        ("report", "destructively_angered"),
    ]:
        assert share(kind, affect) > 2 * share("impression", affect), kind


def test_the_script_makes_the_very_people_and_signals_that_are_kept_here(tmp_path, signals):
    script = DEMO / "simulate_signals.py"
    subprocess.run([sys.executable, script, tmp_path], check=True)

    again = gzip.decompress((tmp_path / "signals.jsonl.gz").read_bytes()).decode()
    assert [json.loads(line) for line in again.splitlines()] == signals
    kept = (DEMO / "people.jsonl").read_bytes()
    assert (tmp_path / "people.jsonl").read_bytes() == kept


def test_the_script_draws_every_picture_that_is_kept_here(tmp_path):
    subprocess.run([sys.executable, DEMO / "draw_images.py", tmp_path], check=True)

    kept = {path.name for path in (DEMO / "images").iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_gold_is_of_known_posts_once_with_known_affects_and_explained(posts, gold, affects):
    assert {row["post_id"] for row in gold} <= {post["id"] for post in posts}
    assert len({row["post_id"] for row in gold}) == len(gold)
    for row in gold:
        assert set(row) == {"post_id", "use", "expected", "excluded", "explanation"}
        assert set(row["expected"]) | set(row["excluded"]) <= set(affects), row["post_id"]
        assert row["expected"] and row["explanation"], row["post_id"]
        assert not set(row["expected"]) & set(row["excluded"]), row["post_id"]


def test_the_quiz_and_the_gold_have_enough_posts(gold):
    uses = Counter(row["use"] for row in gold)

    assert set(uses) == {"quiz", "gold"}
    assert min(uses.values()) >= 8


def test_the_likeliest_pick_of_gold_is_right_and_no_common_one_a_misreading(gold, truth):
    for row in gold:
        planted = truth[row["post_id"]]
        assert max(planted, key=planted.get) in row["expected"], row["post_id"]
        assert all(planted.get(key, 0) <= 0.15 for key in row["excluded"]), row["post_id"]


def test_the_quiz_asks_for_what_is_easily_confused(gold):
    asked = {key for row in gold if row["use"] == "quiz" for key in row["expected"]}

    assert asked >= {
        "constructively_angered",
        "destructively_angered",
        "touched",
        "inspired",
        "connected",
        "informed",
    }
