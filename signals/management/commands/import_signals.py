from collections.abc import Iterator
from dataclasses import asdict

from lib.import_command import ImportCommand
from lib.tables import Reject, Row
from signals import signals


class Command(ImportCommand):
    help = (
        "Brings in what people did with posts: person_id, post_id, kind (like, share, hide …), at. "
        "The same file again changes nothing. Posts that enough people reported or hid are covered "
        "in campaigns that say how many are enough."
    )
    required = (("person_id",), ("post_id",), ("kind",), ("at",))
    unit = "signals"

    def import_rows(self, rows: Iterator[Row | Reject], reject, **options) -> dict[str, int]:
        added = asdict(signals.add(rows=rows, reject=reject))
        covered = signals.cover_everywhere()
        return added | ({"covered": covered} if covered else {})
