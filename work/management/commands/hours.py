from argparse import ArgumentParser

from annotation.access import get_campaign
from lib.commands import PathosCommand
from work import hours
from work.access import get_week
from work.serializers import HoursSerializer


class Command(PathosCommand):
    help = (
        "Prints what each rater did in a week of a campaign, and the pay for it, as CSV. "
        "Pay is active seconds × rate / 3600, rounded half up to hundredths, rater by rater."
    )
    prints_figures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument("--week", metavar="2026-W47", help="an ISO week (default: this one)")

    def handle(self, *, campaign: str, week: str | None, json: bool, **options) -> None:
        found, week = get_campaign(campaign), get_week(week)
        if json:
            figures = HoursSerializer(hours.report(found, week)).data
            self.print_figures(figures, [], as_json=True)
        else:
            self.stdout.writelines(hours.as_csv(hours.lines_of(found, week)))
