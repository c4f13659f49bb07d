"""The pages of a routed campaign, full of figures: axe-core finds nothing, nothing overflows."""

import pytest

from annotation.models import CampaignPost, Judgement, Rater
from routing import checks, pins, rounds
from tests.flow.test_everyone import LONG, LOOKS, overflow, violations

pytestmark = pytest.mark.page
PAGES = [
    "/campaigns/feelings/routing/",
    "/campaigns/feelings/routing/1/",
    "/campaigns/feelings/routing/gains/",
    "/campaigns/feelings/routing/posts/?key=p1",
    "/campaigns/feelings/agreement/?corrected",
]


@pytest.fixture
def routed(campaign, add_posts, ada, ben):
    """A check, a round with heads, raters who agree, and a pin with a long reason."""
    texts = [
        f"a {kind} story number {n} {LONG if n == 1 else ''}" for n in range(30) for kind in KINDS
    ]
    add_posts(campaign, *texts)
    for strategy in ("check", "uniform", "focused"):
        judge(campaign, rounds.run(campaign=campaign, strategy=strategy, budget=14, seed=1))
    checks.measure(campaign=campaign)
    waiting = campaign.campaign_posts.filter(judged=0).first()
    pins.pin(campaign_post=waiting, by=ben, reason=LONG)
    return campaign


KINDS = {"funny": 1, "sad": 2, "plain": 4}


def judge(campaign, round) -> None:
    raters = [Rater.objects.get_or_create(key=name)[0] for name in ("r1", "r2")]
    drawn = CampaignPost.objects.filter(selections__round=round).select_related("post")
    Judgement.objects.bulk_create(
        Judgement(
            campaign=campaign,
            campaign_post=place,
            rater=rater,
            picks=KINDS[place.post.body.split()[1]],
            frame="universal",
            judged_at=round.finished_at,
        )
        for place in drawn
        for rater in raters
    )
    drawn.update(judged=2, reserved=2)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(path, visit, routed, ben):
    page = visit(ben, path)

    found = {}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = (violations(page), overflow(page))

    assert found == dict.fromkeys(LOOKS, ([], 0))
