"""The rater's loop over REST: one round trip a judgement."""

import pytest

from annotation import assignments
from annotation.models import Assignment, CampaignPost, Judgement

ASSIGNMENTS = "/api/v1/campaigns/feelings/assignments/"


@pytest.fixture
def offered(ada, campaign, add_posts, api):
    """Ada holds the first of two posts; the JSON as she got it."""
    add_posts(campaign, "first", "second")
    return api(ada).post(ASSIGNMENTS).data["assignments"][0]


def judge(client, assignment_id: int, **answer):
    answer = {"picks": ["entertained"], "idempotency_key": "k1", **answer}
    return client.post(f"/api/v1/assignments/{assignment_id}/judgement/", answer)


def test_ada_judges_and_is_handed_the_next_post(ada, offered, api):
    answer = judge(
        api(ada), offered["id"], picks=["saddened", "entertained"], seconds=3.5, next=True
    )

    assert answer.status_code == 201
    judgement = answer.data["judgement"]
    assert judgement == {
        "id": judgement["id"],
        "post_id": "p1",
        "picks": ["entertained", "saddened"],
        "other": "",
        "frame": "universal",
        "seconds": 3.5,
        "judged_at": judgement["judged_at"],
        "revision": 0,
    }
    assert answer.data["next"]["post"]["body"] == "second"


def test_a_repeated_submit_is_answered_the_same_and_stored_once(ada, offered, api):
    first = judge(api(ada), offered["id"], next=True)
    again = judge(api(ada), offered["id"], next=True)

    assert again.json() == first.json()
    assert Judgement.objects.count() == 1
    assert CampaignPost.objects.get(post__key="p1").judged == 1


def test_asking_again_hands_out_the_same_post(ada, offered, api):
    again = api(ada).post(ASSIGNMENTS).data["assignments"]

    assert [assignment["id"] for assignment in again] == [offered["id"]]


def test_up_to_five_posts_can_be_fetched_ahead(ada, campaign, add_posts, api):
    add_posts(campaign, *"abcdefg")

    assert len(api(ada).post(ASSIGNMENTS, {"count": 5}).data["assignments"]) == 5
    assert api(ada).post(ASSIGNMENTS, {"count": 6}).status_code == 400


def test_an_empty_list_says_that_nothing_is_left(ada, api):
    assert api(ada).post(ASSIGNMENTS).data == {"assignments": []}


def test_skipping_gives_the_place_back_but_not_to_ada(ada, offered, api):
    answer = api(ada).post(f"/api/v1/assignments/{offered['id']}/skip/", {"reason": "too sad"})

    assert answer.status_code == 204
    assert CampaignPost.objects.get(post__key="p1").reserved == 0
    assert api(ada).post(ASSIGNMENTS).data["assignments"][0]["post"]["id"] == "p2"


def test_a_flag_reaches_the_admin_and_leaves_the_post_with_ada(ada, offered, api):
    answer = api(ada).post(f"/api/v1/assignments/{offered['id']}/flag/", {"reason": "an advert"})

    assert answer.status_code == 204
    assert CampaignPost.objects.get(post__key="p1").flags.get().reason == "an advert"
    assert judge(api(ada), offered["id"]).status_code == 201


def test_a_revision_keeps_what_was_said_before(ada, offered, api):
    judgement_id = judge(api(ada), offered["id"]).data["judgement"]["id"]

    answer = api(ada).patch(f"/api/v1/judgements/{judgement_id}/", {"picks": ["neutral"]})

    assert (answer.data["picks"], answer.data["revision"]) == (["neutral"], 1)
    before = Judgement.objects.get().revisions.get()
    assert (before.revision, before.picks) == (0, 1)


@pytest.mark.parametrize(
    ("answer", "status", "code", "sentence"),
    [
        ({"picks": ["amused"]}, 422, "unknown_affect", "The taxonomy has no affect 'amused'"),
        ({"picks": ["sadened"]}, 422, "unknown_affect", "did you mean 'saddened'?"),
        (
            {"picks": ["entertained", "saddened", "neutral"]},
            422,
            "too_many_picks",
            "3 are picked; at most 2 count here. Please take 1 away.",
        ),
        # `other` is one of the picks
        (
            {"picks": ["entertained", "saddened"], "other": "hm"},
            422,
            "too_many_picks",
            "3 are picked",
        ),
        ({"picks": []}, 422, "too_few_picks", "please pick at least one affect, or skip"),
        ({"picks": ["neutral", "neutral"]}, 422, "repeated_pick", "'neutral' is picked twice"),
        ({"picks": [], "other": "x" * 201}, 422, "unprocessable", "at most 200"),
        ({"picks": "neutral"}, 400, "invalid", "see 'errors'"),
        ({"picks": ["neutral"], "seconds": -1}, 400, "invalid", "see 'errors'"),
    ],
)
def test_an_answer_that_cannot_count_says_why_and_keeps_the_post(
    ada, offered, api, answer, status, code, sentence
):
    refused = judge(api(ada), offered["id"], **answer)

    assert (refused.status_code, refused.data["code"]) == (status, code)
    assert sentence in refused.data["detail"]
    assert refused["Content-Type"] == "application/problem+json"
    assert judge(api(ada), offered["id"], idempotency_key="k2").status_code == 201


def test_a_judgement_after_the_lease_has_ended_is_refused_kindly(ada, offered, api):
    Assignment.objects.update(lease_expires_at="2020-01-01T00:00Z")

    late = judge(api(ada), offered["id"])

    assert (late.status_code, late.data["code"]) == (410, "lease_ended")
    assert Judgement.objects.count() == 0


def test_an_ended_lease_goes_back_to_the_queue(ada, offered, campaign):
    Assignment.objects.update(lease_expires_at="2020-01-01T00:00Z")

    assignments.release_ended_leases(campaign=campaign)

    assert CampaignPost.objects.get(post__key="p1").reserved == 0
    assert Assignment.objects.get().state == "expired"


def test_whoever_is_signed_in_needs_no_token(ada, cleo, offered, api):
    browser = api()
    browser.force_login(cleo.user)
    assert judge(browser, offered["id"]).status_code == 404

    browser.force_login(ada.user)

    assert judge(browser, offered["id"]).status_code == 201


def test_a_strangers_assignment_does_not_exist(cleo, offered, api):
    answer = judge(api(cleo), offered["id"])

    assert (answer.status_code, answer.data["code"]) == (404, "not_found")
    assert api(cleo).post(ASSIGNMENTS).status_code == 404


def test_without_a_token_nothing_is_answered(offered, api):
    answer = judge(api(), offered["id"])

    assert answer.status_code == 401
    assert "Authorization: Token" in answer.data["detail"]


def test_a_used_idempotency_key_with_another_body_is_refused(ada, offered, api):
    judge(api(ada), offered["id"])

    other = judge(api(ada), offered["id"], picks=["neutral"])

    assert (other.status_code, other.data["code"]) == (422, "idempotency_key_reused")
    assert Judgement.objects.get().picks == 1


def test_a_second_answer_under_a_fresh_key_points_to_revising(ada, offered, api):
    judge(api(ada), offered["id"])

    second = judge(api(ada), offered["id"], idempotency_key="k2", picks=["neutral"])

    assert (second.status_code, second.data["code"]) == (409, "already_judged")
    assert "PATCH judgements/" in second.data["detail"]


def test_a_skipped_post_cannot_be_judged(ada, offered, api):
    api(ada).post(f"/api/v1/assignments/{offered['id']}/skip/")

    assert judge(api(ada), offered["id"]).data["code"] == "assignment_closed"


def test_a_paused_campaign_hands_out_nothing(ada, offered, campaign, api):
    campaign.state = "paused"
    campaign.save(update_fields=["state"])

    assert api(ada).post(ASSIGNMENTS).data["code"] == "campaign_not_open"


def test_posts_are_asked_in_priority_order(ada, campaign, add_posts, api):
    low, high, middle = add_posts(campaign, "low", "high", "middle")
    CampaignPost.objects.filter(id=high.id).update(priority=2)
    CampaignPost.objects.filter(id=middle.id).update(priority=1)

    asked = api(ada).post(ASSIGNMENTS, {"count": 3}).data["assignments"]

    assert [assignment["post"]["body"] for assignment in asked] == ["high", "middle", "low"]


def test_a_turn_takes_three_statements(ada, campaign, add_posts, api, django_assert_num_queries):
    """Whose token and assignment, the judgement, the next post; the taxonomy is known by then."""
    add_posts(campaign, "first", "second", "third")
    client = api(ada)
    with django_assert_num_queries(4):
        held = client.post(ASSIGNMENTS).data["assignments"][0]
    held = judge(client, held["id"], next=True).data["next"]

    with django_assert_num_queries(3):
        judge(client, held["id"], next=True, idempotency_key="k2")
