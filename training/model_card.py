"""Figures as text: the table that a run prints, and the card inside its bundle."""

from collections.abc import Mapping, Sequence

#: heading, predictor, figure
COLUMNS = (
    ("AUC", "two_tower", "roc_auc"),
    ("linear", "linear", "roc_auc"),
    ("AP", "two_tower", "average_precision"),
    ("linear", "linear", "average_precision"),
    ("chance", "two_tower", "prevalence"),
    ("F1", "two_tower", "f1"),
    ("linear", "linear", "f1"),
    ("chance", "prevalence", "f1"),
    ("Brier", "two_tower", "brier"),
    ("ECE", "two_tower", "ece"),
)
KINDS = {
    "posts": "What raters say of posts",
    "people": "Labels that became a person's by a like or a love",
    "engagement": "What people did",
}


def figures_table(tables: Mapping[str, Mapping]) -> str:
    """One kind's figures as Markdown: a row per task, then the mean; * marks what is not averaged.

    `tables` has one table each for two_tower, linear and prevalence.
    """
    heading = ["", "n+", *(name for name, _, _ in COLUMNS)]
    tasks = tables["two_tower"]["tasks"]
    lines = [
        [key + ("" if figures["averaged"] else " *"), str(figures["positives"])]
        + [shown(tables[source]["tasks"][key][figure]) for _, source, figure in COLUMNS]
        for key, figures in tasks.items()
    ]
    mean = [shown(tables[source]["macro"][figure]) for _, source, figure in COLUMNS]
    micro = [
        shown(tables[source]["macro"]["micro_f1"]) if figure == "f1" else ""
        for _, source, figure in COLUMNS
    ]
    count = tables["two_tower"]["macro"]["tasks"]
    return markdown(heading, [*lines, [f"mean of {count}", "", *mean], ["micro F1", "", *micro]])


def markdown(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Aligned columns, the first to the left."""
    rule = ["-" * 3] + ["-" * 2 + ":"] * (len(heading) - 1)
    rows = [heading, rule, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in rows
    )


def shown(value: float | None) -> str:
    """Three decimals; a dash for what is undefined."""
    return "–" if value is None else f"{value:.3f}"


def all_tables(metrics: Mapping) -> str:
    """The tables of every kind of row that the test split has."""
    return "\n\n".join(
        f"### {KINDS[kind]}\n\n{figures_table(tables)}{as_judged(tables)}"
        for kind, tables in metrics["test"].items()
    )


def as_judged(tables: Mapping[str, Mapping]) -> str:
    """The same table without weights, where routing chose the posts; otherwise nothing."""
    raw = {name: table["as_judged"] for name, table in tables.items() if "as_judged" in table}
    return f"\n\nAs judged, without weights:\n\n{figures_table(raw)}" if raw else ""


def write_card(config: Mapping, classes: Sequence[Mapping], metrics: Mapping) -> str:
    """The bundle's `MODEL_CARD.md`."""
    snapshot, taxonomy = config["snapshot"], config["taxonomy"]
    left_out = [
        f"{entry['task']['key']} ({entry['positives']}+, {entry['negatives']}-)"
        for entry in classes
        if not entry["enabled"]
    ]
    return f"""# Affects of posts: recipe {config["recipe"]["name"]}

Given a post, and perhaps who sees it, the model says how likely each affect or act is. Its content
tower turns a post into {config["shape"]["content"]["embedding"]} numbers for other models to use.

- Trained on snapshot {snapshot["name"]} of campaign {snapshot["campaign"]}, sha256
  {snapshot["sha256"]}
- Taxonomy {taxonomy["key"]}, version {taxonomy["version"]}; figures are measured against the rule
  `{snapshot["primary_rule"]}`
- Left out for want of labels: {", ".join(left_out) or "nothing"}

## Figures on the test split

AUC, AP, F1, Brier and ECE are the two-tower's; *linear* is TF-IDF with logistic regression on the
same split, *chance* knows only how common an affect is. F1 uses the threshold that was best on the
validation split. Tasks marked * have too few test positives to be averaged. Each post weighs what it
stands for in its campaign.

{all_tables(metrics)}

## Limits

The model repeats what these raters said of these posts: it does not know what a particular reader
feels. Its words are those of the snapshot's language. Do not use it to decide about people.
"""
