"""Child processes that can't outlive their parent, and the logs they write to."""

import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
LOG_BYTES = 10 * 1024 * 1024


def tied_to_parent(
    at_its_death: signal.Signals, first: Callable[[], None] | None = None
) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the child this signal when the parent dies, however it does.

    `first` runs before, because the kernel forgets the wish when a process changes its user.
    """
    parent = os.getpid()

    def tie() -> None:
        if first:
            first()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, at_its_death)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def open_log(path: Path) -> BinaryIO:
    """The log, to be appended to; a long one is put aside first, in place of an older one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 8) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return []
