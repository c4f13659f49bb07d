"""What is read from the environment, and the sentences for what makes no sense there."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.config.homes import ROOT

HELP = "what it is for"


@pytest.fixture(autouse=True)
def known_variables(monkeypatch):
    """Names asked for in these tests aren't among those that Pathos reads."""
    monkeypatch.setattr(env, "variables", {})


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (lambda: env.env_str("X", "a", help=HELP), None, "a"),
        (lambda: env.env_str("X", "a", help=HELP), "b", "b"),
        (lambda: env.env_str("X", "a", help=HELP), " b ", "b"),
        (lambda: env.env_str("X", "a", help=HELP), "", "a"),  # as in an .env file: NAME=
        (lambda: env.env_int("X", 7, help=HELP), None, 7),
        (lambda: env.env_int("X", 7, help=HELP), "0", 0),
        (lambda: env.env_bool("X", True, help=HELP), None, True),
        (lambda: env.env_bool("X", True, help=HELP), "off", False),
        (lambda: env.env_bool("X", False, help=HELP), "TRUE", True),
        (lambda: env.env_list("X", "a,b", help=HELP), None, ["a", "b"]),
        (lambda: env.env_list("X", "a", help=HELP), " b , ,c", ["b", "c"]),
        (lambda: env.env_list("X", help=HELP), None, []),
        (lambda: env.env_secret("X", help=HELP), "s", "s"),
    ],
)
def test_a_variable_is_read_as_what_it_is(monkeypatch, read, written, value):
    monkeypatch.delenv("X", raising=False)
    if written is not None:
        monkeypatch.setenv("X", written)

    assert read() == value
    assert [(name, variable.help) for name, variable in env.variables.items()] == [("X", HELP)]


@pytest.mark.parametrize(
    ("read", "written", "sentence"),
    [
        (
            lambda: env.env_str("X", help=HELP),
            "",
            "X is not set (what it is for). Set it in the environment.",
        ),
        (
            lambda: env.env_secret("X", help=HELP),
            "",
            "X is not set (what it is for). Set it in the environment.",
        ),
        (
            lambda: env.env_int("X", 7, help=HELP),
            "many",
            "X is 'many', but must be a whole number (what it is for).",
        ),
        (
            lambda: env.env_int("X", 7, help=HELP),
            "-1",
            "X is '-1', but must be a whole number (what it is for).",
        ),
        (
            lambda: env.env_bool("X", True, help=HELP),
            "maybe",
            "X is 'maybe', but must be 1 or 0 (what it is for).",
        ),
    ],
)
def test_what_makes_no_sense_stops_with_a_sentence(monkeypatch, read, written, sentence):
    monkeypatch.setenv("X", written)

    with pytest.raises(ImproperlyConfigured) as stop:
        read()
    assert str(stop.value) == sentence


def test_a_secret_that_is_not_set_is_made_once_and_kept_private(monkeypatch, tmp_path):
    monkeypatch.delenv("X", raising=False)
    kept = tmp_path / "home" / "secret.key"

    first = env.env_secret("X", kept_in=kept, help=HELP)

    assert env.env_secret("X", kept_in=kept, help=HELP) == first
    assert len(first) > 50
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ada:secret@db.example.org:5433/pathos",
            {"NAME": "pathos", "USER": "ada", "PASSWORD": "secret", "PORT": "5433"}
            | {"HOST": "db.example.org", "OPTIONS": {}},
        ),
        (  # signs that mean something in a URL are written with %
            "postgres://ada%40lab:p%2F%3A@h/my%20data?sslmode=require&connect_timeout=3",
            {"NAME": "my data", "USER": "ada@lab", "PASSWORD": "p/:", "PORT": "", "HOST": "h"}
            | {"OPTIONS": {"sslmode": "require", "connect_timeout": "3"}},
        ),
        (  # the folder of a socket keeps its capital letters
            "postgresql://ada@%2Fhome%2FAda/pathos",
            {"NAME": "pathos", "USER": "ada", "PASSWORD": "", "PORT": ""}
            | {"HOST": "/home/Ada", "OPTIONS": {}},
        ),
        (
            "postgresql:///pathos?host=/run/postgresql",
            {"NAME": "pathos", "USER": "", "PASSWORD": "", "PORT": ""}
            | {"HOST": "", "OPTIONS": {"host": "/run/postgresql"}},
        ),
        (
            "postgresql://[::1]:5432/pathos",
            {"NAME": "pathos", "USER": "", "PASSWORD": "", "PORT": "5432"}
            | {"HOST": "::1", "OPTIONS": {}},
        ),
    ],
)
def test_a_database_url_says_all_there_is_to_know(url, expected):
    assert env.database_from_url(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql://h/pathos",
            "DATABASE_URL starts with 'mysql', but Pathos needs PostgreSQL: "
            "postgresql://user:password@host:5432/name.",
        ),
        (
            "pathos",
            "DATABASE_URL starts with 'pathos', but Pathos needs PostgreSQL: "
            "postgresql://user:password@host:5432/name.",
        ),
        (
            "postgresql://h",
            "DATABASE_URL names no database: postgresql://user:password@host:5432/name.",
        ),
        ("postgresql://h:many/pathos", "DATABASE_URL has a port that is no number."),
    ],
)
def test_a_database_url_that_makes_no_sense_stops_with_a_sentence(url, sentence):
    with pytest.raises(ImproperlyConfigured) as stop:
        env.database_from_url(url)
    assert str(stop.value) == sentence


SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        (
            "smtp://ada%40lab:p%2F%3A@mail.example.org:2525?starttls=1",
            ("mail.example.org", 2525, "ada@lab", "p/:", False, True),
        ),
        ("smtp://h?starttls=yes", ("h", 587, "", "", False, True)),
        ("smtp://h:25?starttls=0", ("h", 25, "", "", False, False)),
        ("smtps://ada:x@h", ("h", 465, "ada", "x", True, False)),
        ("smtps://h:10465?starttls=1", ("h", 10465, "", "", True, False)),  # one of both is enough
    ],
)
def test_a_mail_url_says_all_there_is_to_know(url, expected):
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")

    assert env.email_from_url(url) == {
        "EMAIL_BACKEND": SMTP,
        **{f"EMAIL_{name}": value for name, value in zip(names, expected, strict=True)},
    }


def test_without_a_mail_url_nothing_is_sent():
    backend = "django.core.mail.backends.dummy.EmailBackend"

    assert env.email_from_url("") == {"EMAIL_BACKEND": backend}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mail.example.org", "PATHOS_EMAIL_URL must look like smtp://user:password@host:587"),
        ("https://mail.example.org", "PATHOS_EMAIL_URL must look like smtp://"),
        ("smtp://", "PATHOS_EMAIL_URL must look like smtp://"),
        ("smtp://h:many", "PATHOS_EMAIL_URL has a port that is no number."),
    ],
)
def test_a_mail_url_that_makes_no_sense_stops_with_a_sentence(url, sentence):
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        env.email_from_url(url)


def test_the_example_names_every_variable_that_settings_read_and_no_other():
    example = (ROOT / ".env.example").read_text()
    settings = (ROOT / "config" / "settings.py").read_text()

    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    read = set(re.findall(r"env_\w+\(\s*\"([A-Z_]+)\"", settings))

    assert named - {"POSTGRES_PASSWORD"} == read  # docker compose alone reads that one


def test_the_readme_names_every_variable_that_settings_read_and_no_other():
    readme = (ROOT / "README.md").read_text()
    settings = (ROOT / "config" / "settings.py").read_text()

    named = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))

    assert named == set(re.findall(r"env_\w+\(\s*\"([A-Z_]+)\"", settings))
