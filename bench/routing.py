"""What routing gains, what its weights put right, and how long a round takes.

    python -m bench.routing                                       synthetic posts
    python -m bench.routing --texts posts.tsv.gz --affects names.txt

Campaigns over the same posts are judged by the same simulated crowd, one for each strategy, the
same number of posts round by round. Printed are

- the positives per 1,000 judgements of the rarest affects: of all judgements of each campaign, and
  of the exploit share beside the uniform share of the same rounds (those that had heads);
- the prevalence of all affects, as the raw judgements, 1 / propensity and the weights say it;
- the seconds of a round over a large pool.

A file of texts has one post a line: the text, a tab, and the numbers of its affects with commas
between them, which point into the lines of the other file.
"""

import argparse
import gzip
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

RATERS = 3
#: A rater sees an affect that is there, and one that is not.
HIT, FALSE_ALARM = 0.85, 0.005
RAREST = 5
ROUTED = ("mixed", "focused")
STRATEGIES = (*ROUTED, "uniform")
#: Prevalence of the synthetic affects: a few common ones, many rare.
PREVALENCE = (0.30, 0.15, 0.10, 0.08, 0.05, 0.03, 0.02, 0.015, 0.01, 0.008, 0.005, 0.003)
VOCABULARY, WORDS_PER_AFFECT, WORDS_PER_POST = 20_000, 30, 16


def main() -> None:
    arguments = parse()
    with tempfile.TemporaryDirectory(prefix="pathos-bench-") as home:
        os.environ["PATHOS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        gain(arguments)
        if arguments.large:
            large_pool(arguments)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--budget", type=int, default=500, help="posts a round draws")
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--large", type=int, default=100_000, help="posts of the timed round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--affects", type=Path)
    return parser.parse_args()


def gain(arguments: argparse.Namespace) -> None:
    rng = np.random.default_rng(arguments.seed)
    texts, truth, affects = content(arguments, rng)
    picks = crowd(truth, rng)
    taxonomy = make_taxonomy(affects)
    posts = make_posts(texts)
    campaigns = {name: make_campaign(name, taxonomy, posts) for name in STRATEGIES}
    for campaign in campaigns.values():
        plan(campaign, arguments.temperature)
    for number in range(arguments.rounds):
        for strategy, campaign in campaigns.items():
            run(campaign, strategy, arguments.budget, arguments.seed + number, picks)
    print(
        f"{len(texts):,} posts, {arguments.rounds} rounds of {arguments.budget}, {RATERS} raters a "
        f"post, temperature {arguments.temperature}"
    )
    print_yields(campaigns, affects, truth)
    for name in ROUTED:
        print_prevalence(campaigns[name], affects, picks)


def content(
    arguments: argparse.Namespace, rng: np.random.Generator
) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts, truth bool[N, A], and the affects' keys."""
    if arguments.texts:
        return read(arguments.texts, arguments.affects)
    return synthetic(arguments.posts, rng)


def read(texts: Path, names: Path) -> tuple[list[str], np.ndarray, list[str]]:
    affects = names.read_text(encoding="utf-8").split()
    opened = gzip.open if texts.suffix == ".gz" else open
    with opened(texts, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t")[:2] for line in file]
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


def make_taxonomy(affects: list[str]):
    from taxonomy import files, taxonomies

    raw = {"key": "bench", "version": 1, "question": "How might someone feel?", "min_picks": 0}
    listed = [{"key": key} for key in affects]
    return taxonomies.load(file=files.parse({**raw, "affects": listed}))[0]


def make_posts(texts: list[str], prefix: str = "p") -> list:
    from annotation.models import Post

    return Post.objects.bulk_create(
        (
            Post(key=f"{prefix}{number}", body=text, content_hash=b"")
            for number, text in enumerate(texts)
        ),
        batch_size=5000,
    )


def make_campaign(slug: str, taxonomy, posts: list):
    from annotation import campaigns
    from annotation.models import CampaignPost

    campaign = campaigns.create(
        slug=slug, taxonomy=taxonomy, raters_per_post=RATERS, any_number_of_picks=True
    )
    CampaignPost.objects.bulk_create(
        (CampaignPost(campaign=campaign, post=post, wanted=RATERS) for post in posts),
        batch_size=5000,
    )
    return campaign


def plan(campaign, temperature: float) -> None:
    from routing.models import Plan

    Plan.objects.create(campaign=campaign, temperature=temperature)


def run(campaign, strategy: str, budget: int, seed: int, picks: np.ndarray) -> None:
    """A round, and every post it drew judged by all raters."""
    from annotation.models import CampaignPost, Judgement, Rater
    from routing import rounds

    round = rounds.run(campaign=campaign, strategy=strategy, budget=budget, seed=seed)
    raters = [Rater.objects.get_or_create(key=f"rater{n}")[0] for n in range(RATERS)]
    drawn = CampaignPost.objects.filter(selections__round=round).select_related("post")
    Judgement.objects.bulk_create(judgements_of(campaign, drawn, raters, picks), batch_size=5000)
    drawn.update(judged=RATERS, reserved=RATERS)


def judgements_of(campaign, drawn, raters: list, picks: np.ndarray) -> Iterator:
    from django.utils import timezone

    from annotation.models import Judgement

    bits = 1 << np.arange(picks.shape[2], dtype=np.int64)
    for place in drawn:
        number = int(place.post.key[1:])
        for rater, mask in zip(raters, (picks[number] @ bits).tolist(), strict=True):
            yield Judgement(
                campaign=campaign,
                campaign_post=place,
                rater=rater,
                picks=mask,
                frame="universal",
                judged_at=timezone.now(),
            )


def print_yields(campaigns: dict, affects: list[str], truth: np.ndarray) -> None:
    """Positives per 1,000 judgements of the rarest affects, and what that is by chance."""
    rarest = np.argsort(truth.mean(axis=0))[:RAREST]
    chance = found_by(campaigns["uniform"])["all"][rarest]
    print(f"\npositives per 1,000 judgements: {', '.join(affects[n] for n in rarest)}")
    print_row("uniform", chance, None)
    for name in ROUTED:
        found = found_by(campaigns[name])
        exploit, _, _, even = found["parts"][:, rarest]
        print_row(name, found["all"][rarest], chance)
        print_row("  its exploit share", exploit, even)
        print_row("  its uniform share", even, None)


def found_by(campaign) -> dict[str, np.ndarray]:
    """`all` float[A] of all rounds, `parts` float[4, A] of those that had heads."""
    from routing import yields

    keys = campaign.taxonomy.keys
    rounds = list(campaign.rounds.order_by("id"))
    outcomes = [yields.outcome(round, keys) for round in rounds]
    _, raters, positive = together(outcomes)
    parts, _ = yields.per_thousand(*together(outcomes[1:]))
    return {"all": 1000 * positive.sum(axis=0) / raters.sum(), "parts": parts}


def together(outcomes: list[tuple]) -> tuple:
    return tuple(np.concatenate(part) for part in zip(*outcomes, strict=True))


def print_row(name: str, figures: np.ndarray, beside: np.ndarray | None) -> None:
    """The figures, their sum, and the ratio of the sums to what stands beside them."""
    ratio = "" if beside is None else f"   {figures.sum() / beside.sum():.2f} times"
    cells = "".join(f"{figure:8.2f}" for figure in figures)
    print(f"  {name:22}{cells}   together {figures.sum():7.2f}{ratio}")


def print_prevalence(campaign, affects: list[str], picks: np.ndarray) -> None:
    """How far three estimates of every affect's prevalence are off, against asking everybody."""
    from annotation.models import CampaignPost
    from routing import queries

    positive = 2 * picks.sum(axis=1) > RATERS
    truth = positive.mean(axis=0)
    propensities, weights = queries.propensities(campaign), queries.weights(campaign)
    keys = dict(CampaignPost.objects.filter(id__in=weights).values_list("id", "post__key"))
    judged = positive[[int(keys[post][1:]) for post in weights]]
    ways = {
        "raw judgements": np.ones(len(judged)),
        "1 / propensity": 1 / np.array([propensities[post] for post in weights]),
        "weights": np.array(list(weights.values())),
    }
    print(f"\nprevalence by {campaign.slug}: sum over {len(affects)} affects, mean relative error")
    print(f"  {'everybody asked':24}{truth.sum():8.4f}")
    for name, weight in ways.items():
        estimate = weight @ judged / weight.sum()
        error = np.abs(estimate - truth) / truth
        print(f"  {name:24}{estimate.sum():8.4f}{error.mean():10.3f}")


def large_pool(arguments: argparse.Namespace) -> None:
    """One more round of the routed campaign, with many more posts in its pool."""
    from annotation.models import Campaign, CampaignPost
    from routing import rounds

    campaign = Campaign.objects.get(slug="focused")
    texts, _, _ = synthetic(arguments.large, np.random.default_rng(arguments.seed))
    CampaignPost.objects.bulk_create(
        (
            CampaignPost(campaign=campaign, post=post, wanted=RATERS)
            for post in make_posts(texts, "large")
        ),
        batch_size=5000,
    )
    began, used = time.perf_counter(), time.process_time()
    round = rounds.run(campaign=campaign, budget=arguments.budget, seed=arguments.seed)
    print(
        f"\na round over {round.pool_size:,} posts with {len(round.affects)} heads: "
        f"{time.perf_counter() - began:.1f} s ({time.process_time() - used:.1f} s in Python), "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )


if __name__ == "__main__":
    main()
