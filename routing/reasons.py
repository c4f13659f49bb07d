"""Why a post was asked: everything that rounds and admins decided about it."""

from annotation.models import CampaignPost
from annotation.queries import counted
from routing import estimation, gained, queries
from routing.models import NearDuplicate, Pin, Round, Selection
from routing.rules import COMPONENTS

State = CampaignPost.State
#: Keys of near-duplicates that are listed.
SHOWN = 20

MEANING = {
    "exploit": "as a likely carrier of a rare, important affect",
    "uncertainty": "because the heads were unsure about it",
    "diversity": "because few posts are like it",
    "uniform": "in the even draw that every post takes part in",
}


def of_post(campaign_post: CampaignPost) -> dict:
    """The post's way through routing, newest round first, and one sentence that sums it up.

    `weight` is what the post stands for in corrected figures, `propensity` the probability of
    having been judged by now, both from what raters had judged at `counted_at`; None while the
    post isn't judged, and until it is counted.
    """
    chances, drawn = queries.chances(campaign_post), _drawn_by(campaign_post)
    rounds = _rounds(campaign_post, chances, drawn)
    pin = Pin.objects.filter(campaign_post=campaign_post).select_related("made_by").first()
    return {
        "post": campaign_post.post.key,
        "state": campaign_post.state,
        "judged": campaign_post.judged,
        "wanted": campaign_post.wanted,
        "priority": campaign_post.priority,
        "pin": pin and _pin(pin),
        **_near_duplicates(campaign_post),
        "why": why(campaign_post, rounds, pin),
        **_figures(campaign_post, chances, drawn),
        "rounds": rounds,
    }


def why(campaign_post: CampaignPost, rounds: list[dict], pin: Pin | None) -> str:
    """One sentence; `rounds` as in `of_post`."""
    if campaign_post.state in (State.GOLD, State.QUIZ):
        return f"It is {campaign_post.state}: asked to check raters, and no part of any draw."
    if pin and pin.ended_at is None:
        return f"{pin.made_by or 'An admin'} pinned it: it comes before all that rounds draw."
    drawn = next((each for each in rounds if each["drawn"]), None)
    if drawn:
        return _drawn(drawn)
    if not campaign_post.judged and NearDuplicate.objects.filter(campaign_post=campaign_post):
        return "It says nearly the same as another post, which is asked in its stead."
    if campaign_post.judged:
        return (
            "It was judged without a draw: imported with its judgements, pinned, or asked while no "
            "drawn post was left. It stands for itself only."
        )
    return "It was not drawn yet." if rounds else "No round has had it in its pool yet."


def _drawn(drawn: dict) -> str:
    component = max(COMPONENTS, key=lambda name: drawn["components"][name])
    best = next(iter(drawn["scores"].items()), None)
    scored = f" Its highest score was {best[1]:.2f} for {best[0]}." if best else ""
    return (
        f"Round {drawn['round']} ({drawn['strategy']}) drew it with a propensity of "
        f"{drawn['propensity']:.4f}, above all {MEANING[component]}.{scored}"
    )


def _figures(
    campaign_post: CampaignPost, chances: dict[int, float], drawn: dict[int, Selection]
) -> dict:
    """The post's weight and propensity; `chances` and `drawn` by the rounds' ids."""
    if not drawn or not counted(campaign_post.judgements.all()).exists():
        weight = 1.0 if campaign_post.judged else None
        return {"propensity": None, "weight": weight, "counted_at": None}
    reach, made_at = gained.reach(campaign_post.campaign)
    draws = queries.draws_of(campaign_post, chances, drawn, reach)
    if not draws.chances[draws.last[0], 0]:
        return {"propensity": None, "weight": None, "counted_at": None}
    return {
        "propensity": float(estimation.propensities(draws)[0]),
        "weight": float(estimation.weights(draws)[0]),
        "counted_at": made_at,
    }


def _drawn_by(campaign_post: CampaignPost) -> dict[int, Selection]:
    """What finished rounds selected the post for, by the rounds' ids."""
    found = campaign_post.selections.filter(round__in=queries.done(campaign_post.campaign))
    return {each.round_id: each for each in found}


def _rounds(
    campaign_post: CampaignPost, chances: dict[int, float], drawn: dict[int, Selection]
) -> list[dict]:
    """One dict for each finished round that had the post in its pool, newest first."""
    found = campaign_post.campaign.rounds.filter(id__in=chances).order_by("-id")
    return [_of_round(round, chances[round.id], drawn.get(round.id)) for round in found]


def _of_round(round: Round, chance: float, selection: Selection | None) -> dict:
    shared = {
        "round": round.number,
        "strategy": round.strategy,
        "finished_at": round.finished_at,
        "propensity": round_off(chance),
        "drawn": selection is not None,
    }
    if selection is None:
        return shared | {"components": None, "scores": None}
    scores = zip(round.affects, selection.scores, strict=True)
    return shared | {
        "components": {name: round_off(getattr(selection, name)) for name in COMPONENTS},
        "scores": dict(sorted(scores, key=lambda score: -score[1])),
    }


def round_off(figure: float) -> float:
    return float(f"{figure:.6g}")


def _near_duplicates(campaign_post: CampaignPost) -> dict:
    """The keys of the post that stands for this one, and of those that this one stands for."""
    stands_in = NearDuplicate.objects.filter(campaign_post=campaign_post)
    twins = campaign_post.near_duplicates.order_by("campaign_post")
    return {
        "near_duplicate_of": stands_in.values_list("representative__post__key", flat=True).first(),
        "near_duplicates": list(twins.values_list("campaign_post__post__key", flat=True)[:SHOWN]),
        "near_duplicates_count": twins.count(),
    }


def _pin(pin: Pin) -> dict:
    return {
        "reason": pin.reason,
        "made_by": pin.made_by and pin.made_by.get_username(),
        "made_at": pin.made_at,
        "ended_at": pin.ended_at,
    }
