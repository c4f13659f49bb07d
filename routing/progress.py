"""How far raters came with each of some rounds. To count one takes a look at every post that it drew,
so the newest is counted once until a judgement comes, and the others at most once a minute."""

from collections.abc import Iterable
from functools import partial

from agreement import live
from lib.kept import kept
from routing import queries
from routing.models import Round

KEPT_SECONDS = 60


def asked(rounds: Iterable[Round]) -> list[Round]:
    """The same rounds, newest first, with `asked` as by `queries.with_progress`: that of older
    rounds from the last minute."""
    rounds = list(rounds)
    newest, older = rounds[:1], rounds[1:]
    counts = _as_of_now(newest[0]) if newest else {}
    if older:
        counts |= kept(_key(older), partial(_count, older), seconds=KEPT_SECONDS)
    for round in rounds:
        round.asked = counts[round.id]
    return rounds


def _as_of_now(round: Round) -> dict[int, int]:
    count = partial(_count, [round])
    return live.while_unchanged(campaign=round.campaign, name=_key([round]), make=count)


def _count(rounds: list[Round]) -> dict[int, int]:
    some = Round.objects.filter(id__in=[round.id for round in rounds])
    return dict(queries.with_progress(some).values_list("id", "asked"))


def _key(rounds: list[Round]) -> str:
    """Of rounds as they are: those of another database, or before they were done, are other ones."""
    states = ".".join(f"{round.id}-{round.state}" for round in rounds)
    return f"routing.asked.{rounds[0].asked_at.timestamp()}.{states}"
