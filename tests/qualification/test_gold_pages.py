"""The admin's pages for gold: settings, what raters make of it, files, one post."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation import assignments, campaigns, gold, judgements
from annotation.models import Campaign, CampaignPost, Gold, Judgement, Membership, Rater
from qualification import quizzes
from qualification.models import Quiz

URL = "/campaigns/feelings/gold/"
SETTINGS = {"asked": "on", "pass_mark": "70", "tries": "3", "posts_per_try": "2", "gold_share": "5"}


@pytest.fixture
def page(browser, ben, campaign):
    return browser(ben)


@pytest.fixture
def judged_gold(campaign, add_posts):
    """`judged_gold(7, right=2)`: a gold post that seven raters have answered, two of them right."""

    def make(answers, *, right):
        post = add_posts(campaign, f"gold {CampaignPost.objects.count()}")[0]
        gold.put(campaign_post=post, expected=["entertained"], excluded=["saddened"])
        Campaign.objects.update(gold_share=0.5)
        campaign.refresh_from_db()
        for number in range(answers):
            rater = Rater.objects.create(key=f"r{post.id}-{number}")
            Membership.objects.create(campaign=campaign, rater=rater)
            Judgement.objects.create(
                campaign=campaign,
                campaign_post=post,
                rater=rater,
                picks=1 if number < right else 2,
                frame="universal",
                judged_at="2026-11-21T08:00Z",
                gold_right=number < right,
            )
        return post

    return make


def table(page):
    shown = page.get(URL)
    return [(place.answered, place.right, place.suspicious) for place in shown.context["posts"]]


def test_what_most_raters_get_wrong_comes_first_and_is_called_suspicious(page, judged_gold):
    for answers, right in [(6, 6), (6, 2), (4, 0), (0, 0)]:
        judged_gold(answers, right=right)

    assert table(page) == [(4, 0, False), (6, 2, True), (6, 6, False), (0, 0, False)]
    shown = page.get(URL).text
    assert "1 post is answered wrong by most raters" in shown
    assert shown.count("look again") == 1


def test_judgements_that_are_set_aside_tell_nothing_of_the_gold(page, judged_gold):
    post = judged_gold(6, right=2)
    Judgement.objects.filter(campaign_post=post, gold_right=False).update(set_aside=True)

    assert table(page) == [(2, 2, False)]


def test_answers_of_the_quiz_count_as_well(page, quiz, membership, take):
    take(membership, right=2)

    assert sorted(table(page)) == [(1, 0, False), (1, 1, False), (1, 1, False)]
    assert page.get(URL).context["outcomes"].not_yet == 1

    take(membership, right=3)
    outcomes = page.get(URL).context["outcomes"]
    assert (outcomes.passed, outcomes.not_yet) == (1, 0)


def test_settings_switch_the_quiz_on(page, quiz_posts, campaign, membership):
    answer = page.post(f"{URL}settings/", SETTINGS)

    assert answer.status_code == 302
    stored = Quiz.objects.get()
    assert (stored.pass_mark, stored.tries, stored.posts_per_try) == (0.7, 3, 2)
    campaign.refresh_from_db()
    membership.refresh_from_db()
    assert (campaign.gold_share, campaign.entry_required) == (0.05, True)
    assert not membership.admitted
    assert page.get(URL).context["settings_form"].initial == {
        "asked": True, "pass_mark": 70, "tries": 3, "posts_per_try": 2, "gold_share": 5.0,
    }  # fmt: skip


def test_settings_switch_the_quiz_off(page, quiz, membership):
    page.post(f"{URL}settings/", {**SETTINGS, "asked": ""})

    assert quizzes.state_of(membership) == "none"


def test_a_quiz_without_posts_cannot_be_asked(page):
    refused = page.post(f"{URL}settings/", SETTINGS)

    assert refused.status_code == 422
    assert "The quiz has no posts yet." in refused.text
    assert not Quiz.objects.exists()


@pytest.mark.parametrize("fault", [{"pass_mark": "101"}, {"tries": "0"}, {"gold_share": "60"}])
def test_settings_out_of_bounds_are_refused_at_their_field(page, quiz_posts, fault):
    refused = page.post(f"{URL}settings/", SETTINGS | fault)

    assert refused.status_code == 422
    assert list(refused.context["settings_form"].errors) == list(fault)
    assert not Quiz.objects.exists()


def test_a_file_brings_gold_in_and_tells_of_each_row_left_out(page, campaign, add_posts):
    add_posts(campaign, "one", "two")
    rows = b"post_id,expected,use\np1,entertained,quiz\np2,furious,gold\np9,neutral,gold\n"

    shown = page.post(f"{URL}upload/", {"file": SimpleUploadedFile("gold.csv", rows)})

    assert "1 added, 0 changed, 0 unchanged, 2 left out." in shown.text
    assert [
        (reject.row, reject.id, reject.field) for reject in shown.context["rejects"].listed
    ] == [
        (2, "p2", "picks"),
        (3, "p9", "post_id"),
    ]
    assert Quiz.objects.filter(campaign=campaign).exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gold.xlsx", b"PK", "gold.xlsx has none of the known endings"),
        ("gold.csv", b"post,expected\np1,neutral\n", "post_id"),
        ("gold.csv", b"", "empty"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_by_name(page, name, content, told):
    refused = page.post(f"{URL}upload/", {"file": SimpleUploadedFile(name, content)})

    assert refused.status_code == 422
    assert told in refused.text
    assert "/tmp" not in refused.text


def test_one_post_is_found_by_its_id_and_made_gold(page, campaign, add_posts):
    post = add_posts(campaign, "one")[0]

    found = page.post(f"{URL}find/", {"post_id": "p1"})
    stored = page.post(
        found.url, {"use": "gold", "expected": ["neutral"], "explanation": "It is plain."}
    )

    assert (found.url, stored.url) == (f"{URL}{post.id}/", URL)
    key = Gold.objects.get(campaign_post=post)
    assert (key.expected, key.excluded, key.explanation) == (4, 0, "It is plain.")


def test_an_unknown_post_is_not_found(page):
    refused = page.post(f"{URL}find/", {"post_id": "p77"})

    assert refused.status_code == 422
    assert "is no post of this campaign" in refused.text


def test_a_post_with_judgements_is_refused_with_a_reason(page, campaign, add_posts, ada):
    post = add_posts(campaign, "one")[0]
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    judgements.submit(assignment=held, picks=["neutral"])

    refused = page.post(f"{URL}{post.id}/", {"use": "gold", "expected": ["neutral"]})

    assert refused.status_code == 422
    assert "is judged already" in refused.text


def test_the_page_of_a_post_shows_what_raters_picked_instead(page, judged_gold):
    post = judged_gold(6, right=2)

    shown = page.get(f"{URL}{post.id}/")

    assert shown.context["given"][0][:2] == ("Saddened", 4)
    assert shown.context["form"].initial["expected"] == ["entertained"]


def test_gold_that_nobody_answered_becomes_ordinary(page, judged_gold):
    post = judged_gold(0, right=0)

    page.post(f"{URL}{post.id}/release/")

    post.refresh_from_db()
    assert post.state == "open"


def test_gold_with_answers_stays_gold_and_says_why(page, judged_gold):
    post = judged_gold(1, right=1)

    shown = page.post(f"{URL}{post.id}/release/", follow=True).text

    assert "is judged already (1×)" in shown
    post.refresh_from_db()
    assert post.state == "gold"


# Eve rates elsewhere, Pia is paused here. 422: the door is open, the form empty.
NOBODY = {"ada": 403, "pia": 403, "eve": 403, "cleo": 403}
ACCESS = {
    "GET ": {**NOBODY, "dan": 200, "ben": 200},
    "POST settings/": {**NOBODY, "dan": 403, "ben": 422},
    "POST upload/": {**NOBODY, "dan": 403, "ben": 422},
    "POST find/": {**NOBODY, "dan": 403, "ben": 422},
    "GET {post}/": {**NOBODY, "dan": 403, "ben": 200},
    "POST {post}/": {**NOBODY, "dan": 403, "ben": 422},
    "POST {post}/release/": {**NOBODY, "dan": 403, "ben": 302},
    "GET 0/": {**NOBODY, "dan": 403, "ben": 404},
}


@pytest.mark.parametrize("door", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(
    door, browser, ada, cleo, dan, ben, people, campaign, judged_gold
):
    other = campaigns.create(slug="other", taxonomy=campaign.taxonomy)
    eve = campaigns.add_rater(campaign=other, user=people("Eve")).rater
    pia = campaigns.add_rater(campaign=campaign, user=people("Pia")).rater
    Membership.objects.filter(rater=pia).update(state="paused")
    everybody = {"ada": ada, "pia": pia, "eve": eve, "cleo": cleo, "dan": dan, "ben": ben}
    method, _, path = door.format(post=judged_gold(0, right=0).id).partition(" ")

    got = {
        who: browser(person).generic(method, URL + path).status_code
        for who, person in everybody.items()
    }

    assert got == ACCESS[door]


@pytest.mark.parametrize("door", ACCESS)
def test_strangers_sign_in_first(door, client, campaign):
    method, _, path = door.format(post=1).partition(" ")

    answer = client.generic(method, URL + path)

    assert (answer.status_code, answer.url) == (302, f"/signin/?next={URL}{path}")


def test_a_longer_table_asks_no_more_queries(page, judged_gold, django_assert_num_queries):
    judged_gold(2, right=1)
    page.get(URL)
    with CaptureQueriesContext(connection) as short:
        page.get(URL)
    judged_gold(2, right=1)
    judged_gold(2, right=1)

    with django_assert_num_queries(len(short)):
        page.get(URL)
