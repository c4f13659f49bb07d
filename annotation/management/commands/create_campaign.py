from argparse import ArgumentTypeError
from pathlib import Path

from annotation import campaigns
from annotation.models import Campaign
from lib.commands import PathosCommand
from taxonomy import taxonomies


class Command(PathosCommand):
    help = "Makes a campaign. From then on its taxonomy is frozen."

    def add_arguments(self, parser) -> None:
        parser.add_argument("slug", help="its name in addresses: small letters, digits and -")
        parser.add_argument("--taxonomy", required=True, metavar="KEY", help="KEY or KEY:VERSION")
        parser.add_argument("--name", default="", help="as pages show it; default: from the slug")
        parser.add_argument("--raters-per-post", type=int, default=5)
        picks = parser.add_mutually_exclusive_group()
        picks.add_argument("--max-picks", type=int, help="default: the taxonomy's")
        picks.add_argument("--any-number-of-picks", action="store_true")
        parser.add_argument("--frame", choices=Campaign.Frame.values, default="universal")
        parser.add_argument("--guideline", type=text_of, metavar="FILE")
        parser.add_argument("--lease-minutes", type=int, default=30)

    def handle(
        self, *, slug: str, taxonomy: str, guideline: str | None, lease_minutes: int, **options
    ) -> None:
        names = ("name", "raters_per_post", "max_picks", "any_number_of_picks", "frame")
        campaign = campaigns.create(
            slug=slug,
            taxonomy=taxonomies.find(taxonomy),
            guideline=guideline or "",
            lease_seconds=lease_minutes * 60,
            **{name: options[name] for name in names},
        )
        most = campaign.max_picks or "any number of"
        self.stdout.write(
            f"The campaign '{slug}' is made: {campaign.taxonomy}, {campaign.raters_per_post} raters "
            f"a post, {most} picks, {campaign.frame} frame. Bring posts in with "
            f"'manage.py import_posts FILE --campaign {slug}'."
        )


def text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentTypeError(f"{path} can't be read as UTF-8 text: {error}") from error
