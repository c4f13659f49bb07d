import csv

import pytest

from lib.spreadsheets import csv_lines, harmless


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_starts_a_formula(start):
    assert harmless(f"{start}cmd") == f"'{start}cmd"
    assert harmless(f"a{start}") == f"a{start}"


def test_lines_are_csv_with_harmless_cells():
    rows = [["=1+1", -1, None], ['say "yes", or no', 0.5, ""]]

    lines = list(csv_lines(["a", "b", "c"], rows))

    assert len(lines) == 3
    assert list(csv.reader(lines)) == [
        ["a", "b", "c"],
        ["'=1+1", "-1", ""],
        ['say "yes", or no', "0.5", ""],
    ]
