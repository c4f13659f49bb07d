from argparse import ArgumentParser

from annotation.access import get_campaign
from lib.commands import PathosCommand
from quality import tables, text


class Command(PathosCommand):
    help = (
        "Shows how a campaign's raters work: gold accuracy, agreement with others, straight-lining, "
        "speed, and whom to have a look at. Judgements that were set aside are left out."
    )
    prints_figures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")

    def handle(self, *, campaign: str, json: bool, **options) -> None:
        found = get_campaign(campaign)
        figures = text.figures(found, tables.compute(found))
        self.print_figures(figures, text.lines(figures), as_json=json)
