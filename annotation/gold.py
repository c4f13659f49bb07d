"""The verbs on gold: make a post gold or one of the quiz, change its right picks, make it ordinary.

A post's use is its state in the campaign: `gold` is mixed in among the others, `quiz` is asked in
the qualification only. Judgements of gold check raters and are no part of the figures, so no post
crosses that line once somebody has judged it.
"""

from collections.abc import Collection

from django.db import connection, transaction

from annotation import assignments
from annotation.errors import BadGold, PostIsJudged
from annotation.judgements import affect_keys
from annotation.models import Assignment, Campaign, CampaignPost, Gold
from taxonomy.rules import mask_of

USES = (CampaignPost.State.GOLD, CampaignPost.State.QUIZ)
#: Gold is for every rater: the largest number that the column holds.
WANTED_OF_ALL = 32767

REGRADE = """
UPDATE annotation_judgement SET
    gold_right = picks & %(expected)s <> 0 AND picks & %(excluded)s = 0
WHERE campaign_post_id = %(post)s
"""


@transaction.atomic
def put(
    *,
    campaign_post: CampaignPost,
    expected: Collection[str],
    excluded: Collection[str] = (),
    explanation: str = "",
    use: str = CampaignPost.State.GOLD,
) -> str:
    """Makes the post gold, or changes its gold; says "added", "changed" or "unchanged".

    An answer is right with at least one of the `expected` affects and none of the `excluded`. What
    was judged before is graded anew. Raises BadGold, UnknownAffect, RepeatedPick, PostIsJudged.
    """
    if use not in USES:
        raise BadGold("use", f"must be {' or '.join(USES)}, not '{use}'")
    key = _key(campaign_post.campaign, expected, excluded) | {"explanation": explanation.strip()}
    post = CampaignPost.objects.select_for_update().get(id=campaign_post.id)
    known = Gold.objects.filter(campaign_post=post).first()
    if known and post.state == use and all(getattr(known, n) == v for n, v in key.items()):
        return "unchanged"
    if post.state != use:
        _free(post, was_gold=known is not None)
    Gold.objects.update_or_create(campaign_post=post, defaults=key)
    CampaignPost.objects.filter(id=post.id).update(state=use, wanted=WANTED_OF_ALL)
    with connection.cursor() as cursor:
        cursor.execute(REGRADE, {"post": post.id, **key})
    return "changed" if known else "added"


@transaction.atomic
def make_ordinary(*, campaign_post: CampaignPost) -> None:
    """Raters judge the post like any other from now on. Raises PostIsJudged once it checked one."""
    post = CampaignPost.objects.select_for_update().get(id=campaign_post.id)
    gold = Gold.objects.filter(campaign_post=post).first()
    if gold is None:
        return
    _free(post, was_gold=False)
    gold.delete()
    CampaignPost.objects.filter(id=post.id).update(
        state=CampaignPost.State.OPEN, wanted=campaign_post.campaign.raters_per_post
    )


def change_share(*, campaign: Campaign, share: float) -> None:
    """From now on this share of what raters are handed is gold (0 to 0.5), as long as there is any
    that they don't know yet."""
    if not 0 <= share <= 0.5:
        raise BadGold("gold_share", f"must be from 0 to 0.5, not {share:g}")
    Campaign.objects.filter(id=campaign.id).update(gold_share=share)


def _key(campaign: Campaign, expected: Collection[str], excluded: Collection[str]) -> dict:
    """The right and the wrong picks as masks, if they can be told apart."""
    keys = affect_keys(campaign.taxonomy_id)
    masks = {"expected": mask_of(expected, keys), "excluded": mask_of(excluded, keys)}
    if not masks["expected"]:
        raise BadGold("expected", "is empty; name at least one affect that is right")
    if both := sorted(set(expected) & set(excluded)):
        raise BadGold("excluded", f"holds what is expected, too: {', '.join(both)}")
    return masks


def _free(post: CampaignPost, *, was_gold: bool) -> None:
    """Takes the post off every desk. Nobody can be handed it meanwhile: its row is locked.

    An answer that is being stored at this moment keeps its assignment, and the post its state.
    """
    assignments.give_back_post(campaign_post=post)
    answering = Assignment.objects.filter(campaign_post=post, state=Assignment.State.OFFERED)
    judged = post.judgements.count()
    if answering.exists() or (judged and not was_gold):
        raise PostIsJudged(post.post.key, judged)
