"""The verbs on strata: how groups of raters agree and what they pick, released now and then."""

import json
from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Min
from django.utils import timezone

from agreement import keeping, queries, slice_rules
from agreement.alpha import set_alpha
from agreement.chosen import only
from agreement.interrater import interrater
from agreement.models import Slices
from agreement.report import plain
from agreement.table import Judgements
from annotation.models import Campaign, Rater, SettingAside
from joining.models import Strata
from joining.strata import PARTS
from lib.times import isoformat

#: Figures are shown to so many places.
PLACES = 2
State = Slices.State
#: There is one way to compute them: two would be two releases, and one could be held against the
#: other.
OPTIONS: dict = {}


def queue(*, campaign: Campaign, created_by: AbstractBaseUser | None = None) -> Slices:
    """A release in the queue; the one that waits there already, if there is one."""
    asked = {"campaign": campaign, "options": OPTIONS, "created_by": created_by}
    return keeping.queue(Slices, **asked)


def execute(*, slices: Slices) -> None:
    """Computes a queued release, or takes it out of the queue where it must not be shown yet."""
    if slices.state == State.QUEUED and not may_release(slices.campaign):
        slices.delete()
        return
    keeping.execute(kept=slices, compute=partial(compute, campaign=slices.campaign))


def release(*, campaign: Campaign) -> Slices | None:
    """The newest release: a new one if there may be one, else the last; None where that one rests
    on judgements that have been set aside since, or lacks some that were brought back."""
    if may_release(campaign):
        made = compute(campaign=campaign)
        made.save()
        return made
    last = released(campaign).first()
    return None if last is None or is_withheld(last) else last


def released(campaign: Campaign):
    """The campaign's releases, newest first."""
    return Slices.objects.filter(campaign=campaign, state=State.DONE).order_by("-id")


def is_withheld(last: Slices) -> bool:
    return queries.set_aside_since(last) > 0


def may_release(campaign: Campaign) -> bool:
    """Whether a release as of now differs from each earlier one by five raters or by none."""
    earlier = list(released(campaign))
    firsts = _first_judgements(campaign) if earlier else {}
    return slice_rules.may_release(_changed_since(each, firsts) for each in earlier)


def compute(*, campaign: Campaign) -> Slices:
    """A release as of now, not stored; `save()` stores it."""
    figures = partial(_figures, campaign)
    return keeping.compute(Slices, campaign=campaign, options=OPTIONS, figures=figures)


def of_part(judgements: Judgements, rates: pd.DataFrame, said: pd.Series) -> dict:
    """The groups of one question.

    rates as by `_pick_rates`
    said  what each rater of the table answered, by rater id; "" who did not
    """
    sizes = said.value_counts()
    names = slice_rules.shown(sizes.to_dict())
    return {
        "groups": [_of_group(judgements, rates, said.index[said == name], name) for name in names],
        "raters_left_out": int(sizes.drop(names).sum()),
    }


def _figures(campaign: Campaign) -> dict:
    as_of = timezone.now()
    judgements = queries.of_campaign(campaign)
    raters = pd.unique(judgements.raters)
    said, rates = _said(raters), _pick_rates(judgements)
    return {
        "as_of": isoformat(as_of),
        "judgements": len(judgements.posts),
        "fewest": slice_rules.FEWEST,
        "parts": {part: of_part(judgements, rates, said[part]) for part in PARTS},
    }


def _said(raters: np.ndarray) -> pd.DataFrame:
    """A row for each rater, a column for each question; "" where nothing was said. Own words are
    the same words, however they are spelled."""
    rows = Strata.objects.filter(rater__in=raters.tolist()).values_list("rater_id", *PARTS)
    frame = pd.DataFrame(list(rows), columns=["rater", *PARTS]).set_index("rater")
    return frame.reindex(raters, fill_value="").map(str.casefold)


def _pick_rates(judgements: Judgements) -> pd.DataFrame:
    """For each rater the share of their judgements that picked each option."""
    codes, raters = pd.factorize(judgements.raters)
    count = np.bincount(codes)
    shares = {
        option: np.bincount(codes, (judgements.picks >> bit) & 1) / count
        for option, bit in zip(judgements.options, judgements.bits, strict=True)
    }
    return pd.DataFrame(shares, index=raters)


def _of_group(judgements: Judgements, rates: pd.DataFrame, raters: pd.Index, name: str) -> dict:
    own = only(judgements, np.isin(judgements.raters, raters))
    is_compared = len(own.rater_ids) >= slice_rules.FEWEST
    mean = rates.loc[raters].mean()
    return {
        "group": name,
        "raters": len(raters),
        "about_judgements": slice_rules.about(len(own.posts)),
        "interrater": _short(interrater(own).headline) if is_compared else None,
        "set_alpha": _short(set_alpha(own)) if is_compared else None,
        "rates": {option: _short(float(mean[option])) for option in judgements.options},
    }


def _short(figure: float) -> float | None:
    return plain(round(figure, PLACES))


def _first_judgements(campaign: Campaign) -> dict[int, int]:
    """rater id → the id of the first judgement they made, of all who made one."""
    made = campaign.judgements.filter(gold_right=None).order_by().values("rater")
    return dict(made.annotate(first=Min("id")).values_list("rater", "first"))


def _changed_since(last: Slices, firsts: dict[int, int]) -> set[int]:
    """The raters who came, went, were set aside or brought back, or said something else of
    themselves, since the release. Who was in it is nowhere kept; this is told from when what
    happened."""
    as_of = datetime.fromisoformat(json.loads(last.figures_json)["as_of"])
    came = {rater for rater, first in firsts.items() if first > last.last_judgement}
    said = set(Strata.objects.filter(changed_at__gt=as_of).values_list("rater", flat=True))
    left = set(Rater.objects.filter(left_at__gt=as_of).values_list("id", flat=True))
    return (came | said | left) & firsts.keys() | _set_aside_since(last)


def _set_aside_since(last: Slices) -> set[int]:
    in_force = queries.newest_rows(last.campaign)["settings_aside"]
    changed = SettingAside.objects.filter(id__in=set(in_force) ^ set(last.settings_aside))
    return set(changed.values_list("membership__rater", flat=True))
