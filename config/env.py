"""Reads the environment, and stops early, in a full sentence, where it doesn't make sense.

Every name that is asked for is remembered with its help, so that a test can compare the names with
`.env.example` and the README.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    help: str


#: Every variable that was asked for so far, by name.
variables: dict[str, Variable] = {}


def env_str(name: str, default: str | None = None, *, help: str) -> str:
    """The variable's text. A default of None means that it must be set; set but empty is unset."""
    variables[name] = Variable(name, default or "", help)
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set ({help}). Set it in the environment.")
    return value


def env_int(name: str, default: int, *, help: str) -> int:
    value = env_str(name, str(default), help=help)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be a whole number ({help}).")
    return int(value)


def env_bool(name: str, default: bool, *, help: str) -> bool:
    value = env_str(name, "1" if default else "0", help=help).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be 1 or 0 ({help}).")
    return value in TRUE


def env_list(name: str, default: str = "", *, help: str) -> list[str]:
    """Comma-separated words; blanks around them and empty ones don't count."""
    value = env_str(name, default, help=help)
    return [word.strip() for word in value.split(",") if word.strip()]


def env_secret(name: str, *, kept_in: Path | None = None, help: str) -> str:
    """A secret from the environment, or one made at random once and then kept in a private file.

    Without `kept_in` it must be set.
    """
    value = env_str(name, None if kept_in is None else "", help=help)
    return value or _kept_secret(kept_in)


def _kept_secret(path: Path) -> str:
    """Two processes that start at once agree: whoever links its file there first wins."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(50))
        _link_unless_there(own, path)
    return path.read_text().strip()


def _link_unless_there(own: Path, path: Path) -> None:
    try:
        path.hardlink_to(own)
    except FileExistsError:
        pass
    finally:
        own.unlink()


def database_from_url(url: str) -> dict[str, object]:
    """Django's database settings for `postgresql://user:password@host:port/name?option=value`.

    A host that starts with a slash (written %2F) is the folder of a Unix socket. What follows the
    question mark is passed to libpq. Raises ImproperlyConfigured.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme or url[:12]!r}, but Pathos needs "
            "PostgreSQL: postgresql://user:password@host:5432/name."
        )
    if not (name := unquote(parts.path.lstrip("/"))):
        raise ImproperlyConfigured(
            "DATABASE_URL names no database: postgresql://user:password@host:5432/name."
        )
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts),
        "PORT": _port(parts, "DATABASE_URL"),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def email_from_url(url: str) -> dict[str, object]:
    """Django's mail settings for `smtp://user:password@host:port`, without encryption; with
    `?starttls=1` after it, or `smtps://…`, with it. "" for a place that sends no mail.

    Raises ImproperlyConfigured.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            "PATHOS_EMAIL_URL must look like smtp://user:password@host:587?starttls=1 or "
            "smtps://user:password@host:465."
        )
    secure = parts.scheme == "smtps"
    starttls = dict(parse_qsl(parts.query)).get("starttls", "0") in TRUE
    usual_port = 465 if secure else 587 if starttls else 25
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": int(_port(parts, "PATHOS_EMAIL_URL") or usual_port),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": starttls and not secure,
    }


def _host(parts: SplitResult) -> str:
    """The host, or a socket's folder, whose capital letters `SplitResult.hostname` would lose."""
    written = parts.netloc.rpartition("@")[2]
    if written.upper().startswith("%2F"):
        return unquote(written.partition(":")[0])
    return parts.hostname or ""


def _port(parts: SplitResult, variable: str) -> str:
    try:
        return str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable} has a port that is no number.") from error
