"""The figures of a file, from its answers in memory: seconds after it came, while it is stored."""

from agreement.queries import FEW_JUDGEMENTS
from agreement.report import compute
from agreement.table import Judgements
from analysis.answers import Answers
from analysis.names import keys_of

#: What is told of a file first.
HEADLINE = ("judgements", "posts", "raters", "interrater", "set_alpha")


def of_file(answers: Answers, *, campaign: str) -> dict:
    """As `agreement --json` has them once a new campaign holds just these answers."""
    table = Judgements(answers.posts, answers.raters, answers.picks, tuple(keys_of(answers.labels)))
    return {"campaign": campaign, **compute(table)}


def headline(answers: Answers) -> dict:
    """Counts and the two figures over all labels; empty where storing takes no time to speak of."""
    if len(answers.rows) < FEW_JUDGEMENTS:
        return {}
    figures = of_file(answers, campaign="")
    return {name: figures[name] for name in HEADLINE}
