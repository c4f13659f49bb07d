#!/usr/bin/env python
"""Brings the catalogues in locale/ up to date with the pages, and compiles them.

Usage: python scripts/messages.py, from the repository's root. Needs xgettext and msgmerge (gettext).
What is new stands in the .po files without a translation; tests name it until it has one.
"""

import subprocess
import sys
from pathlib import Path

import polib

COLLECT = [
    "makemessages", "--all", "--no-obsolete", "--add-location=file",
    "--ignore=.venv", "--ignore=var", "--ignore=tests", "--ignore=bench",
]  # fmt: skip
#: Dates and names of a catalogue's header differ at every run, and git knows them.
KEPT = ("Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")


def tidy_and_compile(path: Path) -> None:
    """Writes the catalogue without what no one reads, and beside it what Django loads."""
    catalogue = polib.pofile(str(path), wrapwidth=99)
    catalogue.header = ""
    catalogue.metadata = {name: catalogue.metadata[name] for name in KEPT}
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    print(f"{path}: {len(catalogue)} messages, {catalogue.percent_translated()} % translated")


subprocess.run([sys.executable, "manage.py", *COLLECT], check=True)
for path in sorted(Path("locale").glob("*/LC_MESSAGES/django.po")):
    tidy_and_compile(path)
