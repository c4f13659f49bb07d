"""Wordings say a taxonomy in another language, and never stand in a page's way."""

import json

import pytest

from taxonomy import files, taxonomies, wordings
from taxonomy.apps import BUILT_IN
from taxonomy.models import Affect, Taxonomy
from taxonomy.wordings import SHIPPED, WORDS, Wording

SMALL = Taxonomy(key="small", version=1, question="How?")
SHIPPED_WORDINGS = sorted(path.name for path in SHIPPED.glob("*.json"))


@pytest.fixture
def own(settings, tmp_path):
    """Writes a wording of one's own: `own("small-v1.de.json", {...})`."""
    settings.PATHOS_HOME = tmp_path
    (tmp_path / "wordings").mkdir()

    def write(name, raw):
        text = raw if isinstance(raw, str) else json.dumps(raw)
        (tmp_path / "wordings" / name).write_text(text, "utf-8")

    return write


@pytest.mark.parametrize("name", SHIPPED_WORDINGS)
def test_a_shipped_wording_says_all_that_the_taxonomy_says(name):
    told = files.read(BUILT_IN / f"{name.split('.')[0]}.json")
    wording = wordings.parse(json.loads((SHIPPED / name).read_text("utf-8")))

    assert bool(wording.question_personal) == bool(told.question_personal)
    assert wording.question and wording.question != told.question
    assert list(wording.affects) == [affect.key for affect in told.affects]
    for affect in told.affects:
        said = wording.affects[affect.key]
        assert set(said) == {name for name in WORDS if getattr(affect, name)}
    names = [said["name"] for said in wording.affects.values()]
    assert len(set(names)) == len(names)


def test_there_is_a_german_wording_of_the_affects():
    assert "affects-v1.de.json" in SHIPPED_WORDINGS


def test_a_wording_is_found_for_a_language_and_its_regions(own):
    own("small-v1.de.json", {"question": "Wie?"})

    said = {
        language: wordings.find(SMALL, language).question for language in ("en", "de", "de-at", "")
    }

    assert said == {"en": "", "de": "Wie?", "de-at": "Wie?", "": ""}


def test_a_wording_changes_words_only(own):
    own("small-v1.de.json", {"affects": {"sad": {"name": "Traurig", "key": "x", "position": 7}}})
    stored = Affect(position=1, key="sad", name="Sad", definition="Low.", valence="negative")

    said = wordings.find(SMALL, "de").of_affect(stored)

    assert (said.name, said.definition, said.key, said.position) == ("Traurig", "Low.", "sad", 1)
    assert stored.name == "Sad"


def test_a_wording_may_come_after_the_taxonomy_is_frozen(own, db):
    raw = {"key": "small", "version": 1, "question": "How?", "affects": [{"key": "sad"}]}
    taxonomy, _ = taxonomies.load(file=files.parse(raw))
    taxonomies.freeze(taxonomy=taxonomy)

    own("small-v1.de.json", {"affects": {"sad": {"name": "Traurig"}}})

    assert wordings.find(taxonomy, "de").of_affect(taxonomy.affects.get()).name == "Traurig"
    assert taxonomies.load(file=files.parse(raw))[1] is False


@pytest.mark.parametrize("broken", ["", "[]", '{"question": 3}', '{"affects": {"a": "Traurig"}}'])
def test_a_broken_wording_costs_no_page(own, broken, caplog):
    own("small-v1.de.json", broken)

    assert wordings.find(SMALL, "de") == Wording()
    assert "is no wording" in caplog.text
