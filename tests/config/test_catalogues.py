"""Catalogues say all that raters' pages say, in another language."""

import re

import polib
import pytest
from django.conf import settings
from django.utils.translation import ngettext, override

from tests.config.catalogues import (
    ROOT,
    marked_in_code,
    marked_in_templates,
    templates,
    unmarked_text,
)

CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>")
by_language = pytest.mark.parametrize(
    "path", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES]
)


def told(entry: polib.POEntry) -> tuple:
    plurals = sorted((int(n), text) for n, text in entry.msgstr_plural.items())
    return (entry.msgctxt, entry.msgid, entry.msgid_plural or "", entry.msgstr, plurals)


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_every_language_that_is_offered_has_a_catalogue():
    assert {path.parts[-3] for path in CATALOGUES} == set(dict(settings.LANGUAGES)) - {"en"}


@by_language
def test_everything_that_is_marked_has_a_translation(path):
    known = {entry.msgid for entry in polib.pofile(str(path)) if entry.translated()}

    assert sorted((marked_in_code() | marked_in_templates()) - known) == []


@by_language
def test_no_translation_is_a_guess(path):
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert catalogue.percent_translated() == 100


@by_language
def test_translations_fill_in_the_same_places(path):
    wrong = [
        (entry.msgid, said)
        for entry in polib.pofile(str(path))
        for said in translations(entry)
        if not set(PLACEHOLDER.findall(said))
        <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        or set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        - set(PLACEHOLDER.findall(translations(entry)[-1]))
    ]

    assert wrong == []


@by_language
def test_line_breaks_at_the_ends_are_kept(path):
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for said in translations(entry)
        if entry.msgid.endswith("\n") != said.endswith("\n") or said != said.lstrip()
    ]

    assert wrong == []


@by_language
def test_what_django_loads_is_made_from_the_catalogue(path):
    source, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))

    assert sorted(map(told, compiled), key=str) == sorted(map(told, source), key=str)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [("de", 0, "Beiträge"), ("de", 1, "Beitrag"), ("de", 2, "Beiträge"), ("en", 1, "post")],
)
def test_plurals_follow_the_language(language, number, said):
    with override(language):
        text = ngettext("%(shown)s post", "%(shown)s posts", number)

    assert text % {"shown": number} == f"{number} {said}"


def test_german_says_du():
    """Consistently: one page must not be on first-name terms and the next one not."""
    german = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))
    formal = re.compile(r"\b(Ihnen|Ihre?[mnrs]?)\b|\b(bitten|können|möchten|klicken) Sie\b")

    assert [e.msgid for e in german if any(map(formal.search, translations(e)))] == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_that_speak_several_languages_leave_no_text_unmarked(path):
    assert unmarked_text(path) == []
