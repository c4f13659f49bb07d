"""Who may open what, and what lists cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation import assignments, campaigns, judgements
from annotation.models import Flag, Judgement


@pytest.fixture
def doors(held) -> dict[str, str]:
    """Every address of the pages: the way to ask, then the address."""
    Flag.objects.create(id=71, campaign_post=held.campaign_post, rater=held.rater, reason="x")
    judgements.submit(assignment=held, picks=["neutral"])
    judged = Judgement.objects.get()
    return {
        "campaigns": "GET /campaigns/",
        "judge": "GET /campaigns/feelings/judge/",
        "guideline": "GET /campaigns/feelings/guideline/",
        "recent": "GET /campaigns/feelings/recent/",
        "answer": f"POST /assignments/{held.id}/",
        "skip": f"POST /assignments/{held.id}/skip/",
        "flag": f"POST /assignments/{held.id}/flag/",
        "revise": f"GET /judgements/{judged.id}/",
        "overview": "GET /campaigns/feelings/",
        "state": "POST /campaigns/feelings/state/",
        "raters": "POST /campaigns/feelings/raters/",
        "resolve": "POST /campaigns/feelings/flags/71/",
        "create": "GET /new-campaign/",
    }


# Cleo judges elsewhere, Dan is the engineer, Ben the admin. 422: the door is open, the form empty.
ACCESS = {
    "campaigns": {"ada": 200, "cleo": 200, "dan": 200, "ben": 200},
    "judge": {"ada": 200, "cleo": 404, "dan": 404, "ben": 404},
    "guideline": {"ada": 200, "cleo": 404, "dan": 200, "ben": 200},
    "recent": {"ada": 200, "cleo": 404, "dan": 404, "ben": 404},
    "answer": {"ada": 422, "cleo": 404, "dan": 404, "ben": 404},
    "skip": {"ada": 302, "cleo": 404, "dan": 404, "ben": 404},
    "flag": {"ada": 422, "cleo": 404, "dan": 404, "ben": 404},
    "revise": {"ada": 200, "cleo": 404, "dan": 404, "ben": 404},
    "overview": {"ada": 302, "cleo": 404, "dan": 200, "ben": 200},
    "state": {"ada": 403, "cleo": 403, "dan": 403, "ben": 400},
    "raters": {"ada": 403, "cleo": 403, "dan": 403, "ben": 422},
    "resolve": {"ada": 403, "cleo": 403, "dan": 403, "ben": 302},
    "create": {"ada": 403, "cleo": 403, "dan": 403, "ben": 200},
}


@pytest.mark.parametrize("name", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(name, browser, doors, ada, ben, cleo, dan):
    method, url = doors[name].split()
    people = {"ada": ada, "cleo": cleo, "dan": dan, "ben": ben}

    got = {who: browser(person).generic(method, url).status_code for who, person in people.items()}

    assert got == ACCESS[name]


@pytest.mark.parametrize("name", ACCESS)
def test_strangers_are_sent_to_sign_in(name, client, doors):
    method, url = doors[name].split()

    answer = client.generic(method, url)

    assert (answer.status_code, answer.url) == (302, f"/signin/?next={url}")


def test_signing_in_leads_to_ones_campaigns(client, ada):
    page = client.post("/signin/", {"username": "ada", "password": "pass"}, follow=True)

    assert page.redirect_chain == [("/", 302), ("/campaigns/", 302)]
    assert "Start judging" in page.text


def test_cleo_sees_no_campaign_of_others(browser, cleo, campaign, ada):
    page = browser(cleo).get("/campaigns/").text

    assert "No campaign yet" in page
    assert "Feelings" not in page


def test_recent_shows_ones_own_judgements_only(browser, ada, people, campaign, posts):
    eve = campaigns.add_rater(campaign=campaign, user=people("Eve")).rater
    for rater, pick in ((ada, "neutral"), (eve, "saddened")):
        post = assignments.claim(campaign=campaign, rater=rater)[0]
        judgements.submit(assignment=post, picks=[pick])

    latest = browser(ada).get("/campaigns/feelings/recent/").context["latest"]

    assert [judgement.rater for judgement in latest] == [ada]


def test_a_picture_is_shown_to_those_who_judge_it(browser, ada, cleo, dan, posts, settings):
    post = posts[0].post
    post.image = "cat.png"
    post.save()
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "cat.png").write_bytes(b"\x89PNG")
    url = f"/posts/{post.id}/image/"

    seen = {who: browser(person).get(url) for who, person in [("ada", ada), ("dan", dan)]}

    assert [b"".join(page.streaming_content) for page in seen.values()] == [b"\x89PNG"] * 2
    assert seen["ada"]["Content-Type"] == "image/png"
    assert browser(cleo).get(url).status_code == 404
    assert browser(ada).get(f"/posts/{posts[1].post_id}/image/").status_code == 404


def test_every_page_forbids_what_does_not_come_from_this_server(client):
    policy = client.get("/signin/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.fixture
def longer(campaign, people, taxonomy, ada, add_posts):
    """Adds a campaign for Ada, a rater, a flag and a judgement of Ada's to what there is."""

    def add(number: int) -> None:
        other = campaigns.create(slug=f"other-{number}", taxonomy=taxonomy)
        campaigns.add_rater(campaign=other, user=ada.user)
        eve = campaigns.add_rater(campaign=campaign, user=people(f"Eve{number}")).rater
        post = add_posts(campaign, f"post {number}")[0]
        Flag.objects.create(campaign_post=post, rater=eve, reason="odd")
        assignment = assignments.claim(campaign=campaign, rater=ada)[0]
        judgements.submit(assignment=assignment, picks=["neutral"])

    return add


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("ada", "/campaigns/"),
        ("ben", "/campaigns/"),
        ("ben", "/campaigns/feelings/"),
        ("ada", "/campaigns/feelings/recent/"),
    ],
)
def test_longer_lists_ask_no_more_queries(
    who, url, browser, ada, ben, longer, django_assert_num_queries
):
    person = browser({"ada": ada, "ben": ben}[who])
    longer(1)
    person.get(url)
    with CaptureQueriesContext(connection) as short:
        person.get(url)
    longer(2)
    longer(3)

    with django_assert_num_queries(len(short)):
        person.get(url)
