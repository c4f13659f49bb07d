"""Loading, freezing and finding taxonomies."""

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from annotation import campaigns
from taxonomy import files, taxonomies
from taxonomy.errors import TaxonomyFrozen, UnknownTaxonomy
from taxonomy.models import Taxonomy

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    affects = [{"key": "joy", "importance": 2.5}, {"key": "grief", "valence": "negative"}]
    return files.parse({"key": "t", "version": 1, "question": "What?", "affects": affects})


def test_migrating_loads_the_built_in_taxonomy():
    taxonomy = taxonomies.find("affects")

    assert (taxonomy.version, len(taxonomy.keys)) == (1, 15)
    assert taxonomy.question.startswith("How might someone feel after seeing the following post?")


def test_migrating_again_changes_nothing():
    from taxonomy.apps import load_built_in

    before = list(Taxonomy.objects.values())

    load_built_in()

    assert list(Taxonomy.objects.values()) == before


def test_what_is_loaded_comes_out_as_the_same_file(file):
    taxonomy, changed = taxonomies.load(file=file)

    assert changed
    assert taxonomies.as_file(taxonomy) == file
    assert taxonomy.keys == ("joy", "grief")


def test_the_same_file_twice_changes_nothing(file):
    first, _ = taxonomies.load(file=file)
    affects = list(first.affects.values())

    second, changed = taxonomies.load(file=file)

    assert not changed
    assert second == first
    assert list(second.affects.values()) == affects


def test_a_version_that_nobody_uses_yet_is_replaced(file):
    taxonomies.load(file=file)

    taxonomy, changed = taxonomies.load(file=replace(file, affects=file.affects[:1], question="?"))

    assert changed
    assert (taxonomy.question, taxonomy.keys) == ("?", ("joy",))
    assert Taxonomy.objects.filter(key="t").count() == 1


def test_a_version_that_a_campaign_uses_is_only_succeeded(file):
    taxonomy, _ = taxonomies.load(file=file)
    campaigns.create(slug="study", taxonomy=taxonomy)

    with pytest.raises(TaxonomyFrozen, match=r"t v1 is used .* higher version \(say 2\)"):
        taxonomies.load(file=replace(file, question="Something else?"))

    assert taxonomies.load(file=file) == (taxonomy, False)
    assert taxonomies.load(file=replace(file, version=2, question="?"))[1]
    assert taxonomies.as_file(Taxonomy.objects.get(key="t", version=1)) == file


def test_a_key_finds_the_highest_version_and_a_number_that_one(file):
    for version in (2, 10, 1):
        taxonomies.load(file=replace(file, version=version))

    assert taxonomies.find("t").version == 10
    assert taxonomies.find("t:2").version == 2


@pytest.mark.parametrize("text", ["unknown", "affects:7", "affects:first", ""])
def test_an_unknown_taxonomy_gets_the_list_of_those_there_are(text):
    with pytest.raises(UnknownTaxonomy, match=f"no taxonomy '{text}'. Loaded are: affects:1"):
        taxonomies.find(text)


def test_the_command_loads_a_file_and_says_so(file, tmp_path, capsys):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(file.as_json()))

    call_command("import_taxonomy", str(path))
    call_command("import_taxonomy", str(path))

    assert capsys.readouterr().out.splitlines() == [
        "t v1 with 2 affects is loaded.",
        "t v1 with 2 affects was already here, unchanged.",
    ]


def test_the_command_ends_in_a_sentence_when_it_can_not(tmp_path):
    (tmp_path / "t.json").write_text("{}")

    with pytest.raises(CommandError, match="t.json can't be used: key: must be"):
        call_command("import_taxonomy", str(tmp_path / "t.json"))
