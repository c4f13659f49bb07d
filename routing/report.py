"""What routing gained, as lines for a terminal."""

from collections.abc import Iterator

from agreement.text import DASH, aligned, number
from routing.rules import COMPONENTS


def lines(gains: dict) -> Iterator[str]:
    """The whole of `gains.report`: yields, prevalence, worth of the weights, curve, advice."""
    if not gains["rounds_done"]:
        yield "No round is done yet."
        return
    weights = gains["weights"]
    yield (
        f"{gains['rounds_done']} rounds in '{gains['campaign']}'; {gains['judged']:,} of their posts are "
        f"judged. Weighted, the {weights['posts']:,} judged posts are worth "
        f"{weights['worth']:,.0f} evenly drawn ones."
    )
    yield ""
    yield "Positives per 1,000 judgements, in rounds that had heads [95 %]; carriers of all posts:"
    yield from aligned([_HEAD, *_affects(gains), _judgements(gains)])
    yield ""
    yield from _curve(gains["curve"])
    yield gains["advice"]["why"]
    yield ""


def of_round(found: dict) -> list[str]:
    """One round's report, `yields.report`: positives per 1,000 judgements by component."""
    head = (
        f"Round {found['round']} ({found['strategy']}): {found['judged']} of {found['drawn']} "
        "drawn posts judged. Positives per 1,000 judgements:"
    )
    columns = (*COMPONENTS, "ratio")
    rows = [
        [f"  {key}", *(number(row[name], 1) for name in columns)]
        for key, row in found["affects"].items()
    ]
    behind = ["  judgements", *(number(found["judgements"][name], 1) for name in COMPONENTS), ""]
    return [head, *aligned([["  affect", *columns], *rows, behind]), ""]


_HEAD = ["affect", "posts", "routed", "uniform", "ratio", "as judged", "in the campaign"]


def _affects(gains: dict) -> Iterator[list[str]]:
    for key, row in gains["affects"].items():
        carried = gains["prevalence"][key]
        yield [
            key,
            f"{row['posts']:,}",
            *(with_interval(row[name], 1) for name in ("routed", "uniform", "ratio")),
            percent(carried["raw"]),
            _percents(carried["corrected"]),
        ]


def _judgements(gains: dict) -> list[str]:
    behind = gains["judgements"]
    return ["judgements", "", f"{behind['routed']:,.0f}", f"{behind['uniform']:,.0f}", "", "", ""]


def _curve(curve: dict) -> Iterator[str]:
    if not curve["rounds"]:
        return
    yield f"Heads on the check ({curve['rounds'][-1]['posts']:,} posts that none learnt from):"
    yield from aligned(
        [
            ["round", "learnt from", "mean average precision"],
            *(
                [str(each["round"]), f"{each['learnt_from']:,}", number(each["macro"])]
                for each in curve["rounds"]
            ),
        ]
    )
    yield ""


def with_interval(figure: dict, places: int) -> str:
    """The figure with the ends of its interval, or a dash where it is undefined."""
    if figure["value"] is None:
        return DASH
    value, low, high = (number(figure[name], places) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.2f} %"


def _percents(figure: dict) -> str:
    if figure["value"] is None:
        return DASH
    low, high = (f"{100 * figure[name]:.2f}" for name in ("low", "high"))
    return f"{percent(figure['value'])} [{low}, {high}]"
