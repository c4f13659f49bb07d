from collections.abc import Iterator

from annotation import access
from lib.commands import PathosCommand
from lib.errors import PathosError
from routing import rounds, yields
from routing.models import Round
from routing.rules import COMPONENTS

STRATEGY_HELP = "mixed (default), focused (goes harder for rare affects) or uniform"


class Command(PathosCommand):
    help = "Runs a routing round: draws posts with known propensities and puts them first."
    prints_figures = True

    def add_arguments(self, parser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument("--strategy", default="mixed", metavar="NAME", help=STRATEGY_HELP)
        parser.add_argument("--budget", type=int, metavar="POSTS", help="posts to draw")
        parser.add_argument("--seed", type=int, help="drawn and stored where not given")
        parser.add_argument(
            "--report", action="store_true", help="print what the rounds found, and run none"
        )

    def handle(self, *, campaign, strategy, budget, seed, report, json, **options) -> None:
        campaign = access.get_campaign(campaign)
        if report:
            self.print_reports(campaign, json)
            return
        if budget is None:
            raise PathosError("Say how many posts to draw: --budget POSTS (or ask for --report).")
        round = rounds.run(
            campaign=campaign, strategy=strategy, budget=budget, seed=seed, watch=self.watch
        )
        self.print_figures(figures(round), [sentence(round)], as_json=json)

    def watch(self, chunks: Iterator, total: int) -> Iterator:
        return self.progress(chunks, total=total, unit="chunks")

    def print_reports(self, campaign, as_json: bool) -> None:
        done = campaign.rounds.filter(state=Round.State.DONE).order_by("id")
        reports = [yields.report(round) for round in done]
        lines = [line for each in reports for line in table(each)]
        shown = {"campaign": campaign.slug, "rounds": reports}
        self.print_figures(shown, lines or ["No round is done yet."], as_json=as_json)


def figures(round: Round) -> dict:
    """The round as `--json` prints it."""
    return {
        "campaign": round.campaign.slug,
        "round": round.number,
        "strategy": round.strategy,
        "seed": round.seed,
        "budget": round.budget,
        "pool": round.pool_size,
        "drawn": round.drawn,
        "heads": round.affects,
        "seconds": round.seconds,
    }


def sentence(round: Round) -> str:
    learnt = ", ".join(round.affects) or "none yet, so every post had the same chance"
    return (
        f"Round {round.number} drew {round.drawn} of {round.pool_size} posts in "
        f"{round.seconds:.1f} s (strategy {round.strategy}, seed {round.seed}). Heads: {learnt}."
    )


def table(report: dict) -> list[str]:
    """A round's report for a person: positives per 1,000 judgements."""
    head = (
        f"Round {report['round']} ({report['strategy']}): {report['judged']} of {report['drawn']} "
        "drawn posts judged. Positives per 1,000 judgements:"
    )
    names = "".join(f"{name:>13}" for name in (*COMPONENTS, "ratio"))
    rows = [
        f"  {key:24}" + "".join(f"{shown(found[name]):>13}" for name in (*COMPONENTS, "ratio"))
        for key, found in report["affects"].items()
    ]
    behind = "".join(f"{shown(report['judgements'][name]):>13}" for name in COMPONENTS)
    return [head, f"  {'affect':24}{names}", *rows, f"  {'judgements':24}{behind}", ""]


def shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.1f}"
