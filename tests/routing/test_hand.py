"""The admin's hand: importance, pause, pins, withdrawn posts; and why a post was asked."""

import pytest

from annotation import assignments, campaigns, gold, judgements
from annotation.models import CampaignPost
from routing import pins, queries, reasons, rounds
from routing.errors import CannotPin
from routing.models import Pin, Plan

PAGE = "/campaigns/feelings/routing/"
REST = "/api/v1/campaigns/feelings/routing/"


@pytest.fixture
def as_ben(client, ben):
    client.force_login(ben)
    return client


def judge_next(campaign, rater) -> CampaignPost:
    assignment = assignments.claim(campaign=campaign, rater=rater)[0]
    judgements.submit(assignment=assignment, picks=["neutral"])
    return CampaignPost.objects.get(id=assignment.campaign_post_id)


# Importance


def test_rounds_look_for_what_is_important(campaign, learnt, as_ben):
    as_ben.post(f"{PAGE}importance/", importance(entertained=0, saddened=5))

    round = rounds.run(campaign=campaign, strategy="focused", budget=10, seed=1)

    assert Plan.objects.get().importance == {"entertained": 0.0, "saddened": 5.0}
    assert round.options["importance"] == {"entertained": 0.0, "saddened": 5.0, "neutral": 1.0}
    pi = queries.pool_of(round)
    funny, sad = (pi.of([each.id for each in some]) for some in (learnt[:10], learnt[10:20]))
    assert sad.mean() > 2 * funny.mean()


def importance(**weights) -> dict:
    usual = {"entertained": 2, "saddened": 1, "neutral": 1}
    return {f"importance-{key}": weight for key, weight in (usual | weights).items()}


def test_what_follows_the_taxonomy_is_not_stored(campaign, as_ben):
    as_ben.post(f"{PAGE}importance/", importance(saddened=3))

    assert Plan.objects.get().importance == {"saddened": 3.0}


REFUSED = [
    ({"saddened": -1}, "greater than or equal to 0"),
    ({"saddened": ""}, "This field is required"),
    ({"entertained": 0, "saddened": 0, "neutral": 0}, "one affect must have more than 0"),
]


@pytest.mark.parametrize(("weights", "sentence"), REFUSED)
def test_importance_that_cannot_be_is_refused_kindly(campaign, as_ben, weights, sentence):
    answer = as_ben.post(f"{PAGE}importance/", importance(**weights))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Plan.objects.exists()


# The plan over REST, and pausing


def test_ben_changes_the_plan_over_rest(campaign, ben, dan, api):
    body = {"budget": 70, "importance": {"saddened": 4}, "enabled": True}

    changed = api(ben).patch(REST, body, format="json").json()

    assert (changed["budget"], changed["importance"]) == (70, {"saddened": 4.0})
    assert api(dan).get(REST).json() == changed
    assert Plan.objects.get().enabled


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"uniform": 0.0, "exploit": 0.8}, 400, "bad_round"),
        ({"uniform": 0.5}, 400, "bad_round"),
        ({"strategy": "check"}, 400, "bad_round"),
        ({"importance": {"bored": 1}}, 422, "bad_importance"),
        ({"importance": {"saddened": -1}}, 400, "invalid"),
        ({"budget": 0}, 400, "invalid"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_over_rest(campaign, ben, api, body, status, code):
    answer = api(ben).patch(REST, body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Plan.objects.exists()


def test_ben_pauses_routing_and_lets_it_go_on(campaign, as_ben):
    Plan.objects.create(campaign=campaign, enabled=True, budget=70)

    as_ben.post(f"{PAGE}pause/", {"then": "off"})
    paused = Plan.objects.get()
    as_ben.post(f"{PAGE}pause/", {"then": "on"})

    assert (paused.enabled, paused.budget) == (False, 70)
    assert Plan.objects.get().enabled


# Pins


def test_a_pinned_post_comes_before_all_that_rounds_draw(campaign, learnt, ada, ben):
    rounds.run(campaign=campaign, budget=20, seed=1)
    pins.pin(campaign_post=learnt[59], by=ben, reason="the board wants it")

    rounds.run(campaign=campaign, budget=20, seed=2)

    assert judge_next(campaign, ada) == learnt[59]


def test_a_pinned_post_is_in_no_pool_and_stands_for_itself(campaign, learnt, ada, ben):
    pins.pin(campaign_post=learnt[59], by=ben)
    round = rounds.run(campaign=campaign, budget=60, seed=1)
    judge_next(campaign, ada)

    assert round.pool_size == 59
    assert learnt[59].id not in queries.weights(campaign)
    assert reasons.of_post(fresh(learnt[59]))["weight"] == 1.0


def fresh(campaign_post: CampaignPost) -> CampaignPost:
    return CampaignPost.objects.get(id=campaign_post.id)


def test_a_pin_taken_out_leaves_a_post_like_any_other(campaign, learnt, ben):
    pins.pin(campaign_post=learnt[0], by=ben)
    pins.unpin(campaign_post=learnt[0])
    pins.unpin(campaign_post=learnt[0])

    assert fresh(learnt[0]).priority == 0
    assert queries.pool(campaign.campaign_posts).count() == 60
    assert Pin.objects.get().ended_at


def test_a_begun_post_is_still_finished_first_without_its_pin(campaign, learnt, ada, ben):
    pins.pin(campaign_post=learnt[0], by=ben)
    judge_next(campaign, ada)

    pins.unpin(campaign_post=learnt[0])

    assert fresh(learnt[0]).priority == 2


def test_pinning_twice_is_one_pin(campaign, learnt, ben):
    for reason in ("first", "second"):
        pins.pin(campaign_post=learnt[0], by=ben, reason=reason)

    assert Pin.objects.get().reason == "first"


@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"reserved": 2, "judged": 2}])
def test_what_is_asked_no_more_cannot_be_pinned(campaign, learnt, ben, change):
    CampaignPost.objects.filter(id=learnt[0].id).update(**change)

    with pytest.raises(CannotPin):
        pins.pin(campaign_post=learnt[0], by=ben)
    assert not Pin.objects.exists()


# Why was it asked?


def test_a_drawn_post_says_round_propensity_component_and_scores(campaign, learnt, ada):
    round = rounds.run(campaign=campaign, strategy="focused", budget=12, seed=1)
    asked = judge_next(campaign, ada)
    selection = round.selections.get(campaign_post=asked)

    found = reasons.of_post(asked)

    assert found["why"].startswith("Round 1 (focused) drew it with a propensity of ")
    assert found["weight"] == pytest.approx(queries.weights(campaign)[asked.id])
    assert found["propensity"] == pytest.approx(queries.propensities(campaign)[asked.id])
    (only,) = found["rounds"]
    assert only["propensity"] == pytest.approx(selection.propensity, rel=1e-5)
    assert only["components"]["exploit"] == pytest.approx(selection.exploit, rel=1e-5)
    assert sorted(only["scores"].values()) == sorted(selection.scores)


def test_a_post_that_was_not_drawn_still_has_its_propensity(campaign, learnt):
    round = rounds.run(campaign=campaign, strategy="uniform", budget=6, seed=1)
    waiting = campaign.campaign_posts.filter(judged=0, selections=None).first()

    found = reasons.of_post(waiting)

    assert (found["why"], found["weight"]) == ("It was not drawn yet.", None)
    assert [(each["round"], each["drawn"]) for each in found["rounds"]] == [(round.number, False)]
    assert found["rounds"][0]["propensity"] == pytest.approx(0.1)


def test_other_ways_to_be_asked_are_told_apart(campaign, learnt, add_posts, judge, ben):
    (imported,) = add_posts(campaign, "imported")
    judge([imported], "neutral")
    (gold,) = add_posts(campaign, "gold")
    CampaignPost.objects.filter(id=gold.id).update(state="gold")
    pins.pin(campaign_post=learnt[0], by=ben)

    said = [reasons.of_post(fresh(post))["why"] for post in (imported, gold, *learnt[:2])]

    assert said[0].startswith("It was judged without a draw")
    assert said[1].startswith("It is gold")
    assert said[2].startswith("ben pinned it")
    assert said[3] == "No round has had it in its pool yet."


def test_a_post_that_is_put_back_waits_like_any_other(campaign, learnt, ada):
    rounds.run(campaign=campaign, budget=60, seed=1)
    begun, untouched, asked = learnt[0], learnt[1], learnt[2]
    before = fresh(asked).priority
    CampaignPost.objects.filter(id=begun.id).update(reserved=1)
    for post in (begun, untouched):
        campaigns.withdraw_post(campaign_post=post)

    for post in (begun, untouched, asked):
        pins.put_back(campaign_post=fresh(post))

    found = [(fresh(post).state, fresh(post).priority) for post in (begun, untouched, asked)]
    assert found == [("open", 2.0), ("open", 0.0), ("open", before)]
    assert fresh(untouched).wanted == campaign.raters_per_post


def test_a_withdrawn_pin_is_first_again_when_it_is_put_back(campaign, learnt, ada, ben):
    pins.pin(campaign_post=learnt[5], by=ben)
    campaigns.withdraw_post(campaign_post=learnt[5])
    assert judge_next(campaign, ada).id != learnt[5].id

    pins.put_back(campaign_post=fresh(learnt[5]))

    assert judge_next(campaign, ada).id == learnt[5].id


def test_withdrawn_gold_comes_back_as_gold_only(campaign, learnt, as_ben):
    gold.put(campaign_post=learnt[0], expected=["neutral"])
    campaigns.withdraw_post(campaign_post=learnt[0])

    page = as_ben.post(f"{PAGE}posts/{learnt[0].id}/put-back/", follow=True)

    assert "was gold before it was withdrawn" in page.content.decode()
    assert fresh(learnt[0]).state == "withdrawn"


# Doors


def test_the_page_of_a_post_says_why_and_lets_ben_decide(as_ben, campaign, learnt):
    rounds.run(campaign=campaign, budget=60, seed=1)
    page = as_ben.get(f"{PAGE}posts/", {"key": learnt[3].post.key}, follow=True)
    assert page.redirect_chain == [(f"{PAGE}posts/{learnt[3].id}/", 302)]
    assert "Round 1 (focused) drew it with a propensity of 1.0000" in page.content.decode()

    at = f"{PAGE}posts/{learnt[3].id}/"
    pinned = as_ben.post(f"{at}pin/", {"reason": "look"}, follow=True).content.decode()
    let_go = as_ben.post(f"{at}unpin/", follow=True).content.decode()
    withdrawn = as_ben.post(f"{at}withdraw/", follow=True).content.decode()

    assert "Pinned by ben" in pinned and "Take the pin out" in pinned
    assert "Ask it next" in let_go
    assert "The post is withdrawn" in withdrawn and "Ask it next" not in withdrawn
    assert fresh(learnt[3]).state == "withdrawn"
    assert "Put it back" in withdrawn
    back = as_ben.post(f"{at}put-back/", follow=True).content.decode()
    assert "The post is back" in back and "Withdraw it" in back
    assert fresh(learnt[3]).state == "open"


def test_an_unknown_post_is_said_kindly(as_ben, campaign):
    page = as_ben.get(f"{PAGE}posts/", {"key": "nothing"}, follow=True)

    assert "has no post nothing" in page.content.decode()


def test_rest_says_why_and_pins_and_withdraws(campaign, learnt, ben, dan, api):
    rounds.run(campaign=campaign, budget=60, seed=1)
    at = f"{REST}posts/{learnt[3].post.key}/"

    found = api(dan).get(at).json()
    pinned = api(ben).put(f"{at}pin/", {"reason": "look"}).json()
    let_go = api(ben).delete(f"{at}pin/").json()
    withdrawn = api(ben).post(f"{at}withdraw/").json()
    back = api(ben).delete(f"{at}withdraw/").json()

    assert (found["post"], found["rounds"][0]["drawn"]) == (learnt[3].post.key, True)
    assert (pinned["pin"]["reason"], pinned["priority"]) == ("look", 3.0)
    assert let_go["pin"]["ended_at"] and let_go["priority"] == 0
    assert (withdrawn["state"], back["state"]) == ("withdrawn", "open")


def test_a_key_with_a_slash_is_found(campaign, add_posts, dan, api):
    (post,) = add_posts(campaign, "text")
    post.post.key = "2026/11/21"
    post.post.save()

    assert api(dan).get(f"{REST}posts/2026/11/21/").json()["post"] == "2026/11/21"


def test_another_campaigns_post_is_not_there(campaign, learnt, taxonomy, dan, api, as_ben):
    from annotation import campaigns

    campaigns.create(slug="other", taxonomy=taxonomy)

    answer = api(dan).get(f"/api/v1/campaigns/other/routing/posts/{learnt[0].post.key}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_post")
    assert as_ben.get(f"/campaigns/other/routing/posts/{learnt[0].id}/").status_code == 404


POSTS = [
    f"{PAGE}importance/",
    f"{PAGE}pause/",
    *(f"{PAGE}posts/1/{v}/" for v in ("pin", "unpin", "put-back")),
]


@pytest.mark.parametrize("path", [*POSTS, f"{PAGE}posts/1/withdraw/"])
def test_only_admins_decide(campaign, client, dan, ada, path):
    answers = []
    for who in (dan, ada.user):
        client.force_login(who)
        answers.append(client.post(path).status_code)

    assert answers == [403, 403]


@pytest.mark.parametrize("path", ["posts/", "posts/1/"])
def test_raters_and_strangers_cannot_look(campaign, client, ada, path):
    stranger = client.get(PAGE + path)
    client.force_login(ada.user)

    assert (stranger.status_code, client.get(PAGE + path).status_code) == (302, 403)


@pytest.mark.parametrize(
    ("method", "path"), [("patch", ""), ("put", "posts/p1/pin/"), ("delete", "posts/p1/pin/"),
                         ("post", "posts/p1/withdraw/"), ("delete", "posts/p1/withdraw/")]
)  # fmt: skip
def test_only_admins_decide_over_rest(campaign, learnt, dan, ada, api, method, path):
    answers = [getattr(api(who), method)(REST + path) for who in (None, ada, dan)]

    assert [answer.status_code for answer in answers] == [401, 403, 403]
