"""A place of its own for a benchmark: what it starts and stores there is gone when it ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_home() -> Iterator[Path]:
    """An empty PATHOS_HOME, with Django set up for it; nothing of ours may be imported before.

    The servers are left before the folder goes, so that none still writes while it is removed.
    """
    home = Path(tempfile.mkdtemp(prefix="pathos-bench-"))
    os.environ["PATHOS_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.db import connections

    from config import embedded

    try:
        yield home
    finally:
        connections.close_all()
        embedded.leave(home)
        shutil.rmtree(home)
