from collections.abc import Iterator, Sequence
from dataclasses import asdict

from annotation import access, imported_judgements
from annotation.judgements import affect_keys
from lib.import_command import ImportCommand
from lib.tables import Reject, Row


class Command(ImportCommand):
    help = (
        "Brings in judgements made elsewhere: post_id, rater_id, picks (a|b, or a list; or a column "
        "of 0 and 1 for each affect), other, seconds, judged_at. The same file again changes nothing."
    )
    unit = "judgements"

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--id-prefix", default="", help="put before each post_id, as when the posts came in"
        )

    def required_columns(self, *, campaign: str, **options) -> Sequence[Sequence[str]]:
        keys = affect_keys(access.get_campaign(campaign).taxonomy_id)
        return [("post_id",), ("rater_id",), ("picks", *keys)]

    def import_rows(
        self, rows: Iterator[Row | Reject], reject, *, campaign: str, id_prefix: str, **options
    ) -> dict[str, int]:
        done = imported_judgements.add(
            campaign=access.get_campaign(campaign),
            rows=rows,
            reject=reject,
            id_prefix=id_prefix,
        )
        return asdict(done)
