"""How far raters came with each of some rounds. To count one takes a look at every post that it drew,
so only the newest is counted for every visit, and the others at most once a minute."""

from collections.abc import Iterable

from django.core.cache import cache

from routing import queries
from routing.models import Round

KEPT_SECONDS = 60


def asked(rounds: Iterable[Round]) -> list[Round]:
    """The same rounds, newest first, with `asked` as by `queries.with_progress`: that of older
    rounds from the last minute."""
    rounds = list(rounds)
    keys = {round.id: _key(round) for round in rounds[1:]}
    kept = cache.get_many(keys.values())
    missing = [round.id for round in rounds if keys.get(round.id) not in kept]
    counted = queries.with_progress(Round.objects.filter(id__in=missing))
    found = dict(counted.values_list("id", "asked"))
    cache.set_many({keys[each]: found[each] for each in missing if each in keys}, KEPT_SECONDS)
    for round in rounds:
        round.asked = found[round.id] if round.id in found else kept[keys[round.id]]
    return rounds


def _key(round: Round) -> str:
    """Of a round as it is: one of another database, or before it was done, is another one."""
    return f"routing.asked.{round.id}.{round.asked_at.timestamp()}.{round.state}"
