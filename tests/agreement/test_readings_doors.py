"""The page and REST door to what `manage.py consensus` prints."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from agreement import queries, readings, tasks
from agreement.models import Reading
from agreement.readings import Asked
from annotation.models import Judgement, Post
from signals.models import Person, Signal
from taxonomy import proposals
from taxonomy.models import Proposal
from tests.agreement.stored import OTHER, store

DOOR = "/api/v1/campaigns/feelings/consensus/"
PAGE = "/campaigns/feelings/consensus/"
CROWD = {
    "p1": {"r1": {"entertained"}, "r2": {"entertained"}, "r3": {"saddened"}},
    "p2": {"r1": {"saddened"}, "r2": {"saddened"}, "r3": {"saddened"}},
    "p3": {"r1": {"entertained"}, "r2": {OTHER}, "r3": {"neutral"}},
}


@pytest.fixture
def judged(campaign):
    store(campaign, CROWD)
    eve, now = Person.objects.create(key="eve"), timezone.now()
    for key, feeling, kind in [
        ("p1", "proud", "haha"),
        ("p2", "sad", "sad"),
        ("p3", "sad", "haha"),
    ]:
        Post.objects.filter(key=key).update(publisher_feeling=feeling, body=f"The text of {key}")
        Signal.objects.create(person=eve, post=Post.objects.get(key=key), kind=kind, at=now)
    return campaign


@pytest.fixture
def rung(monkeypatch):
    """The ids that the worker was rung for; no worker runs."""
    ids = []
    monkeypatch.setattr(tasks.compute_reading, "delay_on_commit", ids.append)
    return ids


@pytest.fixture
def many(monkeypatch):
    """From two judgements on, readings are a matter for the worker."""
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)


@pytest.fixture
def browser(client, ben):
    """The client, signed in as the admin."""
    client.force_login(ben)
    return client


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def keep(reading: Reading, **changed) -> None:
    """Stores the reading with other figures."""
    reading.figures_json = json.dumps(reading.figures | changed)
    reading.save()


def test_rest_answers_what_the_command_prints(api, dan, judged, capsys):
    answer = api(dan).get(DOOR, {"at_least": 2, "most": 1, "feeling_posts": 1})

    call_command("consensus", "--json", campaign="feelings", votes=2, most=1, feeling_posts=1)
    printed = json.loads(capsys.readouterr().out)
    times = {name: answer.json()[name] for name in ("computed_at", "newer")}
    assert [answer.status_code, answer.json()] == [200, printed | times]
    assert times["newer"] == 0
    assert len(answer.json()["feelings"]) == 2


@pytest.mark.parametrize("name", ["at_least", "most", "feeling_posts"])
def test_numbers_begin_at_one(api, dan, judged, name):
    answer = api(dan).get(DOOR, {name: 0})

    assert [answer.status_code, answer.json()["errors"][0]["where"]] == [400, name]


def test_the_page_names_affects_and_shows_how_posts_begin(client, ben, judged):
    client.force_login(ben)

    page = client.get(PAGE)

    shown = page.content.decode()
    for part in ("rules", "disputed", "split", "others", "feelings", "signals"):
        assert f'id="{part}"' in shown
    assert page.context["positives"][0] == ("Entertained", (0, 1, 1, 1))
    assert [row["text"] for row in page.context["split"]] == ["The text of p3", "The text of p1"]
    assert {row["affect"] for row in page.context["disputed"]} == {"Entertained"}
    assert "a word" in shown


def test_the_page_says_whether_dawid_and_skene_came_to_rest(browser, judged, many):
    reading = readings.compute(campaign=judged, asked=Asked(feeling_posts=30))
    keep(reading, dawid_skene={"steps": [9, 34, 0, 5], "settled": [True] * 4})
    page = shown(browser.get(PAGE))
    assert "dawid_skene came to rest for every affect, after 34 steps at most." in page

    keep(reading, dawid_skene={"steps": [9, 500, 0, 5], "settled": [True, False, True, True]})
    page = shown(browser.get(PAGE))
    assert "For Saddened, dawid_skene had not come to rest after 500 steps" in page


def test_readings_from_before_that_was_kept_are_shown_without(browser, judged, many):
    reading = readings.compute(campaign=judged, asked=Asked(feeling_posts=30))
    keep(reading, dawid_skene=None)

    page = shown(browser.get(PAGE))

    assert "Consensus rules side by side" in page
    assert "come to rest" not in page


def test_the_page_of_a_campaign_without_judgements_says_so(client, ben, campaign):
    client.force_login(ben)

    assert "Nobody has judged a post here yet" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("ben", 200), ("dan", 200), ("ada", 403), ("cleo", 403)]
)
def test_the_doors_are_for_admins_and_engineers(client, api, judged, request, who, status):
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", person))

    assert [client.get(PAGE).status_code, api(person).get(DOOR).status_code] == [status, status]


def test_of_many_judgements_a_worker_is_asked_once_and_rest_says_come_again(
    api, dan, judged, rung, many
):
    first, again = api(dan).get(DOOR), api(dan).get(DOOR)

    assert [first.status_code, again.status_code, first["Retry-After"]] == [202, 202, "2"]
    assert first.json() == again.json()
    assert first.json()["state"] == "queued"
    assert rung == [Reading.objects.get().id]
    tasks.compute_reading(rung[0])
    assert api(dan).get(DOOR).json()["judgements"] == 9


def test_what_a_worker_stores_is_what_would_be_computed_now(api, dan, judged, rung, monkeypatch):
    now = api(dan).get(DOOR, {"at_least": 2}).json()
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    api(dan).get(DOOR, {"at_least": 2})

    tasks.compute_reading(rung[0])
    tasks.compute_reading(rung[0])

    stored = api(dan).get(DOOR, {"at_least": 2}).json()
    assert stored.pop("computed_at") != now.pop("computed_at")
    assert stored == now
    assert api(dan).get(DOOR, {"at_least": 1}).status_code == 202  # other options, other readings


def test_stored_readings_tell_how_many_judgements_are_newer(api, dan, judged, many):
    readings.compute(campaign=judged, asked=Asked()).save()
    of_r3 = Judgement.objects.filter(rater__key="r3")
    of_r3.filter(campaign_post__post__key="p3").delete()

    latest = Judgement.objects.latest("id")
    latest.id, latest.rater = None, of_r3.first().rater
    latest.save()

    assert api(dan).get(DOOR).json()["newer"] == 1


def test_rest_asks_for_new_readings(api, dan, judged, rung):
    answer = api(dan).post(DOOR)

    assert [answer.status_code, answer.json()["state"]] == [202, "queued"]
    assert rung == [answer.json()["id"]]


def test_the_page_waits_for_the_worker_and_then_shows_what_it_found(browser, judged, rung, many):
    waiting = browser.get(PAGE)
    polled = browser.get(PAGE, headers={"HX-Request": "true"})
    tasks.compute_reading(rung[0])
    done = browser.get(PAGE, headers={"HX-Request": "true"})

    assert "A worker is computing what belongs here" in shown(waiting)
    assert "A worker is computing" in shown(polled)
    assert done["HX-Refresh"] == "true"
    page = shown(browser.get(PAGE))
    assert "from 9 judgements" in page
    assert "Compute again" in page


def test_compute_again_keeps_showing_the_old_readings_meanwhile(browser, judged, rung, many):
    readings.compute(campaign=judged, asked=Asked(feeling_posts=30)).save()

    asked = browser.post(f"{PAGE}recompute/")

    assert [asked.status_code, asked["Location"]] == [302, PAGE]
    page = shown(browser.get(PAGE))
    assert "below is what it showed last" in page
    assert 'id="disputed"' in page
    assert len(rung) == 1


def test_readings_that_failed_are_told_and_can_be_asked_for_again(
    browser, judged, rung, many, monkeypatch
):
    browser.get(PAGE)
    monkeypatch.setattr(queries, "of_campaign", lambda campaign: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.compute_reading(rung[0])

    page = shown(browser.get(PAGE))

    assert "The figures could not be computed; see the log." in page
    assert "Compute again" in page


def test_a_post_that_is_gone_since_is_named_by_its_own_id(browser, judged, many):
    readings.compute(campaign=judged, asked=Asked(feeling_posts=30)).save()
    Judgement.objects.filter(campaign_post__post__key="p3").delete()
    judged.campaign_posts.filter(post__key="p3").delete()
    Signal.objects.filter(post__key="p3").delete()
    Post.objects.filter(key="p3").delete()

    assert [row["text"] for row in browser.get(PAGE).context["split"]][0] == "p3"


def test_the_command_keeps_readings_for_the_pages(judged, many, browser, capsys):
    call_command("consensus", "--store", campaign="feelings", feeling_posts=30)

    assert "dawid_skene" in capsys.readouterr().out
    assert "from 9 judgements" in shown(browser.get(PAGE))


def test_a_text_is_proposed_for_the_next_taxonomy_and_withdrawn(browser, judged, ben):
    page = browser.get(PAGE)
    assert "proposals/new/?text=a%20word" in shown(page)
    form = browser.get("/campaigns/feelings/proposals/new/?text=a word").context["form"]
    assert form.initial == {
        "name": "a word",
        "note": "Written: a word. Times: 1. Raters: 1.",
        "examples": "The text of p3",
    }

    made = browser.post("/campaigns/feelings/proposals/new/", form.initial | {"name": "Wordy"})

    assert [made.status_code, made["Location"]] == [302, PAGE]
    proposal = Proposal.objects.get()
    assert [proposal.name, proposal.examples] == ["Wordy", ["The text of p3"]]
    assert proposal.proposed_by == ben
    assert "Wordy" in shown(browser.get(PAGE))
    browser.post(f"/campaigns/feelings/proposals/{proposal.id}/withdraw/")
    assert "Wordy" not in shown(browser.get(PAGE))


def test_what_the_taxonomy_has_is_not_proposed(browser, judged):
    answer = browser.post("/campaigns/feelings/proposals/new/", {"name": "saddened"})

    assert answer.status_code == 422
    assert "small v1 has the affect" in shown(answer)
    assert not Proposal.objects.exists()


def test_engineers_read_proposals_and_admins_make_them(client, judged, dan):
    proposal = proposals.propose(taxonomy=judged.taxonomy, name="Wordy")
    client.force_login(dan)

    page = shown(client.get(PAGE))

    assert "Wordy" in page
    assert "Withdraw" not in page and "Propose an affect" not in page
    form = client.get("/campaigns/feelings/proposals/new/")
    withdrawn = client.post(f"/campaigns/feelings/proposals/{proposal.id}/withdraw/")
    assert [form.status_code, withdrawn.status_code] == [403, 403]
    assert Proposal.objects.get().withdrawn_at is None


def test_feelings_and_signals_are_corrected_where_routing_chose_the_posts(judged, monkeypatch):
    plain = readings.compute(campaign=judged, asked=Asked(feeling_posts=1)).figures
    heavy = {judged.campaign_posts.get(post__key="p3").id: 9.0}
    monkeypatch.setattr(queries, "import_string", lambda name: lambda campaign: heavy)

    corrected = readings.compute(campaign=judged, asked=Asked(feeling_posts=1)).figures

    assert [plain["weighted"], corrected["weighted"]] == [False, True]
    assert corrected["feelings"] != plain["feelings"]
    assert corrected["signals"] != plain["signals"]
