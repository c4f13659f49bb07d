"""What the documentation points at is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from lib.problems import NothingHere

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
#: An address below /api/v1/ in the shell blocks, after "$site/" or `ask "$who" `.
REST_ADDRESS = re.compile(r'(?:\$site/|ask "\$\w+" "?)([a-z][^\s"]*)')
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
#: A command with all that follows it in its line, or in its backticks.
COMMAND = re.compile(r"manage\.py ([a-z_]+)([^`\n#]*)")


def anchors_of(page: Path) -> set[str]:
    """Explicit anchors, and those that a heading makes."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
    return made | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link]

    broken = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist_with_the_options_that_pages_name(page):
    for name, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        command = load_command_class(get_commands()[name], name)
        known = command.create_parser("manage.py", name)._option_string_actions
        assert set(re.findall(r"--[a-z-]+", rest)) <= known.keys(), name


def test_the_rest_walk_through_uses_addresses_that_exist():
    page = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
    # What the shell puts in is a number; `$at` and `$run` stand for addresses.
    plain = re.sub(r"\$\((?:[^()]|\([^()]*\))*\)", "1", "\n".join(SHELL.findall(page)))
    for name, value in {"${at}": "snapshots/1/", "$at": "snapshots/1/", "$run": "runs/1/"}.items():
        plain = plain.replace(name, value)
    addresses = {re.sub(r"\$\w+", "1", found) for found in REST_ADDRESS.findall(plain)}

    found = [resolve("/api/v1/" + address.partition("?")[0]) for address in addresses]

    assert [match.route for match in found if match.func.view_class is NothingHere] == []
    assert len(addresses) > 15
