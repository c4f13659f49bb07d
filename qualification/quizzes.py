"""The verbs on the quiz: require it, start a try, answer a post of it, and where a rater stands.

The posts of the quiz are campaign posts in the state `quiz`: they never become assignments, and
answers to them never become judgements.
"""

from random import Random, SystemRandom
from typing import Literal

from django.db import transaction
from django.utils import timezone

from annotation import gold
from annotation.judgements import check_answer
from annotation.models import Campaign, CampaignPost, Membership
from annotation.rules import is_right
from qualification.errors import PostIsAsked, QuizOver
from qualification.models import Quiz, QuizAnswer, QuizTry
from qualification.queries import posts_for, quiz_posts
from qualification.rules import choose, passes

State = Literal["none", "open", "passed", "failed"]


def state_of(membership: Membership) -> State:
    """Where the rater stands: "none" where the campaign has no quiz; "failed" without a try left."""
    quiz = Quiz.objects.filter(campaign_id=membership.campaign_id).first()
    if quiz is None or not posts_for(membership).exists():
        return "none"
    outcomes = list(membership.quiz_tries.values_list("passed", flat=True))
    if True in outcomes:
        return "passed"
    return "failed" if outcomes.count(False) >= quiz.tries else "open"


@transaction.atomic
def require(*, campaign: Campaign) -> Quiz:
    """From now on nobody gets a post who has not passed the quiz, which uses its usual settings
    until they are changed. Posts that raters hold may still be judged."""
    # First of all: whoever is let in just now waits for the campaign's row, and is asked.
    Campaign.objects.filter(id=campaign.id).update(entry_required=True)
    quiz, _ = Quiz.objects.get_or_create(campaign=campaign)
    unproven = campaign.memberships.exclude(quiz_tries__passed=True)
    unproven.filter(admitted=True).update(admitted=False)
    return quiz


@transaction.atomic
def require_new(*, campaign: Campaign) -> Quiz | None:
    """Requires the quiz when its first posts have come; one that is required already stays so."""
    if Quiz.objects.filter(campaign=campaign).exists() or not quiz_posts(campaign).exists():
        return None
    return require(campaign=campaign)


@transaction.atomic
def drop(*, campaign: Campaign) -> None:
    """Nobody has to take the quiz any more: tries under way end. What is decided is kept."""
    QuizTry.objects.filter(membership__campaign=campaign, passed=None).delete()
    Quiz.objects.filter(campaign=campaign).delete()


def release(*, campaign_post: CampaignPost) -> None:
    """Makes a post ordinary, unless the quiz has told somebody its right picks already.

    Raises PostIsAsked, PostIsJudged.
    """
    if QuizAnswer.objects.filter(campaign_post=campaign_post).exists():
        raise PostIsAsked(campaign_post.post.key)
    gold.make_ordinary(campaign_post=campaign_post)


@transaction.atomic
def start(*, membership: Membership, rng: Random | None = None) -> QuizTry:
    """The rater's open try, or a new one with its posts in random order.

    Raises QuizOver where there is no quiz, it is passed, or all tries are used up.
    """
    membership = Membership.objects.select_for_update().get(id=membership.id)
    if state_of(membership) != "open":
        raise QuizOver
    tries = list(membership.quiz_tries.order_by("number"))
    if tries and tries[-1].passed is None:
        return tries[-1]
    posts = list(posts_for(membership).order_by("id").values_list("id", flat=True))
    known = tries[-1].answers.values_list("campaign_post_id", flat=True) if tries else ()
    count = min(membership.campaign.quiz.posts_per_try or len(posts), len(posts))
    started = QuizTry.objects.create(membership=membership, number=len(tries) + 1)
    QuizAnswer.objects.bulk_create(
        QuizAnswer(quiz_try=started, campaign_post_id=post, position=position)
        for position, post in enumerate(
            choose(posts, set(known), count, rng or SystemRandom()), start=1
        )
    )
    return started


@transaction.atomic
def answer(
    *, asked: QuizAnswer, picks: list[str], other: str = "", seconds: float | None = None
) -> QuizAnswer:
    """Grades and stores the answer once: a post that is answered stays as it was answered.

    The last answer of a try decides it. Raises UnknownAffect, RepeatedPick, TooManyPicks,
    TooFewPicks, QuizOver.
    """
    # All answers of a try take turns, so that the last one knows all others.
    quiz_try = QuizTry.objects.select_for_update().filter(id=asked.quiz_try_id).first()
    if quiz_try is None:
        raise QuizOver
    asked = QuizAnswer.objects.select_related(
        "campaign_post__campaign", "campaign_post__post", "campaign_post__gold"
    ).get(id=asked.id)
    if asked.answered_at:
        return asked
    asked.picks, asked.other = check_answer(asked.campaign_post, picks, other)
    key = asked.campaign_post.gold
    asked.right = is_right(asked.picks, key.expected, key.excluded)
    asked.seconds, asked.answered_at = seconds, timezone.now()
    asked.save(update_fields=["picks", "other", "right", "seconds", "answered_at"])
    _finish(quiz_try)
    return asked


def tries_left(membership: Membership) -> int:
    """How many tries at the quiz the rater may still begin."""
    used = membership.quiz_tries.count()
    return max(membership.campaign.quiz.tries - used, 0)


def change(
    *, campaign: Campaign, pass_mark: float, tries: int, posts_per_try: int | None = None
) -> None:
    """New settings; tries that are decided stay decided."""
    Quiz.objects.filter(campaign=campaign).update(
        pass_mark=pass_mark, tries=tries, posts_per_try=posts_per_try
    )


def _finish(quiz_try: QuizTry) -> None:
    outcomes = list(quiz_try.answers.values_list("right", flat=True))
    if None in outcomes:
        return
    mark = quiz_try.membership.campaign.quiz.pass_mark
    quiz_try.passed = passes(sum(outcomes), len(outcomes), mark)
    quiz_try.finished_at = timezone.now()
    quiz_try.save(update_fields=["passed", "finished_at"])
