from argparse import ArgumentParser
from collections.abc import Iterator

from agreement import readings
from agreement.readings import Asked
from agreement.text import aligned, at_rest, number
from annotation.access import get_campaign
from lib.commands import PathosCommand


class Command(PathosCommand):
    help = (
        "Lays consensus rules side by side: how often each says yes, and on which posts they part. "
        "Also lists the posts that raters split on most, and what they wrote under 'other'. With "
        "--json also how affects go with publishers' feelings and with signals."
    )
    prints_figures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--votes",
            type=int,
            default=Asked.at_least,
            metavar="K",
            help="of the rule votes>=K (default: 3)",
        )
        parser.add_argument(
            "--most", type=int, default=Asked.most, help="lines in a list (default: 20)"
        )
        parser.add_argument(
            "--feeling-posts",
            type=int,
            default=Asked.feeling_posts,
            metavar="N",
            help="posts that a publisher's feeling needs to be shown (default: 1000)",
        )
        parser.add_argument("--store", action="store_true", help="keep the readings for the pages")

    def handle(
        self,
        *,
        campaign: str,
        votes: int,
        most: int,
        feeling_posts: int,
        store: bool,
        json: bool,
        **options,
    ) -> None:
        asked = Asked(at_least=votes, most=most, feeling_posts=feeling_posts)
        reading = readings.compute(campaign=get_campaign(campaign), asked=asked)
        if store:
            reading.save()
        self.print_figures(reading.figures, lines(reading.figures), as_json=json)


def lines(found: dict) -> Iterator[str]:
    rules = found["positives"]
    yield "Posts that each rule gives an affect:"
    counts = zip(found["affects"], *rules.values(), strict=True)
    yield from aligned(
        [["affect", *rules], *([name, *(f"{n:,}" for n in row)] for name, *row in counts)]
    )
    yield at_rest(found)
    yield ""
    yield "Where rules are farthest apart:"
    yield from (_disputed(row) for row in found["disputed"])
    yield ""
    yield "Where raters are farthest apart (0 to 1):"
    yield from (f"  {number(row['apart'], 2)}  {row['post']}" for row in found["split"])
    yield ""
    yield "What raters wrote under 'other':"
    yield from (f"  {row['count']:6,}  {row['text']}" for row in found["other"])


def _disputed(row: dict) -> str:
    labels = ", ".join(f"{rule} {number(label, 2)}" for rule, label in row["labels"].items())
    return f"  {row['post']}, {row['affect']}: {row['votes']} of {row['raters']} raters; {labels}"
