"""Gold checks raters: how a post becomes gold, how answers are graded, how often it comes."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from annotation import assignments, campaigns, gold, judgements
from annotation.errors import BadGold, LeaseEnded, PostIsJudged
from annotation.models import Assignment, CampaignPost, Gold, Judgement
from taxonomy.errors import UnknownAffect

#: A share that no campaign can have: whatever can be gold is.
ALWAYS = 1.0
JOKE = {"expected": ["entertained"], "excluded": ["saddened"]}


@pytest.fixture
def judge(campaign):
    """`judge(ada, ["neutral"])` judges what comes next, and gives the judgement."""

    def answer(rater, picks):
        held = assignments.claim(campaign=campaign, rater=rater)[0]
        return judgements.submit(assignment=held, picks=picks)

    return answer


def stored(post):
    post.refresh_from_db()
    return post.state, post.wanted


# Becoming gold


def test_gold_is_for_every_rater(gold_post):
    assert stored(gold_post) == ("gold", 32767)


def test_a_quiz_post_is_handed_to_nobody(campaign, ada, add_posts, mixed):
    gold.put(campaign_post=add_posts(campaign, "quiz")[0], **JOKE, use="quiz")
    mixed(0.5)

    assert [assignments.claim(campaign=campaign, rater=ada, count=5) for _ in range(5)] == [[]] * 5


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ({"expected": []}, BadGold),
        ({"expected": ["neutral"], "excluded": ["neutral"]}, BadGold),
        ({"expected": ["furious"]}, UnknownAffect),
        ({"expected": ["neutral"], "use": "open"}, BadGold),
    ],
)
def test_gold_that_cannot_be_right_is_refused(campaign, add_posts, key, refused):
    post = add_posts(campaign, "post")[0]

    with pytest.raises(refused):
        gold.put(campaign_post=post, **key)

    assert stored(post) == ("open", 2)


def test_a_post_with_ordinary_judgements_never_becomes_gold(campaign, ada, add_posts, judge):
    post = add_posts(campaign, "post")[0]
    judge(ada, ["neutral"])

    with pytest.raises(PostIsJudged, match="judged already"):
        gold.put(campaign_post=post, **JOKE)

    assert stored(post) == ("open", 2)
    assert not Gold.objects.exists()


def test_a_post_on_somebodys_desk_is_taken_back_first(campaign, ada, add_posts):
    post = add_posts(campaign, "post")[0]
    held = assignments.claim(campaign=campaign, rater=ada)[0]

    gold.put(campaign_post=post, **JOKE, use="quiz")

    with pytest.raises(LeaseEnded):
        judgements.submit(assignment=held, picks=["neutral"])
    with pytest.raises(LeaseEnded):
        judgements.submit(assignment=held, picks=["neutral"], waited=60)
    post.refresh_from_db()
    assert (post.reserved, post.judged) == (0, 0)


def test_what_was_given_back_before_it_became_a_quiz_post_never_comes_again(
    campaign, ada, add_posts
):
    post = add_posts(campaign, "post")[0]
    assignments.claim(campaign=campaign, rater=ada)
    assignments.give_back(campaign=campaign, rater=ada)

    gold.put(campaign_post=post, **JOKE, use="quiz")

    assert assignments.claim(campaign=campaign, rater=ada) == []


def test_the_same_gold_again_is_unchanged(gold_post):
    assert gold.put(campaign_post=gold_post, **JOKE) == "unchanged"
    assert gold.put(campaign_post=gold_post, expected=["neutral"]) == "changed"
    assert gold.put(campaign_post=gold_post, expected=["neutral"], use="quiz") == "changed"


@pytest.mark.django_db(transaction=True)
def test_becoming_gold_and_an_answer_at_the_same_moment_never_mix(campaign, people, add_posts):
    """Whoever comes first wins: the post is gold without ordinary judgements, or it is none."""
    raters = [campaigns.add_rater(campaign=campaign, user=people(f"R{n}")).rater for n in range(6)]
    posts = add_posts(campaign, *(f"post {n}" for n in range(6)))
    for rater in raters:
        assignments.claim(campaign=campaign, rater=rater, count=2)
    held = list(Assignment.objects.select_related("campaign", "rater", "campaign_post"))

    def act(work):
        try:
            work()
        except (PostIsJudged, LeaseEnded):
            pass
        finally:
            connection.close()

    works = [
        work
        for post in posts
        for work in [
            lambda post=post: gold.put(campaign_post=post, **JOKE),
            *(
                lambda one=one: judgements.submit(assignment=one, picks=["neutral"])
                for one in held
                if one.campaign_post_id == post.id
            ),
        ]
    ]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, works))

    ordinary = Judgement.objects.filter(gold_right=None)
    assert not ordinary.filter(campaign_post__state="gold").exists()
    assert not Judgement.objects.filter(gold_right__isnull=False).exists()
    for post in CampaignPost.objects.all():
        assert post.reserved == post.judged == post.judgements.count()


# Back to ordinary


def test_gold_that_nobody_judged_becomes_ordinary(campaign, ada, gold_post, mixed, judge):
    mixed(0.5)

    gold.make_ordinary(campaign_post=gold_post)

    assert stored(gold_post) == ("open", 2)
    assert judge(ada, ["neutral"]).gold_right is None


def test_gold_that_was_judged_stays_gold(campaign, ada, gold_post, add_posts, judge):
    add_posts(campaign, "ordinary")
    campaign.gold_share = ALWAYS
    judge(ada, ["neutral"])

    with pytest.raises(PostIsJudged):
        gold.make_ordinary(campaign_post=gold_post)

    assert stored(gold_post) == ("gold", 32767)


def test_making_an_ordinary_post_ordinary_changes_nothing(campaign, add_posts):
    post = add_posts(campaign, "post")[0]

    gold.make_ordinary(campaign_post=post)

    assert stored(post) == ("open", 2)


# Grading


@pytest.fixture
def judged(campaign, ada, gold_post):
    """`judged(["neutral"])`: Ada's judgement of the gold post."""

    def answer(picks):
        CampaignPost.objects.filter(id=gold_post.id).update(reserved=1)
        held = Assignment.objects.create(
            campaign=campaign,
            campaign_post=gold_post,
            rater=ada,
            offered_at="2026-11-21T08:00Z",
            lease_expires_at="2099-01-01T00:00Z",
        )
        return judgements.submit(assignment=held, picks=picks)

    return answer


@pytest.mark.parametrize(
    ("picks", "right"),
    [
        (["entertained"], True),
        (["entertained", "neutral"], True),
        (["entertained", "saddened"], False),
        (["neutral"], False),
    ],
)
def test_an_answer_to_gold_is_graded(judged, picks, right):
    assert judged(picks).gold_right is right


def test_revising_grades_anew(judged):
    judgement = judged(["saddened"])

    assert judgements.revise(judgement=judgement, picks=["entertained"]).gold_right is True
    assert judgements.revise(judgement=judgement, picks=["saddened"]).gold_right is False


def test_new_right_picks_grade_anew_what_was_judged(judged, gold_post):
    judgement = judged(["neutral"])

    gold.put(campaign_post=gold_post, expected=["neutral"])

    judgement.refresh_from_db()
    assert judgement.gold_right is True


def test_imported_judgements_of_gold_are_graded_as_well(campaign, gold_post, add_posts, tmp_path):
    add_posts(campaign, "ordinary")
    path = tmp_path / "judgements.csv"
    path.write_text(
        "post_id,rater_id,picks\np1,eve,entertained\np1,finn,saddened\np2,eve,neutral\n"
    )

    call_command("import_judgements", str(path), campaign="feelings", stdout=StringIO())

    graded = Judgement.objects.order_by("id").values_list("gold_right", flat=True)
    assert list(graded) == [True, False, None]


# Mixed in


def test_no_share_no_gold(campaign, ada, gold_post, add_posts):
    add_posts(campaign, *"abcdefgh")

    held = assignments.claim(campaign=campaign, rater=ada, count=5)

    assert gold_post not in [assignment.campaign_post for assignment in held]


def test_gold_comes_at_its_share(campaign, ada, add_posts, mixed, judge):
    """Of 300 posts, 60 in the mean; with a standard deviation of 7, 30 to 90 is no chance."""
    add_posts(campaign, *(f"ordinary {n}" for n in range(300)))
    for post in add_posts(campaign, *(f"gold {n}" for n in range(120))):
        gold.put(campaign_post=post, **JOKE)
    mixed(0.2)

    for _ in range(300):
        judge(ada, ["neutral"])

    assert 30 <= Judgement.objects.filter(gold_right__isnull=False).count() <= 90


def test_a_rater_gets_each_gold_post_once_and_then_ordinary_ones(
    campaign, ada, add_posts, gold_post, mixed, judge
):
    add_posts(campaign, *(f"ordinary {n}" for n in range(30)))
    mixed(0.5)

    for _ in range(25):
        judge(ada, ["neutral"])

    assert Judgement.objects.filter(campaign_post=gold_post).count() == 1


def test_no_gold_comes_after_the_last_post(campaign, ada, add_posts, gold_post, judge):
    """A rater who reloads a finished campaign and finds a post would know what it is."""
    campaign.gold_share = ALWAYS
    assert assignments.claim(campaign=campaign, rater=ada) == []
    (last,) = add_posts(campaign, "last")

    assert judge(ada, ["neutral"]).campaign_post == gold_post
    assert judge(ada, ["neutral"]).campaign_post == last


def test_every_rater_meets_the_same_gold(campaign, people, gold_post, add_posts, mixed, judge):
    add_posts(campaign, *(f"ordinary {n}" for n in range(40)))
    mixed(0.5)
    raters = [campaigns.add_rater(campaign=campaign, user=people(f"R{n}")).rater for n in range(4)]

    for rater in raters:
        for _ in range(15):
            judge(rater, ["neutral"])

    assert gold_post.judgements.count() == 4
