from pathlib import Path

from annotation import access, simulation
from lib.commands import PathosCommand


class Command(PathosCommand):
    help = "Lets a simulated crowd with planted reliabilities judge a campaign's posts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument("--raters", type=int, required=True)
        parser.add_argument("--judgements", type=int, required=True)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--truth",
            type=Path,
            help="JSON lines of post id and probability per affect; drawn from the id where absent",
        )

    def handle(self, *, campaign, raters, judgements, seed, truth, **options) -> None:
        work = simulation.simulate(
            campaign=access.get_campaign(campaign),
            raters=raters,
            judgements_wanted=judgements,
            seed=seed,
            truth=truth,
        )
        made = len(list(self.progress(work, total=judgements, unit="judgements")))
        self.stdout.write(f"{raters} simulated raters made {made} judgements (seed {seed}).")
