from argparse import ArgumentParser

from agreement import live
from annotation.access import get_campaign
from lib.commands import PathosCommand


class Command(PathosCommand):
    help = (
        "Counts a campaign's judgements anew, compares with the sums that follow each judgement, "
        "and mends these if they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")

    def handle(self, *, campaign: str, **options) -> None:
        checked = live.check(campaign=get_campaign(campaign))
        found = "equal its judgements to the last integer"
        if not checked.was_equal:
            found = "differed from its judgements and were counted anew"
        self.stdout.write(f"The sums of '{campaign}' {found}.")
