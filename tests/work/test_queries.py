"""Who did how much, when: every piece of work on its day, in its week, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation import assignments, campaigns, members
from annotation.models import Assignment
from work import queries
from work.queries import Work
from work.rules import Week


@pytest.fixture
def week_of(campaign):
    """The work of everybody in a week: {"ada": Work(…)}; None where nothing was done."""

    def found(text: str) -> dict[str, Work]:
        rows = queries.with_week(campaign.memberships.all(), Week.parse(text))
        sums = rows.values_list("rater__key", "judgements_of_week", "others_of_week")
        return {key: queries.work_of_week(*both) for key, *both in sums}

    return found


def test_all_work_counts(campaign, ada, ben, judge, skip):
    judge(ada, "2026-11-18 10:00", seconds=60.4)
    judge(ada, "2026-11-18 10:01", seconds=30.2, gold_right=False)
    judge(ada, "2026-11-18 10:02", seconds=None)
    members.set_aside(membership=ada.memberships.get(), reason="odd", by=ben, pause=False)
    skip(ada, "2026-11-18 10:03", seconds=5.1)
    skip(ada, "2026-11-18 10:04", seconds=None)

    assert queries.by_campaign(ada) == {campaign.id: Work(3, 2, 95_700)}


def test_a_late_answer_that_nobody_needed_counts_its_time(campaign, ada, add_posts):
    add_posts(campaign, "a post")
    held = assignments.claim(campaign=campaign, rater=ada)[0]
    assignments.give_back(campaign=campaign, rater=ada)
    assignments.note_time(assignment=held, seconds=12.5)

    assert queries.by_campaign(ada) == {campaign.id: Work(0, 0, 12_500)}


def test_time_that_a_judgement_holds_counts_once(campaign, ada, judge):
    done = judge(ada, "2026-11-18 10:00", seconds=60)
    Assignment.objects.filter(id=done.assignment_id).update(seconds=60)

    assert queries.by_campaign(ada) == {campaign.id: Work(1, 0, 60_000)}


def test_nothing_done_is_no_work(campaign, ada, week_of):
    assert queries.by_campaign(ada) == {}
    assert list(queries.by_day(ada, days=3).values()) == [Work()] * 3
    assert week_of("2026-W47") == {"ada": Work()}


def test_work_of_others_and_of_other_campaigns_is_not_ones_own(
    campaign, taxonomy, ada, cleo, judge, week_of
):
    other = campaigns.create(slug="other", taxonomy=taxonomy)
    for rater in (ada, cleo):
        campaigns.add_rater(campaign=other, user=rater.user)
    judge(ada, "2026-11-18 10:00", seconds=1)
    judge(ada, "2026-11-18 10:00", seconds=2, campaign=other)
    judge(cleo, "2026-11-18 10:00", seconds=4, campaign=other)

    assert queries.by_campaign(ada) == {campaign.id: Work(1, 0, 1000), other.id: Work(1, 0, 2000)}
    assert week_of("2026-W47") == {"ada": Work(1, 0, 1000)}


EDGES = [
    # zone, moment there, its week
    ("UTC", "2026-11-22 23:59:59", "2026-W47"),
    ("UTC", "2026-11-23 00:00:00", "2026-W48"),
    ("Asia/Kolkata", "2026-11-22 23:59:59", "2026-W47"),  # 18:29 in Greenwich
    ("Asia/Kolkata", "2026-11-23 00:01:00", "2026-W48"),  # still Sunday in Greenwich
    ("America/Los_Angeles", "2026-11-22 23:59:00", "2026-W47"),  # Monday in Greenwich
    ("UTC", "2026-12-31 23:59:00", "2026-W53"),
    ("UTC", "2027-01-01 00:01:00", "2026-W53"),
    ("UTC", "2027-01-04 00:00:00", "2027-W01"),
]


@pytest.mark.parametrize(("zone", "at", "week"), EDGES)
def test_work_lies_in_the_week_that_clocks_show(zone, at, week, ada, judge, skip, week_of):
    with timezone.override(zone):
        judge(ada, at, seconds=60)
        skip(ada, at, seconds=1)

        around = [Week.parse(week).before, Week.parse(week), Week.parse(week).after]
        found = [week_of(str(one))["ada"] for one in around]

    assert found == [Work(), Work(1, 1, 61_000), Work()]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def test_a_minute_before_midnight_is_another_day_than_a_minute_after(zone, ada, judge, skip):
    with timezone.override(zone):
        today = timezone.localdate()
        yesterday = today - timedelta(days=1)
        judge(ada, f"{yesterday} 23:59", seconds=1)
        judge(ada, f"{today} 00:01", seconds=2)
        skip(ada, f"{yesterday} 23:59", seconds=4)

        days = queries.by_day(ada, days=3)

    assert list(days) == [today, yesterday, today - timedelta(days=2)]
    assert list(days.values()) == [Work(1, 0, 2000), Work(1, 1, 5000), Work()]


def test_only_the_last_days_are_shown(ada, judge):
    today = timezone.localdate()
    judge(ada, f"{today - timedelta(days=13)} 00:00", seconds=1)
    judge(ada, f"{today - timedelta(days=14)} 23:59", seconds=2)

    days = queries.by_day(ada, days=14)

    assert (len(days), sum(day.milliseconds for day in days.values())) == (14, 1000)


def test_sums_are_exact(campaign, ada, judge):
    for _ in range(10):
        judge(ada, "2026-11-18 10:00", seconds=0.1)

    assert queries.by_campaign(ada)[campaign.id].milliseconds == 1000
