"""The quiz decides who may begin: tries, answers, marks, and what happens all at once."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection

from annotation import assignments, campaigns, gold, judgements
from annotation.errors import NotAdmitted, TooFewPicks, TooManyPicks
from annotation.models import Assignment, Judgement, Rater
from qualification import quizzes
from qualification.errors import PostIsAsked, QuizOver
from qualification.models import Quiz, QuizTry
from taxonomy.errors import UnknownAffect


def at_once(count, work):
    """The results of `work` (or what it raised), done by `count` threads at the same time."""

    def one(number):
        try:
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_a_campaign_without_quiz_posts_has_no_quiz(membership):
    quizzes.require(campaign=membership.campaign)

    assert quizzes.state_of(membership) == "none"


def test_quiz_posts_alone_are_no_quiz_before_it_is_required(membership, quiz_posts):
    assert quizzes.state_of(membership) == "none"
    assert quizzes.require_new(campaign=membership.campaign) is not None
    assert quizzes.state_of(membership) == "open"


def test_a_new_quiz_sends_unproven_raters_back_and_leaves_others_in(membership, quiz, take):
    take(membership, right=3)
    eve = membership.campaign.memberships.create(rater=Rater.objects.create(key="eve"))
    membership.admitted = True
    membership.save()

    quizzes.require(campaign=membership.campaign)

    for member in (membership, eve, membership.campaign):
        member.refresh_from_db()
    assert (membership.admitted, eve.admitted) == (True, False)
    assert membership.campaign.entry_required


def test_more_quiz_posts_ask_nobody_again(membership, quiz):
    membership.admitted = True
    membership.save()

    assert quizzes.require_new(campaign=membership.campaign) is None

    membership.refresh_from_db()
    assert membership.admitted


def test_nobody_unqualified_gets_a_real_post(membership, quiz, add_posts):
    add_posts(membership.campaign, "a real post")

    with pytest.raises(NotAdmitted):
        assignments.claim(campaign=membership.campaign, rater=membership.rater)


def test_what_was_held_before_the_quiz_came_may_still_be_judged(membership, add_posts, quiz_posts):
    add_posts(membership.campaign, "a real post")
    held = assignments.claim(campaign=membership.campaign, rater=membership.rater)

    quizzes.require(campaign=membership.campaign)

    assert judgements.submit(assignment=held[0], picks=["neutral"]).picks == 4


def test_a_try_asks_every_quiz_post_once_and_starting_twice_is_one_try(membership, quiz):
    started = quizzes.start(membership=membership)

    assert quizzes.start(membership=membership) == started
    assert sorted(started.answers.values_list("position", flat=True)) == [1, 2, 3]
    assert started.answers.values("campaign_post").distinct().count() == 3


def test_the_order_is_random_and_replayable(membership, quiz):
    def order(seed):
        QuizTry.objects.all().delete()
        started = quizzes.start(membership=membership, rng=Random(seed))
        return list(started.answers.values_list("campaign_post_id", flat=True))

    assert order(3) == order(3)
    assert len({tuple(order(seed)) for seed in range(20)}) > 1


def test_a_try_asks_as_many_posts_as_the_quiz_says_and_the_next_one_others(membership, quiz, take):
    quizzes.change(campaign=membership.campaign, pass_mark=1.0, tries=2, posts_per_try=1)

    asked = [take(membership, right=0).answers.get().campaign_post_id for _ in range(2)]

    assert asked[0] != asked[1]


def test_raters_who_want_no_upsetting_posts_meet_none_in_the_quiz(membership, quiz, quiz_posts):
    quiz_posts[0].sensitive = True
    quiz_posts[0].save()
    membership.avoids_sensitive = True
    membership.save()

    started = quizzes.start(membership=membership)

    assert quiz_posts[0].id not in started.answers.values_list("campaign_post_id", flat=True)


def test_passing_needs_the_mark(membership, quiz, take):
    assert take(membership, right=2).passed is False
    assert quizzes.state_of(membership) == "open"
    assert quizzes.tries_left(membership) == 1

    assert take(membership, right=3).passed is True
    assert quizzes.state_of(membership) == "passed"


def test_all_tries_used_up_is_failed_until_there_are_more(membership, quiz, take):
    take(membership, right=0)
    take(membership, right=2)

    assert quizzes.state_of(membership) == "failed"
    with pytest.raises(QuizOver):
        quizzes.start(membership=membership)

    quizzes.change(campaign=membership.campaign, pass_mark=0.8, tries=3)
    assert quizzes.state_of(membership) == "open"


def test_whoever_has_passed_takes_no_quiz_again(membership, quiz, take):
    take(membership, right=3)

    with pytest.raises(QuizOver):
        quizzes.start(membership=membership)


@pytest.mark.parametrize(
    ("picks", "right"),
    [
        (["entertained"], True),
        (["entertained", "neutral"], True),  # one of the expected is enough
        (["entertained", "saddened"], False),  # a misreading beside it is not
        (["neutral"], False),
    ],
)
def test_an_answer_is_graded(membership, quiz, quiz_posts, picks, right):
    started = quizzes.start(membership=membership)
    asked = started.answers.get(campaign_post=quiz_posts[0])

    assert quizzes.answer(asked=asked, picks=picks).right is right


@pytest.mark.parametrize(
    ("picks", "refused"),
    [
        ([], TooFewPicks),
        (["entertained", "saddened", "neutral"], TooManyPicks),
        (["furious"], UnknownAffect),
    ],
)
def test_the_quiz_refuses_what_the_desk_would_refuse(membership, quiz, picks, refused):
    asked = quizzes.start(membership=membership).answers.first()

    with pytest.raises(refused):
        quizzes.answer(asked=asked, picks=picks)

    asked.refresh_from_db()
    assert asked.answered_at is None


def test_an_answer_is_stored_once_however_often_it_is_sent(membership, quiz):
    asked = quizzes.start(membership=membership).answers.first()

    first = quizzes.answer(asked=asked, picks=["neutral"], seconds=3.0)
    again = quizzes.answer(asked=asked, picks=["entertained"], seconds=9.0)

    assert (again.picks, again.seconds, again.answered_at) == (4, 3.0, first.answered_at)


def test_the_quiz_leaves_no_assignment_and_no_judgement(membership, quiz, take):
    take(membership, right=3)

    assert (Assignment.objects.count(), Judgement.objects.count()) == (0, 0)


def test_dropping_the_quiz_ends_tries_under_way_and_keeps_what_is_decided(membership, quiz, take):
    take(membership, right=1)
    asked = quizzes.start(membership=membership).answers.first()

    quizzes.drop(campaign=membership.campaign)

    assert quizzes.state_of(membership) == "none"
    assert list(QuizTry.objects.values_list("passed", flat=True)) == [False]
    with pytest.raises(QuizOver):
        quizzes.answer(asked=asked, picks=["neutral"])


def test_a_post_whose_picks_the_quiz_has_told_is_never_ordinary_again(membership, quiz, quiz_posts):
    quizzes.start(membership=membership)

    with pytest.raises(PostIsAsked):
        quizzes.release(campaign_post=quiz_posts[0])


def test_a_quiz_post_that_nobody_was_asked_can_be_ordinary(quiz, quiz_posts):
    quizzes.release(campaign_post=quiz_posts[0])

    quiz_posts[0].refresh_from_db()
    assert (quiz_posts[0].state, quiz_posts[0].wanted) == ("open", 2)
    assert not hasattr(quiz_posts[0], "gold")


@pytest.mark.django_db(transaction=True)
def test_starting_in_eight_tabs_at_once_is_one_try(membership, quiz):
    started = at_once(8, lambda _: quizzes.start(membership=membership).id)

    assert len(set(started)) == 1
    assert QuizTry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_sent_eight_times_at_once_is_stored_once(membership, quiz):
    asked = quizzes.start(membership=membership).answers.first()
    picks = [["entertained"], ["saddened"], ["neutral"], ["entertained", "neutral"]]

    stored = at_once(8, lambda n: quizzes.answer(asked=asked, picks=picks[n % 4]))

    assert len({(one.picks, one.answered_at) for one in stored}) == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_two_answers_at_once_decide_the_try(membership, quiz):
    started = quizzes.start(membership=membership)
    asked = list(started.answers.all())
    quizzes.answer(asked=asked[0], picks=["neutral"])

    at_once(2, lambda n: quizzes.answer(asked=asked[n + 1], picks=["neutral"]))

    started.refresh_from_db()
    assert (started.passed, started.finished_at is None) == (False, False)


def test_importing_gold_changes_the_grade_of_later_answers_only(membership, quiz, quiz_posts):
    started = quizzes.start(membership=membership)
    asked = started.answers.get(campaign_post=quiz_posts[0])
    quizzes.answer(asked=asked, picks=["neutral"])

    gold.put(campaign_post=quiz_posts[0], expected=["neutral"], use="quiz")

    asked.refresh_from_db()
    assert asked.right is False


def test_new_members_wait_for_the_quiz(quiz, campaign, people):
    campaign.refresh_from_db()

    eve = campaigns.add_rater(campaign=campaign, user=people("Eve"))

    assert not eve.admitted
    assert quizzes.state_of(eve) == "open"
    assert Quiz.objects.get().tries == 2
