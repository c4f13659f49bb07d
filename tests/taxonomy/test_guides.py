"""Guides explain every affect by posts of our own, and never stand in a page's way."""

import json
from pathlib import Path

import pytest

from taxonomy import guides
from taxonomy.guides import Confusion, Example, Guide, NearMiss, Told

DATA = Path(guides.__file__).parent / "data"
#: The shipped guides in every language, with the keys of the taxonomy that they explain.
SHIPPED = {
    path.name: [
        affect["key"]
        for affect in json.loads((DATA / f"{path.name.split('.')[0]}.json").read_text("utf-8"))[
            "affects"
        ]
    ]
    for path in (DATA / "guides").glob("*.json")
}
SMALL = {
    "affects": {
        "touched": {
            "examples": [{"post": "A hat for the snowman.", "why": "Tender."}],
            "near_misses": [{"post": "A snowman.", "instead": "neutral"}],
        }
    },
    "confused": [
        {
            "affects": ["touched", "neutral"],
            "rule": "Is anything felt?",
            "posts": [{"affect": "neutral", "post": "Snow.", "why": "No."}],
        }
    ],
}


@pytest.fixture
def own(settings, tmp_path):
    """Writes a guide of one's own: `own("small-v1.json", {...})`."""
    settings.PATHOS_HOME = tmp_path
    (tmp_path / "guides").mkdir()

    def write(name, raw):
        text = raw if isinstance(raw, str) else json.dumps(raw)
        (tmp_path / "guides" / name).write_text(text, "utf-8")

    return write


@pytest.mark.parametrize("name", SHIPPED)
def test_every_affect_is_explained_by_several_posts_and_near_misses(name):
    guide = guides.parse(json.loads((DATA / "guides" / name).read_text("utf-8")))

    few = [
        key
        for key in SHIPPED[name]
        if len(guide.examples[key]) < 3 or len(guide.near_misses[key]) < 2
    ]
    assert few == []
    assert set(guide.examples) == set(SHIPPED[name])


@pytest.mark.parametrize("name", SHIPPED)
def test_near_misses_and_pairs_name_known_affects_and_always_say_why(name):
    guide = guides.parse(json.loads((DATA / "guides" / name).read_text("utf-8")))

    for key, misses in guide.near_misses.items():
        assert all(miss.why and miss.instead in set(SHIPPED[name]) - {key} for miss in misses), key
    assert all(example.why for examples in guide.examples.values() for example in examples)
    for pair in guide.confused:
        assert set(pair.affects) <= set(SHIPPED[name])
        assert {told.affect for told in pair.posts} == set(pair.affects)
        assert pair.rule and all(told.why for told in pair.posts)


def test_the_pairs_that_raters_confuse_most_lie_side_by_side():
    pairs = [pair.affects for pair in guides.find("affects", 1).confused]

    assert pairs[:3] == [
        ("constructively_angered", "destructively_angered"),
        ("touched", "inspired"),
        ("connected", "informed"),
    ]


def test_a_translated_guide_takes_the_same_way():
    def way(language: str) -> tuple:
        guide = guides.find("affects", 1, language)
        misses = {key: [miss.instead for miss in parts] for key, parts in guide.near_misses.items()}
        pairs = [(pair.affects, [told.affect for told in pair.posts]) for pair in guide.confused]
        return list(guide.examples), misses, pairs

    assert guides.find("affects", 1, "de") != guides.find("affects", 1)
    assert way("de") == way("en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_post_explains_two_things(language):
    guide = guides.find("affects", 1, language)
    told = [
        *(example.post for examples in guide.examples.values() for example in examples),
        *(miss.post for misses in guide.near_misses.values() for miss in misses),
        *(told.post for pair in guide.confused for told in pair.posts),
    ]

    assert len(told) == len(set(told))


def test_a_guide_of_ones_own_is_read_and_read_again_when_it_changes(own):
    own("small-v1.json", SMALL)

    assert guides.find("small", 1) == Guide(
        examples={"touched": (Example("A hat for the snowman.", "Tender."),)},
        near_misses={"touched": (NearMiss("A snowman.", "neutral"),)},
        confused=(
            Confusion(
                ("touched", "neutral"), "Is anything felt?", (Told("neutral", "Snow.", "No."),)
            ),
        ),
    )


def test_a_guide_speaks_the_readers_language_where_it_can(own):
    own("small-v1.json", {"affects": {"a": {"examples": [{"post": "snow"}]}}})
    own("small-v1.de.json", {"affects": {"a": {"examples": [{"post": "Schnee"}]}}})

    said = {
        language: guides.find("small", 1, language).examples["a"][0].post
        for language in ("", "en", "de", "de-at", "fr")
    }

    assert said == {"": "snow", "en": "snow", "de": "Schnee", "de-at": "Schnee", "fr": "snow"}


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"affects": {"a": {"examples": [{"p": 1}]}}}'])
def test_a_broken_guide_costs_no_page(own, broken, caplog):
    own("small-v1.json", broken)

    assert guides.find("small", 1) == Guide()
    assert "is no guide" in caplog.text


def test_a_taxonomy_without_a_guide_has_an_empty_one():
    assert guides.find("unknown", 7) == Guide()
