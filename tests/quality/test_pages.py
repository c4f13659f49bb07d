"""The pages on raters' work, and what an admin does there."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation import campaigns, members
from annotation.models import Judgement, Membership, Rater
from quality import tables, tasks, views
from tests.agreement.stored import store

PAGE = "/campaigns/feelings/raters-quality/"


@pytest.fixture(autouse=True)
def a_cache_of_its_own():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def of_liner(liner) -> str:
    return f"{PAGE}{liner.id}/"


def shown(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def names(answer) -> list[str]:
    return [row["rater"] for row in answer.context["page"]]


@pytest.fixture
def people_at_the_door(people, judged, ada, ben, cleo, dan):
    """Ada rates, Eve too, Fay is paused, Cleo rates elsewhere, Dan is the engineer, Ben the admin."""
    eve = campaigns.add_rater(campaign=judged, user=people("Eve"))
    fay = campaigns.add_rater(campaign=judged, user=people("Fay"))
    members.pause(membership=fay, by=ben)
    return {
        "rater": ada,
        "other rater": eve.rater,
        "paused": fay.rater,
        "elsewhere": cleo,
        "engineer": dan,
        "admin": ben,
    }


# Raters never see each other's figures, nor their own.
RATERS = dict.fromkeys(["rater", "other rater", "paused", "elsewhere"], 403)
ACCESS = {
    "GET {campaign}": {"engineer": 200, "admin": 200},
    "POST {campaign}recompute/": {"engineer": 302, "admin": 302},
    "GET /campaigns/feelings/raters-quality.csv": {"engineer": 200, "admin": 200},
    "GET {rater}": {"engineer": 200, "admin": 200},
    "POST {rater}pause/": {"engineer": 403, "admin": 302},
    "POST {rater}resume/": {"engineer": 403, "admin": 302},
    "POST {rater}set-aside/": {"engineer": 403, "admin": 422},
    "POST {rater}bring-back/": {"engineer": 403, "admin": 409},
}


@pytest.mark.parametrize("door", ACCESS)
def test_each_door_opens_for_those_it_is_meant_for(door, page, people_at_the_door, of_liner):
    method, url = door.format(campaign=PAGE, rater=of_liner).split()

    got = {
        who: page(person).generic(method, url).status_code
        for who, person in people_at_the_door.items()
    }

    assert got == RATERS | ACCESS[door]


@pytest.mark.parametrize("door", ACCESS)
def test_strangers_are_sent_to_sign_in(door, client, of_liner):
    method, url = door.format(campaign=PAGE, rater=of_liner).split()

    answer = client.generic(method, url)

    assert (answer.status_code, answer.url) == (302, f"/signin/?next={url}")


def test_a_rater_of_another_campaign_is_not_here(page, ben, judged, elsewhere):
    foreign = Membership.objects.get(campaign=elsewhere, rater__key="foreign rater")

    assert page(ben).get(f"{PAGE}{foreign.id}/").status_code == 404
    assert "foreign rater" not in shown(page(ben).get(PAGE))


def test_nothing_is_done_by_looking(page, ben, of_liner):
    for action in ("pause", "resume", "set-aside", "bring-back"):
        assert page(ben).get(f"{of_liner}{action}/").status_code == 405


def test_the_page_puts_those_who_need_a_look_first_and_says_why(page, ben, judged, liner):
    answer = page(ben).get(PAGE)

    assert names(answer)[0] == "r0"
    assert "the same picks in 100 % of" in shown(answer)
    assert f'href="{PAGE}{liner.id}/">r0</a>' in shown(answer)
    assert names(page(ben).get(f"{PAGE}?only=look")) == ["r0"]


def test_the_paused_and_those_set_aside_can_be_seen_alone(page, ben, judged, liner):
    another = Membership.objects.get(campaign=judged, rater__key="r2")
    members.set_aside(membership=liner, reason="x", by=ben, pause=False)
    members.pause(membership=another, by=ben)

    paused = page(ben).get(f"{PAGE}?only=paused&sort=-picks")

    assert names(paused) == ["r2"]
    assert names(page(ben).get(f"{PAGE}?only=aside")) == ["r0"]
    assert 'href="?only=paused&amp;sort=-picks" aria-current="true">Paused: 1</a>' in shown(paused)
    assert 'href="?only=paused&amp;sort=picks"' in shown(paused)
    assert len(names(page(ben).get(f"{PAGE}?only=nonsense"))) == 7


def test_every_column_sorts_both_ways_with_the_undefined_last(page, ben, judged, ada, add_gold):
    add_gold(judged, Rater.objects.get(key="r3"), right=2, wrong=1)
    add_gold(judged, Rater.objects.get(key="r4"), right=1, wrong=1)

    assert names(page(ben).get(f"{PAGE}?sort=-gold_share"))[:2] == ["r3", "r4"]
    assert names(page(ben).get(f"{PAGE}?sort=gold_share"))[:2] == ["r4", "r3"]
    assert names(page(ben).get(f"{PAGE}?sort=rater"))[:2] == ["ada", "r0"]
    assert names(page(ben).get(f"{PAGE}?sort=seconds"))[0] == "r0"
    assert names(page(ben).get(f"{PAGE}?sort=nonsense"))[0] == "r0"
    falling = page(ben).get(f"{PAGE}?sort=-judgements")
    assert 'aria-sort="descending"><a class="sort" href="?sort=judgements"' in shown(falling)


def test_gold_is_shown_with_its_interval_and_number(page, ben, judged, add_gold):
    add_gold(judged, Rater.objects.get(key="r3"), right=10, wrong=15)

    assert '40 % <span class="muted">of 25 [23, 59]</span>' in shown(page(ben).get(PAGE))


def test_the_page_of_one_shows_figures_bias_weeks_gold_and_answers(
    page, ben, judged, of_liner, liner, add_gold
):
    add_gold(judged, liner.rater, right=1, wrong=2)
    early = Judgement.objects.filter(rater=liner.rater).order_by("id").first()
    Judgement.objects.filter(id=early.id).update(judged_at=timezone.now() - timedelta(days=60))

    answer = page(ben).get(of_liner)

    own = Judgement.objects.filter(rater=liner.rater).count()
    assert answer.context["figures"]["judgements"] == own
    assert [week["judgements"] for week in answer.context["weeks"]] == [1, own - 1]
    bias = {row["name"]: row for row in answer.context["bias"]}
    assert bias["Neutral"]["value"] > 0
    assert (bias["Neutral"]["start"], bias["Entertained"]["value"] < 0) == (100, True)
    said = [(row["said"], row["expected"], row["excluded"]) for row in answer.context["gold"]]
    assert sorted(said)[0] == ("Entertained", "Saddened", "Entertained")
    assert len(answer.context["last"]) == 20
    assert "Deserves a look" in shown(answer)


def test_a_number_leads_to_the_figures_without_that_rater(page, ben, judged, liner, of_liner):
    assert f"no. {liner.id}<" in shown(page(ben).get(PAGE))
    link = f'href="/campaigns/feelings/agreement/?without={liner.id}"'
    assert link in shown(page(ben).get(of_liner))
    assert page(ben).get(f"/campaigns/feelings/agreement/?without={liner.id}").status_code == 200


def test_figures_of_one_who_has_done_nothing_are_dashes(page, ben, judged, ada):
    part = Membership.objects.get(campaign=judged, rater=ada)

    answer = page(ben).get(f"{PAGE}{part.id}/")

    assert "<b>0</b><span>judgements</span>" in shown(answer)
    assert "nan" not in shown(answer).lower().replace("pennant", "")


def test_an_admin_pauses_and_lets_go_on(page, ben, of_liner, liner):
    page(ben).post(f"{of_liner}pause/", {"reason": "Let us talk first."})
    liner.refresh_from_db()
    assert (liner.state, liner.paused_reason) == ("paused", "Let us talk first.")

    page(ben).post(f"{of_liner}resume/")
    liner.refresh_from_db()
    assert liner.state == "active"

    events = page(ben).get(of_liner).context["history"]
    assert [(e["what"], e["reason"], e["by"]) for e in events] == [
        ("Resumed", "", ben),
        ("Paused", "Let us talk first.", ben),
    ]


def test_setting_aside_first_says_exactly_what_it_takes(page, ben, of_liner, liner, add_gold):
    add_gold(liner.campaign, liner.rater, right=1, wrong=2)
    own = Judgement.objects.filter(rater=liner.rater).count()
    asked = {"reason": "always the same", "ask_again": "on", "pause": "on"}

    answer = page(ben).post(f"{of_liner}set-aside/", asked)

    assert f"<b>{own} judgements</b> will count in no figure any more" in shown(answer)
    assert f"<b>{own - 3} posts</b> will want one judgement more" in shown(answer)
    assert not Judgement.objects.filter(set_aside=True).exists()

    done = page(ben).post(f"{of_liner}set-aside/", asked | {"confirmed": "yes"}, follow=True)

    assert Judgement.objects.filter(set_aside=True).count() == own
    assert f"{own} judgements by r0 are set aside." in shown(done)
    assert "None came since." in shown(done)
    assert done.context["figures"]["judgements"] == own


def test_a_day_bounds_what_is_taken(page, ben, of_liner, liner):
    own = Judgement.objects.filter(rater=liner.rater).order_by("id")
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Judgement.objects.filter(id=own[0].id).update(judged_at=day - timedelta(seconds=1))
    Judgement.objects.filter(id=own[1].id).update(judged_at=day)
    asked = {"reason": "x", "since": day.date().isoformat()}

    answer = page(ben).post(f"{of_liner}set-aside/", asked)

    assert answer.context["judgements"] == own.count() - 1
    page(ben).post(f"{of_liner}set-aside/", asked | {"confirmed": "yes"})
    assert list(own.filter(set_aside=False)) == [own[0]]


def test_what_is_set_aside_comes_back_and_stays_on_record(page, ben, of_liner, liner):
    page(ben).post(f"{of_liner}set-aside/", {"reason": "always the same", "confirmed": "yes"})
    again = page(ben).post(f"{of_liner}set-aside/", {"reason": "again", "confirmed": "yes"})
    assert again.status_code == 422
    assert "Bring them back first" in shown(again)

    answer = page(ben).post(f"{of_liner}bring-back/", follow=True)

    own = Judgement.objects.filter(rater=liner.rater).count()
    assert not Judgement.objects.filter(set_aside=True).exists()
    assert [event["what"] for event in answer.context["history"]] == [
        f"Brought {own} judgements back",
        f"Set {own} judgements aside",
    ]


def test_a_reason_is_needed(page, ben, of_liner):
    answer = page(ben).post(f"{of_liner}set-aside/", {"confirmed": "yes"})

    assert answer.status_code == 422
    assert answer.context["set_aside_form"].errors == {"reason": ["This field is required."]}


def test_nothing_to_set_aside_is_said(page, ben, judged, ada):
    part = Membership.objects.get(campaign=judged, rater=ada)

    answer = page(ben).post(f"{PAGE}{part.id}/set-aside/", {"reason": "x"})

    assert "has made no judgements in that time" in shown(answer)


def test_judgements_since_are_counted(page, ben, judged, of_liner, liner):
    members.set_aside(membership=liner, reason="x", by=ben)
    store(judged, {"new post": {"r0": {"neutral"}, "r1": {"neutral"}}})

    assert "<b>1</b> came since, and counts." in shown(page(ben).get(of_liner))


def test_over_many_judgements_the_page_waits_for_the_worker(page, ben, judged, liner, monkeypatch):
    monkeypatch.setattr("agreement.queries.FEW_JUDGEMENTS", 2)
    rung = []
    monkeypatch.setattr(tasks.compute_table, "delay_on_commit", rung.append)

    for _ in range(2):
        answer = page(ben).get(PAGE)
        assert 'hx-trigger="every 2s"' in shown(answer)
    assert rung == [judged.id]
    htmx = {"HX-Request": "true"}
    assert shown(page(ben).get(PAGE, headers=htmx)).startswith('<p class="notice" id="waiting"')

    tasks.compute_table(judged.id)
    assert page(ben).get(PAGE, headers=htmx).headers["HX-Refresh"] == "true"
    answer = page(ben).get(PAGE)
    assert names(answer)[0] == "r0"
    assert "Compute again" in shown(answer)
    assert page(ben).get(f"{PAGE}{liner.id}/").context["figures"]["look"]

    members.set_aside(membership=liner, reason="x", by=ben)
    assert "below are the last ones" in shown(page(ben).get(PAGE))
    assert rung == [judged.id] * 2


def test_the_csv_has_the_rows_and_the_order_of_the_page(page, ben, judged, add_gold):
    add_gold(judged, Rater.objects.get(key="r1"), right=3, wrong=1)
    Rater.objects.filter(key="r2").update(key="=1+1")
    url = "/campaigns/feelings/raters-quality.csv"

    rows = list(csv.DictReader(io.StringIO(page(ben).get(f"{url}?sort=-judgements").text)))
    table = tables.compute(judged).rows()

    assert [row["rater"].lstrip("'") for row in rows] == [row["rater"] for row in table]
    assert "'=1+1" in [row["rater"] for row in rows]
    for row, expected in zip(rows, table, strict=True):
        assert row["agreement"] == (
            "" if expected["agreement"] is None else str(expected["agreement"])
        )
        assert row["bias neutral"] == (
            "" if not expected["judgements"] else str(expected["bias"]["neutral"])
        )
    odd = list(csv.DictReader(io.StringIO(page(ben).get(f"{url}?only=look").text)))
    assert [row["rater"] for row in odd] == ["r0"]
    assert odd[0]["look"].startswith("the same picks in ")


def test_there_is_no_csv_before_there_are_figures(page, ben, judged, monkeypatch):
    monkeypatch.setattr("agreement.queries.FEW_JUDGEMENTS", 2)

    assert page(ben).get("/campaigns/feelings/raters-quality.csv").status_code == 404


def test_more_raters_than_a_page_holds_are_turned_over(page, ben, judged, monkeypatch):
    monkeypatch.setattr(views, "SHOWN_RATERS", 3)

    first = page(ben).get(f"{PAGE}?sort=rater")
    assert 'href="?sort=rater&amp;page=2">Next</a>' in shown(first)
    second = page(ben).get(f"{PAGE}?sort=rater&page=2")

    assert names(first) + names(second) == [f"r{n}" for n in range(6)]


@pytest.mark.parametrize("path", ["", "{liner}/"])
def test_more_raters_and_judgements_ask_no_more_queries(page, ben, judged, liner, path):
    url = PAGE + path.format(liner=liner.id)
    counts = []
    for number in range(2):
        store(
            judged, {f"n{number}{n}": {"r0": {"neutral"}, f"x{n}": {"neutral"}} for n in range(3)}
        )
        for rater in Rater.objects.exclude(memberships__campaign=judged):
            Membership.objects.create(campaign=judged, rater=rater)
        page(ben).get(url)
        with CaptureQueriesContext(connection) as asked:
            assert page(ben).get(url).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_overview_leads_to_each_rater(page, ben, judged, liner):
    overview = shown(page(ben).get("/campaigns/feelings/"))

    assert f'<a href="{PAGE}{liner.id}/">r0</a>' in overview
    assert f'<a href="{PAGE}">Raters</a>' in overview
