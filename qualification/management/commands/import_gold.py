from collections.abc import Iterator
from dataclasses import asdict

from annotation import access, imported_gold
from lib.import_command import ImportCommand
from lib.tables import Reject, Row
from qualification import quizzes


class Command(ImportCommand):
    help = (
        "Makes posts of the campaign gold: post_id, expected (a|b, or a list; one of them has to be "
        "picked), excluded (none of them may be), explanation, use (gold: mixed in among the "
        "others; quiz: asked before the first post). The same file again changes nothing; new "
        "right picks grade earlier judgements anew. The first quiz posts ask every rater the quiz."
    )
    unit = "gold"
    required = (("post_id",), ("expected",))

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--id-prefix", default="", help="put before each post_id, as when the posts came in"
        )

    def import_rows(
        self, rows: Iterator[Row | Reject], reject, *, campaign: str, id_prefix: str, **options
    ) -> dict[str, int]:
        campaign = access.get_campaign(campaign)
        done = imported_gold.add(campaign=campaign, rows=rows, reject=reject, id_prefix=id_prefix)
        quizzes.require_new(campaign=campaign)
        return asdict(done)
