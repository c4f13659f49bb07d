"""docker-compose.yml starts the programs that `manage.py up` starts, and no others."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from config import programs
from tests.config.homes import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
EXAMPLE = (ROOT / ".env.example").read_text()


@pytest.mark.parametrize(
    ("service", "program"),
    [
        ("web", programs.web("0.0.0.0:8000")),
        ("worker", programs.worker()),
        ("training-worker", programs.training_worker()),
        ("beat", programs.beat(Path("/data/beat"))),
        ("mlflow", programs.mlflow("0.0.0.0", 5000, Path("/data/mlflow"))),
    ],
)
def test_a_service_runs_the_words_of_its_program(service, program):
    assert shlex.split(SERVICES[service]["command"]) == program.words


@pytest.mark.parametrize("service", ["migrate", "static"])
def test_a_service_that_runs_once_runs_a_command_that_exists(service):
    python, manage, command, *_ = shlex.split(SERVICES[service]["command"])

    assert (python, manage) == ("python", "manage.py")
    assert command in get_commands()


def test_every_service_is_a_program_or_a_server_or_runs_once():
    assert set(SERVICES) == {
        *("web", "worker", "training-worker", "beat", "mlflow"),
        *("postgres", "redis"),
        *("migrate", "static"),
    }
    assert SERVICES["postgres"]["image"] == "pgvector/pgvector:pg18"


def test_variables_are_those_of_the_example():
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(COMPOSE["x-environment"])

    assert asked | given <= named


def test_images_are_stages_of_the_dockerfile():
    stages = re.findall(r"^FROM \S+ AS (\w+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert stages == ["base", "web", "train"]
    assert {s["build"]["target"] for s in SERVICES.values() if "build" in s} == {"web", "train"}
