import pytest
from django.db import IntegrityError, transaction

from agreement import live, queries, reports, tasks
from agreement.errors import UnknownOption
from agreement.models import Report
from agreement.options import LIMITS, Options
from annotation import campaigns
from annotation.models import Judgement
from tests.agreement.stored import OTHER, as_printed, promised, ragged, read_aloud, store

AFFECTS = ("entertained", "saddened", "neutral", OTHER)


@pytest.fixture
def judged(campaign, taxonomy):
    """The campaign with a ragged crowd, a rater set aside, and another campaign beside it."""
    crowd = ragged(5)
    store(campaign, crowd)
    store(campaigns.create(slug="elsewhere", taxonomy=taxonomy), {"x": {"r1": set(), "r2": set()}})
    Judgement.objects.filter(campaign=campaign, rater__key="r6").update(set_aside=True)
    return {
        post: answers
        for post, all_answers in crowd.items()
        if (answers := without(all_answers, "r6"))
    }


def without(answers, rater):
    return {name: picks for name, picks in answers.items() if name != rater}


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"correlation": "spearman"},
        {"undefined": "zero"},
        {"min_posts": 15},
    ],
)
def test_a_report_says_what_loops_over_the_definitions_say(campaign, judged, ways):
    expected = read_aloud(judged, AFFECTS, **ways)

    figures = reports.compute(campaign=campaign, options=Options(**ways)).figures

    assert promised(figures, expected) == as_printed(expected)
    assert expected["affects"]["neutral"]["undefined"] > 0


def test_a_computed_report_knows_its_campaign_options_and_time(campaign, judged):
    report = reports.compute(campaign=campaign, options=Options(min_posts=3))

    assert report.figures["campaign"] == "feelings"
    assert report.options == Options(min_posts=3).as_dict()
    assert report.judgements == sum(len(answers) for answers in judged.values())
    assert [report.state, report.id] == ["done", None]
    assert report.seconds > 0
    assert report.computed_at


def test_the_same_seed_gives_the_same_intervals_wherever_the_rows_lie(campaign, judged):
    options = Options(bootstrap=50, seed=4)
    first = reports.compute(campaign=campaign, options=options).figures
    Judgement.objects.filter(rater__key="r3").update(seconds=1.0)  # moves these rows to the end

    assert reports.compute(campaign=campaign, options=options).figures == first


def test_a_report_waits_in_the_queue_once(campaign, ben):
    first = reports.queue(campaign=campaign, options=Options(), created_by=ben)

    assert reports.queue(campaign=campaign, options=Options()) == first
    assert reports.queue(campaign=campaign, options=Options(seed=1)) != first
    assert first.created_by == ben


def test_the_database_refuses_a_second_waiting_report(campaign):
    options = Options().as_dict()
    Report.objects.create(campaign=campaign, options=options)

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(campaign=campaign, options=options)


def test_a_bell_rung_twice_gives_one_report(campaign, judged):
    queued = reports.queue(campaign=campaign, options=Options(bootstrap=20))

    tasks.compute_report(queued.id)
    once = Report.objects.values().get(id=queued.id)
    tasks.compute_report(queued.id)

    assert Report.objects.values().get(id=queued.id) == once
    assert once["state"] == "done"
    fresh = reports.compute(campaign=campaign, options=Options(bootstrap=20))
    assert once["figures_json"] == fresh.figures_json
    assert queries.newer_than(Report.objects.get()) == 0


def test_a_bell_for_a_report_that_is_gone_does_nothing(db):
    tasks.compute_report(12345)


def test_a_report_that_fails_says_so_and_makes_room_for_another(campaign, judged, monkeypatch):
    queued = reports.queue(campaign=campaign, options=Options())
    monkeypatch.setattr(queries, "table", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tasks.compute_report(queued.id)

    queued.refresh_from_db()
    assert [queued.state, queued.error] == [
        "failed",
        "The figures could not be computed; see the log.",
    ]
    assert reports.queue(campaign=campaign, options=Options()) != queued


def test_a_report_is_quick_over_few_judgements_and_without_draws(campaign, monkeypatch):
    store(campaign, {"a": {1: set(), 2: set()}})

    assert reports.is_quick(campaign=campaign, options=Options())
    assert not reports.is_quick(campaign=campaign, options=Options(bootstrap=1))
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    assert not reports.is_quick(campaign=campaign, options=Options())


@pytest.mark.parametrize("name", LIMITS)
def test_numbers_have_limits(name):
    least, most = LIMITS[name]
    Options(**{name: least})
    Options(**{name: most})

    for value in (least - 1, most + 1):
        with pytest.raises(UnknownOption) as refused:
            Options(**{name: value})
        assert refused.value.message == (
            f"'{name}' must be a whole number from {least:,} to {most:,}, not {value:,}."
        )


def test_an_unknown_correlation_is_refused_in_a_sentence():
    with pytest.raises(UnknownOption, match='"kendall" is no correlation: use pearson or spearman'):
        Options(correlation="kendall")


def test_a_stored_report_keeps_the_order_of_the_taxonomy(campaign, judged):
    report = reports.compute(campaign=campaign, options=Options())
    report.save()

    stored = Report.objects.get().figures

    assert list(stored["affects"]) == list(AFFECTS)
    assert list(stored)[0] == "campaign"


def test_a_report_over_many_judgements_follows_from_sums_once_these_are_kept(campaign, monkeypatch):
    store(campaign, ragged(seed=1))
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    before = reports.compute(campaign=campaign, options=Options(seed=3)).figures
    live.current(campaign=campaign)
    newer = ragged(seed=2, posts=5)
    store(campaign, {f"new {post}": answers for post, answers in newer.items()})
    monkeypatch.setattr(queries, "table", None)  # nothing may be read

    after = reports.compute(campaign=campaign, options=Options(seed=3)).figures

    assert reports.is_quick(campaign=campaign, options=Options())
    assert after.keys() == before.keys()
    assert after["options"] == before["options"]
    assert after["posts"] == before["posts"] + 5


@pytest.mark.parametrize("options", [Options(bootstrap=10), Options()])
def test_intervals_and_corrections_need_the_judgements(campaign, monkeypatch, settings, options):
    store(campaign, ragged(seed=1))
    monkeypatch.setattr(queries, "FEW_JUDGEMENTS", 2)
    live.current(campaign=campaign)
    if not options.bootstrap:
        settings.POSTS_WERE_DRAWN = "builtins.bool"  # of a campaign: yes

    assert not reports.is_quick(campaign=campaign, options=options)
