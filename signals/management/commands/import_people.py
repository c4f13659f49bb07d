from collections.abc import Iterator
from dataclasses import asdict

from lib.import_command import ImportCommand
from lib.tables import Reject, Row
from signals import people


class Command(ImportCommand):
    help = (
        "Brings in people of the platform: person_id, bio, consented (true unless it says no), and "
        "features, as a list or as columns of their own. The same file again changes nothing."
    )
    required = (("person_id",),)
    unit = "people"

    def import_rows(self, rows: Iterator[Row | Reject], reject, **options) -> dict[str, int]:
        return asdict(people.add(rows=rows, reject=reject))
