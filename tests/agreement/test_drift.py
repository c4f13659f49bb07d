"""Weeks, marks, stored reports and what lies between two of them, through every door."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from agreement import access, comparing, drift, drift_rows, live, marks, queries, reports, tasks
from agreement.differences import between
from agreement.models import Report, RunningSums, Weeks
from agreement.options import Options
from annotation import campaigns, members
from annotation.models import Judgement, Membership, Rater
from tests.agreement.stored import as_printed, promised, ragged, read_aloud, store

AFFECTS = ("entertained", "saddened", "neutral", "other")
REST = "/api/v1/campaigns/feelings/agreement/"
PAGE = "/campaigns/feelings/agreement/"
#: A Sunday's last moment, a Monday's first, and two weeks later.
TIMES = (
    datetime(2026, 5, 3, 23, 59, 59, 900_000),
    datetime(2026, 5, 4),
    datetime(2026, 5, 20, 12),
)
WEEKS = ("2026-04-27", "2026-05-04", "2026-05-18")


@pytest.fixture
def crowd(campaign) -> dict:
    """Every third judgement in another week, and one of another campaign."""
    made = ragged(5, posts=60)
    store(campaign, made)
    elsewhere = campaigns.create(slug="elsewhere", taxonomy=campaign.taxonomy)
    store(elsewhere, {"x": {"r1": set(), "r2": set()}})
    for number, each in enumerate(campaign.judgements.order_by("id")):
        when = timezone.make_aware(TIMES[number % 3])
        Judgement.objects.filter(id=each.id).update(judged_at=when)
    return made


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)


@pytest.fixture
def rung(monkeypatch):
    """What the worker was rung for; no worker runs."""
    ids = []
    for task in (tasks.compute_report, tasks.compute_weeks, tasks.check_sums_of):
        monkeypatch.setattr(task, "delay_on_commit", ids.append)
    return ids


def of_week(campaign, crowd, week) -> dict:
    """The answers that were given in the week."""
    when = {
        (post, rater): at
        for post, rater, at in campaign.judgements.values_list(
            "campaign_post__post__key", "rater__key", "judged_at"
        )
    }
    first = timezone.make_aware(datetime.fromisoformat(week))
    days = timedelta(days=7)
    some = {
        post: {r: picks for r, picks in all.items() if first <= when[post, r] < first + days}
        for post, all in crowd.items()
    }
    return {post: answers for post, answers in some.items() if answers}


def test_each_week_says_what_loops_say_of_its_judgements(campaign, crowd):
    figures = drift.compute(campaign=campaign, options=Options(min_posts=3)).figures

    assert [week["week"] for week in figures["weeks"]] == [*WEEKS]
    assert figures["judgements"] == sum(week["judgements"] for week in figures["weeks"])
    for week in figures["weeks"]:
        answers = of_week(campaign, crowd, week["week"])
        affects = [key for key in AFFECTS if key in week["affects"]]
        expected = read_aloud(answers, affects, min_posts=3)
        expected.pop("co_occurrence")
        expected["affects"] = {
            key: {name: row[name] for name in ("interrater", "alpha")}
            for key, row in expected["affects"].items()
        }
        assert promised(week, expected) == as_printed(expected)
        picks = [len(said) for all in answers.values() for said in all.values()]
        assert week["picks"] == pytest.approx(sum(picks) / len(picks))


def test_with_draws_each_week_has_intervals(campaign, crowd):
    figures = drift.compute(campaign=campaign, options=Options(bootstrap=20, seed=2)).figures

    for week in figures["weeks"]:
        low, high = week["interrater_interval"]
        assert low <= week["interrater"] <= high


def test_weeks_of_a_routed_campaign_are_corrected(campaign, crowd, settings):
    settings.POST_WEIGHTS = f"{__name__}.odd_weights"

    weeks = drift.compute(campaign=campaign, options=Options()).figures["weeks"]

    for week in weeks:
        assert week["corrected"]["set_alpha"] != week["set_alpha"]


def odd_weights(campaign) -> dict[int, float]:
    return {post: 1.0 + post % 3 for post in campaign.campaign_posts.values_list("id", flat=True)}


def test_a_campaign_without_judgements_has_no_weeks(campaign):
    assert drift.compute(campaign=campaign, options=Options()).figures["weeks"] == []


def test_of_many_judgements_a_worker_computes_the_weeks(campaign, crowd, many, rung, dan, api):
    answer = api(dan).get(f"{REST}weeks/")
    assert [answer.status_code, answer["Retry-After"]] == [202, "2"]
    assert rung == [answer.json()["id"]]

    tasks.compute_weeks(rung[0])
    tasks.compute_weeks(rung[0])

    answer = api(dan).get(f"{REST}weeks/").json()
    expected = drift.compute(campaign=campaign, options=Options()).figures
    assert promised(answer, expected) == expected
    assert [answer["newer"], answer["marks"]] == [0, []]
    assert rung == [Weeks.objects.get().id]


def test_what_is_kept_is_renewed_in_the_background_once_it_is_old(campaign, crowd, many, rung):
    ask = {"campaign": campaign, "options": Options()}
    tasks.show_report(**ask)
    tasks.compute_report(rung[0])
    store(campaign, {"a newer post": {"r1": {"neutral"}, "r2": {"neutral"}}})

    assert [tasks.show_report(**ask).newer, len(rung)] == [2, 1]
    Report.objects.update(computed_at=timezone.now() - access.FRESH_FOR * 1.1)
    found = tasks.show_report(**ask)
    again = tasks.show_report(**ask)

    assert found.report and found.is_queued and again.is_queued
    assert len(rung) == 2


def test_what_is_old_but_true_is_not_computed_again(campaign, crowd, many, rung):
    ask = {"campaign": campaign, "options": Options()}
    tasks.show_report(**ask)
    tasks.compute_report(rung[0])
    Report.objects.update(computed_at=timezone.now() - timedelta(days=9))

    assert not tasks.show_report(**ask).is_queued


def test_a_routed_campaign_shows_what_was_judged_at_once(
    campaign, crowd, many, rung, settings, monkeypatch, client, dan
):
    settings.POSTS_WERE_DRAWN = "builtins.bool"
    settings.POST_WEIGHTS = f"{__name__}.odd_weights"
    live.current(campaign=campaign)
    found = tasks.show_report(campaign=campaign, options=Options())
    assert [found.report.figures["corrected"], found.is_queued] == [None, True]
    tasks.compute_report(rung[0])
    stored = Report.objects.get().figures
    store(campaign, {"a newer post": {"r1": {"neutral"}, "r2": {"neutral"}}})
    monkeypatch.setattr(queries, "table", None)  # nothing may be read

    found = tasks.show_report(campaign=campaign, options=Options())
    client.force_login(dan)
    page = client.get(PAGE)

    figures = found.report.figures
    assert figures["judgements"] == stored["judgements"] + 2
    assert figures["corrected"] == stored["corrected"] != None  # noqa: E711
    assert [found.newer, found.stored.id] == [2, Report.objects.get().id]
    assert "The corrected figures were computed" in page.content.decode()


def test_marks_tell_what_happened_in_the_campaign(campaign, ben):
    rater = Rater.objects.create(key="r1")
    membership = Membership.objects.create(campaign=campaign, rater=rater)
    store(campaign, {"a": {"r1": {"neutral"}}})

    campaigns.change(campaign=campaign, guideline="Look twice.")
    campaigns.change(campaign=campaign, guideline="Look twice.", name="As before")
    members.set_aside(membership=membership, reason="x", by=ben)
    members.bring_back(membership=membership, by=ben)

    # The test is one transaction, in which PostgreSQL's clock stands still.
    assert [what for _, what in marks.all_of(campaign)] == [
        "The guideline changed",
        f"Judgements of rater {membership.id} (1) set aside",
        f"Judgements of rater {membership.id} (1) brought back",
    ]


def test_marks_stand_in_their_week_or_in_a_row_of_their_own():
    when = timezone.make_aware(datetime(2026, 5, 13, 9))
    later = timezone.make_aware(datetime(2026, 5, 24, 23, 59))
    weeks = [{"week": week} for week in WEEKS]

    rows = drift_rows.with_marks(weeks, [(when, "x"), (later, "y")])

    assert [(str(row["first"]), row.get("week"), row["marks"]) for row in rows] == [
        ("2026-04-27", "2026-04-27", []),
        ("2026-05-04", "2026-05-04", []),
        ("2026-05-11", None, [(when, "x")]),
        ("2026-05-18", "2026-05-18", [(later, "y")]),
    ]


def test_the_page_shows_weeks_and_what_happened(campaign, crowd, client, dan):
    campaigns.change(campaign=campaign, guideline="Look twice.")
    client.force_login(dan)

    page = client.get(f"{PAGE}drift/")

    said = " ".join(page.content.decode().split())
    assert [row.get("week") for row in page.context["rows"]][:3] == [*WEEKS]
    assert "The guideline changed" in said
    assert f"?around={timezone.localdate()}&amp;bootstrap=1000" in said
    weeks = drift.compute(campaign=campaign, options=Options()).figures["weeks"]
    seen = page.context["alphas"]["seen"]
    assert sorted(seen["affects"]) == ["Entertained", "Neutral", "Other", "Saddened"]
    by_name = dict(zip(seen["affects"], seen["weeks"][0]["cells"], strict=True))
    assert [by_name[key.capitalize()] for key in AFFECTS] == [
        weeks[0]["affects"].get(key, {}).get("alpha") for key in AFFECTS
    ]


def test_the_command_prints_the_weeks(campaign, crowd, capsys):
    call_command("agreement", campaign="feelings", by="week")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[3:]] == [*WEEKS]

    call_command("agreement", campaign="feelings", by="week", json=True, store=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed == Weeks.objects.get().figures


def test_any_two_stored_reports_can_be_laid_side_by_side(campaign, crowd, api, client, dan):
    older = reports.compute(campaign=campaign, options=Options())
    older.save()
    store(campaign, {f"new {post}": said for post, said in ragged(9, posts=5).items()})
    newer = reports.compute(campaign=campaign, options=Options(bootstrap=10))
    newer.save()
    client.force_login(dan)
    two = {"older": older.id, "newer": newer.id}

    listed = api(dan).get(f"{REST}reports/").json()
    answer = api(dan).get(f"{REST}compare/", two).json()
    page = client.get(f"{PAGE}compare/", two)

    assert [each["id"] for each in listed] == [newer.id, older.id]
    assert listed[0]["options"]["bootstrap"] == 10
    assert listed[0]["last_judgement"] == Judgement.objects.order_by("id").last().id
    expected = between(older.figures, newer.figures)
    assert promised(answer, expected) == expected
    assert promised(page.context["beside"], expected) == expected


def test_reports_of_other_campaigns_and_nonsense_are_refused(campaign, crowd, api, client, dan):
    other = reports.compute(
        campaign=type(campaign).objects.get(slug="elsewhere"), options=Options()
    )
    other.save()
    client.force_login(dan)

    answers = [
        api(dan).get(f"{REST}compare/", {"older": other.id, "newer": other.id}).status_code,
        api(dan).get(f"{REST}compare/", {"older": other.id}).status_code,
        client.get(f"{PAGE}compare/", {"older": other.id, "newer": other.id}).status_code,
        client.get(f"{PAGE}compare/").status_code,
    ]
    assert answers == [404, 400, 422, 422]
    assert api(dan).get(f"{REST}reports/").json() == []


def test_before_and_after_a_day_is_ready_made(campaign, crowd, api, client, dan):
    day = date(2026, 5, 4)
    client.force_login(dan)

    answer = api(dan).get(f"{REST}compare/", {"around": day}).json()
    page = client.get(f"{PAGE}compare/", {"around": day})

    before, after = comparing.around(day, Options())
    expected = [
        reports.compute(campaign=campaign, options=each).figures["interrater"]
        for each in (before, after)
    ]
    row = answer["figures"]["interrater"]
    assert [row["older"], row["newer"]] == expected
    assert [answer["older"]["options"]["until"], answer["newer"]["options"]["since"]] == [
        "2026-05-03",
        "2026-05-05",
    ]
    assert "Before and after 4 May 2026" in page.content.decode()


def test_intervals_before_and_after_wait_for_the_worker_and_come_with_the_difference(
    campaign, crowd, rung, api, client, dan
):
    client.force_login(dan)
    asked = {"around": "2026-05-04", "bootstrap": 30}

    assert api(dan).get(f"{REST}compare/", asked).status_code == 202
    assert "A worker is computing" in client.get(f"{PAGE}compare/", asked).content.decode()
    for report_id in set(rung):
        tasks.compute_report(report_id)

    row = api(dan).get(f"{REST}compare/", asked).json()["figures"]["set_alpha"]
    low, high = row["interval"]
    assert low < row["difference"] < high


def test_every_night_what_has_changed_is_kept(campaign, crowd):
    tasks.keep_figures()
    tasks.keep_figures()
    assert [Report.objects.count(), Weeks.objects.count()] == [2, 2]  # two campaigns

    store(campaign, {"a newer post": {"r1": {"neutral"}, "r2": {"neutral"}}})
    tasks.keep_figures()

    counts = [Report.objects.filter(campaign=campaign).count(), Report.objects.count()]
    assert counts == [2, 3]


def test_the_sums_can_be_checked_from_their_page(campaign, crowd, client, dan, rung):
    client.force_login(dan)
    assert "They have not been checked yet" in client.get(f"{PAGE}sums/").content.decode()

    answer = client.post(f"{PAGE}sums/check/")
    assert [answer.url, rung] == [f"{PAGE}sums/", [campaign.id]]
    tasks.check_sums_of(campaign.id)
    assert "equal the judgements to the last integer" in client.get(answer.url).content.decode()

    RunningSums.objects.update(sums=live.Sums(4).as_bytes())
    tasks.check_sums_of(campaign.id)
    assert "they differed from the judgements" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("path", ["drift/", "compare/", "sums/"])
def test_raters_see_none_of_it(client, campaign, ada, api, path):
    client.force_login(ada.user)

    assert client.get(PAGE + path).status_code == 403
    for door in ("weeks/", "reports/", "compare/"):
        assert api(ada.user).get(REST + door).status_code == 403


def test_a_page_folds_without_waiting_where_nothing_has_changed(campaign, crowd):
    live.current(campaign=campaign)
    before = RunningSums.objects.get(campaign=campaign).folded_at

    live.current(campaign=campaign)

    assert RunningSums.objects.get(campaign=campaign).folded_at == before
