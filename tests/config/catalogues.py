"""What the code says in words: the messages that are marked, and text that nobody marked."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["annotation", "config", "joining", "lib", "qualification", "taxonomy", "work"]
#: The functions that mark a message, with the place of the message among their arguments.
MARKS = {
    "_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 0, "ngettext_lazy": 0,
    "pgettext": 1, "pgettext_lazy": 1,
}  # fmt: skip
#: Names that are the same in every language.
NAMES = {"Pathos", "JSON", "CSV"}
IN_TEMPLATES = re.compile(r"\bn?gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))")
#: What a template holds beside text: comments, marked text, tags, keys of the keyboard.
NO_TEXT = re.compile(
    r"\{#.*?#\}|\{% block width %\}\w+(?:-\w+)?"
    r"|\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}"
    r"|<kbd.*?</kbd>|<!doctype html>",
    re.DOTALL,
)
SPOKEN_ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|placeholder|title)="([^"]*)"')


def marked_in_code() -> set[str]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {text for path in paths for text in _marked(ast.parse(path.read_text("utf-8")))}


def _marked(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            place = MARKS.get(node.func.id)
            said = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def marked_in_templates() -> set[str]:
    return {
        ast.literal_eval(text)
        for path in templates()
        for text in IN_TEMPLATES.findall(templatize(path.read_text("utf-8")))
    }


def templates() -> list[Path]:
    """Those that speak several languages."""
    paths = sorted((ROOT / "templates").rglob("*.html"))
    return [path for path in paths if re.search(r"\{% load [^%]*\bi18n\b", path.read_text("utf-8"))]


def unmarked_text(path: Path) -> list[str]:
    """Words of the template that are the same in every language."""
    text = NO_TEXT.sub(" ", path.read_text("utf-8"))
    spoken = [*SPOKEN_ATTRIBUTES.findall(text), re.sub(r"<[^>]*>", " ", text)]
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", " ".join(spoken)))
    return [word for word in words if word not in NAMES]
