from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from annotation import access, posts
from annotation.post_rows import CONTENT, TEXT
from lib.import_command import ImportCommand
from lib.tables import Reject, Row


class Command(ImportCommand):
    help = "Brings posts into a campaign. The same file again changes nothing."
    required = (("id",), (*CONTENT, TEXT))
    unit = "posts"

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--id-prefix", default="", help="put before each id, to tell two sources' ids apart"
        )
        parser.add_argument(
            "--no-metadata",
            action="store_true",
            help="leave unknown columns out, instead of keeping them with the post",
        )

    def import_rows(
        self, rows: Iterator[Row | Reject], reject, *, file: Path, campaign: str, **options
    ) -> dict[str, int]:
        done = posts.add(
            campaign=access.get_campaign(campaign),
            rows=rows,
            reject=reject,
            images_from=file.parent,
            id_prefix=options["id_prefix"],
            keep_metadata=not options["no_metadata"],
        )
        return asdict(done)
