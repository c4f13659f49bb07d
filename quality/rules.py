"""Who deserves a look, and why: pure. A word to an admin, never a punishment."""

from quality.measures import wilson

#: Fewer answers, or judgements, than these say nothing about a rater.
FEWEST_GOLD, FEWEST_JUDGEMENTS = 5, 20
#: Standard errors of the interval that must lie below the crowd's gold accuracy: of 348 raters as
#: good as all others, a 95 % interval would point at nine.
SURE = 3.29
#: Robust spreads from the middle rater (see `measures.robust_z`).
OUTLIER = 3.5
#: Half of a rater's judgements: too many to be done in no time.
MOSTLY = 0.5
#: Spreads that the last weeks lie from those before: what Cohen calls large.
LARGE = 0.8
#: Figures that may drift, and how a rise and a fall of each are told.
DRIFTS = [
    ("drift_seconds", "slower", "quicker"),
    ("drift_picks", "more picks a judgement", "fewer picks a judgement"),
]
#: So often the same in a row, and so many times the middle rater's longest run.
LONG_RUN, TIMES_LONGER = 10, 3


def reasons(rater: dict, crowd: dict) -> list[str]:
    """What is odd about a rater's figures beside the crowd's, in a few words each.

    Both are as `figures.of_raters` and `figures.of_crowd` make them. Nothing is said on figures
    with little behind them.

    >>> ada = {"gold_n": 25, "gold_right": 10, "gold_share": 0.4, "judgements": 2}
    >>> reasons(ada, {"gold_share": 0.85})
    ['gold 40 % of 25, crowd 85 %']
    """
    found = [_gold(rater, crowd)]
    if rater["judgements"] >= FEWEST_JUDGEMENTS:
        found += [rule(rater, crowd) for rule in (_agreement, _favourite, _run, _speed)]
        found += [_drift(rater, *figure) for figure in DRIFTS]
    return [reason for reason in found if reason]


def _gold(rater: dict, crowd: dict) -> str | None:
    if rater["gold_n"] < FEWEST_GOLD:
        return None
    if wilson(rater["gold_right"], rater["gold_n"], SURE)[1] >= crowd["gold_share"]:
        return None
    shares = _percent(rater["gold_share"]), _percent(crowd["gold_share"])
    return f"gold {shares[0]} of {rater['gold_n']:,}, crowd {shares[1]}"


def _agreement(rater: dict, crowd: dict) -> str | None:
    z = rater["z"]["agreement"]
    if z is None or z > -OUTLIER or rater["agreement_posts"] < FEWEST_JUDGEMENTS:
        return None
    return f"agreement {rater['agreement']:.2f}, crowd {crowd['agreement']:.2f}"


def _favourite(rater: dict, crowd: dict) -> str | None:
    z, usual = rater["z"]["favourite_share"], crowd["favourite_share"]
    # A crowd of one mind has a tiny spread: then half-way from its share to always is odd.
    if z is None or z < OUTLIER or rater["favourite_share"] < min(2 * usual, (1 + usual) / 2):
        return None
    shares = _percent(rater["favourite_share"]), _percent(usual)
    return f"the same picks in {shares[0]} of {rater['judgements']:,}, crowd {shares[1]}"


def _run(rater: dict, crowd: dict) -> str | None:
    run, usual = rater["longest_run"], crowd["longest_run"]
    if run < max(LONG_RUN, TIMES_LONGER * usual):
        return None
    return f"{run:,} times the same in a row, crowd {usual:.0f}"


def _speed(rater: dict, crowd: dict) -> str | None:
    too_fast = rater["fast_share"]
    if too_fast is None or too_fast < MOSTLY or rater["timed"] < FEWEST_JUDGEMENTS:
        return None
    part = f"{_percent(too_fast)} of {rater['timed']:,}"
    return f"{part} under {crowd['fast_below']:.1f} s, crowd {_percent(crowd['fast_share'])}"


def _drift(rater: dict, name: str, rise: str, fall: str) -> str | None:
    drift = rater[name]
    if drift is None or abs(drift) < LARGE:
        return None
    return f"{rise if drift > 0 else fall} in the last four weeks, by {abs(drift):.1f} spreads"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
