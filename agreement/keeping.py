"""The verbs on whatever is kept: compute it, put it in the queue, execute what is queued."""

import json
import time
from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from agreement import queries
from agreement.kept import Kept
from annotation.models import Campaign

K = TypeVar("K", bound=Kept)
State = Kept.State
COMPUTED = ("figures_json", "judgements", "seconds", "computed_at")
KNOWN = ("last_judgement", "last_revision", "settings_aside")


def compute(kind: type[K], *, campaign: Campaign, options: dict, figures: Callable[[], dict]) -> K:
    """What `figures` finds, as of now and not stored; `save()` stores it."""
    began = time.perf_counter()
    # Asked before reading: a judgement that arrives between the two, or is set aside, counts as
    # newer, never as known.
    newest = queries.newest_rows(campaign)
    found = figures()
    return kind(
        campaign=campaign,
        options=options,
        state=State.DONE,
        figures_json=json.dumps({"campaign": campaign.slug, **found}),
        judgements=found["judgements"],
        seconds=time.perf_counter() - began,
        computed_at=timezone.now(),
        **newest,
    )


def queue(
    kind: type[K],
    *,
    campaign: Campaign,
    options: dict,
    created_by: AbstractBaseUser | None = None,
) -> K:
    """One in the queue; the one that waits there already, if there is one."""
    kept, _ = kind.objects.get_or_create(
        campaign=campaign,
        options=options,
        state=State.QUEUED,
        defaults={"created_by": created_by},
    )
    return kept


def execute(*, kept: Kept, compute: Callable[[], Kept]) -> None:
    """Computes what is queued. Called twice it gives the same figures, or does nothing."""
    if kept.state != State.QUEUED:
        return
    try:
        done = compute()
    except Exception:
        _update(kept, state=State.FAILED, error="The figures could not be computed; see the log.")
        raise
    _update(kept, state=State.DONE, **{name: getattr(done, name) for name in COMPUTED + KNOWN})


def _update(kept: Kept, **fields) -> None:
    type(kept).objects.filter(id=kept.id).update(**fields)
