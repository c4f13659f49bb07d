from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from annotation import access, posts
from annotation.post_rows import CONTENT, TEXT
from lib.import_command import ImportCommand
from lib.tables import Reject, Row


class Command(ImportCommand):
    help = (
        "Brings posts into a campaign: id, title, body, ocr_text, transcript, image (a file beside "
        "the import), image_alt, language, publisher, publisher_feeling, sensitive, created_at; "
        "other columns are kept as metadata. The same file again changes nothing."
    )
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

    def required_columns(self, **options) -> Sequence[Sequence[str]]:
        return [("id",), (*CONTENT, TEXT)]

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
