"""Two reports side by side: figures, and how far they lie apart."""

from math import hypot

FIGURES = ("interrater", "set_alpha")
OF_AFFECT = ("interrater", "alpha", "support", "prevalence")
COUNTS = ("posts", "judgements", "raters")


def between(older: dict, newer: dict, *, is_apart: bool = False) -> dict:
    """What changes from one report's figures to the other's.

    is_apart  the two rest on different judgements, so that a difference has an interval where both
              figures have

    Each figure is a dict of `older`, `newer`, `difference`, and `interval`; an affect that only one
    of the two knows (`other`) has None on the other side.
    """
    keys = [*older["affects"], *(key for key in newer["affects"] if key not in older["affects"])]
    return {
        "counts": {name: _apart(older, newer, name) for name in COUNTS},
        "figures": {name: _apart(older, newer, name, is_apart) for name in FIGURES},
        "affects": {
            key: {
                name: _apart(
                    older["affects"].get(key, {}), newer["affects"].get(key, {}), name, is_apart
                )
                for name in OF_AFFECT
            }
            for key in keys
        },
    }


def difference_interval(
    older: float, of_older: list[float], newer: float, of_newer: list[float]
) -> list[float]:
    """The interval of newer - older, from the intervals of two independent figures: each end is as
    far away as the two figures' own ends, squared and added (Zou and Donner 2008, "Construction of
    confidence limits about effect measures"), which keeps what is lopsided lopsided.

    >>> difference_interval(0.5, [0.46, 0.53], 0.6, [0.56, 0.63])
    [0.05, 0.15]
    """
    difference = newer - older
    low = difference - hypot(newer - of_newer[0], of_older[1] - older)
    high = difference + hypot(of_newer[1] - newer, older - of_older[0])
    return [round(low, 12), round(high, 12)]


def _apart(older: dict, newer: dict, name: str, is_apart: bool = False) -> dict:
    was, now = older.get(name), newer.get(name)
    if was is None or now is None:
        return {"older": was, "newer": now, "difference": None, "interval": None}
    ends = [figures.get(f"{name}_interval") for figures in (older, newer)]
    has_interval = is_apart and all(each and None not in each for each in ends)
    interval = difference_interval(was, ends[0], now, ends[1]) if has_interval else None
    return {"older": was, "newer": now, "difference": now - was, "interval": interval}
