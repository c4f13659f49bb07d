from argparse import ArgumentParser

from agreement import reports, text
from agreement.interrater import CORRELATIONS, UNDEFINED
from agreement.options import Options
from annotation.access import get_campaign
from lib.commands import PathosCommand

DEFAULTS = Options()


class Command(PathosCommand):
    help = (
        "Computes how far a campaign's raters agree: interrater correlation, Krippendorff's alpha, "
        "support and co-occurrence. Judgements that were set aside are left out."
    )
    prints_figures = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument("--correlation", choices=CORRELATIONS, default=DEFAULTS.correlation)
        parser.add_argument(
            "--undefined",
            choices=UNDEFINED,
            default=DEFAULTS.undefined,
            help="leave raters without a correlation out, and count them (default), or take 0",
        )
        parser.add_argument(
            "--min-posts",
            type=int,
            default=DEFAULTS.min_posts,
            metavar="N",
            help="shared posts that a rater needs (default 2, the definition; 30 for noisy crowds)",
        )
        parser.add_argument(
            "--bootstrap",
            type=int,
            default=DEFAULTS.bootstrap,
            metavar="B",
            help="draws for the 95 %% intervals (default: none)",
        )
        parser.add_argument("--seed", type=int, default=DEFAULTS.seed, help="of these draws")
        parser.add_argument("--store", action="store_true", help="keep the report for the pages")

    def handle(self, *, campaign: str, store: bool, json: bool, **options) -> None:
        asked = Options(**{name: options[name] for name in DEFAULTS.as_dict()})
        report = reports.compute(campaign=get_campaign(campaign), options=asked)
        if store:
            report.save()
        self.print_figures(report.figures, text.lines(report.figures), as_json=json)
