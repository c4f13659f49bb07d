"""The dataset card: what a snapshot holds, for whoever finds the folder without its makers."""

from django.template.loader import render_to_string

from annotation.models import Campaign

TABLES = {
    "posts": "what was shown: a row for each post",
    "judgements": "what raters said: a row for each post and rater",
    "labels": "votes and consensus: a row for each judged post and affect",
    "signals": "what people of the platform did with the posts: a row for each act",
    "people": "those people: a row for each",
    "personal_rows": "labels carried over to the people who liked or loved a post",
}


def text(campaign: Campaign, manifest: dict) -> str:
    """The card in Markdown, with the lines by which Hugging Face `datasets` finds the tables."""
    counts = manifest["counts"]
    context = {
        **manifest,
        "title": campaign.name,
        "question": campaign.question,
        "tables": [(name, what, counts[name]) for name, what in TABLES.items()],
        "splits": [
            (name, share, counts["splits"][name])
            for name, share in manifest["split"]["shares"].items()
        ],
        "positives": positives_by_affect(counts["positives"]),
        "corrected": corrected(manifest["prevalence"]),
    }
    return render_to_string("snapshots/README.md", context)


def corrected(prevalence: dict[str, dict[str, dict[str, float]]]) -> list[tuple[str, list[dict]]]:
    """Rows of affect and shares by rule, where weights change any of them; else nothing.

    >>> corrected({"votes>=1": {"sad": {"judged": 0.5, "corrected": 0.2}}})
    [('sad', [{'judged': 0.5, 'corrected': 0.2}])]
    """
    cells = [cell for found in prevalence.values() for cell in found.values()]
    if all(cell["judged"] == cell["corrected"] for cell in cells):
        return []
    return positives_by_affect(prevalence)


def positives_by_affect(positives: dict[str, dict[str, int]]) -> list[tuple[str, list[int]]]:
    """Turns rule → affect → posts into rows of affect and posts by rule.

    >>> positives_by_affect({"votes>=1": {"sad": 9}, "votes>=3": {"sad": 4}})
    [('sad', [9, 4])]
    """
    affects = next(iter(positives.values()), {})
    return [(affect, [found[affect] for found in positives.values()]) for affect in affects]
