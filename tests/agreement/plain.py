"""The definitions, read aloud: slow loops over judgements that the fast measures must equal.

A crowd is a dict {post: {rater: set of options}}. Nothing here shares a line with the measures;
fractions are exact, so that "no variance" means just that.
"""

from collections import Counter
from fractions import Fraction
from itertools import permutations, product
from math import exp, log, nan, sqrt


def shared(crowd):
    return {post: answers for post, answers in crowd.items() if len(answers) >= 2}


def mean(values):
    return sum(values) / len(values) if values else nan


def pearson(xs, ys):
    """None where it is undefined."""
    mx, my = mean([Fraction(x) for x in xs]), mean([Fraction(y) for y in ys])
    sxx = sum((x - mx) ** 2 for x in xs)
    syy = sum((y - my) ** 2 for y in ys)
    if len(xs) < 2 or sxx == 0 or syy == 0:
        return None
    return float(sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))) / sqrt(sxx * syy)


def average_ranks(values):
    return [
        Fraction(sum(w < v for w in values) * 2 + sum(w == v for w in values) + 1, 2)
        for v in values
    ]


def rater_correlations(crowd, option, correlation="pearson", min_posts=2):
    """{rater: correlation or None} over the posts judged together with someone."""
    pairs = {}
    for answers in shared(crowd).values():
        for rater, picks in answers.items():
            others = [option in answers[other] for other in answers if other != rater]
            pairs.setdefault(rater, []).append(
                (int(option in picks), Fraction(sum(others), len(others)))
            )
    found = {}
    for rater, seen in pairs.items():
        xs, ys = zip(*seen, strict=True)
        if correlation == "spearman":
            xs, ys = average_ranks(xs), average_ranks(ys)
        found[rater] = pearson(xs, ys) if len(seen) >= min_posts else None
    return found


def interrater(crowd, option, correlation="pearson", undefined="exclude", min_posts=2):
    """(value, raters behind it, raters left out)"""
    found = list(rater_correlations(crowd, option, correlation, min_posts).values())
    kept = [value for value in found if value is not None]
    left_out = len(found) - len(kept)
    zeros = [0] * left_out if undefined == "zero" else []
    return mean(kept + zeros), len(kept), left_out


def alpha(crowd, distance, value):
    """Krippendorff's alpha of value(picks) under a distance; NaN without variation."""
    units = [[value(picks) for picks in answers.values()] for answers in shared(crowd).values()]
    everything = [v for unit in units for v in unit]
    n = len(everything)
    observed = sum(sum(distance(a, b) for a, b in permutations(u, 2)) / (len(u) - 1) for u in units)
    often = Counter(everything).items()
    expected = sum(j * k * distance(a, b) for (a, j), (b, k) in product(often, often))
    return 1 - observed / n / (expected / (n * (n - 1))) if expected else nan


def differ(a, b):
    return int(a != b)


def nominal_alpha(crowd, option):
    return alpha(crowd, differ, lambda picks: option in picks)


def masi(a, b):
    if a == b:
        return 0
    shares = Fraction(len(a & b), len(a | b))
    part = Fraction(2, 3) if a <= b or b <= a else Fraction(1, 3)
    return float(1 - shares * part)


def set_alpha(crowd):
    return alpha(crowd, masi, frozenset)


def co_occurrence(crowd, options, over):
    """Pearson between options, over "judgements" or "post_means"; NaN where undefined."""
    rows = []
    for answers in shared(crowd).values():
        picked = [[int(option in picks) for option in options] for picks in answers.values()]
        if over == "judgements":
            rows += picked
        else:
            rows.append(
                [Fraction(sum(column), len(picked)) for column in zip(*picked, strict=True)]
            )
    columns = list(zip(*rows, strict=True)) or [()] * len(options)
    table = [[pearson(a, b) for b in columns] for a in columns]
    return [[nan if value is None else value for value in row] for row in table]


def joint_counts(crowd, options):
    judgements = [picks for answers in shared(crowd).values() for picks in answers.values()]
    return [[sum({a, b} <= set(picks) for picks in judgements) for b in options] for a in options]


def indicators(crowd, option):
    """For each post its 0s and 1s."""
    posts = shared(crowd).values()
    return [[int(option in picks) for picks in answers.values()] for answers in posts]


def votes(crowd, option):
    return [sum(picked) for picked in indicators(crowd, option)]


def support(crowd, option):
    return mean([n for n in votes(crowd, option) if n])


def posts_with(crowd, option, at_least):
    return sum(n >= at_least for n in votes(crowd, option))


def dawid_skene(crowd, option, steps):
    """({post: posterior}, prior, {(rater, picked, truth): probability}) after so many steps."""
    least = 2**-52
    posterior = {post: mean([option in p for p in a.values()]) for post, a in crowd.items()}
    for _ in range(steps):
        prior, coins = _most_likely(crowd, option, posterior, least)
        for post, answers in crowd.items():
            weight = [log(prior[truth]) for truth in (0, 1)]
            for rater, picks in answers.items():
                for truth in (0, 1):
                    weight[truth] += log(coins[rater, option in picks, truth])
            posterior[post] = 1 / (1 + exp(min(weight[0] - weight[1], 700)))
    return posterior, *_most_likely(crowd, option, posterior, least)


def _most_likely(crowd, option, posterior, least):
    prior = [max(1 - mean(list(posterior.values())), least)]
    prior.append(max(mean(list(posterior.values())), least))
    raters = {rater for answers in crowd.values() for rater in answers}
    counts = {(r, picked, truth): 0.0 for r in raters for picked in (0, 1) for truth in (0, 1)}
    for post, answers in crowd.items():
        for rater, picks in answers.items():
            counts[rater, option in picks, 0] += 1 - posterior[post]
            counts[rater, option in picks, 1] += posterior[post]
    counts = {cell: max(count, least) for cell, count in counts.items()}
    return prior, {
        (r, picked, truth): count / (counts[r, 0, truth] + counts[r, 1, truth])
        for (r, picked, truth), count in counts.items()
    }


def log_likelihood(crowd, option, prior, coins):
    """Of the picks, the truths being unknown: one prior for each post."""
    found = 0.0
    for answers in crowd.values():
        weight = list(prior)
        for rater, picks in answers.items():
            for truth in (0, 1):
                weight[truth] *= coins[rater, option in picks, truth]
        found += log(sum(weight))
    return found
