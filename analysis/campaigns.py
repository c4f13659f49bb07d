"""The verb that turns answers into a campaign for analysis only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Max

from agreement import live
from analysis import names
from analysis.answers import Answers
from analysis.errors import BadPlan
from annotation import campaigns, judgement_columns, posts
from annotation.judgement_columns import JudgementColumns
from annotation.models import Campaign
from lib.tables import Reject
from taxonomy import taxonomies
from taxonomy.models import Taxonomy


@dataclass(frozen=True)
class Brought:
    """What a file brought into its campaign, in the order to tell it."""

    campaign: Campaign
    posts: int
    judgements: int
    unchanged: int
    raters: int
    joined: int
    skipped: int

    @property
    def counts(self) -> dict[str, int]:
        return {name: count for name, count in vars(self).items() if name != "campaign"}


def bring(
    *,
    answers: Answers,
    name: str,
    reject: Callable[[Reject], None],
    keep_names: bool = False,
    told: Callable[[int], None] = lambda rows: None,
) -> Brought:
    """Puts the answers into the analysis called so, which is made if there is none.

    The same answers again change nothing, more of them are added; a label that the campaign was
    not made with is rejected. `told` hears how many answers were stored since it last heard.
    Raises BadPlan for the name of a campaign in which people judge.
    """
    campaign = check_name(name=name) or _make(name, names.slug_of(name), answers)
    prefix = f"{campaign.slug}/"
    added = posts.add_plain(
        campaign=campaign, posts=_posts(answers), reject=reject, id_prefix=prefix
    )
    columns = _columns(campaign, answers, reject, keep_names)
    done = judgement_columns.add(campaign=campaign, columns=columns, reject=reject, told=told)
    live.current(campaign=campaign)  # so that the first page needn't count all of them
    return Brought(
        campaign,
        added.added,
        done.added,
        done.unchanged,
        done.raters,
        answers.joined,
        answers.skipped,
    )


def check_name(*, name: str) -> Campaign | None:
    """The analysis called so, if there is one. Raises BadPlan when people judge in it."""
    slug = names.slug_of(name)
    campaign = Campaign.objects.select_related("taxonomy").filter(slug=slug).first()
    if campaign and not campaign.analysis_only:
        what = f"In the campaign '{slug}' people judge. Give the analysis another name."
        raise BadPlan(what, errors=[{"where": "name", "what": what}])
    return campaign


@transaction.atomic
def _make(name: str, slug: str, answers: Answers) -> Campaign:
    last = Taxonomy.objects.filter(key=slug).aggregate(last=Max("version"))["last"] or 0
    file = names.taxonomy_of(answers.labels, key=slug, version=last + 1)
    taxonomy, _ = taxonomies.load(file=file)
    return campaigns.create(
        slug=slug,
        name=name[:200],
        taxonomy=taxonomy,
        raters_per_post=1,  # each post comes to want as many as it has
        any_number_of_picks=True,
        analysis_only=True,
    )


def _posts(answers: Answers) -> Iterator[tuple[int, str, str]]:
    """(row, id, text) of each post; one that came without text shows its id."""
    used, first = np.unique(answers.posts, return_index=True)
    rows = answers.rows[first].tolist()
    for post, row in zip(used.tolist(), rows, strict=True):
        key, text = answers.post_ids[post], answers.texts[post]
        yield row, key, text if text.strip() else key


def _columns(
    campaign: Campaign, answers: Answers, reject: Callable, keep_names: bool
) -> JudgementColumns:
    picks, strange = _in_bits_of(campaign.taxonomy, answers)
    known = answers.picks & strange == 0
    for place in np.flatnonzero(~known):
        post = answers.post_ids[answers.posts[place]]
        reject(Reject(int(answers.rows[place]), "picks", _unknown_label(campaign), post))
    return JudgementColumns(
        places=answers.rows[known],
        posts=answers.posts[known],
        raters=answers.raters[known],
        picks=picks[known],
        post_keys=[f"{campaign.slug}/{key}" for key in answers.post_ids],
        rater_keys=[_rater_key(campaign, name, keep_names) for name in answers.rater_ids],
    )


def _in_bits_of(taxonomy: Taxonomy, answers: Answers) -> tuple[np.ndarray, int]:
    """The picks as masks over the taxonomy, and the bits of labels that it doesn't have."""
    positions = {affect.name: affect.position for affect in taxonomy.affects.all()}
    sets, inverse = np.unique(answers.picks, return_inverse=True)
    bits = [(1 << place, positions.get(label)) for place, label in enumerate(answers.labels)]
    moved = [
        sum(1 << there for here, there in bits if there is not None and mask & here)
        for mask in sets.tolist()
    ]
    strange = sum(here for here, there in bits if there is None)
    return np.array(moved, np.int64)[inverse], strange


def _unknown_label(campaign: Campaign) -> str:
    return (
        f"has a label that '{campaign.slug}' was not made with; labels are fixed with the first "
        "file. Analyse this one under another name"
    )


def _rater_key(campaign: Campaign, name: str, keep_names: bool) -> str:
    told = name if keep_names else names.pseudonym(name, campaign=campaign.slug)
    return f"{campaign.slug}/{told}"
