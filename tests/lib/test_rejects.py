import csv

import pytest

from lib.errors import PathosError
from lib.rejects import RejectsFile, place_for
from lib.tables import Reject


def cells(path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_rejects_are_counted_and_written_as_csv(tmp_path):
    with RejectsFile(tmp_path / "r.csv") as rejects:
        rejects.add(Reject(3, "body", "is empty", "p3"))
        rejects.add(Reject(7, "", "is not CSV, or so"))

    assert rejects.count == 2
    assert cells(tmp_path / "r.csv") == [
        ["row", "field", "reason", "id"],
        ["3", "body", "is empty", "p3"],
        ["7", "", "is not CSV, or so", ""],
    ]


def test_without_rejects_there_is_no_file_not_even_an_old_one(tmp_path):
    (tmp_path / "r.csv").write_text("row,field,reason,id\n1,,of the last import,\n")

    with RejectsFile(tmp_path / "r.csv"):
        pass

    assert not (tmp_path / "r.csv").exists()


def test_no_cell_starts_a_formula(tmp_path):
    with RejectsFile(tmp_path / "r.csv") as rejects:
        rejects.add(Reject(3, "body", "is empty", "=cmd"))

    assert cells(tmp_path / "r.csv")[1:] == [["3", "body", "is empty", "'=cmd"]]


def test_a_place_that_can_not_be_written_is_told_of(tmp_path):
    with (
        pytest.raises(PathosError, match="can't be written to .*--rejects PATH"),
        RejectsFile(tmp_path / "missing" / "r.csv") as rejects,
    ):
        rejects.add(Reject(1, "", "no"))


def test_rejects_lie_beside_the_import_unless_its_folder_is_closed(tmp_path):
    assert place_for(tmp_path / "a.csv") == tmp_path / "a.csv.rejects.csv"

    tmp_path.chmod(0o555)

    assert str(place_for(tmp_path / "a.csv")) == "a.csv.rejects.csv"
