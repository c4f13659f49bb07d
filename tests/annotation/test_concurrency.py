"""Many raters at once, on real connections: the invariants hold under load."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from annotation import assignments, campaigns, judgements, members
from annotation.errors import (
    AlreadyJudged,
    AssignmentClosed,
    LeaseEnded,
    MembershipPaused,
)
from annotation.models import Assignment, CampaignPost, Judgement, JudgementRevision, Membership

pytestmark = pytest.mark.django_db(transaction=True)
RATERS = 20


def at_once(work, arguments) -> list:
    """`work` for each of the arguments, each in a thread with a connection of its own."""

    def with_connection(argument):
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(with_connection, arguments))


@pytest.fixture
def crowd(campaign, people):
    return [
        campaigns.add_rater(campaign=campaign, user=people(f"rater{n}")).rater
        for n in range(RATERS)
    ]


@pytest.fixture
def queue(campaign, add_posts):
    """100 posts that want 5 raters each; the last imported has the highest priority."""
    campaign.raters_per_post = 5
    campaign.save()
    posts = add_posts(campaign, *(f"post {n}" for n in range(100)))
    for priority, post in enumerate(posts):
        post.priority = priority
    CampaignPost.objects.bulk_update(posts, ["priority"])
    return posts[::-1]


def judge(campaign, rater) -> bool:
    """One turn of the loop; False when nothing is left for this rater."""
    assignment = next(iter(assignments.claim(campaign=campaign, rater=rater)), None)
    if assignment is None:
        return False
    judgements.submit(assignment=assignment, picks=["neutral"])
    return True


def test_twenty_raters_fill_every_post_exactly(campaign, crowd, queue):
    def work(rater):
        while judge(campaign, rater):
            pass

    at_once(work, crowd)

    assert set(CampaignPost.objects.values_list("reserved", "judged")) == {(5, 5)}
    pairs = Counter(Judgement.objects.values_list("campaign_post", "rater"))
    assert len(pairs) == 500 and set(pairs.values()) == {1}


def test_raters_who_hold_several_and_give_some_back_wait_for_nobody(campaign, crowd, queue):
    """Each fetches three, judges one and stops for today, until nothing is left."""

    def work(rater):
        while held := assignments.claim(campaign=campaign, rater=rater, count=3):
            judgements.submit(assignment=held[0], picks=["neutral"])
            assignments.give_back(campaign=campaign, rater=rater)

    at_once(work, crowd)
    for rater in crowd:  # what was just being given back when somebody found nothing
        work(rater)

    assert set(CampaignPost.objects.values_list("reserved", "judged")) == {(5, 5)}


def test_no_post_is_skipped_in_priority_order(campaign, crowd, queue):
    """Half the places are handed out, so just the upper half of the queue may be touched.

    A post that another claim holds at this very moment is passed over and stays first, so the edge
    between asked and unasked posts is at most as wide as there are raters.
    """

    def work(rater):
        return [judge(campaign, rater) for _ in range(250 // RATERS)]

    handed_out = sum(sum(turns) for turns in at_once(work, crowd))

    full = handed_out // 5
    judged = [post.judged for post in CampaignPost.objects.order_by("-priority")]
    assert handed_out == 240
    assert judged[: full - RATERS] == [5] * (full - RATERS)
    assert judged[full + RATERS :] == [0] * (100 - full - RATERS)


def test_a_parallel_twin_of_a_submit_is_stored_once_and_answered_the_same(campaign, crowd, queue):
    (assignment,) = assignments.claim(campaign=campaign, rater=crowd[0])

    def submit(_):
        return judgements.submit(
            assignment=Assignment.objects.select_related("campaign").get(id=assignment.id),
            picks=["saddened"],
            idempotency_key="same",
        ).id

    answers = at_once(submit, range(8))

    assert len(set(answers)) == 1
    assert Judgement.objects.count() == 1
    assert CampaignPost.objects.get(id=assignment.campaign_post_id).judged == 1


def test_of_parallel_different_answers_to_one_post_one_is_stored(campaign, crowd, queue):
    (assignment,) = assignments.claim(campaign=campaign, rater=crowd[0])

    def submit(key):
        try:
            return judgements.submit(
                assignment=Assignment.objects.select_related("campaign").get(id=assignment.id),
                picks=["saddened"],
                idempotency_key=f"key {key}",
            ).id
        except AlreadyJudged:
            return None

    answers = at_once(submit, range(8))

    assert len([answer for answer in answers if answer]) == 1
    assert Judgement.objects.count() == 1


def test_one_rater_in_many_tabs_holds_no_more_than_allowed(campaign, crowd, queue):
    at_once(
        lambda count: assignments.claim(campaign=campaign, rater=crowd[0], count=count), [5] * 8
    )

    assert Assignment.objects.filter(rater=crowd[0]).count() == 5


def test_ended_leases_are_released_once_by_many_claims(campaign, crowd, queue):
    for rater in crowd:
        assignments.claim(campaign=campaign, rater=rater)
    Assignment.objects.update(lease_expires_at=timezone.now())

    at_once(lambda rater: assignments.claim(campaign=campaign, rater=rater), crowd)

    live = Assignment.objects.filter(state="offered").count()
    assert Assignment.objects.filter(state="expired").count() == RATERS
    assert sum(CampaignPost.objects.values_list("reserved", flat=True)) == live == RATERS


def test_submitting_skipping_and_expiring_at_once_keeps_the_counts_true(campaign, crowd, queue):
    """Whoever wins, the counters say what the rows say."""

    def work(turn):
        rater = crowd[turn % RATERS]
        for _ in range(3):
            for assignment in assignments.claim(campaign=campaign, rater=rater):
                if turn % 3 == 0:
                    assignments.skip(assignment=assignment)
                elif turn % 3 == 1:
                    Assignment.objects.filter(id=assignment.id).update(
                        lease_expires_at=timezone.now()
                    )
                try:
                    judgements.submit(assignment=assignment, picks=["neutral"])
                except (LeaseEnded, AssignmentClosed):
                    continue

    at_once(work, range(RATERS))

    for post in CampaignPost.objects.prefetch_related("assignments", "judgements"):
        states = Counter(assignment.state for assignment in post.assignments.all())
        assert post.judged == states["done"] == len(post.judgements.all())
        assert post.reserved == states["done"] + states["offered"]


def test_two_revisions_at_once_keep_both_answers(campaign, crowd, queue):
    (assignment,) = assignments.claim(campaign=campaign, rater=crowd[0])
    judgement = judgements.submit(assignment=assignment, picks=["neutral"])

    at_once(
        lambda picks: judgements.revise(judgement=judgement, picks=[picks]),
        ["entertained", "saddened"],
    )

    kept = set(JudgementRevision.objects.values_list("revision", "picks"))
    assert len(kept) == 2 and (0, 4) in kept
    assert Judgement.objects.get().revision == 2


def test_a_paused_rater_is_handed_nothing(campaign, crowd, queue):
    Membership.objects.filter(rater=crowd[0]).update(state="paused")

    with pytest.raises(MembershipPaused):
        assignments.claim(campaign=campaign, rater=crowd[0])


def test_judgements_are_set_aside_and_brought_back_while_all_are_at_work(campaign, crowd, queue):
    """Posts are asked again and taken back under the hands of those who claim and submit."""
    part = Membership.objects.get(campaign=campaign, rater=crowd[0])

    def work(rater):
        if rater != crowd[0]:
            while judge(campaign, rater):
                pass
            return
        for _ in range(30):
            judge(campaign, rater)
            members.set_aside(membership=part, reason="x", by=None, ask_again=True, pause=False)
            members.bring_back(membership=part, by=None)

    at_once(work, crowd)

    assert not Judgement.objects.filter(set_aside=True).exists()
    posts = CampaignPost.objects.annotate(stored=Count("judgements"))
    assert [post for post in posts if not post.wanted == post.judged == post.stored] == []
    assert all(post.wanted >= 5 for post in posts)
