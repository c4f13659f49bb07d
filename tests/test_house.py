"""The map of the house: which room may import which, read from the code itself.

A room imports from rooms to its left only:

    lib < taxonomy < annotation < qualification < joining < work < signals < agreement < analysis
        < quality < routing < snapshots < modelling < config

`training` is a leaf beside them: it imports nothing of ours and no Django, and only `modelling`
imports it, inside functions that run in a worker.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "lib", "taxonomy", "annotation", "qualification", "joining", "work", "signals", "agreement",
    "analysis", "quality", "routing", "snapshots", "modelling", "config",
]  # fmt: skip
#: Inside a room, each layer may import those before it. Files not named here are free helpers of
#: the layer that uses them.
LAYERS = [
    ["errors", "rules"], ["models"], ["queries"],
    [
        "assignments", "judgements", "campaigns", "members", "posts", "imported_judgements", "flags",
        "gold", "imported_gold", "quizzes", "taxonomies", "people", "signals", "reports", "plans",
        "rounds", "snapshots", "versions", "runs", "accounts", "judgement_columns", "analyses",
    ],
    ["simulation", "access"],
    ["forms", "tasks", "serializers"],
    ["views", "staff_views", "api", "api_campaigns", "api_posts", "admin"],
    ["urls"],
]  # fmt: skip
HEAVY = {"torch", "mlflow", "tokenizers", "safetensors", "sklearn", "rensa", "training"}


def modules_of(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def imports_of(path: Path, *, at_the_top: bool = False) -> list[tuple[int, str]]:
    """(line, dotted name) of every import; only those outside functions if `at_the_top`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if at_the_top and id(node) in inside:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full"
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room):
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    if room == "modelling":
        allowed.add("training")

    wrong = [
        f"{place(path, line)} imports {name}"
        for path in modules_of(room)
        for line, name in imports_of(path)
        if name.split(".")[0] in {*ROOMS, "training"} - allowed
    ]

    assert wrong == [], "these imports point the wrong way:\n" + "\n".join(wrong)


def test_training_knows_neither_django_nor_our_rooms():
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in modules_of("training")
        for line, name in imports_of(path)
        if name.split(".")[0] in {*ROOMS, "django", "rest_framework", "celery"}
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_heavy_libraries_are_imported_only_inside_functions(room):
    """The web process imports every room; torch alone would cost it seconds and 200 MB."""
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in modules_of(room)
        for line, name in imports_of(path, at_the_top=True)
        if name.split(".")[0] in HEAVY
    ]

    assert wrong == []


def test_the_web_process_never_loads_torch_or_mlflow():
    program = (
        "import sys, django; django.setup(); import config.urls, config.wsgi;"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("room", ROOMS)
def test_inside_a_room_layers_import_downwards(room):
    height = {name: level for level, names in enumerate(LAYERS) for name in names}

    wrong = [
        f"{place(path, line)} imports {name}"
        for path in modules_of(room)
        for line, name in imports_of(path)
        if path.stem in height
        and name.startswith(f"{room}.")
        and height.get(name.split(".")[1], -1) > height[path.stem]
    ]

    assert wrong == []


def test_the_map_names_every_room_there_is():
    with_code = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert with_code == {*ROOMS, "training"}


def test_htmx_is_loaded_by_one_include_that_keeps_it_within_the_security_policy():
    templates = ROOT / "templates"

    loading = [page for page in templates.rglob("*.html") if "htmx_script" in page.read_text()]

    assert [str(page.relative_to(templates)) for page in loading] == ["_htmx.html"]
    for setting in ('"includeIndicatorStyles":false', '"allowEval":false'):
        assert setting in loading[0].read_text()
