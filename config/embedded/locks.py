"""flock in four words. The kernel drops a lock when the last process that holds it is gone."""

import fcntl
import os
from pathlib import Path


def take(path: Path, *, shared: bool = False, wait: bool = False) -> int | None:
    """The open file that holds the lock, or None when somebody else has it and `wait` is off."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def is_taken(path: Path) -> bool:
    """Does somebody hold this lock exclusively?"""
    handle = take(path, shared=True)
    if handle is None:
        return True
    os.close(handle)
    return False


def is_still_at(handle: int, path: Path) -> bool:
    """Is the locked file still the one at `path`, or was it removed with its folder?"""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
