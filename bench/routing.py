"""What routing gains, and what its weights put right.

    python -m bench.routing                       posts of made-up words
    python -m bench.routing DATA                  GoEmotions, the figures of the README
    python -m bench.routing DATA --runs 0         only the first part

DATA is a folder with `train.tsv.gz` (or `train.tsv`) and `emotions.txt` of GoEmotions, as they lie in
goemotions/data of github.com/google-research/google-research: one comment a line, its text, a tab,
and the numbers of its affects, which count the lines of the other file.

A simulated crowd answers from these labels, with noise that is planted and known: so is the truth.

1. Gain: campaigns over all posts, routed in different ways, the same number of posts judged. Printed
   are the positives per 1,000 judgements of the five rarest affects in the routed share, beside the
   uniform share of the same rounds and beside what an even draw finds on average.
2. Coverage: many smaller campaigns with a seed each. Printed is how often the 95 % interval of the
   weighted estimate holds the prevalence in the pool, affect by affect; and the same for a draw of
   the top scores, which has no propensities, so its judged posts are taken as they are.
"""

import argparse
import gzip
import time
from pathlib import Path

import numpy as np

from bench.home import fresh_home

RATERS = 3
#: A rater sees an affect that is there, and one that is not.
HIT, FALSE_ALARM = 0.85, 0.005
RAREST = 5
#: Prevalence of the synthetic affects: a few common ones, many rare.
PREVALENCE = (0.30, 0.15, 0.10, 0.08, 0.05, 0.03, 0.02, 0.015, 0.01, 0.008, 0.005, 0.003)
VOCABULARY, WORDS_PER_AFFECT, WORDS_PER_POST = 20_000, 30, 16

PUBLISHED = {"exploit": 0.6, "uncertainty": 0.2, "uniform": 0.2}
#: Ways of routing: the strategy, the plan, and the importance of the five rarest affects.
WAYS = {
    "mixed": ("mixed", PUBLISHED, 1.0),
    "focused": ("focused", {}, 1.0),
    "focused, rarest 3 x as important": ("focused", {}, 3.0),
}
#: The way whose intervals are tried: the one that bends the draw most.
COVERED = "focused, rarest 3 x as important"


def main() -> None:
    arguments = parse()
    with fresh_home():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        world = World(arguments)
        if arguments.rounds:
            gain(world, arguments)
        if arguments.runs:
            coverage(world, arguments)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA")
    parser.add_argument("--posts", type=int, default=20_000, help="made-up posts, without DATA")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--budget", type=int, default=250, help="posts a round draws")
    parser.add_argument("--runs", type=int, default=40, help="seeded campaigns for the coverage")
    parser.add_argument("--pool", type=int, default=6_000, help="posts of each of them")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class World:
    """Posts with texts and truth bool[N, A], stored once, and a taxonomy of their affects."""

    def __init__(self, arguments: argparse.Namespace):
        rng = np.random.default_rng(arguments.seed)
        found = read(arguments.data) if arguments.data else synthetic(arguments.posts, rng)
        self.texts, self.truth, self.affects = found
        self.rarest = np.argsort(self.truth.mean(axis=0))[:RAREST]
        self.taxonomy = make_taxonomy(self.affects)
        self.posts = make_posts(self.texts)


def read(data: Path) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts, truth bool[N, A], and the affects' keys."""
    affects = (data / "emotions.txt").read_text(encoding="utf-8").split()
    packed = data / "train.tsv.gz"
    raw = (
        gzip.decompress(packed.read_bytes())
        if packed.exists()
        else (data / "train.tsv").read_bytes()
    )
    rows = [line.split("\t")[:2] for line in raw.decode("utf-8").strip("\n").split("\n")]
    truth = np.zeros((len(rows), len(affects)), bool)
    for post, (_, numbers) in enumerate(rows):
        truth[post, [int(number) for number in numbers.split(",")]] = True
    return [text for text, _ in rows], truth, affects


def synthetic(size: int, rng: np.random.Generator) -> tuple[list[str], np.ndarray, list[str]]:
    """Posts of made-up words, which are commoner in posts that carry the affect they belong to."""
    truth = rng.random((size, len(PREVALENCE))) < PREVALENCE
    words = rng.zipf(1.3, size=(size, WORDS_PER_POST)) % VOCABULARY
    for affect in range(len(PREVALENCE)):
        telling = rng.integers(VOCABULARY, size=WORDS_PER_AFFECT)
        carriers = np.flatnonzero(truth[:, affect])
        places = rng.integers(WORDS_PER_POST, size=(len(carriers), 3))
        words[carriers[:, None], places] = rng.choice(telling, size=places.shape)
    affects = [f"affect_{number:02}" for number in range(len(PREVALENCE))]
    return [" ".join(f"w{word}" for word in post) for post in words], truth, affects


def crowd(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """bool[N, RATERS, A]: what each rater would pick, whoever asks and whenever."""
    chance = np.where(truth, HIT, FALSE_ALARM)[:, None, :]
    return rng.random((len(truth), RATERS, truth.shape[1])) < chance


def consensus(picks: np.ndarray) -> np.ndarray:
    """bool[N, A]: what the majority would say of each post, were it asked."""
    return 2 * picks.sum(axis=1) > RATERS


def make_taxonomy(affects: list[str]):
    from taxonomy import files, taxonomies

    raw = {"key": "bench", "version": 1, "question": "How might someone feel?", "min_picks": 0}
    listed = [{"key": key} for key in affects]
    return taxonomies.load(file=files.parse({**raw, "affects": listed}))[0]


def make_posts(texts: list[str]) -> list:
    from annotation.models import Post

    rows = (Post(key=f"p{n}", body=text, content_hash=b"") for n, text in enumerate(texts))
    return Post.objects.bulk_create(rows, batch_size=5000)


class Routed:
    """A campaign over some of the world's posts, and the crowd that judges what is drawn."""

    def __init__(self, world: World, slug: str, some: np.ndarray, rng: np.random.Generator):
        from annotation import campaigns
        from annotation.models import CampaignPost, Rater

        self.picks = crowd(world.truth[some], rng)
        self.campaign = campaigns.create(
            slug=slug, taxonomy=world.taxonomy, raters_per_post=RATERS, any_number_of_picks=True
        )
        rows = (
            CampaignPost(campaign=self.campaign, post=world.posts[n], wanted=RATERS) for n in some
        )
        places = CampaignPost.objects.bulk_create(rows, batch_size=5000)
        self.number = {place.id: number for number, place in enumerate(places)}
        self.raters = [Rater.objects.get_or_create(key=f"rater{n}")[0] for n in range(RATERS)]

    def plan(self, world: World, importance: float, **options) -> None:
        from routing.models import Plan

        rare = {world.affects[n]: importance for n in world.rarest}
        Plan.objects.create(campaign=self.campaign, importance=rare, **options)

    def run(self, strategy: str, budget: int, seed: int) -> None:
        """A round, and every post it drew judged by all raters."""
        from annotation.models import CampaignPost, Judgement
        from routing import rounds

        round = rounds.run(campaign=self.campaign, strategy=strategy, budget=budget, seed=seed)
        drawn = list(round.selections.values_list("campaign_post_id", flat=True))
        Judgement.objects.bulk_create(self.judgements(drawn), batch_size=5000)
        CampaignPost.objects.filter(id__in=drawn).update(judged=RATERS, reserved=RATERS)

    def judgements(self, drawn: list[int]) -> list:
        from django.utils import timezone

        from annotation.models import Judgement

        now, bits = timezone.now(), 1 << np.arange(self.picks.shape[2], dtype=np.int64)
        fixed = {"campaign": self.campaign, "frame": "universal", "judged_at": now}
        return [
            Judgement(campaign_post_id=place, rater=rater, picks=mask, **fixed)
            for place in drawn
            for rater, mask in zip(
                self.raters, (self.picks[self.number[place]] @ bits).tolist(), strict=True
            )
        ]


def gain(world: World, arguments: argparse.Namespace) -> None:
    """Every way over all posts, with the yield of the five rarest affects together."""
    names = ", ".join(world.affects[n] for n in world.rarest)
    print(
        f"{len(world.texts):,} posts, {arguments.rounds} rounds of {arguments.budget}, {RATERS} "
        f"raters a post; positives per 1,000 judgements of {names}, together"
    )
    print(f"  {'':34}{'routed':>8}{'even draw':>11}   times it {'[95 %]':16}times chance")
    for number, (way, (strategy, options, importance)) in enumerate(WAYS.items()):
        began = time.perf_counter()
        rng = np.random.default_rng([arguments.seed, 1])
        routed = Routed(world, f"way-{number}", np.arange(len(world.texts)), rng)
        routed.plan(world, importance, **options)
        for round in range(arguments.rounds):
            routed.run(strategy, arguments.budget, arguments.seed + round)
        print_gain(way, routed, world.rarest, time.perf_counter() - began)


def print_gain(way: str, routed: Routed, rarest: np.ndarray, seconds: float) -> None:
    from routing import gains, intervals

    evidence = gains.read(routed.campaign)
    carried = evidence.positive[:, rarest].sum(axis=1, keepdims=True)
    chance = consensus(routed.picks)[:, rarest].sum(axis=1).mean() / RATERS
    exploit, rest = evidence.shares[:, 0], evidence.shares[:, :-1].sum(axis=1)
    even = evidence.shares[:, -1]
    for name, part in ((way, rest), ("  its exploit share", exploit)):
        parts = np.array([part, even])
        counts, bases = parts @ carried, parts @ evidence.raters
        found = intervals.ratio(counts, parts**2 @ carried, bases)
        rates = 1000 * counts[:, 0] / bases
        print(
            f"  {name:34}{rates[0]:8.2f}{rates[1]:11.2f}{found.value[0]:11.2f} "
            f"[{found.low[0]:.2f}, {found.high[0]:.2f}]{rates[0] / (1000 * chance):15.2f}"
            f"{f'   {seconds:,.0f} s' if part is rest else ''}"
        )


def coverage(world: World, arguments: argparse.Namespace) -> None:
    """How often the truth lies in the interval, over seeded campaigns with smaller pools."""
    pool = min(arguments.pool, len(world.texts))
    strategy, options, importance = WAYS[COVERED]
    rounds, budget = 10, pool // 60
    held, held_by_top = [], []
    for run in range(arguments.runs):
        rng = np.random.default_rng([arguments.seed, 2, run])
        some = np.sort(rng.choice(len(world.texts), pool, replace=False))
        routed = Routed(world, f"run-{run}", some, rng)
        routed.plan(world, importance, **options)
        for round in range(rounds):
            routed.run(strategy, budget, 1000 * run + round)
        positive = consensus(routed.picks)
        held.append(inside(weighted(routed), positive))
        held_by_top.append(inside(top_scores(world, some, positive, rounds, budget, rng), positive))
    print(
        f"\n{arguments.runs} campaigns of {pool:,} posts, {rounds} rounds of {budget}; 95 % "
        f"intervals that hold the prevalence in the pool, of {len(world.affects)} affects"
    )
    print(f"  {'':20}{'all':>7}{'rarest':>9}{'worst affect':>15}{'affects at 90 %':>18}")
    print_held("routed, weighted", np.array(held), world.rarest)
    print_held("top scores, as judged", np.array(held_by_top), world.rarest)


def weighted(routed: Routed):
    from routing import gains, intervals

    evidence = gains.read(routed.campaign)
    return intervals.prevalence(evidence.draws, evidence.positive, evidence.known)


def top_scores(
    world: World,
    some: np.ndarray,
    positive: np.ndarray,
    rounds: int,
    budget: int,
    rng: np.random.Generator,
):
    """What the judged posts say as they are, where each round takes what scores best."""
    from routing import heads, intervals, rules

    texts = np.array([world.texts[n] for n in some], object)
    screens = rules.screening(world.affects, ["neutral"] * len(world.affects))
    importance = np.where(screens, 0.0, 1.0)
    importance[world.rarest] = WAYS[COVERED][2]
    judged = rng.permutation(len(some))[:budget]
    for _ in range(rounds - 1):
        left = np.setdiff1d(np.arange(len(some)), judged)
        alike = np.ones(len(judged))
        found, reports = heads.learn(
            texts[judged], positive[judged], alike, tuple(world.affects), rng
        )
        known = [n for n, report in enumerate(reports) if report.trained]
        logits = found.logits(texts[left])
        prevalence = np.array([reports[n].prevalence for n in known])
        scores = heads.probability(logits + heads.calibration(logits, prevalence))
        focused = rules.strategy("focused")
        values = focused.values(importance[known], positive[judged][:, known].sum(axis=0))
        wanted = focused.exploit(scores, values, screens[known], focused.temperature)
        judged = np.concatenate([judged, left[np.argsort(-wanted)[:budget]]])
    return intervals.share(positive[judged].mean(axis=0), np.array([len(judged)]))


def inside(found, positive: np.ndarray) -> np.ndarray:
    """bool[A]"""
    truth = positive.mean(axis=0)
    return (found.low <= truth) & (truth <= found.high)


def print_held(name: str, held: np.ndarray, rarest: np.ndarray) -> None:
    each = held.mean(axis=0)
    print(
        f"  {name:22}{held.mean():5.3f}{held[:, rarest].mean():9.3f}{each.min():15.3f}"
        f"{(each >= 0.9).sum():18}"
    )


if __name__ == "__main__":
    main()
