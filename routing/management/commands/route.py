from collections.abc import Iterator
from functools import partial

from annotation import access
from lib.commands import PathosCommand
from lib.errors import PathosError
from routing import checks, gained, queries, report, rounds, tasks, yields
from routing.access import get_round
from routing.models import Round

STRATEGY_HELP = (
    "focused (looks for every affect by how rare it is), mixed (the published formula), uniform, or "
    "check (drawn evenly, and no head learns from it); the campaign's plan says where not given"
)


class Command(PathosCommand):
    help = "Runs a routing round: draws posts with known propensities and puts them first."
    prints_figures = True

    def add_arguments(self, parser) -> None:
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument("--strategy", default="", metavar="NAME", help=STRATEGY_HELP)
        parser.add_argument("--budget", type=int, metavar="POSTS", help="posts to draw")
        parser.add_argument("--seed", type=int, help="drawn and stored where not given")
        parser.add_argument(
            "--report",
            action="store_true",
            help="print what the rounds gained, corrected figures and when to stop; runs no round",
        )

        parser.add_argument(
            "--repeat",
            type=int,
            metavar="ROUND",
            help="draw a round again from what its row keeps, and compare; changes nothing",
        )

    def handle(self, *, campaign, strategy, budget, seed, json, **options) -> None:
        campaign = access.get_campaign(campaign)
        if options["report"]:
            self.print_report(campaign, json)
            return
        if options["repeat"]:
            self.print_repeated(get_round(campaign, options["repeat"]), json)
            return
        if budget is None:
            raise PathosError("Say how many posts to draw: --budget POSTS (or ask for --report).")
        asked = rounds.ask(campaign=campaign, strategy=strategy, budget=budget, seed=seed)
        # Workers that run take their part of the chunks; without any, this process scores them all.
        round = rounds.carry_out(
            round=asked, watch=self.watch, call_help=partial(tasks.ring_for_help, asked)
        )
        self.print_figures(figures(round), [sentence(round)], as_json=json)

    def watch(self, chunks: Iterator, total: int) -> Iterator:
        return self.progress(chunks, total=total, unit="chunks")

    def print_repeated(self, round: Round, as_json: bool) -> None:
        again = set(queries.redrawn(round).tolist())
        selected = set(round.selections.values_list("campaign_post_id", flat=True))
        same = selected <= again
        shown = {"round": round.number, "seed": round.seed, "drawn": len(again), "same": same}
        said = "its selections are among them" if same else "its selections are NOT all among them"
        sentence = f"Round {round.number} draws {len(again)} posts again, and {said}."
        self.print_figures(shown, [sentence], as_json=as_json)

    def print_report(self, campaign, as_json: bool) -> None:
        checks.measure(campaign=campaign)
        found = gained.count(campaign=campaign)
        each = [yields.report(round) for round in queries.done(campaign)]
        lines = [*report.lines(found), *(line for one in each for line in report.of_round(one))]
        self.print_figures({**found, "rounds": each}, lines, as_json=as_json)


def figures(round: Round) -> dict:
    """The round as `--json` prints it."""
    return {
        "campaign": round.campaign.slug,
        "round": round.number,
        "strategy": round.strategy,
        "seed": round.seed,
        "budget": round.budget,
        "pool": round.pool_size,
        "near_duplicates": round.near_duplicates,
        "drawn": round.drawn,
        "heads": round.affects,
        "look_at": round.heads["champion"] or round.heads["look_at"],
        "seconds": round.seconds,
    }


def sentence(round: Round) -> str:
    learnt = ", ".join(round.affects) or "none yet, so every post had the same chance"
    said = (
        f"Round {round.number} drew {round.drawn} of {round.pool_size} posts in "
        f"{round.seconds:.1f} s (strategy {round.strategy}, seed {round.seed}). Heads: {learnt}."
    )
    if round.near_duplicates:
        said += f" Near-duplicates left out: {round.near_duplicates}."
    return said
