"""A campaign with words that give the affects away, and a crowd that says what they are."""

import pytest

from annotation.models import CampaignPost, Judgement, Rater

FUNNY = ["a very funny joke about {}", "hilarious prank with {}", "we laughed so much at {}"]
SAD = ["a sad farewell to {}", "we cry and mourn for {}", "such a painful loss of {}"]
PLAIN = ["the timetable of {}", "a list of prices for {}", "the office of {} is open"]
THINGS = ["cats", "trains", "my uncle", "the river", "a school", "winter", "the band", "bread"]
AFFECT_BITS = {"entertained": 1, "saddened": 2, "neutral": 4}


def words(affect: str, count: int, start: int = 0) -> list[str]:
    kinds = {"entertained": FUNNY, "saddened": SAD, "neutral": PLAIN}[affect]
    return [kinds[n % 3].format(THINGS[n // 3 % 8]) + f" number {n + start}" for n in range(count)]


@pytest.fixture
def judge(db):
    """Stores judgements straight away: `judge(campaign_posts, "saddened", raters=2)`."""
    from django.utils import timezone

    def store(posts: list[CampaignPost], affect: str, raters: int = 2) -> None:
        people = [Rater.objects.get_or_create(key=f"judge{n}")[0] for n in range(raters)]
        Judgement.objects.bulk_create(
            Judgement(
                campaign_id=post.campaign_id,
                campaign_post=post,
                rater=rater,
                picks=AFFECT_BITS[affect],
                frame="universal",
                judged_at=timezone.now(),
            )
            for post in posts
            for rater in people
        )
        ids = [post.id for post in posts]
        CampaignPost.objects.filter(id__in=ids).update(judged=raters, reserved=raters)

    return store


@pytest.fixture
def pool(campaign, add_posts):
    """The campaign's 60 unjudged posts: 10 entertain, 10 sadden, 40 are plain."""
    texts = [*words("entertained", 10), *words("saddened", 10), *words("neutral", 40)]
    return add_posts(campaign, *texts)


@pytest.fixture
def learnt(campaign, pool, add_posts, judge):
    """Besides the pool 24 posts that two raters judged: enough for three heads."""
    for affect in AFFECT_BITS:
        judge(add_posts(campaign, *words(affect, 8, start=100)), affect)
    return pool
