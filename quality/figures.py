"""Every figure of a campaign's raters in plain dicts, ready to be shown, printed or stored."""

from dataclasses import dataclass

import numpy as np

from agreement.report import plain
from quality import measures
from quality.measures import WithOthers
from quality.rules import reasons

#: Figures for which it is said how far a rater lies from the middle one.
COMPARED = ("agreement", "favourite_share", "seconds", "fast_share", "picks")
#: Figures of which the crowd has the middle rater's.
MIDDLE = (*COMPARED, "longest_run")


@dataclass(frozen=True, eq=False)
class Work:
    """J judgements of R raters, gold among them, in the order in which they came in.

    ids      int64[R]    the raters, rising; some may have no judgement
    rater    int64[J]    each judgement's rater, as a position in `ids`
    picks    int64[J]    bit masks
    seconds  float64[J]  active seconds; NaN where nobody measured them
    gold     int8[J]     1 right, 0 wrong, -1 no gold
    made     int64[J]    when, in microseconds since the epoch
    recent   bool[J]     judged in the last weeks
    """

    ids: np.ndarray
    rater: np.ndarray
    picks: np.ndarray
    seconds: np.ndarray
    gold: np.ndarray
    made: np.ndarray
    recent: np.ndarray

    @property
    def timed(self) -> np.ndarray:
        """bool[J]: whether somebody measured the time."""
        return ~np.isnan(self.seconds)


def of_raters(work: Work, shared: WithOthers, fast_below: float) -> dict[int, dict]:
    """rater id → the rater's own figures; undefined ones are None.

    shared      from the judgements that agreement compares: gold is left out
    fast_below  seconds, as `measures.fast_below` has them of the whole campaign

    judgements, timed    how many, and of how many the time was measured
    gold_n, gold_right, gold_share, gold_interval  answers to gold, and the 95 % interval
    agreement, agreement_posts, undefined          as in `measures.WithOthers`
    bias                 option → picks a judgement more or less than the others'
    most_biased, strongest_bias    the option of which the bias is strongest, and that bias
    favourite_share, longest_run, seconds, fast_share, picks    as in `measures`
    drift_seconds, drift_picks     `measures.drift` of the last weeks' time and number of picks
    """
    raters = len(work.ids)
    columns = _own(work, raters, fast_below) | _gold(work, raters) | _drift(work, raters)
    columns = {name: plain(column) for name, column in (columns | _shared(work, shared)).items()}
    bias = columns.pop("bias")
    return {
        rater: {
            **{name: column[position] for name, column in columns.items()},
            **_bias(dict(zip(shared.options, bias[position], strict=True))),
        }
        for position, rater in enumerate(work.ids.tolist())
    }


def of_crowd(raters: dict[int, dict], fast_below: float) -> dict:
    """What single raters are compared with: the middle rater's figures, and gold over all."""
    found = [rater for rater in raters.values() if rater["judgements"]]
    right, n = (sum(rater[name] for rater in found) for name in ("gold_right", "gold_n"))
    return {
        "raters": len(found),
        "judgements": sum(rater["judgements"] for rater in found),
        "gold_n": n,
        "gold_share": right / n if n else None,
        "fast_below": fast_below,
        **{name: _middle([rater[name] for rater in found]) for name in MIDDLE},
    }


def compare(raters: dict[int, dict], crowd: dict) -> None:
    """Gives each rater `z`, the distance from the middle one, and `look`, why to have one."""
    scores = {
        name: plain(measures.robust_z(np.array([rater[name] for rater in raters.values()], float)))
        for name in COMPARED
    }
    for position, rater in enumerate(raters.values()):
        rater["z"] = {name: scores[name][position] for name in COMPARED}
        rater["look"] = reasons(rater, crowd)


def _own(work: Work, raters: int, fast_below: float) -> dict[str, np.ndarray]:
    rater, seconds = work.rater[work.timed], work.seconds[work.timed]
    return {
        "judgements": np.bincount(work.rater, minlength=raters),
        "timed": np.bincount(rater, minlength=raters),
        "seconds": measures.medians(rater, seconds, raters),
        "fast_share": measures.share(rater, seconds < fast_below, raters),
        "favourite_share": measures.favourite_share(work.rater, work.picks, raters),
        "longest_run": measures.longest_run(work.rater, work.picks, raters),
        "picks": measures.share(work.rater, np.bitwise_count(work.picks), raters),
    }


def _gold(work: Work, raters: int) -> dict[str, np.ndarray]:
    answered = work.gold >= 0
    n = np.bincount(work.rater[answered], minlength=raters)
    right = np.bincount(work.rater[work.gold == 1], minlength=raters)
    return {
        "gold_n": n,
        "gold_right": right,
        "gold_share": right / np.where(n > 0, n, np.nan),
        "gold_interval": np.column_stack(measures.wilson(right, n)),
    }


def _drift(work: Work, raters: int) -> dict[str, np.ndarray]:
    """Of the time as its logarithm: twice as quick is as far as twice as slow."""
    timed = work.timed & (work.seconds > 0)
    rater, recent = work.rater[timed], work.recent[timed]
    picks = np.bitwise_count(work.picks).astype(float)
    return {
        "drift_seconds": measures.drift(rater, np.log(work.seconds[timed]), recent, raters),
        "drift_picks": measures.drift(work.rater, picks, work.recent, raters),
    }


def _bias(bias: dict[str, float | None]) -> dict:
    known = {option: value for option, value in bias.items() if value is not None}
    most = max(known, key=lambda option: abs(known[option]), default=None)
    return {"bias": bias, "most_biased": most, "strongest_bias": known.get(most)}


def _shared(work: Work, found: WithOthers) -> dict[str, np.ndarray]:
    """What raters share with others, at the places of `work.ids`; some share nothing."""
    place = np.searchsorted(work.ids, found.raters)
    known = np.flatnonzero(np.isin(found.raters, work.ids))
    nothing = found.affects
    return {
        "agreement": _placed(found.agreement, known, place, len(work.ids), np.nan),
        "agreement_posts": _placed(found.posts, known, place, len(work.ids), 0),
        "undefined": _placed(found.undefined, known, place, len(work.ids), nothing),
        "bias": _placed(found.bias.T, known, place, len(work.ids), np.nan),
    }


def _placed(
    values: np.ndarray, known: np.ndarray, place: np.ndarray, raters: int, nothing: float
) -> np.ndarray:
    placed = np.full((raters, *values.shape[1:]), nothing, values.dtype)
    placed[place[known]] = values[known]
    return placed


def _middle(values: list[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return float(np.median(defined)) if defined else None
