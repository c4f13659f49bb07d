from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import fields
from datetime import date

from agreement import differences, drift, reports, slices, text
from agreement.errors import SlicesWithheld, UnknownOption
from agreement.interrater import CORRELATIONS, UNDEFINED
from agreement.options import DRAWN, Options, numbers
from annotation.access import get_campaign
from annotation.models import Campaign
from joining.strata import PARTS
from lib.commands import PathosCommand

DEFAULTS = Options()
BY = ("week", *PARTS)


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
        parser.add_argument(
            "--without",
            type=numbers_of,
            default=DEFAULTS.without,
            metavar="12,15",
            help="what if these raters had not judged: by the numbers of their memberships",
        )
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="judged then on"
        )
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="judged so far")
        parser.add_argument(
            "--drawn",
            choices=DRAWN,
            default=DEFAULTS.drawn,
            help="only posts as routing's search, or its even share, chose them",
        )
        parser.add_argument("--store", action="store_true", help="keep the report for the pages")

        parser.add_argument(
            "--by", choices=BY, help="the figures of each week, or of groups of raters"
        )

    def handle(self, *, campaign: str, store: bool, json: bool, by: str | None, **options) -> None:
        asked = Options(**{field.name: options[field.name] for field in fields(Options)})
        of = get_campaign(campaign)
        if by == "week":
            self._print_weeks(of, asked, store=store, as_json=json)
        elif by:
            self._print_groups(of, by, as_json=json)
        else:
            self._print_report(of, asked, store=store, as_json=json)

    def _print_report(self, of: Campaign, asked: Options, *, store: bool, as_json: bool) -> None:
        report = reports.compute(campaign=of, options=asked)
        if store:
            report.save()
        figures = report.figures
        if asked.choice:
            of_all = reports.compute(campaign=of, options=asked.of_all).figures
            figures["beside_all"] = differences.between(of_all, figures)
        self.print_figures(figures, text.lines(figures), as_json=as_json)

    def _print_weeks(self, of: Campaign, asked: Options, *, store: bool, as_json: bool) -> None:
        weeks = drift.compute(campaign=of, options=asked)
        if store:
            weeks.save()
        self.print_figures(weeks.figures, text.weeks(weeks.figures), as_json=as_json)

    def _print_groups(self, of: Campaign, part: str, *, as_json: bool) -> None:
        released = slices.release(campaign=of)
        if released is None:
            raise SlicesWithheld
        self.print_figures(released.figures, text.groups(released.figures, part), as_json=as_json)


def numbers_of(text: str) -> tuple[int, ...]:
    try:
        return numbers(text)
    except UnknownOption as error:
        raise ArgumentTypeError(error.message) from error
