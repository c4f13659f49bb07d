"""The guideline page explains the affects with what there is to explain them."""

import pytest

from taxonomy import guides
from taxonomy.guides import Confusion, Example, Guide, NearMiss, Told

URL = "/campaigns/feelings/guideline/"


@pytest.fixture
def guide(monkeypatch):
    """A guide to the small taxonomy; it also speaks of an affect that the taxonomy doesn't have."""
    told = Guide(
        examples={"entertained": (Example("The goat is back.", "It is fun."),)},
        near_misses={
            "entertained": (
                NearMiss("The goat has gone.", "saddened", "It is a loss."),
                NearMiss("The goat is quiet.", "relaxed", "Left out."),
            )
        },
        confused=(
            Confusion(
                ("saddened", "neutral"), "Does it weigh?", (Told("saddened", "Gone.", "Yes."),)
            ),
            Confusion(("saddened", "relaxed"), "Left out, too", ()),
        ),
    )
    monkeypatch.setattr(guides, "find", lambda *asked: told)


def test_worked_examples_and_near_misses_are_explained(browser, ada, guide):
    page = browser(ada).get(URL).text

    assert "The goat is back." in page and "It is fun." in page
    assert 'Rather <a href="#affect-saddened">Saddened</a>. It is a loss.' in page


def test_pairs_lie_side_by_side_and_unknown_affects_are_left_out(browser, ada, guide):
    page = browser(ada).get(URL)

    assert "Does it weigh?" in page.text
    assert "eft out" not in page.text
    assert [pair.rule for pair in page.context["guideline"].pairs] == ["Does it weigh?"]


def test_every_affect_has_an_anchor(browser, ada, taxonomy):
    page = browser(ada).get(URL).text

    assert [f'id="affect-{key}"' in page for key in taxonomy.keys] == [True] * 3


def test_without_a_guide_the_taxonomys_own_words_remain(browser, ada, taxonomy):
    taxonomy.affects.filter(key="saddened").update(example="The piano.", near_miss="It is touched.")

    page = browser(ada).get(URL).text

    assert "The piano." in page and "It is touched." in page
    assert "Easily confused" not in page
