"""What if: without some raters, only of some days, only posts as they were drawn."""

import json
from datetime import datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agreement import access, chosen, queries, reports
from agreement.errors import UnknownOption
from agreement.options import Options
from annotation.models import Judgement, Membership, Rater
from tests.agreement.stored import as_printed, promised, ragged, read_aloud, store

AFFECTS = ("entertained", "saddened", "neutral", "other")
DAYS = ("2026-05-03", "2026-05-04", "2026-05-05")


def day(text: str, hour: int = 0) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text)) + timedelta(hours=hour)


@pytest.fixture
def crowd(campaign) -> dict:
    """Seven members; a third of the judgements on each of three days, some at their very ends."""
    made = ragged(5)
    store(campaign, made)
    Membership.objects.bulk_create(
        Membership(campaign=campaign, rater=rater) for rater in Rater.objects.order_by("key")
    )
    for number, each in enumerate(campaign.judgements.order_by("id")):
        hour = (0, 12, 23.999)[number // 3 % 3]
        Judgement.objects.filter(id=each.id).update(judged_at=day(DAYS[number % 3], hour))
    return made


def number(key: str) -> int:
    return Membership.objects.get(rater__key=key).id


def left(campaign, crowd, keeps) -> dict:
    """The crowd's answers that stay, by (rater, day of the judgement)."""
    days = {
        (post, rater): timezone.localtime(when).date().isoformat()
        for post, rater, when in campaign.judgements.values_list(
            "campaign_post__post__key", "rater__key", "judged_at"
        )
    }
    some = {
        post: {rater: picks for rater, picks in all.items() if keeps(rater, days[post, rater])}
        for post, all in crowd.items()
    }
    return {post: answers for post, answers in some.items() if answers}


@pytest.mark.parametrize(
    ("options", "keeps"),
    [
        ({"without": ["r2"]}, lambda rater, day: rater != "r2"),
        ({"without": ["r2", "r5"]}, lambda rater, day: rater not in ("r2", "r5")),
        ({"since": "2026-05-04"}, lambda rater, day: day >= "2026-05-04"),
        ({"until": "2026-05-04"}, lambda rater, day: day <= "2026-05-04"),
        ({"since": "2026-05-04", "until": "2026-05-04"}, lambda rater, day: day == "2026-05-04"),
        (
            {"without": ["r1"], "since": "2026-05-05", "correlation": "spearman"},
            lambda rater, day: rater != "r1" and day == "2026-05-05",
        ),
    ],
)
def test_a_report_says_what_loops_say_of_the_judgements_that_were_chosen(
    campaign, crowd, options, keeps
):
    without = [number(key) for key in options.get("without", [])]
    asked = Options.of(options | {"without": without})
    way = {"correlation": asked.correlation}
    expected = read_aloud(left(campaign, crowd, keeps), AFFECTS, **way)

    figures = reports.compute(campaign=campaign, options=asked).figures

    assert promised(figures, expected) == as_printed(expected)
    assert promised(figures["options"], asked.choice) == asked.choice


def test_without_a_choice_options_are_kept_as_they_always_were():
    assert Options().as_dict() == {
        "correlation": "pearson",
        "undefined": "exclude",
        "min_posts": 2,
        "bootstrap": 0,
        "seed": 0,
    }
    assert Options().query == ""


def test_options_come_back_as_they_were_kept():
    asked = Options.of({"without": [9, 3, 9], "since": "2026-05-04", "drawn": "routed"})

    kept = json.loads(json.dumps(asked.as_dict()))

    assert Options.of(kept) == asked
    assert kept["without"] == [3, 9]
    assert asked.query == "without=3%2C9&since=2026-05-04&drawn=routed"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"drawn": "odd"}, "'drawn' must be all, routed or uniform."),
        (
            {"since": "2026-05-04", "until": "2026-05-03"},
            "'until' must not be before 'since', 2026-05-04.",
        ),
        ({"without": range(101)}, "'without' names at most 100 raters."),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_a_sentence(options, said):
    with pytest.raises(UnknownOption) as refused:
        Options.of(options)

    assert refused.value.message == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"without": (123456,)}, "The campaign 'feelings' has no rater 123456."),
        (
            {"drawn": "uniform"},
            "No round has chosen posts of 'feelings', so there are none to tell apart.",
        ),
    ],
)
def test_what_the_campaign_does_not_have_is_refused_at_every_door(
    campaign, crowd, api, client, dan, options, said
):
    asked = Options(**options)
    client.force_login(dan)

    with pytest.raises(UnknownOption, match=said.replace(".", r"\.")):
        access.get_report(campaign, asked)
    with pytest.raises(CommandError, match=said.replace(".", r"\.")):
        call_command("agreement", campaign="feelings", **options)
    answer = api(dan).get("/api/v1/campaigns/feelings/agreement/", asked.said)
    page = client.get("/campaigns/feelings/agreement/", asked.said)

    assert [answer.status_code, answer.json()["detail"]] == [400, said]
    assert page.status_code == 400


def test_every_door_shows_the_chosen_beside_all(campaign, crowd, api, client, dan):
    asked = Options(without=(number("r2"),), since=day("2026-05-04").date())
    client.force_login(dan)
    of_all = reports.compute(campaign=campaign, options=Options()).figures
    figures = reports.compute(campaign=campaign, options=asked).figures
    out = StringIO()

    page = client.get("/campaigns/feelings/agreement/", asked.said)
    answer = api(dan).get("/api/v1/campaigns/feelings/agreement/", asked.said).json()
    ways = {"without": asked.without, "since": asked.since}
    call_command("agreement", campaign="feelings", json=True, stdout=out, **ways)
    printed = json.loads(out.getvalue())

    beside = answer["beside_all"]
    assert beside["figures"]["interrater"] == {
        "older": of_all["interrater"],
        "newer": figures["interrater"],
        "difference": pytest.approx(figures["interrater"] - of_all["interrater"]),
        "interval": None,
    }
    assert beside["counts"]["judgements"]["difference"] < 0
    assert printed["beside_all"] == beside
    assert promised(page.context["beside_all"], beside) == beside
    assert page.context["chosen"] == f"without {number('r2')}; since 2026-05-04"


def test_the_command_prints_both(campaign, crowd, capsys):
    call_command("agreement", campaign="feelings", until=day("2026-05-04").date())

    lines = capsys.readouterr().out.splitlines()
    first = lines.index("Of chosen judgements (until 2026-05-04), beside all:")
    assert lines[first + 1].split() == ["all", "chosen", "difference"]
    assert lines[first + 2].startswith("Interrater correlation")


def test_a_form_that_says_nonsense_shows_what_is_wrong(client, dan, campaign, crowd):
    client.force_login(dan)

    wrong = {"without": "Ada", "since": "2026-05-04", "until": "2026-05-03"}
    page = client.get("/campaigns/feelings/agreement/", wrong)
    assert page.status_code == 422
    assert "takes raters" in page.content.decode()
    page = client.get("/campaigns/feelings/agreement/", wrong | {"without": ""})
    assert page.status_code == 422
    assert "2026-05-04." in page.content.decode()


def test_of_many_judgements_a_worker_computes_the_chosen_once(campaign, crowd, monkeypatch):
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    asked = Options(since=day("2026-05-04").date())
    expected = reports.compute(campaign=campaign, options=asked).figures
    assert access.get_report(campaign, asked).report is None

    queued = reports.queue(campaign=campaign, options=asked)
    reports.execute(report=queued)

    assert access.get_report(campaign, asked).report.figures == expected
    assert access.get_report(campaign, Options()).report is None


def test_posts_as_they_were_drawn_weigh_their_shares_part(campaign, crowd, monkeypatch, settings):
    """A post of which chance alone had a quarter is a quarter of a post of the even share."""
    posts = sorted(campaign.campaign_posts.values_list("id", flat=True))
    settings.POSTS_WERE_DRAWN = "builtins.bool"
    settings.POST_EVEN_PARTS = f"{__name__}.quarters"

    table = chosen.of_campaign(campaign, Options(drawn="uniform"))
    parts = dict(zip(table.posts.tolist(), table.weights.tolist(), strict=True))
    assert parts == {post: (0.25, 1.0)[n % 2] for n, post in enumerate(posts) if n < 20}
    table = chosen.of_campaign(campaign, Options(drawn="routed"))
    assert dict.fromkeys(posts[:20:2], 0.75) == dict(
        zip(table.posts.tolist(), table.weights.tolist(), strict=True)
    )
    assert np.all(np.isin(table.posts, posts[:20:2]))


def quarters(campaign) -> dict[int, float]:
    posts = sorted(campaign.campaign_posts.values_list("id", flat=True))
    return {post: (0.25, 1.0)[n % 2] for n, post in enumerate(posts) if n < 20}
