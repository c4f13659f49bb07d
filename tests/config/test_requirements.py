"""The pinned lists: complete, the same for everybody, and each wish with a reason."""

import re
from importlib import metadata

import pytest

from tests.config.homes import ROOT

GROUPS = ["web", "train", "dev"]


def lines_of(name: str) -> list[str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("group", GROUPS)
def test_every_wish_says_why_and_is_pinned(group):
    pinned = {plain(line.split("==")[0]) for line in lines_of(f"{group}.txt")}

    for line in lines_of(f"{group}.in"):
        if line.startswith("-c "):
            continue
        wish, _, reason = line.partition("  #")
        assert reason.strip(), line
        assert plain(re.match(r"[\w.-]+", wish)[0]) in pinned, line


@pytest.mark.parametrize("group", GROUPS)
def test_pins_name_versions_and_nothing_else(group):
    for line in lines_of(f"{group}.txt"):
        assert re.fullmatch(r"[\w.-]+==[\w.]+", line), line


def test_a_package_has_the_same_version_in_all_groups():
    pins = [line.split("==") for group in GROUPS for line in lines_of(f"{group}.txt")]

    versions = {name: {version for other, version in pins if other == name} for name, _ in pins}

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_what_is_installed_alone_finds_all_it_needs_but_what_is_left_out():
    pinned = {plain(line.split("==")[0]) for group in GROUPS for line in lines_of(f"{group}.txt")}

    for line in lines_of("alone.txt"):
        name, version = re.match(r"([\w.-]+)==([\w.]+)  +# ", line).groups()
        wishes = [wish for wish in metadata.requires(name) if "extra ==" not in wish]
        asked = {plain(re.match(r"[\w.-]+", wish)[0]) for wish in wishes}
        assert metadata.version(name) == version
        assert asked - pinned == {"transformers"}


def test_nothing_asks_for_a_graphics_card():
    names = {line.split("==")[0] for line in lines_of("train.txt")}

    assert "torch==2.13.0" in lines_of("train.txt")
    assert not [name for name in names if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_web_server_needs_nothing_to_train_with():
    names = {plain(line.split("==")[0]) for line in lines_of("web.txt")}

    assert names.isdisjoint({"torch", "mlflow", "scikit-learn", "tokenizers", "safetensors"})
