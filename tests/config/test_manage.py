"""manage.py itself."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_reader_who_has_seen_enough_gets_no_traceback():
    much = "for number in range(10**6): print(number)"
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", much]

    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as told:
        told.stdout.readline()
        told.stdout.close()
        complaint = told.stderr.read()

    assert "Traceback" not in complaint
    assert "BrokenPipe" not in complaint
